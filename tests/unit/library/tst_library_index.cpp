// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_index.h"
#include "core/library/library_query.h"
#include "tests/unit/library/library_files.h"

#include <nlohmann/json.hpp>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <optional>
#include <random>

#include <sys/stat.h>
#include <unistd.h>

using namespace sfumato;
using namespace sfumato::library;

namespace {

template <typename Value>
struct Awaited {
    std::shared_ptr<std::optional<Result<Value>>> value = std::make_shared<std::optional<Result<Value>>>();

    auto receiver() const
    {
        return [value = value](Result<Value> result) { *value = std::move(result); };
    }
    [[nodiscard]] bool isThere() const { return value->has_value(); }
    const Result<Value>& operator*() const { return **value; }
};

QStringList namesOf(const LibraryIndex& index)
{
    QStringList names;
    for (const LibraryEntryPointer& entry : index.entries()) names << entry->name;
    std::ranges::sort(names);
    return names;
}

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
    void init();
    void cleanup();
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
    void edit_goesIntoTheSidecar();
    void edit_inAReadOnlyFolder_isKeptInTheDatabase();
    void edit_besideADamagedSidecar_isKeptInTheDatabase();
    void edit_ofAMissingFile_isAnError();
    void preview_isWrittenBesideTheFile();
    void preview_neverOverwritesAnothersFile();
    void preview_inAReadOnlyFolder();
    void previews_inA1111sOrder();
    void hashes_areKept();
    void damagedDatabase_isBegunAnew();
    void otherSchema_keepsTheStars();
    void databaseThatCannotBeOpened_isTold();
    void hostileTexts_arePlainEverywhere();
    void randomChanges_giveTheSameAsAFreshIndex();

private:
    [[nodiscard]] QString at(const QString& name) const { return m_folder->filePath(QStringLiteral("loras/") + name); }
    [[nodiscard]] std::unique_ptr<LibraryIndex> open(const QString& name = QStringLiteral("index.sqlite")) const;
    static ScanReport scan(LibraryIndex& index);
    [[nodiscard]] std::unique_ptr<LibraryIndex> scanned() const;
    [[nodiscard]] static Result<EditOutcome> edit(LibraryIndex& index, const QString& path, const SidecarEdit& change);
    [[nodiscard]] static Result<FileDetails> details(LibraryIndex& index, const QString& path);
    [[nodiscard]] static Result<EditOutcome> setPreview(LibraryIndex& index, const QString& path, const QImage& picture, document::ExistingFile existing);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TstLibraryIndex::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(at(QString())));
    QCOMPARE(::chmod(m_folder->path().toUtf8().constData(), 0777), 0);
}

void TstLibraryIndex::cleanup()
{
    ::chmod(at(QString()).toUtf8().constData(), 0755);
}

std::unique_ptr<LibraryIndex> TstLibraryIndex::open(const QString& name) const
{
    return std::make_unique<LibraryIndex>(LibraryOptions{ m_folder->filePath(QStringLiteral("data/") + name) });
}

