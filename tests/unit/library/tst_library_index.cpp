// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_index.h"
#include "tests/unit/library/library_files.h"
#include "tests/unit/library/library_folder.h"

#include <nlohmann/json.hpp>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <optional>
#include <random>

#include <sys/stat.h>
#include <unistd.h>

using namespace sfumato;
using namespace sfumato::library;

namespace {

// Everything an entry says, so that two indexes can be compared.
QStringList contentOf(const LibraryIndex& index)
{
    QStringList lines;
    for (const LibraryEntryPointer& entry : index.entries()) {
        lines << QStringList{ entry->path, entry->title, entry->baseLabel, entry->algorithm, QString::number(entry->rank), QString::number(entry->sizeInBytes),
            entry->triggerWords.join(u'|'), entry->broken, entry->preview.path, QString::number(entry->preview.stamp), QString::fromStdString(entry->searchText.stored()),
            entry->preferredWeight ? QString::number(*entry->preferredWeight) : QString() }
                     .join(u'\t');
    }
    std::ranges::sort(lines);
    return lines;
}

} // namespace

class TstLibraryIndex : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<test::LibraryFolder>(); }
    void files_becomeEntries();
    void secondStart_knowsThemAtOnce();
    void onlyChangedFiles_areReadAgain();
    void brokenFile_isOneEntryWithASentence();
    void fileStillArriving_isReadWhenItIsWhole();
    void deletedFile_goes();
    void movedFile_keepsStarAndUse();
    void foldersNoLongerWatched_leave();
    void unreachableFolder_becomesSentences();
    void linksInCircles_end();
    void folder_isFollowed();
    void cancelledScan_endsAtOnce();
    void destruction_duringAScan();
    void hostileTexts_arePlainEverywhere();
    void randomChanges_giveTheSameAsAFreshIndex();

private:
    std::unique_ptr<test::LibraryFolder> m_folder;
};

void TstLibraryIndex::files_becomeEntries()
{
    test::LoraFile file;
    file.rank = 4;
    file.metadata = { { "modelspec.title", "Ink Wash" }, { "modelspec.trigger_phrase", "sumi-e" }, { "ss_tag_frequency", R"({"10_x": {"paper": 7, "brush": 9}})" },
        { "ss_resolution", "(1024, 768)" }, { "sshs_model_hash", std::string(64, 'a') } };
    test::writeLora(m_folder->at(QStringLiteral("styles/ink_02.safetensors")), file);
    test::writeFile(m_folder->at(QStringLiteral("styles/ink_02.json")), R"({"preferred weight": 0.6, "notes": "mine"})");
    test::writeFile(m_folder->at(QStringLiteral("styles/ink_02.png")), test::pngOf(8, 12, 0xFF0000));
    test::writeFile(m_folder->at(QStringLiteral("readme.txt")), "no model");
    file = {};
    file.textWidth = 768;
    test::writeLora(m_folder->at(QStringLiteral("OLD.SafeTensors")), file);

    const auto index = m_folder->scanned();
    QCOMPARE(test::namesOf(*index), QStringList({ QStringLiteral("OLD"), QStringLiteral("ink_02") }));
    const LibraryEntryPointer ink = index->find(m_folder->at(QStringLiteral("styles/ink_02.safetensors")));
    QVERIFY(ink);
    QCOMPARE(ink->kind, engine::FileKind::Lora);
    QCOMPARE(ink->family, engine::ModelFamily::Sdxl);
    QCOMPARE(ink->baseLabel, QStringLiteral("SDXL"));
    QCOMPARE(ink->title, QStringLiteral("Ink Wash"));
    QCOMPARE(ink->triggerWords, QStringList{ QStringLiteral("sumi-e") });
    QCOMPARE(ink->rank, 4);
    QCOMPARE(ink->preferredWeight, 0.6);
    QCOMPARE(ink->preview.path, m_folder->at(QStringLiteral("styles/ink_02.png")));
    QVERIFY(std::abs(ink->addedAt - QDateTime::currentSecsSinceEpoch()) < 3600);
    QVERIFY(ink->broken.isEmpty());
    for (const char* words : { "ink wash", "path:styles", "trigger:sumi", "tag:paper", "note:mine", "base:sdxl" })
        QVERIFY2(SearchPattern(QString::fromLatin1(words)).rank(ink->searchText), words);
    const Result<FileDetails> found = test::details(*index, ink->path);
    QVERIFY(found);
    QCOMPARE(found->notes, QStringLiteral("mine"));
    QCOMPARE(found->tags, QStringList({ QStringLiteral("brush"), QStringLiteral("paper") }));
    QCOMPARE(found->resolution, QStringLiteral("1024x768"));
    QCOMPARE(found->autoV3, QString(12, u'a'));
    QCOMPARE(index->find(m_folder->at(QStringLiteral("OLD.SafeTensors")))->baseLabel, QStringLiteral("SD 1.x"));
}

