// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/prompt_weight.h"

#include <QTest>

using sfumato::ui::PromptSelection;
using sfumato::ui::withWeightChanged;

class TstPromptWeight : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void change_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("start");
        QTest::addColumn<int>("length");
        QTest::addColumn<double>("delta");
        QTest::addColumn<QString>("expected");
        QTest::newRow("word at the cursor") << QStringLiteral("a red hat") << 3 << 0 << 0.05 << QStringLiteral("a (red:1.05) hat");
        QTest::newRow("selection") << QStringLiteral("a red hat") << 2 << 7 << 0.1 << QStringLiteral("a (red hat:1.1)");
        QTest::newRow("selection with spaces") << QStringLiteral("a red hat") << 1 << 5 << 0.1 << QStringLiteral("a (red:1.1) hat");
        QTest::newRow("again") << QStringLiteral("a (red:1.05) hat") << 3 << 3 << 0.05 << QStringLiteral("a (red:1.1) hat");
        QTest::newRow("back to one loses the brackets") << QStringLiteral("a (red:1.05) hat") << 3 << 3 << -0.05 << QStringLiteral("a red hat");
        QTest::newRow("less") << QStringLiteral("red") << 0 << 3 << -0.1 << QStringLiteral("(red:0.9)");
        QTest::newRow("never above two") << QStringLiteral("(red:2)") << 1 << 3 << 0.1 << QStringLiteral("(red:2)");
        QTest::newRow("never below nothing") << QStringLiteral("(red:0)") << 1 << 3 << -0.1 << QStringLiteral("(red:0)");
        QTest::newRow("no word") << QStringLiteral("a  b") << 2 << 0 << 0.1 << QStringLiteral("a  b");
        QTest::newRow("empty") << QString() << 0 << 0 << 0.1 << QString();
        QTest::newRow("umlauts") << QStringLiteral("ein grünes Haus") << 6 << 0 << 0.05 << QStringLiteral("ein (grünes:1.05) Haus");
    }

    void change()
    {
        QFETCH(QString, text);
        QFETCH(int, start);
        QFETCH(int, length);
        QFETCH(double, delta);
        QFETCH(QString, expected);
        QCOMPARE(withWeightChanged({ text, start, length }, delta).text, expected);
    }

    void selection_staysOnTheWords()
    {
        PromptSelection prompt{ QStringLiteral("a red hat"), 3, 0 };
        for (int i = 0; i < 5; ++i) {
            prompt = withWeightChanged(prompt, 0.05);
            QCOMPARE(prompt.text.mid(prompt.start, prompt.length), QStringLiteral("red"));
        }
        QCOMPARE(prompt.text, QStringLiteral("a (red:1.25) hat"));
        for (int i = 0; i < 5; ++i) prompt = withWeightChanged(prompt, -0.05);
        QCOMPARE(prompt, (PromptSelection{ QStringLiteral("a red hat"), 2, 3 }));
    }
};

QTEST_GUILESS_MAIN(TstPromptWeight)
#include "tst_prompt_weight.moc"
