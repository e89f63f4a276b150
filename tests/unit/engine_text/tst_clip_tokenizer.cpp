// SPDX-License-Identifier: Apache-2.0
#include "tokenizer_support.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

using namespace sfumato;
using engine::ClipTokenizer;

namespace {

constexpr int kLeastPrompts = 12'000;

QByteArray listed(const std::vector<int>& ids)
{
    QByteArray text;
    for (const int id : ids) text += QByteArray::number(id) + ' ';
    return text.trimmed();
}

} // namespace

class TstClipTokenizer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exclamationMark_isASpecialTokenWhereItPads_data()
    {
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("ids");
        QTest::newRow("after a word") << QStringLiteral("hello!") << QStringLiteral("3306 0");
        QTest::newRow("several") << QStringLiteral("wow!!! great") << QStringLiteral("2781 0 0 0 830");
        QTest::newRow("before a word") << QStringLiteral("!x") << QStringLiteral("0 343");
        QTest::newRow("splits words") << QStringLiteral("it!'s") << QStringLiteral("585 0 568");
        QTest::newRow("full width is text") << QStringLiteral("x！y") << QStringLiteral("343 171 120 479 344");
    }
    // Values of transformers' CLIPTokenizer with pad_token "!", as SDXL's tokenizer_2 has it.
    void exclamationMark_isASpecialTokenWhereItPads()
    {
        QFETCH(QString, prompt);
        QFETCH(QString, ids);
        QStringList found;
        for (const int id : testing::tokenizer().encode(prompt.toStdString(), sfumato::engine::PadToken::ExclamationMark)) found << QString::number(id);
        QCOMPARE(found.join(u' '), ids);
    }

    void encode_equalsReference_onEveryRecordedPrompt()
    {
        const auto recorded = testing::recordedPrompts();
        QVERIFY(static_cast<int>(recorded.size()) >= kLeastPrompts);
        int wrong = 0;
        for (const auto& [prompt, ids] : recorded) {
            const auto found = testing::tokenizer().encode(testing::viewOf(prompt));
            if (found == ids) continue;
            if (++wrong <= 10) qWarning() << prompt.toPercentEncoding(" ") << "gives" << listed(found) << "instead of" << listed(ids);
        }
        QCOMPARE(wrong, 0);
    }

    void encode_equalsPublishedVectors()
    {
        const QList<QByteArray> lines = testing::tokenizerData("bpe_vectors.tsv").split('\n');
        int count = 0;
        for (const QByteArray& line : lines.mid(1)) {
            const qsizetype tab = line.lastIndexOf('\t');
            if (tab < 0) continue;
            const QByteArray prompt = QJsonDocument::fromJson('[' + line.left(tab) + ']').array().at(0).toString().toUtf8();
            QCOMPARE(listed(testing::tokenizer().encode(testing::viewOf(prompt))), line.mid(tab + 1).trimmed());
            ++count;
        }
        QCOMPARE(count, 28);
    }

    void encode_readsReplacementCharacter_whereUtf8IsBroken_data()
    {
        QTest::addColumn<QByteArray>("broken");
        QTest::addColumn<QByteArray>("whole");
        const QByteArray mark = "\xEF\xBF\xBD";
        QTest::newRow("lone continuation") << QByteArray("a\x80"
                                                         "b")
                                           << "a" + mark + "b";
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << mark + mark;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << mark + mark + mark;
        QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80 x") << mark + mark + mark + mark + " x";
        QTest::newRow("cut three-byte character") << QByteArray("\xE2\x82 cat") << mark + " cat";
        QTest::newRow("cut four-byte character at the end") << QByteArray("cat\xF0\x9F\x98") << "cat" + mark;
        QTest::newRow("five-byte form") << QByteArray("\xF8\x88\x80\x80\x80") << mark + mark + mark + mark + mark;
    }

    void encode_readsReplacementCharacter_whereUtf8IsBroken()
    {
        QFETCH(QByteArray, broken);
        QFETCH(QByteArray, whole);
        QCOMPARE(listed(testing::tokenizer().encode(testing::viewOf(broken))), listed(testing::tokenizer().encode(testing::viewOf(whole))));
    }

    void encode_yieldsVocabularyIds_forArbitraryBytes()
    {
        std::mt19937 random(7);
        for (int i = 0; i < 20'000; ++i)
            for (const int id : testing::tokenizer().encode(testing::randomBytes(random))) QVERIFY(id >= 0 && id < ClipTokenizer::kVocabularySize);
    }

    void load_namesTheFault_whenFileIsNoVocabulary_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("cannot be read");
        QTest::newRow("version line alone") << QByteArray("#version: 0.2\n") << QStringLiteral("ends before line 2");
        QTest::newRow("no pair") << QByteArray("#version\ni n\ntheword\n") << QStringLiteral("no merge of two known symbols in line 3");
        QTest::newRow("unknown symbol") << QByteArray("#version\ni n\nqqq z\n") << QStringLiteral("no merge of two known symbols in line 3");
        QTest::newRow("cut short") << QByteArray("#version\ni n\nt h\n") << QStringLiteral("ends before line 4");
    }

    void load_namesTheFault_whenFileIsNoVocabulary()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("vocabulary.txt")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto loaded = ClipTokenizer::load(file.fileName().toStdString());
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::FileUnreadable);
        QVERIFY2(QString::fromStdString(loaded.error().message).contains(said), loaded.error().message.c_str());
    }

    void load_saysFileNotFound_whenThereIsNone()
    {
        const auto loaded = ClipTokenizer::load("/nowhere/vocabulary.txt");
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::FileNotFound);
    }
};

QTEST_APPLESS_MAIN(TstClipTokenizer)
#include "tst_clip_tokenizer.moc"