void TstLibraryIndex::secondStart_knowsThemAtOnce()
{
    for (int i = 0; i < 20; ++i) test::writeLora(m_folder->at(QStringLiteral("l%1.safetensors").arg(i)));
    QStringList before;
    {
        const auto index = m_folder->scanned();
        index->setStarred(m_folder->at(QStringLiteral("l3.safetensors")), true);
        index->noteUse(m_folder->at(QStringLiteral("l4.safetensors")));
        before = contentOf(*index);
        QVERIFY(test::details(*index, m_folder->at(QStringLiteral("l3.safetensors")))); // the star is stored before it
    }
    const auto again = m_folder->open();
    QTRY_VERIFY(again->isLoaded());
    QTRY_COMPARE(contentOf(*again), before); // what searches look at comes a moment after the cards
    QVERIFY(again->find(m_folder->at(QStringLiteral("l3.safetensors")))->isStarred);
    QVERIFY(again->find(m_folder->at(QStringLiteral("l4.safetensors")))->lastUsedAt > 0);
    again->setFolders({ m_folder->at(QString()) });
    const ScanReport report = test::scan(*again);
    QCOMPARE(report.found, 20);
    QCOMPARE(report.read, 0);
}

void TstLibraryIndex::onlyChangedFiles_areReadAgain()
{
    for (int i = 0; i < 5; ++i) test::writeLora(m_folder->at(QStringLiteral("l%1.safetensors").arg(i)));
    const auto index = m_folder->scanned();
    test::LoraFile changed;
    changed.rank = 8;
    test::writeLora(m_folder->at(QStringLiteral("l1.safetensors")), changed);
    test::writeFile(m_folder->at(QStringLiteral("l2.json")), R"({"notes": "new"})");
    test::writeFile(m_folder->at(QStringLiteral("l3.preview.png")), test::pngOf(2, 2, 0));
    const ScanReport report = test::scan(*index);
    QCOMPARE(report.found, 5);
    QVERIFY(report.read <= 3); // fewer when following the folder was faster
    QCOMPARE(index->find(m_folder->at(QStringLiteral("l1.safetensors")))->rank, 8);
    QVERIFY(SearchPattern(QStringLiteral("note:new")).rank(index->find(m_folder->at(QStringLiteral("l2.safetensors")))->searchText));
    QCOMPARE(index->find(m_folder->at(QStringLiteral("l3.safetensors")))->preview.source, PreviewSource::File);
    QVERIFY(QFile::remove(m_folder->at(QStringLiteral("l3.preview.png"))));
    test::scan(*index);
    QCOMPARE(index->find(m_folder->at(QStringLiteral("l3.safetensors")))->preview.source, PreviewSource::None);
}

