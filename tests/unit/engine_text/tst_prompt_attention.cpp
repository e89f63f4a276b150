// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/prompt_attention.h"

#include "tokenizer_support.h"

#include <QJsonArray>
#include <QTest>

#include <cmath>
#include <ctime>

using namespace sfumato;
using engine::parsePromptAttention;
using engine::WeightedText;

namespace {

constexpr double kRecordedDigits = 5e-7; // the recorded weights have six decimals

QString shown(const std::vector<WeightedText>& runs)
{
    QString text;
    for (const WeightedText& run : runs)
        text += run.isBreak ? QStringLiteral("<break>") : QStringLiteral("{%1|%2}").arg(QString::fromStdString(run.text)).arg(run.weight, 0, 'g', 6);
    return text;
}

} // namespace

class TstPromptAttention : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parse_equalsRecordedCases()
    {
        const auto cases = testing::jsonLines("attention_vectors.jsonl");
        QCOMPARE(cases.size(), 28);
        for (const QJsonObject& recorded : cases) {
            const QString input = recorded[QStringLiteral("input")].toString();
            const QJsonArray expected = recorded[QStringLiteral("output")].toArray();
            const auto runs = parsePromptAttention(input.toStdString());
            QCOMPARE(static_cast<qsizetype>(runs.size()), expected.size());
            for (qsizetype i = 0; i < expected.size(); ++i) {
                const WeightedText& run = runs[static_cast<std::size_t>(i)];
                const QJsonArray pair = expected[i].toArray();
                QCOMPARE(run.isBreak ? QStringLiteral("BREAK") : QString::fromStdString(run.text), pair[0].toString());
                QVERIFY2(std::abs((run.isBreak ? -1.0 : run.weight) - pair[1].toDouble()) < kRecordedDigits, qPrintable(input));
            }
        }
    }

    void parse_atTheEdgesOfTheGrammar_data()
    {
        QTest::addColumn<QByteArray>("prompt");
        QTest::addColumn<QString>("runs");
        QTest::newRow("break inside brackets breaks") << QByteArray("(a BREAK b:1.2)") << QStringLiteral("{a|1.2}<break>{b|1.2}");
        QTest::newRow("two breaks leave an empty run") << QByteArray("a BREAK BREAK b") << QStringLiteral("{a|1}<break>{|1}<break>{b|1}");
        QTest::newRow("break at both ends") << QByteArray("BREAK") << QStringLiteral("{|1}<break>{|1}");
        QTest::newRow("break after punctuation") << QByteArray("a,BREAK\nb") << QStringLiteral("{a,|1}<break>{b|1}");
        QTest::newRow("break only in capitals and as a word") << QByteArray("break BREAKS _BREAK \xC3\xA9"
                                                                            "BREAK 1BREAK")
                                                              << QString::fromUtf8("{break BREAKS _BREAK éBREAK 1BREAK|1}");
        QTest::newRow("ideographic space is space") << QByteArray("a\xE3\x80\x80"
                                                                  "BREAK\xE3\x80\x80"
                                                                  "b")
                                                    << QStringLiteral("{a|1}<break>{b|1}");
        QTest::newRow("weight that is no number is text") << QByteArray("(a:1.2.3)") << QStringLiteral("{a:1.2.3|1.1}");
        QTest::newRow("dot alone is text") << QByteArray("(a:.)") << QStringLiteral("{a:.|1.1}");
        QTest::newRow("sign alone is text") << QByteArray("(a:-)") << QStringLiteral("{a:-|1.1}");
        QTest::newRow("weight with plus") << QByteArray("(a:+1.5)") << QStringLiteral("{a|1.5}");
        QTest::newRow("weight zero") << QByteArray("(a:0)b") << QStringLiteral("{a|0}{b|1}");
        QTest::newRow("exponent is text") << QByteArray("(a:1e2)") << QStringLiteral("{a:1e2|1.1}");
        QTest::newRow("weight without bracket is text") << QByteArray("a:1.5) b") << QStringLiteral("{a:1.5) b|1}");
        QTest::newRow("crossed brackets") << QByteArray("(a[b)c]") << QStringLiteral("{a|1.1}{b|1}{c|0.909091}");
        QTest::newRow("backslash at the end") << QByteArray("a\\") << QStringLiteral("{a|1}");
        QTest::newRow("double backslash") << QByteArray("a\\\\(b)") << QStringLiteral("{a\\|1}{b|1.1}");
        QTest::newRow("huge weights stay finite") << QByteArray("(((a:99999):99999):99999)") << QStringLiteral("{a|1e+06}");
    }

    void parse_atTheEdgesOfTheGrammar()
    {
        QFETCH(QByteArray, prompt);
        QFETCH(QString, runs);
        QCOMPARE(shown(parsePromptAttention(prompt.toStdString())), runs);
    }

    void parse_keepsEveryOtherByte_andFiniteWeights_forArbitraryBytes()
    {
        std::mt19937 random(11);
        for (int i = 0; i < 20'000; ++i) {
            const std::string prompt = testing::randomBytes(random);
            const auto runs = parsePromptAttention(prompt);
            QVERIFY(!runs.empty());
            std::size_t kept = 0;
            for (const WeightedText& run : runs) {
                QVERIFY(std::isfinite(run.weight));
                kept += run.text.size();
            }
            QVERIFY(kept <= prompt.size());
            if (prompt.find_first_of("()[]:\\") == std::string::npos && prompt.find("BREAK") == std::string::npos) QCOMPARE(runs.front().text, prompt);
        }
    }

    void parse_endsSoon_whenBracketsNestDeeply()
    {
        std::string prompt;
        for (int i = 0; i < 20'000; ++i) prompt += "(a[b";
        const std::clock_t begin = std::clock(); // processor time: another program's load does not decide
        const auto runs = parsePromptAttention(prompt);
        QVERIFY(!runs.empty());
        QVERIFY((std::clock() - begin) / CLOCKS_PER_SEC < 10);
    }
};

QTEST_APPLESS_MAIN(TstPromptAttention)
#include "tst_prompt_attention.moc"