ScanReport TstLibraryIndex::scan(LibraryIndex& index)
{
    ScanReport report;
    const auto connection = connect(&index, &LibraryIndex::scanFinished, [&](const ScanReport& finished) { report = finished; });
    index.rescan();
    [&] { QTRY_VERIFY_WITH_TIMEOUT(report.isComplete && !index.isScanning(), 20'000); }();
    disconnect(connection);
    return report;
}

std::unique_ptr<LibraryIndex> TstLibraryIndex::scanned() const
{
    std::unique_ptr<LibraryIndex> index = open();
    index->setFolders({ at(QString()) });
    scan(*index);
    return index;
}

Result<EditOutcome> TstLibraryIndex::edit(LibraryIndex& index, const QString& path, const SidecarEdit& change)
{
    const Awaited<EditOutcome> outcome;
    index.edit(path, change, outcome.receiver());
    [&] { QTRY_VERIFY(outcome.isThere()); }();
    return *outcome;
}

Result<FileDetails> TstLibraryIndex::details(LibraryIndex& index, const QString& path)
{
    const Awaited<FileDetails> found;
    index.readDetails(path, found.receiver());
    [&] { QTRY_VERIFY(found.isThere()); }();
    return *found;
}

Result<EditOutcome> TstLibraryIndex::setPreview(LibraryIndex& index, const QString& path, const QImage& picture, document::ExistingFile existing)
{
    const Awaited<EditOutcome> outcome;
    index.setPreview(path, picture, existing, outcome.receiver());
    [&] { QTRY_VERIFY(outcome.isThere()); }();
    return *outcome;
}

void TstLibraryIndex::files_becomeEntries()
{
    test::LoraFile file;
    file.rank = 4;
    file.metadata = { { "modelspec.title", "Ink Wash" }, { "modelspec.trigger_phrase", "sumi-e" }, { "ss_tag_frequency", R"({"10_x": {"paper": 7, "brush": 9}})" },
        { "ss_resolution", "(1024, 768)" }, { "sshs_model_hash", std::string(64, 'a') } };
    test::writeLora(at(QStringLiteral("styles/ink_02.safetensors")), file);
    test::writeFile(at(QStringLiteral("styles/ink_02.json")), R"({"preferred weight": 0.6, "notes": "mine"})");
    test::writeFile(at(QStringLiteral("styles/ink_02.png")), test::pngOf(8, 12, 0xFF0000));
    test::writeFile(at(QStringLiteral("readme.txt")), "no model");
    file = {};
    file.textWidth = 768;
    test::writeLora(at(QStringLiteral("OLD.SafeTensors")), file);

    const auto index = scanned();
    QCOMPARE(namesOf(*index), QStringList({ QStringLiteral("OLD"), QStringLiteral("ink_02") }));
    const LibraryEntryPointer ink = index->find(at(QStringLiteral("styles/ink_02.safetensors")));
    QVERIFY(ink);
    QCOMPARE(ink->kind, engine::FileKind::Lora);
    QCOMPARE(ink->family, engine::ModelFamily::Sdxl);
    QCOMPARE(ink->baseLabel, QStringLiteral("SDXL"));
    QCOMPARE(ink->title, QStringLiteral("Ink Wash"));
    QCOMPARE(ink->triggerWords, QStringList{ QStringLiteral("sumi-e") });
    QCOMPARE(ink->rank, 4);
    QCOMPARE(ink->preferredWeight, 0.6);
    QCOMPARE(ink->preview.path, at(QStringLiteral("styles/ink_02.png")));
    QVERIFY(std::abs(ink->addedAt - QDateTime::currentSecsSinceEpoch()) < 3600);
    QVERIFY(ink->broken.isEmpty());
    for (const char* words : { "ink wash", "path:styles", "trigger:sumi", "tag:paper", "note:mine", "base:sdxl" })
        QVERIFY2(SearchPattern(QString::fromLatin1(words)).rank(ink->searchText), words);
    const Result<FileDetails> found = details(*index, ink->path);
    QVERIFY(found);
    QCOMPARE(found->notes, QStringLiteral("mine"));
    QCOMPARE(found->tags, QStringList({ QStringLiteral("brush"), QStringLiteral("paper") }));
    QCOMPARE(found->resolution, QStringLiteral("1024x768"));
    QCOMPARE(found->autoV3, QString(12, u'a'));
    QCOMPARE(index->find(at(QStringLiteral("OLD.SafeTensors")))->baseLabel, QStringLiteral("SD 1.x"));
}

void TstLibraryIndex::secondStart_knowsThemAtOnce()
{
    for (int i = 0; i < 20; ++i) test::writeLora(at(QStringLiteral("l%1.safetensors").arg(i)));
    QStringList before;
    {
        const auto index = scanned();
        index->setStarred(at(QStringLiteral("l3.safetensors")), true);
        index->noteUse(at(QStringLiteral("l4.safetensors")));
        before = contentOf(*index);
        QVERIFY(details(*index, at(QStringLiteral("l3.safetensors")))); // the star is stored before it
    }
    const auto again = open();
    QTRY_VERIFY(again->isLoaded());
    QCOMPARE(contentOf(*again), before);
    QVERIFY(again->find(at(QStringLiteral("l3.safetensors")))->isStarred);
    QVERIFY(again->find(at(QStringLiteral("l4.safetensors")))->lastUsedAt > 0);
    again->setFolders({ at(QString()) });
    const ScanReport report = scan(*again);
    QCOMPARE(report.found, 20);
    QCOMPARE(report.read, 0);
}

void TstLibraryIndex::onlyChangedFiles_areReadAgain()
{
    for (int i = 0; i < 5; ++i) test::writeLora(at(QStringLiteral("l%1.safetensors").arg(i)));
    const auto index = scanned();
    test::LoraFile changed;
    changed.rank = 8;
    test::writeLora(at(QStringLiteral("l1.safetensors")), changed);
    test::writeFile(at(QStringLiteral("l2.json")), R"({"notes": "new"})");
    test::writeFile(at(QStringLiteral("l3.preview.png")), test::pngOf(2, 2, 0));
    const ScanReport report = scan(*index);
    QCOMPARE(report.found, 5);
    QVERIFY(report.read <= 3); // fewer when following the folder was faster
    QCOMPARE(index->find(at(QStringLiteral("l1.safetensors")))->rank, 8);
    QVERIFY(SearchPattern(QStringLiteral("note:new")).rank(index->find(at(QStringLiteral("l2.safetensors")))->searchText));
    QCOMPARE(index->find(at(QStringLiteral("l3.safetensors")))->preview.source, PreviewSource::File);
    QVERIFY(QFile::remove(at(QStringLiteral("l3.preview.png"))));
    scan(*index);
    QCOMPARE(index->find(at(QStringLiteral("l3.safetensors")))->preview.source, PreviewSource::None);
}

void TstLibraryIndex::brokenFile_isOneEntryWithASentence()
{
    test::writeFile(at(QStringLiteral("empty.safetensors")), {});
    test::writeFile(at(QStringLiteral("page.safetensors")), "<!doctype html><html>404</html>");
    test::writeFile(at(QStringLiteral("huge.safetensors")), QByteArray::fromHex("ffffffffffffff7f") + "{}");
    test::writeLora(at(QStringLiteral("short.safetensors")));
    QVERIFY(QFile::resize(at(QStringLiteral("short.safetensors")), 600));
    test::writeFile(at(QStringLiteral("short.json")), R"({"activation text": "still shown"})");
    test::writeLora(at(QStringLiteral("good.safetensors")));
    QVERIFY(QDir().mkpath(at(QStringLiteral("folder.safetensors"))));
    QVERIFY(QFile::link(at(QStringLiteral("nothing")), at(QStringLiteral("link.safetensors"))));
    QCOMPARE(::mkfifo(at(QStringLiteral("pipe.safetensors")).toUtf8().constData(), 0666), 0);
    const QByteArray badName = at(QString()).toUtf8() + "bad\xFFname.safetensors";
    QVERIFY(std::rename(at(QStringLiteral("page.safetensors")).toUtf8().constData(), badName.constData()) == 0);

    const auto index = scanned();
    QCOMPARE(index->entries().size(), std::size_t{ 6 });
    for (const LibraryEntryPointer& entry : index->entries()) {
        if (entry->name == QLatin1String("good")) {
            QVERIFY(entry->broken.isEmpty());
            continue;
        }
        QVERIFY2(entry->broken.endsWith(u'.'), qPrintable(entry->name + u": " + entry->broken));
        QVERIFY2(entry->broken.contains(entry->name), qPrintable(entry->broken));
    }
    QCOMPARE(index->find(at(QStringLiteral("short.safetensors")))->triggerWords, QStringList{ QStringLiteral("still shown") });
    QCOMPARE(scan(*index).broken, 5);
    QCOMPARE(::unlink(badName.constData()), 0); // which Qt could not
}

void TstLibraryIndex::fileStillArriving_isReadWhenItIsWhole()
{
    test::writeLora(at(QStringLiteral("whole")));
    const QByteArray bytes = test::readFile(at(QStringLiteral("whole")));
    const QString path = at(QStringLiteral("download.safetensors"));
    test::writeFile(path, bytes.left(bytes.size() / 2));
    const auto index = scanned();
    QVERIFY(!index->find(path)->broken.isEmpty());
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append)); // which the system tells no one who follows the folder
    QCOMPARE(file.write(bytes.mid(bytes.size() / 2)), bytes.size() - bytes.size() / 2);
    file.close();
    QTRY_VERIFY_WITH_TIMEOUT(index->find(path)->broken.isEmpty(), 20'000);
}

void TstLibraryIndex::deletedFile_goes()
{
    test::writeLora(at(QStringLiteral("a.safetensors")));
    test::writeLora(at(QStringLiteral("b.safetensors")));
    const auto index = scanned();
    QVERIFY(QFile::remove(at(QStringLiteral("a.safetensors"))));
    scan(*index);
    QCOMPARE(namesOf(*index), QStringList{ QStringLiteral("b") });
    QVERIFY(!index->find(at(QStringLiteral("a.safetensors"))));
    index->setStarred(at(QStringLiteral("a.safetensors")), true); // is ignored
    QVERIFY(!details(*index, at(QStringLiteral("a.safetensors"))));
}

void TstLibraryIndex::movedFile_keepsStarAndUse()
{
    test::LoraFile other;
    other.seed = std::byte{ 0x11 };
    test::writeLora(at(QStringLiteral("a.safetensors")));
    test::writeLora(at(QStringLiteral("b.safetensors")), other);
    const auto index = scanned();
    index->setStarred(at(QStringLiteral("a.safetensors")), true);
    index->noteUse(at(QStringLiteral("a.safetensors")));
    QVERIFY(details(*index, at(QStringLiteral("a.safetensors"))));
    QVERIFY(QDir().mkpath(at(QStringLiteral("sub"))));
    QVERIFY(QFile::rename(at(QStringLiteral("a.safetensors")), at(QStringLiteral("sub/renamed.safetensors"))));
    QVERIFY(QFile::copy(at(QStringLiteral("sub/renamed.safetensors")), at(QStringLiteral("sub/zcopy.safetensors"))));
    scan(*index);
    const LibraryEntryPointer moved = index->find(at(QStringLiteral("sub/renamed.safetensors")));
    QVERIFY(moved && moved->isStarred && moved->lastUsedAt > 0);
    QVERIFY(!index->find(at(QStringLiteral("b.safetensors")))->isStarred);
    QVERIFY(!index->find(at(QStringLiteral("sub/zcopy.safetensors")))->isStarred);
}

void TstLibraryIndex::foldersNoLongerWatched_leave()
{
    test::writeLora(at(QStringLiteral("one/a.safetensors")));
    test::writeLora(at(QStringLiteral("two/b.safetensors")));
    test::writeLora(at(QStringLiteral("twofold/c.safetensors")));
    const auto index = open();
    index->setFolders({ at(QStringLiteral("one")), at(QStringLiteral("two")), at(QStringLiteral("two/")), at(QStringLiteral("one/sub/..")) });
    QCOMPARE(index->folders().size(), 2);
    scan(*index);
    QCOMPARE(namesOf(*index), QStringList({ QStringLiteral("a"), QStringLiteral("b") }));
    index->setStarred(at(QStringLiteral("one/a.safetensors")), true);
    index->setFolders({ at(QStringLiteral("two")) });
    QCOMPARE(namesOf(*index), QStringList{ QStringLiteral("b") }); // at once
    scan(*index);
    index->setFolders({ at(QString()) });
    scan(*index);
    QCOMPARE(namesOf(*index).size(), 3);
    QVERIFY(index->find(at(QStringLiteral("one/a.safetensors")))->isStarred);
    index->setFolders({});
    QVERIFY(index->entries().empty());
}

void TstLibraryIndex::unreachableFolder_becomesSentences()
{
    test::writeLora(at(QStringLiteral("disk/a.safetensors")));
    test::writeLora(at(QStringLiteral("here/b.safetensors")));
    const auto index = open();
    index->setFolders({ at(QStringLiteral("disk")), at(QStringLiteral("here")) });
    scan(*index);
    QVERIFY(QFile::rename(at(QStringLiteral("disk")), at(QStringLiteral("unplugged"))));
    QCOMPARE(scan(*index).unreachable, QStringList{ at(QStringLiteral("disk")) });
    QTRY_VERIFY(index->find(at(QStringLiteral("disk/a.safetensors")))->broken.contains(QLatin1String("cannot be reached")));
    QVERIFY(index->find(at(QStringLiteral("here/b.safetensors")))->broken.isEmpty());
    QVERIFY(QFile::rename(at(QStringLiteral("unplugged")), at(QStringLiteral("disk"))));
    QCOMPARE(scan(*index).read, 0);
    QTRY_VERIFY(index->find(at(QStringLiteral("disk/a.safetensors")))->broken.isEmpty());
}

void TstLibraryIndex::linksInCircles_end()
{
    test::writeLora(at(QStringLiteral("real/a.safetensors")));
    QVERIFY(QFile::link(at(QString()), at(QStringLiteral("real/up"))));
    QVERIFY(QFile::link(at(QStringLiteral("real/self")), at(QStringLiteral("real/self"))));
    QVERIFY(QFile::link(at(QStringLiteral("real")), at(QStringLiteral("again"))));
    test::writeLora(at(QStringLiteral(".hidden/b.safetensors")));
    const auto index = scanned();
    QCOMPARE(namesOf(*index), QStringList{ QStringLiteral("a") });
}

void TstLibraryIndex::folder_isFollowed()
{
    const auto index = scanned();
    test::writeLora(at(QStringLiteral("new/a.safetensors")));
    QTRY_COMPARE_WITH_TIMEOUT(namesOf(*index), QStringList{ QStringLiteral("a") }, 20'000);
    test::writeLora(at(QStringLiteral("new/b.safetensors")));
    QTRY_COMPARE_WITH_TIMEOUT(namesOf(*index).size(), 2, 20'000);
    QVERIFY(QFile::remove(at(QStringLiteral("new/a.safetensors"))));
    QTRY_COMPARE_WITH_TIMEOUT(namesOf(*index), QStringList{ QStringLiteral("b") }, 20'000);
}

void TstLibraryIndex::cancelledScan_endsAtOnce()
{
    for (int i = 0; i < 300; ++i) test::writeLora(at(QStringLiteral("l%1.safetensors").arg(i)));
    const auto index = open();
    index->setFolders({ at(QString()) });
    QTRY_VERIFY(!index->entries().empty());
    std::optional<ScanReport> report;
    connect(index.get(), &LibraryIndex::scanFinished, this, [&](const ScanReport& finished) { report = finished; });
    if (index->isScanning()) {
        index->cancelScan();
        QVERIFY(report && !report->isComplete);
    }
    QVERIFY(!index->isScanning());
    QCOMPARE(scan(*index).found, 300); // what was read before is not read again
    QCOMPARE(index->entries().size(), std::size_t{ 300 });
}

void TstLibraryIndex::destruction_duringAScan()
{
    for (int i = 0; i < 100; ++i) test::writeLora(at(QStringLiteral("l%1.safetensors").arg(i)));
    for (int wait = 0; wait < 12; ++wait) {
        const auto index = open(QStringLiteral("round%1.sqlite").arg(wait));
        index->setFolders({ at(QString()) });
        for (int turn = 0; turn < wait * 4; ++turn) QCoreApplication::processEvents(QEventLoop::AllEvents, 2);
    }
    QCOMPARE(scanned()->entries().size(), std::size_t{ 100 });
}

void TstLibraryIndex::edit_goesIntoTheSidecar()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    test::writeFile(at(QStringLiteral("ink.json")), R"({"sd version": "SDXL", "x": 1})");
    const auto index = scanned();
    SidecarEdit change;
    change.notes = QStringLiteral("my notes");
    change.triggerWords = QStringList{ QStringLiteral("sumi") };
    change.preferredWeight = std::optional<double>(0.7);
    const Result<EditOutcome> outcome = edit(*index, path, change);
    QVERIFY(outcome);
    QCOMPARE(outcome->keptIn, KeptIn::Sidecar);
    const nlohmann::json json = nlohmann::json::parse(test::readFile(at(QStringLiteral("ink.json"))).toStdString());
    QCOMPARE(json["activation text"].get<std::string>(), std::string("sumi"));
    QCOMPARE(json["x"].get<int>(), 1);
    const LibraryEntryPointer entry = index->find(path);
    QCOMPARE(entry->triggerWords, QStringList{ QStringLiteral("sumi") });
    QCOMPARE(entry->preferredWeight, 0.7);
    QVERIFY(SearchPattern(QStringLiteral("note:notes")).rank(entry->searchText));
    QCOMPARE(details(*index, path)->notes, QStringLiteral("my notes"));
    QCOMPARE(scan(*index).read, 0); // the index knows its own change
}

void TstLibraryIndex::edit_inAReadOnlyFolder_isKeptInTheDatabase()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    SidecarEdit change;
    change.notes = QStringLiteral("my notes");
    change.preferredWeight = std::optional<double>();
    {
        const test::OrdinaryRights ordinary;
        const auto index = scanned();
        QVERIFY(::geteuid() != 0);
        ::chmod(at(QString()).toUtf8().constData(), 0555);
        const Result<EditOutcome> outcome = edit(*index, path, change);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QCOMPARE(outcome->keptIn, KeptIn::Database);
        QVERIFY(outcome->reason.endsWith(u'.'));
        QCOMPARE(details(*index, path)->notes, QStringLiteral("my notes"));
        QVERIFY(!QFileInfo::exists(at(QStringLiteral("ink.json"))));
    }
    {
        const auto again = scanned();
        QCOMPARE(details(*again, path)->notes, QStringLiteral("my notes"));
        ::chmod(at(QString()).toUtf8().constData(), 0755);
        SidecarEdit second;
        second.notes = QStringLiteral("now beside it");
        QCOMPARE(edit(*again, path, second)->keptIn, KeptIn::Sidecar);
    }
    QCOMPARE(details(*scanned(), path)->notes, QStringLiteral("now beside it"));
}

void TstLibraryIndex::edit_besideADamagedSidecar_isKeptInTheDatabase()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    test::writeFile(at(QStringLiteral("ink.json")), "{ damaged");
    const auto index = scanned();
    SidecarEdit change;
    change.triggerWords = QStringList{ QStringLiteral("sumi") };
    const Result<EditOutcome> outcome = edit(*index, path, change);
    QVERIFY(outcome);
    QCOMPARE(outcome->keptIn, KeptIn::Database);
    QCOMPARE(test::readFile(at(QStringLiteral("ink.json"))), QByteArray("{ damaged"));
    QCOMPARE(index->find(path)->triggerWords, QStringList{ QStringLiteral("sumi") });
}

void TstLibraryIndex::edit_ofAMissingFile_isAnError()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    const auto index = scanned();
    QVERIFY(QFile::remove(path));
    SidecarEdit change;
    change.notes = QStringLiteral("x");
    const Result<EditOutcome> gone = edit(*index, path, change);
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, ErrorCode::FileNotFound);
    QVERIFY(!QFileInfo::exists(at(QStringLiteral("ink.json"))));
    QVERIFY(!edit(*index, QStringLiteral("/never/there.safetensors"), change));
}