void TstLibraryIndex::brokenFile_isOneEntryWithASentence()
{
    test::writeFile(m_folder->at(QStringLiteral("empty.safetensors")), {});
    test::writeFile(m_folder->at(QStringLiteral("page.safetensors")), "<!doctype html><html>404</html>");
    test::writeFile(m_folder->at(QStringLiteral("huge.safetensors")), QByteArray::fromHex("ffffffffffffff7f") + "{}");
    test::writeLora(m_folder->at(QStringLiteral("short.safetensors")));
    QVERIFY(QFile::resize(m_folder->at(QStringLiteral("short.safetensors")), 600));
    test::writeFile(m_folder->at(QStringLiteral("short.json")), R"({"activation text": "still shown"})");
    test::writeLora(m_folder->at(QStringLiteral("good.safetensors")));
    QVERIFY(QDir().mkpath(m_folder->at(QStringLiteral("folder.safetensors"))));
    QVERIFY(QFile::link(m_folder->at(QStringLiteral("nothing")), m_folder->at(QStringLiteral("link.safetensors"))));
    QCOMPARE(::mkfifo(m_folder->at(QStringLiteral("pipe.safetensors")).toUtf8().constData(), 0666), 0);
    const QByteArray badName = m_folder->at(QString()).toUtf8() + "bad\xFFname.safetensors";
    QVERIFY(std::rename(m_folder->at(QStringLiteral("page.safetensors")).toUtf8().constData(), badName.constData()) == 0);

    const auto index = m_folder->scanned();
    QCOMPARE(index->entries().size(), std::size_t{ 6 });
    for (const LibraryEntryPointer& entry : index->entries()) {
        if (entry->name == QLatin1String("good")) {
            QVERIFY(entry->broken.isEmpty());
            continue;
        }
        QVERIFY2(entry->broken.endsWith(u'.'), qPrintable(entry->name + u": " + entry->broken));
        QVERIFY2(entry->broken.contains(entry->name), qPrintable(entry->broken));
    }
    QCOMPARE(index->find(m_folder->at(QStringLiteral("short.safetensors")))->triggerWords, QStringList{ QStringLiteral("still shown") });
    QCOMPARE(test::scan(*index).broken, 5);
    QCOMPARE(::unlink(badName.constData()), 0); // which Qt could not
}

void TstLibraryIndex::fileStillArriving_isReadWhenItIsWhole()
{
    test::writeLora(m_folder->at(QStringLiteral("whole")));
    const QByteArray bytes = test::readFile(m_folder->at(QStringLiteral("whole")));
    const QString path = m_folder->at(QStringLiteral("download.safetensors"));
    test::writeFile(path, bytes.left(bytes.size() / 2));
    const auto index = m_folder->scanned();
    QVERIFY(!index->find(path)->broken.isEmpty());
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append)); // which the system tells no one who follows the folder
    QCOMPARE(file.write(bytes.mid(bytes.size() / 2)), bytes.size() - bytes.size() / 2);
    file.close();
    QTRY_VERIFY_WITH_TIMEOUT(index->find(path)->broken.isEmpty(), 20'000);
}

void TstLibraryIndex::deletedFile_goes()
{
    test::writeLora(m_folder->at(QStringLiteral("a.safetensors")));
    test::writeLora(m_folder->at(QStringLiteral("b.safetensors")));
    const auto index = m_folder->scanned();
    QVERIFY(QFile::remove(m_folder->at(QStringLiteral("a.safetensors"))));
    test::scan(*index);
    QCOMPARE(test::namesOf(*index), QStringList{ QStringLiteral("b") });
    QVERIFY(!index->find(m_folder->at(QStringLiteral("a.safetensors"))));
    index->setStarred(m_folder->at(QStringLiteral("a.safetensors")), true); // is ignored
    QVERIFY(!test::details(*index, m_folder->at(QStringLiteral("a.safetensors"))));
}

