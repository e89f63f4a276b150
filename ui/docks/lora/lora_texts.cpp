// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_texts.h"

#include <QCoreApplication>
#include <QLocale>

namespace sfumato::ui {

namespace {

constexpr int kTagsShown = 12;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(LoraTexts)
};

QString withSpaces(const QStringList& parts) { return parts.join(QStringLiteral(" · ")); }

QString factsText(const library::LibraryEntry& entry)
{
    QStringList facts;
    if (!entry.baseLabel.isEmpty()) facts.append(entry.baseLabel);
    if (!entry.algorithm.isEmpty()) facts.append(entry.algorithm);
    if (entry.rank > 0) facts.append(Texts::tr("rank %1", "of a LoRA").arg(entry.rank));
    facts.append(QLocale().formattedDataSize(entry.sizeInBytes, 1, QLocale::DataSizeSIFormat));
    return withSpaces(facts);
}

void appendDetails(QStringList& lines, const library::FileDetails& details)
{
    if (!details.resolution.isEmpty()) lines.append(Texts::tr("Trained at %1").arg(details.resolution));
    if (!details.tags.isEmpty()) lines.append(Texts::tr("Tags: %1").arg(details.tags.mid(0, kTagsShown).join(QStringLiteral(", "))));
    if (!details.usageHint.isEmpty()) lines.append(details.usageHint);
    if (!details.notes.isEmpty()) lines.append(Texts::tr("Note: %1").arg(details.notes));
    if (!details.autoV3.isEmpty()) lines.append(Texts::tr("Hash: %1").arg(details.autoV3));
}

} // namespace

QString kindText(engine::FileKind kind)
{
    using engine::FileKind;
    switch (kind) {
    case FileKind::Checkpoint: return Texts::tr("a picture model");
    case FileKind::Unet: return Texts::tr("the core of a picture model without its other parts");
    case FileKind::Vae: return Texts::tr("a VAE");
    case FileKind::TextEncoder: return Texts::tr("a text encoder");
    case FileKind::Lora: return Texts::tr("a LoRA");
    case FileKind::Embedding: return Texts::tr("an embedding");
    case FileKind::ControlNet:
    case FileKind::ControlLora:
    case FileKind::ControlNetUnion:
    case FileKind::ControlLllite: return Texts::tr("a ControlNet");
    case FileKind::T2iAdapter: return Texts::tr("a T2I-Adapter");
    case FileKind::IpAdapter: return Texts::tr("an IP-Adapter");
    case FileKind::Taesd: return Texts::tr("a small preview decoder");
    case FileKind::Upscaler: return Texts::tr("an upscaler");
    case FileKind::ImageEncoder: return Texts::tr("an image encoder");
    case FileKind::SafetyChecker: return Texts::tr("a safety checker");
    case FileKind::LanguageModel: return Texts::tr("a language model for prompts");
    case FileKind::Unknown: break;
    }
    return Texts::tr("of a kind this editor does not know");
}

namespace {

// Where files of a kind lie, below the folder of models.
QString folderOf(engine::FileKind kind)
{
    using engine::FileKind;
    switch (kind) {
    case FileKind::Vae: return QStringLiteral("vae");
    case FileKind::TextEncoder: return QStringLiteral("text_encoders");
    case FileKind::Embedding: return QStringLiteral("embeddings");
    case FileKind::ControlNet:
    case FileKind::ControlLora:
    case FileKind::ControlNetUnion:
    case FileKind::ControlLllite:
    case FileKind::T2iAdapter: return QStringLiteral("controlnet");
    case FileKind::IpAdapter: return QStringLiteral("ipadapter");
    case FileKind::Taesd: return QStringLiteral("vae_approx");
    case FileKind::Upscaler: return QStringLiteral("upscale_models");
    case FileKind::ImageEncoder: return QStringLiteral("clip_vision");
    case FileKind::SafetyChecker: return QStringLiteral("safety_checker");
    case FileKind::LanguageModel: return QStringLiteral("prompt_expansion");
    case FileKind::Checkpoint:
    case FileKind::Unet:
    case FileKind::Lora:
    case FileKind::Unknown: break;
    }
    return {};
}

} // namespace

QString appliedText(const QPoint& applied)
{
    return Texts::tr("%1 of %n layer(s) applied", "of a LoRA", applied.y()).arg(applied.x());
}

QString familyText(engine::ModelFamily family)
{
    const std::string_view name = engine::modelFamilyName(family);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString misfitText(engine::ModelFamily made, engine::ModelFamily inUse)
{
    if (made == engine::ModelFamily::Unknown || inUse == engine::ModelFamily::Unknown || made == inUse) return {};
    return Texts::tr("Made for %1; the model in use is %2.").arg(familyText(made), familyText(inUse));
}

QString cardText(const library::LibraryEntry& entry, const library::FileDetails* details, engine::ModelFamily inUse)
{
    QStringList lines{ entry.name };
    if (!entry.title.isEmpty() && entry.title != entry.name) lines.append(entry.title);
    if (!entry.broken.isEmpty()) {
        lines.append(entry.broken);
    } else {
        lines.append(factsText(entry));
        if (const QString misfit = misfitText(entry.family, inUse); !misfit.isEmpty()) lines.append(misfit);
        if (!entry.triggerWords.isEmpty()) lines.append(Texts::tr("Trigger words: %1").arg(entry.triggerWords.join(QStringLiteral(", "))));
        if (entry.preferredWeight) lines.append(Texts::tr("Preferred weight: %1").arg(QLocale().toString(*entry.preferredWeight, 'g', 3)));
        if (details) appendDetails(lines, *details);
    }
    lines.append(entry.path);
    return lines.join(QLatin1Char('\n'));
}

QString placeText(const engine::FileDescription& file, const QString& name)
{
    QString kind = kindText(file.kind);
    if (!file.foreignFamily.empty()) kind = Texts::tr("%1 for %2", "kind of file, family of models").arg(kind, QString::fromStdString(file.foreignFamily));
    else if (file.family != engine::ModelFamily::Unknown)
        kind = Texts::tr("%1 for %2", "kind of file, family of models").arg(kind, familyText(file.family));
    const QString what = Texts::tr("%1 is %2.", "file name, kind of file").arg(name, kind);
    const QString folder = folderOf(file.kind);
    if (folder.isEmpty()) return what + QLatin1Char(' ') + Texts::tr("It was left where it is.");
    return what + QLatin1Char(' ') + Texts::tr("It is neither a picture model nor a LoRA; its place is the folder \"%1\" in your models folder.").arg(folder);
}

} // namespace sfumato::ui
