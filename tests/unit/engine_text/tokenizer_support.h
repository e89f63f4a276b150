// What the text tests share: the tokenizer of the build tree, the recorded reference and files of JSON lines.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/text/clip_tokenizer.h"

#include <QByteArray>
#include <QDataStream>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::testing {

inline const engine::ClipTokenizer& tokenizer()
{
    static const auto loaded = engine::ClipTokenizer::load(SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt");
    return loaded.value();
}

inline QByteArray tokenizerData(const char* name)
{
    QFile file(QStringLiteral(SFUMATO_SOURCE_DIR "/tests/data/tokenizer/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QList<QJsonObject> jsonLines(const char* name)
{
    QList<QJsonObject> objects;
    for (const QByteArray& line : tokenizerData(name).split('\n'))
        if (!line.isEmpty()) objects.append(QJsonDocument::fromJson(line).object());
    return objects;
}

struct Recorded {
    QByteArray prompt;
    std::vector<int> ids;
};

// The prompts and ids of the reference tokenizer; the format is described in tests/parity/tokenizer_reference.py.
inline std::vector<Recorded> recordedPrompts()
{
    const QByteArray records = qUncompress(tokenizerData("reference.bin"));
    QDataStream stream(records);
    stream.setByteOrder(QDataStream::LittleEndian);
    std::vector<Recorded> recorded;
    while (!stream.atEnd()) {
        quint32 byteCount = 0;
        quint16 idCount = 0;
        Recorded record;
        stream >> byteCount;
        record.prompt.resize(static_cast<qsizetype>(byteCount));
        stream.readRawData(record.prompt.data(), static_cast<int>(byteCount));
        stream >> idCount;
        for (int i = 0; i < idCount; ++i) {
            quint16 id = 0;
            stream >> id;
            record.ids.push_back(id);
        }
        recorded.push_back(std::move(record));
    }
    return recorded;
}

inline std::string_view viewOf(const QByteArray& bytes) { return { bytes.constData(), static_cast<std::size_t>(bytes.size()) }; }

// Random text in which brackets, colons, digits, BREAK, broken UTF-8 and raw bytes meet often.
inline std::string randomBytes(std::mt19937& random)
{
    static const std::string kParts[] = { "(", ")", "[", "]", ":", "\\", "1.2", "-.5", ".", "BREAK", " BREAK ", ",", " ", "\n", "cat", "a, b", "\xC3\xA9", "\xE6\x97\xA5", "\xF0\x9F\x98\x80",
        "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xFF", "\xED\xA0\x80", "\xC0\xAF", std::string(1, '\0'), "<|endoftext|>", "\xCC\x81", ":1e9)", ":99999999999)", "\xE3\x80\x80", "it's" };
    std::string text;
    for (auto i = random() % 24; i > 0; --i) {
        const auto choice = random() % (std::size(kParts) + 8);
        if (choice < std::size(kParts))
            text += kParts[choice];
        else
            text.push_back(static_cast<char>(random() & 0xFFU));
    }
    return text;
}

} // namespace sfumato::testing