void TstLibraryIndex::preview_isWrittenBesideTheFile()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    test::writeFile(at(QStringLiteral("ink.png")), test::pngOf(4, 4, 0x0000FF));
    const auto index = scanned();
    QImage picture(3000, 1500, QImage::Format_RGB32);
    picture.fill(Qt::red);
    const Result<EditOutcome> outcome = setPreview(*index, path, picture, document::ExistingFile::Keep);
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QCOMPARE(outcome->keptIn, KeptIn::Sidecar);
    const QString written = at(QStringLiteral("ink.preview.png"));
    QCOMPARE(QImage(written).size(), QSize(1024, 512));
    QCOMPARE(index->find(path)->preview.path, written); // although A1111 would show ink.png
    const std::int64_t stamp = index->find(path)->preview.stamp;
    picture.fill(Qt::green);
    QVERIFY(setPreview(*index, path, picture, document::ExistingFile::Keep)); // it is our own
    QVERIFY(index->find(path)->preview.stamp != stamp);
    QCOMPARE(QImage(written).pixelColor(5, 5), QColor(Qt::green));
    QCOMPARE(test::readFile(at(QStringLiteral("ink.png"))), test::pngOf(4, 4, 0x0000FF));
}

void TstLibraryIndex::preview_neverOverwritesAnothersFile()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    const QByteArray theirs = test::pngOf(4, 4, 0x0000FF);
    test::writeFile(at(QStringLiteral("ink.preview.png")), theirs);
    const auto index = scanned();
    QImage picture(16, 16, QImage::Format_RGB32);
    picture.fill(Qt::red);
    const Result<EditOutcome> kept = setPreview(*index, path, picture, document::ExistingFile::Keep);
    QVERIFY(!kept);
    QCOMPARE(kept.error().code, ErrorCode::InvalidRequest);
    QCOMPARE(test::readFile(at(QStringLiteral("ink.preview.png"))), theirs);
    QVERIFY(setPreview(*index, path, picture, document::ExistingFile::Replace));
    QCOMPARE(QImage(at(QStringLiteral("ink.preview.png"))).size(), QSize(16, 16));
    QVERIFY(!setPreview(*index, path, QImage(), document::ExistingFile::Replace));
}

