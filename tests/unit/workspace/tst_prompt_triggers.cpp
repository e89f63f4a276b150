// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/prompt/prompt_triggers.h"

#include <QTest>

using namespace sfumato::workspace;

class TstPromptTriggers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void presence_isOfWholeWordsInAnyCase_data()
    {
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("trigger");
        QTest::addColumn<bool>("isThere");
        QTest::newRow("whole") << QStringLiteral("a house, Ink Wash, trees") << QStringLiteral("ink wash") << true;
        QTest::newRow("part of a word") << QStringLiteral("pinkwash, drinks") << QStringLiteral("ink") << false;
        QTest::newRow("part, then whole") << QStringLiteral("pink, ink") << QStringLiteral("ink") << true;
        QTest::newRow("with a weight") << QStringLiteral("(ink wash:1.2)") << QStringLiteral(" ink wash ") << true;
        QTest::newRow("signs of its own") << QStringLiteral("<s1><s2> house") << QStringLiteral("<s1><s2>") << true;
        QTest::newRow("nothing") << QStringLiteral("a house") << QString() << false;
    }

    void presence_isOfWholeWordsInAnyCase()
    {
        QFETCH(QString, prompt);
        QFETCH(QString, trigger);
        QFETCH(bool, isThere);
        QCOMPARE(holdsTrigger(prompt, trigger), isThere);
    }

    // `|` is the cursor.
    void insertion_isSetOffByCommas_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::newRow("empty") << QStringLiteral("|") << QStringLiteral("ink wash");
        QTest::newRow("end") << QStringLiteral("a house|") << QStringLiteral("a house, ink wash");
        QTest::newRow("after a comma") << QStringLiteral("a house, |") << QStringLiteral("a house, ink wash");
        QTest::newRow("start") << QStringLiteral("|a house") << QStringLiteral("ink wash, a house");
        QTest::newRow("between") << QStringLiteral("a house,| trees") << QStringLiteral("a house, ink wash, trees");
        QTest::newRow("inside a word") << QStringLiteral("a ho|use at sea") << QStringLiteral("a house, ink wash, at sea");
        QTest::newRow("before a comma") << QStringLiteral("a house|, trees") << QStringLiteral("a house, ink wash, trees");
        QTest::newRow("new line") << QStringLiteral("a house\n|trees") << QStringLiteral("a house\nink wash, trees");
        QTest::newRow("there already") << QStringLiteral("ink wash, a house|") << QStringLiteral("ink wash, a house");
        QTest::newRow("in brackets") << QStringLiteral("(a house|:1.2)") << QStringLiteral("(a house, ink wash:1.2)");
    }

    void insertion_isSetOffByCommas()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        const qsizetype cursor = before.indexOf(u'|');
        QCOMPARE(withTrigger(before.remove(cursor, 1), QStringLiteral("ink wash"), cursor), after);
    }

    void removal_leavesATidyPrompt_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::newRow("alone") << QStringLiteral("ink wash") << QString();
        QTest::newRow("end") << QStringLiteral("a house, ink wash") << QStringLiteral("a house");
        QTest::newRow("start") << QStringLiteral("ink wash, a house") << QStringLiteral("a house");
        QTest::newRow("between") << QStringLiteral("a house, ink wash, trees") << QStringLiteral("a house, trees");
        QTest::newRow("weight") << QStringLiteral("a house, (ink wash:1.25), trees") << QStringLiteral("a house, trees");
        QTest::newRow("brackets") << QStringLiteral("((ink wash)), trees") << QStringLiteral("trees");
        QTest::newRow("within a group") << QStringLiteral("(ink wash, trees:1.2)") << QStringLiteral("(trees:1.2)");
        QTest::newRow("in a sentence") << QStringLiteral("an ink wash of a house") << QStringLiteral("an of a house");
        QTest::newRow("part of a word") << QStringLiteral("ink washes") << QStringLiteral("ink washes");
        QTest::newRow("own line") << QStringLiteral("a house,\nink wash, trees") << QStringLiteral("a house,\ntrees");
        QTest::newRow("twice") << QStringLiteral("ink wash, ink wash") << QStringLiteral("ink wash");
    }

    void removal_leavesATidyPrompt()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QCOMPARE(withoutTrigger(before, QStringLiteral("ink wash")), after);
    }

    void insertionAndRemoval_areInverse()
    {
        for (const char* prompt : { "", "a house", "a house, trees at sea", "(a house:1.3), trees", "one\ntwo" }) {
            const QString text = QLatin1String(prompt);
            for (qsizetype at : { qsizetype{ 0 }, text.size() }) QCOMPARE(withoutTrigger(withTrigger(text, QStringLiteral("ink wash"), at), QStringLiteral("ink wash")), text);
        }
    }
};

QTEST_GUILESS_MAIN(TstPromptTriggers)
#include "tst_prompt_triggers.moc"
