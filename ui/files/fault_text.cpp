// SPDX-License-Identifier: Apache-2.0
#include "ui/files/fault_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <vector>

namespace sfumato::ui {

namespace {

// The more special ones first.
constexpr std::array kPatterns{
    QT_TRANSLATE_NOOP("FaultText", "%1 is cut short: %2 of %3 %4 of its header are there; it may still be downloading."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is cut short: %2 of %3 %4 are there; it may still be downloading."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has %2 bytes after its last tensor."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has a header that is not valid JSON (%2)."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has a header that is not valid JSON."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has a header that is no JSON object."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has a header full of members that the format does not define."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has two __metadata__ sections."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has a __metadata__ section that is no JSON object."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has metadata other than text."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has more metadata than any model needs."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has the same metadata key twice."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has more than %2 tensors."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has a tensor name of %2 bytes; at most %3 are allowed."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 is not described by a JSON object."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has its %3 twice."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has no dtype."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has no shape."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has no data_offsets."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has a dtype that is no text."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has the unknown dtype %3."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has a shape that is no list."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has a shape with something else than whole numbers from 0 on."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has more than %3 dimensions."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has data_offsets that are not two whole numbers from 0 on."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 ends before it begins."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 leaves a hole of %3 bytes before it."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 overlaps the one before it."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has a shape whose size is no number of bytes that a file can have."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 has %3 bytes where its shape and dtype need %4."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: tensor %2 is there twice."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is not a safetensors file: its header claims %2 bytes; at most %3 are allowed."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is not a safetensors file: its header is no JSON object."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is damaged: it has %2 bytes; a safetensors file has at least 8."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is empty."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a zip archive, as PyTorch pickles are, and can hold programs, so it is not opened; ask its maker for the .safetensors version."),
    QT_TRANSLATE_NOOP("FaultText", "%1 can hold programs, not only numbers, so it is not opened; ask its maker for the .safetensors version."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a web page, not a model; the download went wrong."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a GGUF model; only safetensors models can be opened."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is an HDF5 file; only safetensors models can be opened."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a Git LFS pointer, a text that stands for the model; download the model itself (git lfs pull)."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a picture, not a model."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a picture or a sound, not a model."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a PDF document, not a model."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a compressed archive; unpack it and open the .safetensors file in it."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a 7-Zip archive; unpack it and open the .safetensors file in it."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a RAR archive; unpack it and open the .safetensors file in it."),
    QT_TRANSLATE_NOOP("FaultText", "%1 does not exist."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a symbolic link that leads back to itself."),
    QT_TRANSLATE_NOOP("FaultText", "%1 may not be read by this user."),
    QT_TRANSLATE_NOOP("FaultText", "%1 cannot be opened: %2."),
    QT_TRANSLATE_NOOP("FaultText", "%1 cannot be read: %2."),
    QT_TRANSLATE_NOOP("FaultText", "%1 became shorter while it was read: it ends before byte %2."),
    QT_TRANSLATE_NOOP("FaultText", "%1 has %2 bytes; at most %3 are allowed."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a folder, not a file."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a pipe, not a file."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a socket, not a file."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a device, not a file."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is a folder without a model: it holds neither a unet folder nor diffusion_pytorch_model.safetensors."),
    QT_TRANSLATE_NOOP("FaultText", "%1 uses EDM noise levels (CosXL, Playground 2.5), which the engine does not have."),
    QT_TRANSLATE_NOOP("FaultText", "%1 is not a VAE: decoder.conv_in.weight is not in it."),
    QT_TRANSLATE_NOOP("FaultText", "%1 lacks a part of the model: it has no %2."),
    QT_TRANSLATE_NOOP("FaultText", "%1 has a name that is not valid UTF-8; rename the file to use it."),
    QT_TRANSLATE_NOOP("FaultText", "The folder %1 cannot be reached."),
};

struct Recogniser {
    QRegularExpression expression;
    std::vector<int> places; // which %N each group is
};

Recogniser recogniserOf(const QString& pattern)
{
    Recogniser made;
    QString expression = QStringLiteral("\\A");
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != u'%') {
            expression += QRegularExpression::escape(pattern.mid(i, 1));
            continue;
        }
        made.places.push_back(pattern[++i].digitValue());
        expression += QStringLiteral("(.+?)");
    }
    made.expression.setPattern(expression + QStringLiteral("\\z"));
    made.expression.setPatternOptions(QRegularExpression::DotMatchesEverythingOption);
    return made;
}

// Numbers as the window's language writes them. Names of files (%1) stay as they are, also those that are a number.
QString localised(const QString& value, int place)
{
    bool isNumber = false;
    const double number = QLocale::c().toDouble(value, &isNumber);
    if (place == 1 || !isNumber) return value;
    const qsizetype point = value.indexOf(u'.');
    return QLocale().toString(number, 'f', point < 0 ? 0 : static_cast<int>(value.size() - point - 1));
}

const std::vector<Recogniser>& recognisers()
{
    static const std::vector<Recogniser> made = [] {
        std::vector<Recogniser> list;
        for (const char* pattern : kPatterns) list.push_back(recogniserOf(QString::fromLatin1(pattern)));
        return list;
    }();
    return made;
}

} // namespace

QString faultText(const QString& sentence)
{
    for (std::size_t i = 0; i < kPatterns.size(); ++i) {
        const QRegularExpressionMatch match = recognisers()[i].expression.match(sentence);
        if (!match.hasMatch()) continue;
        // All at once: what a file is called may hold a "%2" of its own.
        QString text = QCoreApplication::translate("FaultText", kPatterns[i]);
        for (qsizetype at = text.indexOf(u'%'); at >= 0 && at + 1 < text.size(); at = text.indexOf(u'%', at)) {
            const auto& places = recognisers()[i].places;
            const auto place = std::find(places.begin(), places.end(), text[at + 1].digitValue());
            const QString value = place == places.end() ? text.mid(at, 2) : localised(match.captured(static_cast<int>(place - places.begin()) + 1), *place);
            text.replace(at, 2, value);
            at += value.size();
        }
        return text;
    }
    return sentence;
}

QString faultText(const Error& error) { return faultText(QString::fromStdString(error.message)); }

QStringList faultPatterns()
{
    QStringList patterns;
    for (const char* pattern : kPatterns) patterns.append(QString::fromLatin1(pattern));
    return patterns;
}

} // namespace sfumato::ui