void TstLibraryIndex::preview_inAReadOnlyFolder()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    const test::OrdinaryRights ordinary;
    const auto index = scanned();
    QImage picture(16, 16, QImage::Format_RGB32);
    picture.fill(Qt::red);
    const Result<EditOutcome> outcome = setPreview(*index, path, picture, document::ExistingFile::Keep);
    QVERIFY(outcome);
    QCOMPARE(outcome->keptIn, KeptIn::Database);
    QVERIFY(index->find(path)->preview.path.startsWith(m_folder->filePath(QStringLiteral("data/"))));
    QCOMPARE(QImage(index->find(path)->preview.path).size(), QSize(16, 16));
}

void TstLibraryIndex::previews_inA1111sOrder()
{
    test::LoraFile file;
    file.metadata = { { "modelspec.thumbnail", "data:image/png;base64," + test::pngOf(4, 4, 0).toBase64().toStdString() } };
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path, file);
    const auto index = scanned();
    QCOMPARE(index->find(path)->preview.source, PreviewSource::Header);
    for (const char* ending : { "preview.webp", "webp", "preview.jpg", "jpg", "preview.png", "png" }) { // each before the ones that came first
        const QString picture = at(QStringLiteral("ink.") + QLatin1String(ending));
        test::writeFile(picture, test::pngOf(2, 2, 0));
        scan(*index);
        QCOMPARE(index->find(path)->preview.path, picture);
    }
}