void TstLibraryIndex::movedFile_keepsStarAndUse()
{
    test::LoraFile other;
    other.seed = std::byte{ 0x11 };
    test::writeLora(m_folder->at(QStringLiteral("a.safetensors")));
    test::writeLora(m_folder->at(QStringLiteral("b.safetensors")), other);
    const auto index = m_folder->scanned();
    index->setStarred(m_folder->at(QStringLiteral("a.safetensors")), true);
    index->noteUse(m_folder->at(QStringLiteral("a.safetensors")));
    QVERIFY(test::details(*index, m_folder->at(QStringLiteral("a.safetensors"))));
    QVERIFY(QDir().mkpath(m_folder->at(QStringLiteral("sub"))));
    QVERIFY(QFile::rename(m_folder->at(QStringLiteral("a.safetensors")), m_folder->at(QStringLiteral("sub/renamed.safetensors"))));
    QVERIFY(QFile::copy(m_folder->at(QStringLiteral("sub/renamed.safetensors")), m_folder->at(QStringLiteral("sub/zcopy.safetensors"))));
    test::scan(*index);
    const LibraryEntryPointer moved = index->find(m_folder->at(QStringLiteral("sub/renamed.safetensors")));
    QVERIFY(moved && moved->isStarred && moved->lastUsedAt > 0);
    QVERIFY(!index->find(m_folder->at(QStringLiteral("b.safetensors")))->isStarred);
    QVERIFY(!index->find(m_folder->at(QStringLiteral("sub/zcopy.safetensors")))->isStarred);
    // Also after a change that was made while the file could not be looked at.
    const QString renamed = m_folder->at(QStringLiteral("sub/renamed.safetensors")), away = m_folder->at(QStringLiteral("away"));
    QVERIFY(QFile::remove(m_folder->at(QStringLiteral("sub/zcopy.safetensors"))));
    QVERIFY(QFile::rename(renamed, away));
    index->setStarred(renamed, false);
    index->setStarred(renamed, true);
    QVERIFY(test::details(*index, m_folder->at(QStringLiteral("b.safetensors"))));
    QVERIFY(QFile::rename(away, m_folder->at(QStringLiteral("third.safetensors"))));
    test::scan(*index);
    QVERIFY(index->find(m_folder->at(QStringLiteral("third.safetensors")))->isStarred);
}

void TstLibraryIndex::foldersNoLongerWatched_leave()
{
    test::writeLora(m_folder->at(QStringLiteral("one/a.safetensors")));
    test::writeLora(m_folder->at(QStringLiteral("two/b.safetensors")));
    test::writeLora(m_folder->at(QStringLiteral("twofold/c.safetensors")));
    const auto index = m_folder->open();
    index->setFolders({ m_folder->at(QStringLiteral("one")), m_folder->at(QStringLiteral("two")), m_folder->at(QStringLiteral("two/")), m_folder->at(QStringLiteral("one/sub/..")) });
    QCOMPARE(index->folders().size(), 2);
    test::scan(*index);
    QCOMPARE(test::namesOf(*index), QStringList({ QStringLiteral("a"), QStringLiteral("b") }));
    index->setStarred(m_folder->at(QStringLiteral("one/a.safetensors")), true);
    index->setFolders({ m_folder->at(QStringLiteral("two")) });
    QCOMPARE(test::namesOf(*index), QStringList{ QStringLiteral("b") }); // at once
    test::scan(*index);
    index->setFolders({ m_folder->at(QString()) });
    test::scan(*index);
    QCOMPARE(test::namesOf(*index).size(), 3);
    QVERIFY(index->find(m_folder->at(QStringLiteral("one/a.safetensors")))->isStarred);
    index->setFolders({});
    QVERIFY(index->entries().empty());
}

void TstLibraryIndex::unreachableFolder_becomesSentences()
{
    test::writeLora(m_folder->at(QStringLiteral("disk/a.safetensors")));
    test::writeLora(m_folder->at(QStringLiteral("here/b.safetensors")));
    const auto index = m_folder->open();
    index->setFolders({ m_folder->at(QStringLiteral("disk")), m_folder->at(QStringLiteral("here")) });
    test::scan(*index);
    QVERIFY(QFile::rename(m_folder->at(QStringLiteral("disk")), m_folder->at(QStringLiteral("unplugged"))));
    QCOMPARE(test::scan(*index).unreachable, QStringList{ m_folder->at(QStringLiteral("disk")) });
    QTRY_VERIFY(index->find(m_folder->at(QStringLiteral("disk/a.safetensors")))->broken.contains(QLatin1String("cannot be reached")));
    QVERIFY(index->find(m_folder->at(QStringLiteral("here/b.safetensors")))->broken.isEmpty());
    QVERIFY(QFile::rename(m_folder->at(QStringLiteral("unplugged")), m_folder->at(QStringLiteral("disk"))));
    QCOMPARE(test::scan(*index).read, 0);
    QTRY_VERIFY(index->find(m_folder->at(QStringLiteral("disk/a.safetensors")))->broken.isEmpty());
}

