// SPDX-License-Identifier: Apache-2.0
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

// What the sources of the window must not do, because one place does it for all of them.
class TstUiSources : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rules_hold_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QStringList>("allowed");
        QTest::newRow("labels come from the plain-text factory") << QStringLiteral("new QLabel\\b|\\bQLabel\\s+\\w+\\s*[({;]") << QStringList{ QStringLiteral("widgets/plain_text.cpp") };
        QTest::newRow("tooltips come from the plain-text factory") << QStringLiteral("setToolTip\\(|QToolTip::|setWhatsThis\\(") << QStringList{ QStringLiteral("widgets/plain_text.cpp") };
        QTest::newRow("no message boxes") << QStringLiteral("QMessageBox|QErrorMessage|QInputDialog") << QStringList();
        QTest::newRow("file dialogs are behind the seam") << QStringLiteral("QFileDialog") << QStringList{ QStringLiteral("window/dialog_prompts.cpp") };
        QTest::newRow("no nested event loops") << QStringLiteral("QEventLoop|processEvents|[.>]exec\\(") << QStringList();
        QTest::newRow("colours come from the theme") << QStringLiteral("QColor\\(0x|QColor\\(\"|#[0-9A-Fa-f]{6}\\b") << QStringList{ QStringLiteral("theme/theme_tokens.cpp") };
        QTest::newRow("no style sheets") << QStringLiteral("setStyleSheet") << QStringList();
        QTest::newRow("rich text is not asked for") << QStringLiteral("Qt::RichText|Qt::AutoText|Qt::MarkdownText|setHtml|insertHtml|appendHtml") << QStringList();
        QTest::newRow("error messages are worded in one place") << QStringLiteral("error->message|error\\(\\)\\.message") << QStringList{ QStringLiteral("window/notice_text.cpp") };
    }

    void rules_hold()
    {
        QFETCH(QString, pattern);
        QFETCH(QStringList, allowed);
        const QRegularExpression forbidden(pattern);
        QVERIFY(forbidden.isValid());
        const QString root = QStringLiteral(SFUMATO_SOURCE_DIR "/ui/");
        int files = 0;
        for (QDirIterator it(root, { QStringLiteral("*.cpp"), QStringLiteral("*.h") }, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            const QString path = it.next();
            ++files;
            if (allowed.contains(path.mid(root.size()))) continue;
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QRegularExpressionMatch match = forbidden.match(QString::fromUtf8(file.readAll()));
            QVERIFY2(!match.hasMatch(), qPrintable(QStringLiteral("%1: %2").arg(path.mid(root.size()), match.captured())));
        }
        QVERIFY(files > 60);
    }
};

QTEST_GUILESS_MAIN(TstUiSources)
#include "tst_ui_sources.moc"
