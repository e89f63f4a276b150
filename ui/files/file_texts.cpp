// SPDX-License-Identifier: Apache-2.0
#include "ui/files/file_texts.h"

#include "ui/docks/lora/lora_texts.h"

#include <QCoreApplication>
#include <QLocale>

namespace sfumato::ui {

namespace {

using engine::FileKind;

constexpr qsizetype kTagsShown = 40;
constexpr qsizetype kNamesShown = 12;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(FileText)
};

// The base as people name it; empty where none is known.
QString baseOf(const engine::FileDescription& file)
{
    if (!file.foreignFamily.empty()) return QString::fromStdString(file.foreignFamily);
    return file.family == engine::ModelFamily::Unknown ? QString() : familyText(file.family);
}

QString joined(const std::vector<std::string>& words)
{
    QStringList list;
    for (const std::string& word : words) list.append(QString::fromStdString(word));
    return list.join(QStringLiteral(", "));
}

class Facts {
public:
    void add(const QString& label, const QString& value)
    {
        if (!value.isEmpty()) m_facts.push_back({ label, value });
    }
    [[nodiscard]] std::vector<CardFact> take() { return std::move(m_facts); }

private:
    std::vector<CardFact> m_facts;
};

QString rankText(const engine::FileDescription& file)
{
    if (file.rankMax == 0) return {};
    const QLocale locale;
    return file.rankMin == file.rankMax ? locale.toString(file.rankMax) : Texts::tr("%1 to %2", "a range").arg(locale.toString(file.rankMin), locale.toString(file.rankMax));
}

QString layersText(const engine::FileDescription& file)
{
    if (file.moduleCount == 0) return {};
    const QString count = QLocale().toString(static_cast<qulonglong>(file.moduleCount));
    if (file.changesUnet && file.changesTextEncoders) return Texts::tr("%1, of the UNet and of the text encoders", "number of layers").arg(count);
    return file.changesUnet ? Texts::tr("%1, of the UNet", "number of layers").arg(count) : Texts::tr("%1, of the text encoders", "number of layers").arg(count);
}

QString partsText(const engine::FileDescription& file)
{
    if (file.kind != FileKind::Checkpoint && file.kind != FileKind::Unet) return {};
    QStringList parts{ Texts::tr("UNet") };
    if (file.hasTextEncoders) parts.append(Texts::tr("text encoders"));
    if (file.hasVae) parts.append(Texts::tr("VAE"));
    return parts.join(QStringLiteral(", "));
}

QString predictionText(const engine::FileDescription& file)
{
    if (file.kind != FileKind::Checkpoint && file.kind != FileKind::Unet) return {};
    const QString prediction = file.prediction == engine::PredictionType::VPrediction ? Texts::tr("velocity (v)") : Texts::tr("noise (epsilon)");
    return file.zeroTerminalSnr ? Texts::tr("%1, zero terminal SNR").arg(prediction) : prediction;
}

QString listed(const QStringList& words, qsizetype most)
{
    QString text = words.mid(0, most).join(QStringLiteral(", "));
    if (words.size() > most) text = Texts::tr("%1 and %n more", "a list", static_cast<int>(words.size() - most)).arg(text);
    return text;
}

QString fitText(const library::FileCard& card, const QString& modelName)
{
    if (card.match) return Texts::tr("%1 of %n layer(s) of it change %2", "of a LoRA; %2: a model", card.match->total).arg(QLocale().toString(card.match->applied), modelName);
    const QString base = baseOf(card.file);
    return base.isEmpty() ? QString() : Texts::tr("models of the family %1").arg(base);
}

void addFile(const library::FileCard& card, Facts& facts)
{
    const engine::FileDescription& file = card.file;
    const QLocale locale;
    facts.add(Texts::tr("Kind"), kindName(file.kind));
    facts.add(Texts::tr("Form"), QString::fromStdString(file.variant));
    facts.add(Texts::tr("Title"), card.entry.title);
    facts.add(Texts::tr("Base"), card.entry.baseLabel.isEmpty() ? baseOf(file) : card.entry.baseLabel);
    facts.add(Texts::tr("Precision"), QString::fromStdString(file.precision));
    if (file.parameterCount > 0) facts.add(Texts::tr("Parameters"), locale.toString(static_cast<qulonglong>(file.parameterCount)));
    facts.add(Texts::tr("Parts"), partsText(file));
    facts.add(Texts::tr("Predicts"), predictionText(file));
    facts.add(Texts::tr("Method"), joined(file.algorithms));
    facts.add(Texts::tr("Rank"), rankText(file));
    facts.add(Texts::tr("Layers"), layersText(file));
    if (file.vectorCount > 0) facts.add(Texts::tr("Vectors"), locale.toString(file.vectorCount));
}

void addTexts(const library::FileCard& card, Facts& facts)
{
    facts.add(Texts::tr("Trigger words"), card.entry.triggerWords.join(QStringLiteral(", ")));
    if (card.entry.preferredWeight) facts.add(Texts::tr("Preferred weight"), QLocale().toString(*card.entry.preferredWeight, 'g', 3));
    facts.add(Texts::tr("Trained on"), card.details.trainedOn);
    facts.add(Texts::tr("Trained at"), card.details.resolution);
    facts.add(Texts::tr("Tags"), listed(card.details.tags, kTagsShown));
    facts.add(Texts::tr("Author"), card.details.author);
    facts.add(Texts::tr("Licence"), card.details.license);
    facts.add(Texts::tr("Usage"), card.details.usageHint);
    facts.add(Texts::tr("Note"), card.details.notes);
    facts.add(Texts::tr("Description"), card.details.description);
}

} // namespace