void TstLibraryIndex::linksInCircles_end()
{
    test::writeLora(m_folder->at(QStringLiteral("real/a.safetensors")));
    QVERIFY(QFile::link(m_folder->at(QString()), m_folder->at(QStringLiteral("real/up"))));
    QVERIFY(QFile::link(m_folder->at(QStringLiteral("real/self")), m_folder->at(QStringLiteral("real/self"))));
    QVERIFY(QFile::link(m_folder->at(QStringLiteral("real")), m_folder->at(QStringLiteral("again"))));
    test::writeLora(m_folder->at(QStringLiteral(".hidden/b.safetensors")));
    const auto index = m_folder->scanned();
    QCOMPARE(test::namesOf(*index), QStringList{ QStringLiteral("a") });
}

void TstLibraryIndex::folder_isFollowed()
{
    const auto index = m_folder->scanned();
    test::writeLora(m_folder->at(QStringLiteral("new/a.safetensors")));
    QTRY_COMPARE_WITH_TIMEOUT(test::namesOf(*index), QStringList{ QStringLiteral("a") }, 20'000);
    test::writeLora(m_folder->at(QStringLiteral("new/b.safetensors")));
    QTRY_COMPARE_WITH_TIMEOUT(test::namesOf(*index).size(), 2, 20'000);
    QVERIFY(QFile::remove(m_folder->at(QStringLiteral("new/a.safetensors"))));
    QTRY_COMPARE_WITH_TIMEOUT(test::namesOf(*index), QStringList{ QStringLiteral("b") }, 20'000);
}

void TstLibraryIndex::cancelledScan_endsAtOnce()
{
    for (int i = 0; i < 300; ++i) test::writeLora(m_folder->at(QStringLiteral("l%1.safetensors").arg(i)));
    const auto index = m_folder->open();
    index->setFolders({ m_folder->at(QString()) });
    QTRY_VERIFY(!index->entries().empty());
    std::optional<ScanReport> report;
    connect(index.get(), &LibraryIndex::scanFinished, this, [&](const ScanReport& finished) { report = finished; });
    if (index->isScanning()) {
        index->cancelScan();
        QVERIFY(report && !report->isComplete);
    }
    QVERIFY(!index->isScanning());
    QCOMPARE(test::scan(*index).found, 300); // what was read before is not read again
    QCOMPARE(index->entries().size(), std::size_t{ 300 });
}

void TstLibraryIndex::destruction_duringAScan()
{
    for (int i = 0; i < 100; ++i) test::writeLora(m_folder->at(QStringLiteral("l%1.safetensors").arg(i)));
    for (int wait = 0; wait < 12; ++wait) {
        const auto index = m_folder->open(QStringLiteral("round%1.sqlite").arg(wait));
        index->setFolders({ m_folder->at(QString()) });
        for (int turn = 0; turn < wait * 4; ++turn) QCoreApplication::processEvents(QEventLoop::AllEvents, 2);
    }
    QCOMPARE(m_folder->scanned()->entries().size(), std::size_t{ 100 });
}

void TstLibraryIndex::hostileTexts_arePlainEverywhere()
{
    int number = 0;
    for (const QString& text : test::hostileTexts()) {
        const std::string json = nlohmann::json(text.toStdString()).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
        const std::string utf8 = nlohmann::json::parse(json).get<std::string>();
        test::LoraFile file;
        file.metadata = { { "modelspec.title", utf8 }, { "modelspec.trigger_phrase", utf8 }, { "modelspec.description", utf8 }, { "modelspec.author", utf8 },
            { "ss_tag_frequency", "{\"a\": {" + json + ": 1}}" }, { "ss_output_name", utf8 }, { "ss_base_model_version", utf8 }, { "modelspec.usage_hint", utf8 } };
        test::writeLora(m_folder->at(QStringLiteral("%1.safetensors").arg(number)), file);
        if (QString name = text.left(60).remove(u'/').remove(QChar(0)); !name.contains(QChar(0xD800))) test::writeLora(m_folder->at(name + QStringLiteral("%1.safetensors").arg(number)));
        ++number;
    }
    const auto index = m_folder->scanned();
    QVERIFY(index->entries().size() > static_cast<std::size_t>(number));
    const auto isClean = [](const QString& shown) {
        return std::ranges::none_of(shown, [](QChar c) { return (c.category() == QChar::Other_Control && c != u'\n') || (c.unicode() >= 0x202A && c.unicode() <= 0x202E); });
    };
    for (const LibraryEntryPointer& entry : index->entries()) {
        const Result<FileDetails> more = test::details(*index, entry->path);
        QVERIFY(more);
        for (const QString& shown : QStringList{ entry->name, entry->title, entry->baseLabel, entry->broken, more->description, more->author, more->trainedOn, more->usageHint } + entry->triggerWords + more->tags) {
            QVERIFY2(isClean(shown), qPrintable(shown.left(100)));
            QVERIFY(shown.size() <= 64 << 10);
        }
        QVERIFY(entry->triggerWords.size() <= LibraryEntry::kMaxTriggerWords);
        QVERIFY(!entry->title.contains(u'\n'));
    }
    const LibraryEntryPointer bold = index->find(m_folder->at(QStringLiteral("0.safetensors")));
    QCOMPARE(bold->title, QStringLiteral("<b>bold</b>")); // literally: showing it as text is the window's part
    const QStringList before = contentOf(*index);
    const auto again = m_folder->open();
    QTRY_VERIFY(again->isLoaded());
    QTRY_COMPARE(contentOf(*again), before); // what searches look at comes a moment after the cards
}

// Whatever happens between scans, the index says what a new index of the same folder says.
void TstLibraryIndex::randomChanges_giveTheSameAsAFreshIndex()
{
    std::mt19937 random(11);
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    const auto anyPath = [&](const char* ending) { return m_folder->at(QStringLiteral("%1/l%2%3").arg(below(3)).arg(below(12)).arg(QLatin1String(ending))); };
    const auto index = m_folder->scanned();
    for (int round = 0; round < 12; ++round) {
        for (int change = 0; change < 10; ++change) {
            const QString path = anyPath(".safetensors");
            test::LoraFile file;
            file.rank = 1 + below(6);
            file.textWidth = below(2) == 0 ? 768 : 2048;
            switch (below(7)) {
            case 0:
            case 1: test::writeLora(path, file); break;
            case 2: QFile::remove(path); break;
            case 3: test::writeFile(anyPath(".json"), QStringLiteral("{\"notes\": \"n%1\", \"activation text\": \"t%2\"}").arg(below(9)).arg(below(9)).toUtf8()); break;
            case 4: test::writeFile(anyPath(".preview.png"), test::pngOf(1 + below(5), 1, 0)); break;
            case 5: test::writeFile(path, QByteArray(below(40), 'x')); break;
            default: QFile::rename(path, anyPath(".safetensors")); break;
            }
        }
        test::scan(*index);
        const auto fresh = m_folder->open(QStringLiteral("fresh%1.sqlite").arg(round));
        fresh->setFolders({ m_folder->at(QString()) });
        test::scan(*fresh);
        QCOMPARE(contentOf(*index), contentOf(*fresh));
    }
    QVERIFY(index->entries().size() > 5);
}

QTEST_GUILESS_MAIN(TstLibraryIndex)
#include "tst_library_index.moc"
