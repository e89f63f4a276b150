// SPDX-License-Identifier: Apache-2.0
#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <QXmlStreamReader>

namespace {

struct Entry {
    QString context;
    QString source;
    QString comment;
    QStringList translations; // several for plural forms
    bool isFinished = true;
};

QList<Entry> readEntries(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    QXmlStreamReader xml(&file);
    QList<Entry> entries;
    QString context;
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement()) continue;
        if (xml.name() == QLatin1String("name")) context = xml.readElementText();
        if (xml.name() == QLatin1String("message")) entries.append({ context, {}, {}, {}, true });
        if (entries.isEmpty()) continue;
        if (xml.name() == QLatin1String("source")) entries.last().source = xml.readElementText();
        if (xml.name() == QLatin1String("comment")) entries.last().comment = xml.readElementText();
        if (xml.name() == QLatin1String("translation")) {
            entries.last().isFinished = !xml.attributes().hasAttribute(QStringLiteral("type"));
            const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
            entries.last().translations.append(text);
        }
    }
    return entries;
}

QStringList keysOf(const QList<Entry>& entries)
{
    QStringList keys;
    for (const Entry& entry : entries) keys.append(entry.context + QLatin1Char('|') + entry.source + QLatin1Char('|') + entry.comment);
    keys.sort();
    return keys;
}

QSet<QString> placesIn(const QString& text)
{
    QSet<QString> places;
    static const QRegularExpression kPlace(QStringLiteral("%(?:[1-9]|n)"));
    for (auto it = kPlace.globalMatch(text); it.hasNext();) places.insert(it.next().captured());
    return places;
}

QString tsPath(const QString& language)
{
    return QStringLiteral(SFUMATO_SOURCE_DIR "/translations/sfumato_%1.ts").arg(language);
}

} // namespace

class TstTranslations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyText_isTranslated_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("atLeast");
        QTest::newRow("German") << QStringLiteral("de") << 200;
        QTest::newRow("English plurals") << QStringLiteral("en") << 4;
    }

    void everyText_isTranslated()
    {
        QFETCH(QString, language);
        QFETCH(int, atLeast);
        const QList<Entry> entries = readEntries(tsPath(language));
        QVERIFY(entries.size() >= atLeast);
        for (const Entry& entry : entries) {
            QVERIFY2(entry.isFinished, qPrintable(entry.source));
            QVERIFY2(!entry.translations.join(QString()).trimmed().isEmpty(), qPrintable(entry.source));
            const QSet<QString> places = placesIn(entry.source);
            QVERIFY2(placesIn(entry.translations.join(QString())) == places, qPrintable(entry.source));
            QCOMPARE(entry.translations.first().contains(QLatin1Char('!')), false);
            if (!entry.translations.first().contains(QLatin1Char('\n'))) QCOMPARE(entry.source.endsWith(QChar(0x2026)), entry.translations.first().endsWith(QChar(0x2026)));
        }
    }

    void sources_holdNothingNew_data() { everyText_isTranslated_data(); }

    void sources_holdNothingNew()
    {
        QFETCH(QString, language);
        QTemporaryDir folder;
        const QString fresh = folder.filePath(QStringLiteral("sfumato_%1.ts").arg(language));
        QVERIFY(QFile::copy(tsPath(language), fresh));
        QFile::setPermissions(fresh, QFile::ReadOwner | QFile::WriteOwner);
        QStringList arguments{ QStringLiteral("-I"), QStringLiteral(SFUMATO_SOURCE_DIR), QStringLiteral("-no-obsolete"), QStringLiteral("-locations"), QStringLiteral("none"), QStringLiteral("-silent") };
        if (language == QLatin1String("en")) arguments.append(QStringLiteral("-pluralonly"));
        for (const char* part : { "app", "core/document", "core/workspace", "ui" }) arguments.append(QStringLiteral(SFUMATO_SOURCE_DIR "/") + QString::fromLatin1(part));
        arguments << QStringLiteral("-ts") << fresh;
        QProcess lupdate;
        lupdate.start(QStringLiteral(SFUMATO_LUPDATE), arguments);
        QVERIFY(lupdate.waitForFinished(60000));
        QCOMPARE(lupdate.exitCode(), 0);
        QCOMPARE(keysOf(readEntries(fresh)), keysOf(readEntries(tsPath(language))));
    }

    void resources_holdTheLanguages()
    {
        QTranslator german;
        QVERIFY(german.load(QStringLiteral(":/i18n/sfumato_de.qm")));
        QCOMPARE(german.translate("Action", "Undo"), QStringLiteral("Rückgängig"));
        QTranslator english;
        QVERIFY(english.load(QStringLiteral(":/i18n/sfumato_en.qm")));
        QCoreApplication::installTranslator(&english);
        QCOMPARE(QCoreApplication::translate("sfumato::ui::StatusLine", "%n run(s)", "waiting or running", 1), QStringLiteral("1 run"));
        QCoreApplication::removeTranslator(&english);
    }
};

QTEST_GUILESS_MAIN(TstTranslations)
#include "tst_translations.moc"
