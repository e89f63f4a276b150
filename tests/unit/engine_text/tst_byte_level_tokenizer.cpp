// SPDX-License-Identifier: Apache-2.0
#include "tokenizer_support.h"

#include "core/engine/text/byte_level_tokenizer.h"

#include <QJsonArray>
#include <QTest>

#include <vector>

using namespace sfumato;
using engine::ByteLevelTokenizer;

namespace {

constexpr int kLeastTexts = 5'000;
const std::string kFolder = "expander";

std::string data(const char* name)
{
    return testing::tokenizerData(QByteArray("byte_level/").append(name).constData()).toStdString();
}

const ByteLevelTokenizer& tokenizer()
{
    static const auto made = ByteLevelTokenizer::fromVocabulary(data("vocab.json"), data("merges.txt"), kFolder);
    return made.value();
}

struct RecordedText {
    QByteArray text;
    std::vector<int> ids;
    QByteArray decoded;
};

QByteArray readBytes(QDataStream& stream)
{
    quint32 count = 0;
    stream >> count;
    QByteArray bytes(static_cast<qsizetype>(count), '\0');
    stream.readRawData(bytes.data(), static_cast<int>(count));
    return bytes;
}

// The form is described in tests/parity/byte_level_reference.py.
std::vector<RecordedText> recordedTexts()
{
    const QByteArray records = qUncompress(testing::tokenizerData("byte_level/reference.bin"));
    QDataStream stream(records);
    stream.setByteOrder(QDataStream::LittleEndian);
    std::vector<RecordedText> recorded;
    while (!stream.atEnd()) {
        RecordedText record;
        record.text = readBytes(stream);
        quint16 idCount = 0;
        stream >> idCount;
        for (int i = 0; i < idCount; ++i) {
            quint16 id = 0;
            stream >> id;
            record.ids.push_back(id);
        }
        record.decoded = readBytes(stream);
        recorded.push_back(std::move(record));
    }
    return recorded;
}

// tokenizer.json of the same vocabulary, as transformers writes it.
QJsonObject tokenizerJson(bool pairsAsLists)
{
    QJsonArray merges;
    for (const QByteArray& line : QByteArray::fromStdString(data("merges.txt")).split('\n').mid(1)) {
        const QString text = QString::fromUtf8(line);
        if (text.isEmpty()) continue;
        merges.append(pairsAsLists ? QJsonValue(QJsonArray::fromStringList(text.split(u' '))) : QJsonValue(text));
    }
    const auto typed = [](const char* type, QJsonObject members) {
        members[QStringLiteral("type")] = QLatin1String(type);
        return members;
    };
    const QJsonObject vocabulary = QJsonDocument::fromJson(QByteArray::fromStdString(data("vocab.json"))).object();
    const QString end = QStringLiteral("<|endoftext|>");
    const QJsonObject added{ { QStringLiteral("id"), vocabulary[end] }, { QStringLiteral("content"), end }, { QStringLiteral("special"), true } };
    QJsonObject json;
    json[QStringLiteral("version")] = QStringLiteral("1.0");
    json[QStringLiteral("added_tokens")] = QJsonArray{ added };
    json[QStringLiteral("normalizer")] = QJsonValue::Null;
    json[QStringLiteral("pre_tokenizer")] = typed("ByteLevel", { { QStringLiteral("add_prefix_space"), false } });
    json[QStringLiteral("model")] = typed("BPE", { { QStringLiteral("vocab"), vocabulary }, { QStringLiteral("merges"), merges } });
    return json;
}

std::string textOf(const QJsonObject& json) { return QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString(); }

} // namespace