void TstLibraryIndex::hashes_areKept()
{
    const QString path = at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    QString sha256;
    {
        const auto index = scanned();
        QVERIFY(details(*index, path)->sha256.isEmpty());
        const Awaited<FileDetails> hashed;
        index->computeHashes(path, hashed.receiver());
        QTRY_VERIFY(hashed.isThere());
        QVERIFY(*hashed);
        sha256 = (*hashed)->sha256;
        QCOMPARE(sha256.size(), 64);
        QCOMPARE((*hashed)->autoV2, sha256.left(10));
        test::writeFile(at(QStringLiteral("ink.json")), R"({"notes": "only the sidecar changed"})");
        scan(*index);
        QCOMPARE(details(*index, path)->sha256, sha256);
    }
    test::LoraFile other;
    other.rank = 3;
    test::writeLora(path, other);
    QVERIFY(details(*scanned(), path)->sha256.isEmpty());
}

void TstLibraryIndex::damagedDatabase_isBegunAnew()
{
    test::writeLora(at(QStringLiteral("a.safetensors")));
    const QString database = m_folder->filePath(QStringLiteral("data/index.sqlite"));
    for (const QByteArray& bytes : { QByteArray("this is no database, whatever its name says, and it is long enough to be looked at"), QByteArray(5000, '\xFF') }) {
        test::writeFile(database, bytes);
        const auto index = scanned();
        QCOMPARE(namesOf(*index), QStringList{ QStringLiteral("a") });
        QCOMPARE(test::readFile(database + QStringLiteral(".damaged")), bytes);
    }
}

