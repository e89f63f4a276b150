// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_texts.h"

#include "ui/files/fault_text.h"

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
        lines.append(faultText(entry.broken));
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

} // namespace sfumato::ui