class TstByteLevelTokenizer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void idsAndTexts_equalReference_onEveryRecordedText()
    {
        const auto recorded = recordedTexts();
        QVERIFY(static_cast<int>(recorded.size()) >= kLeastTexts);
        int wrong = 0;
        for (const auto& [text, ids, decoded] : recorded) {
            const bool isEqual = tokenizer().encode(testing::viewOf(text)) == ids && tokenizer().decode(ids) == testing::viewOf(decoded);
            if (!isEqual && ++wrong <= 10) qWarning() << text.toPercentEncoding(" ");
        }
        QCOMPARE(wrong, 0);
    }

    void tokenizerJson_givesTheSameIds_data()
    {
        QTest::addColumn<bool>("pairsAsLists");
        QTest::newRow("merges as text") << false;
        QTest::newRow("merges as pairs") << true;
    }
    void tokenizerJson_givesTheSameIds()
    {
        QFETCH(bool, pairsAsLists);
        const auto other = ByteLevelTokenizer::fromTokenizerJson(textOf(tokenizerJson(pairsAsLists)), kFolder);
        QVERIFY2(other, other ? "" : other.error().message.c_str());
        QCOMPARE(other->idCount(), tokenizer().idCount());
        for (const auto& record : recordedTexts()) QVERIFY(other->encode(testing::viewOf(record.text)) == record.ids);
    }

    void aPrefixSpace_isAddedWhereTheFileSaysSo()
    {
        QJsonObject json = tokenizerJson(false);
        json[QStringLiteral("pre_tokenizer")] = QJsonObject{ { QStringLiteral("type"), QStringLiteral("ByteLevel") }, { QStringLiteral("add_prefix_space"), true } };
        const auto spaced = ByteLevelTokenizer::fromTokenizerJson(textOf(json), kFolder);
        QVERIFY(spaced);
        QVERIFY(spaced->encode("cat") == tokenizer().encode(" cat"));
        QVERIFY(spaced->encode(" cat") == tokenizer().encode(" cat"));
    }

    void everyText_comesBack_forArbitraryBytes()
    {
        std::mt19937 random(11);
        for (int i = 0; i < 5'000; ++i) {
            std::string text = testing::randomBytes(random);
            while (text.find("<|endoftext|>") != std::string::npos) text.erase(text.find("<|endoftext|>"), 1);
            const std::string once = tokenizer().decode(tokenizer().encode(text));
            QCOMPARE(tokenizer().decode(tokenizer().encode(once)), once);
        }
    }

    void find_knowsWholeTokensAlone()
    {
        QVERIFY(tokenizer().find(","));
        QCOMPARE(tokenizer().decode(std::vector{ *tokenizer().find(",") }), std::string(","));
        QVERIFY(!tokenizer().find(" no such word at all"));
    }

    void aDamagedVocabulary_isNamed_data()
    {
        QTest::addColumn<QByteArray>("vocabulary");
        QTest::addColumn<QByteArray>("merges");
        QTest::addColumn<QString>("sentence");
        const QByteArray vocabulary = QByteArray::fromStdString(data("vocab.json")), merges = QByteArray::fromStdString(data("merges.txt"));
        QTest::newRow("not JSON") << QByteArray("{") << merges << QStringLiteral("expander/vocab.json");
        QTest::newRow("a byte is missing") << QByteArray(vocabulary).replace("\"!\":0,", "") << merges << QStringLiteral("expander/vocab.json is no vocabulary: it has no token for the byte 33.");
        QTest::newRow("an id is no number") << QByteArray(vocabulary).replace("\"!\":0,", "\"!\":\"a\",") << merges << QStringLiteral("expander/vocab.json is no vocabulary: a token has no id from 0 to 3999999.");
        QTest::newRow("an id is enormous") << QByteArray(vocabulary).replace("\"!\":0,", "\"!\":9000000000,") << merges << QStringLiteral("expander/vocab.json is no vocabulary: a token has no id from 0 to 3999999.");
        QTest::newRow("an unknown merge") << vocabulary << merges + "nowhere else\n"
                                          << QStringLiteral("expander/merges.txt is no vocabulary: it has no merge of two known tokens into a third in line 9");
        QTest::newRow("half a merge") << vocabulary << QByteArray("#version: 0.2\nin\n") << QStringLiteral("expander/merges.txt is no vocabulary: it has no merge of two known tokens into a third in line 2.");
    }
    void aDamagedVocabulary_isNamed()
    {
        QFETCH(QByteArray, vocabulary);
        QFETCH(QByteArray, merges);
        QFETCH(QString, sentence);
        const auto made = ByteLevelTokenizer::fromVocabulary(testing::viewOf(vocabulary), testing::viewOf(merges), kFolder);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::FileUnreadable);
        QVERIFY2(QString::fromStdString(made.error().message).startsWith(sentence), made.error().message.c_str());
    }

    void anotherKindOfTokenizer_isRefused()
    {
        QJsonObject json = tokenizerJson(false);
        json[QStringLiteral("pre_tokenizer")] = QJsonObject{ { QStringLiteral("type"), QStringLiteral("Metaspace") } };
        const auto made = ByteLevelTokenizer::fromTokenizerJson(textOf(json), kFolder);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::UnsupportedModel);
    }
};

QTEST_APPLESS_MAIN(TstByteLevelTokenizer)
#include "tst_byte_level_tokenizer.moc"