void TstLibraryIndex::otherSchema_keepsTheStars()
{
    const QString path = at(QStringLiteral("a.safetensors"));
    test::writeLora(path);
    {
        const auto index = scanned();
        index->setStarred(path, true);
        QVERIFY(details(*index, path));
    }
    // The number of the schema is at a fixed place of every SQLite file.
    QFile file(m_folder->filePath(QStringLiteral("data/index.sqlite")));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(60));
    QCOMPARE(file.write(QByteArray::fromHex("0000ffff")), 4);
    file.close();
    const auto index = open();
    QTRY_VERIFY(index->isLoaded());
    QVERIFY(index->entries().empty());
    index->setFolders({ at(QString()) });
    scan(*index);
    QVERIFY(index->find(path)->isStarred);
}

void TstLibraryIndex::databaseThatCannotBeOpened_isTold()
{
    test::writeLora(at(QStringLiteral("a.safetensors")));
    QVERIFY(QDir().mkpath(m_folder->filePath(QStringLiteral("data/index.sqlite")))); // a folder in its place
    const auto index = open();
    QSignalSpy failed(index.get(), &LibraryIndex::storeFailed);
    index->setFolders({ at(QString()) });
    scan(*index);
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().toString().endsWith(u'.'));
    QCOMPARE(namesOf(*index), QStringList{ QStringLiteral("a") }); // it works on
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
        test::writeLora(at(QStringLiteral("%1.safetensors").arg(number)), file);
        if (QString name = text.left(60).remove(u'/').remove(QChar(0)); !name.contains(QChar(0xD800))) test::writeLora(at(name + QStringLiteral("%1.safetensors").arg(number)));
        ++number;
    }
    const auto index = scanned();
    QVERIFY(index->entries().size() > static_cast<std::size_t>(number));
    const auto isClean = [](const QString& shown) {
        return std::ranges::none_of(shown, [](QChar c) { return (c.category() == QChar::Other_Control && c != u'\n') || (c.unicode() >= 0x202A && c.unicode() <= 0x202E); });
    };
    for (const LibraryEntryPointer& entry : index->entries()) {
        const Result<FileDetails> more = details(*index, entry->path);
        QVERIFY(more);
        for (const QString& shown : QStringList{ entry->name, entry->title, entry->baseLabel, entry->broken, more->description, more->author, more->trainedOn, more->usageHint } + entry->triggerWords + more->tags) {
            QVERIFY2(isClean(shown), qPrintable(shown.left(100)));
            QVERIFY(shown.size() <= 64 << 10);
        }
        QVERIFY(entry->triggerWords.size() <= LibraryEntry::kMaxTriggerWords);
        QVERIFY(!entry->title.contains(u'\n'));
    }
    const LibraryEntryPointer bold = index->find(at(QStringLiteral("0.safetensors")));
    QCOMPARE(bold->title, QStringLiteral("<b>bold</b>")); // literally: showing it as text is the window's part
    const QStringList before = contentOf(*index);
    const auto again = open();
    QTRY_VERIFY(again->isLoaded());
    QCOMPARE(contentOf(*again), before);
}

// Whatever happens between scans, the index says what a new index of the same folder says.
void TstLibraryIndex::randomChanges_giveTheSameAsAFreshIndex()
{
    std::mt19937 random(11);
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    const auto anyPath = [&](const char* ending) { return at(QStringLiteral("%1/l%2%3").arg(below(3)).arg(below(12)).arg(QLatin1String(ending))); };
    const auto index = scanned();
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
        scan(*index);
        const auto fresh = open(QStringLiteral("fresh%1.sqlite").arg(round));
        fresh->setFolders({ at(QString()) });
        scan(*fresh);
        QCOMPARE(contentOf(*index), contentOf(*fresh));
    }
    QVERIFY(index->entries().size() > 5);
}

QTEST_GUILESS_MAIN(TstLibraryIndex)
#include "tst_library_index.moc"