QString kindText(FileKind kind)
{
    switch (kind) {
    case FileKind::Checkpoint: return Texts::tr("a picture model");
    case FileKind::Unet: return Texts::tr("the core of a picture model without its other parts");
    case FileKind::Vae: return Texts::tr("a VAE");
    case FileKind::TextEncoder: return Texts::tr("a text encoder");
    case FileKind::Lora: return Texts::tr("a LoRA");
    case FileKind::Embedding: return Texts::tr("an embedding");
    case FileKind::ControlNet: return Texts::tr("a ControlNet");
    case FileKind::ControlLora: return Texts::tr("a Control-LoRA");
    case FileKind::ControlNetUnion: return Texts::tr("a ControlNet Union");
    case FileKind::ControlLllite: return Texts::tr("a ControlNet-LLLite");
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

QString kindName(FileKind kind)
{
    switch (kind) {
    case FileKind::Checkpoint: return Texts::tr("Picture model");
    case FileKind::Unet: return Texts::tr("UNet of a picture model");
    case FileKind::Vae: return Texts::tr("VAE");
    case FileKind::TextEncoder: return Texts::tr("Text encoder");
    case FileKind::Lora: return Texts::tr("LoRA");
    case FileKind::Embedding: return Texts::tr("Embedding");
    case FileKind::ControlNet: return Texts::tr("ControlNet");
    case FileKind::ControlLora: return Texts::tr("Control-LoRA");
    case FileKind::ControlNetUnion: return Texts::tr("ControlNet Union");
    case FileKind::ControlLllite: return Texts::tr("ControlNet-LLLite");
    case FileKind::T2iAdapter: return Texts::tr("T2I-Adapter");
    case FileKind::IpAdapter: return Texts::tr("IP-Adapter");
    case FileKind::Taesd: return Texts::tr("Small preview decoder (TAESD)");
    case FileKind::Upscaler: return Texts::tr("Upscaler");
    case FileKind::ImageEncoder: return Texts::tr("Image encoder");
    case FileKind::SafetyChecker: return Texts::tr("Safety checker");
    case FileKind::LanguageModel: return Texts::tr("Language model (GPT-2)");
    case FileKind::Unknown: break;
    }
    return Texts::tr("Unknown");
}

QString whatText(const engine::FileDescription& file, const QString& name)
{
    QString kind = kindText(file.kind);
    if (const QString base = baseOf(file); !base.isEmpty()) kind = Texts::tr("%1 for %2", "kind of file, family of models").arg(kind, base);
    return Texts::tr("%1 is %2.", "file name, kind of file").arg(name, kind);
}

QString folderOf(FileKind kind)
{
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
    case FileKind::LanguageModel: // kept as a whole folder, elsewhere
    case FileKind::Checkpoint:
    case FileKind::Unet:
    case FileKind::Lora:
    case FileKind::Unknown: break;
    }
    return {};
}

QString leftText(const engine::FileDescription& file)
{
    if (!file.foreignFamily.empty()) return Texts::tr("This program does not run models of that family; the file was left where it is.");
    if (file.kind == FileKind::LanguageModel) return Texts::tr("Its folder, with the vocabulary in it, belongs into \"prompt_expansion\" in the program's data folder; then it can expand prompts.");
    const QString folder = folderOf(file.kind);
    if (folder.isEmpty()) return Texts::tr("It was left where it is.");
    return Texts::tr("It is neither a picture model nor a LoRA; its place is the folder \"%1\" in your models folder.").arg(folder);
}

std::vector<CardFact> cardFacts(const library::FileCard& card, const QString& modelName)
{
    Facts facts;
    addFile(card, facts);
    facts.add(Texts::tr("Works with"), fitText(card, modelName));
    if (card.match) facts.add(Texts::tr("Does not fit"), listed(card.match->unmatched, kNamesShown));
    addTexts(card, facts);
    facts.add(Texts::tr("Size"), QLocale().formattedDataSize(card.entry.sizeInBytes, 1, QLocale::DataSizeSIFormat));
    facts.add(Texts::tr("Tensors"), QLocale().toString(static_cast<qulonglong>(card.file.tensorCount)));
    facts.add(Texts::tr("File"), card.entry.path);
    return facts.take();
}

QString factsAsText(const std::vector<CardFact>& facts)
{
    QStringList lines;
    for (const CardFact& fact : facts) lines.append(QStringLiteral("%1: %2").arg(fact.label, fact.value));
    return lines.join(QLatin1Char('\n'));
}

} // namespace sfumato::ui
