// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_index.h"
#include "tests/unit/library/library_files.h"
#include "tests/unit/library/library_folder.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace sfumato;
using namespace sfumato::library;

class TstLibraryEdits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<test::LibraryFolder>(); }
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

private:
    std::unique_ptr<test::LibraryFolder> m_folder;
};

void TstLibraryEdits::edit_goesIntoTheSidecar()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    test::writeFile(m_folder->at(QStringLiteral("ink.json")), R"({"sd version": "SDXL", "x": 1})");
    const auto index = m_folder->scanned();
    SidecarEdit change;
    change.notes = QStringLiteral("my notes");
    change.triggerWords = QStringList{ QStringLiteral("sumi") };
    change.preferredWeight = std::optional<double>(0.7);
    const Result<EditOutcome> outcome = test::edit(*index, path, change);
    QVERIFY(outcome);
    QCOMPARE(outcome->keptIn, KeptIn::Sidecar);
    const nlohmann::json json = nlohmann::json::parse(test::readFile(m_folder->at(QStringLiteral("ink.json"))).toStdString());
    QCOMPARE(json["activation text"].get<std::string>(), std::string("sumi"));
    QCOMPARE(json["x"].get<int>(), 1);
    const LibraryEntryPointer entry = index->find(path);
    QCOMPARE(entry->triggerWords, QStringList{ QStringLiteral("sumi") });
    QCOMPARE(entry->preferredWeight, 0.7);
    QVERIFY(SearchPattern(QStringLiteral("note:notes")).rank(entry->searchText));
    QCOMPARE(test::details(*index, path)->notes, QStringLiteral("my notes"));
    QCOMPARE(test::scan(*index).read, 0); // the index knows its own change
}

void TstLibraryEdits::edit_inAReadOnlyFolder_isKeptInTheDatabase()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    SidecarEdit change;
    change.notes = QStringLiteral("my notes");
    change.preferredWeight = std::optional<double>();
    {
        const test::OrdinaryRights ordinary;
        const auto index = m_folder->scanned();
        QVERIFY(::geteuid() != 0);
        ::chmod(m_folder->at(QString()).toUtf8().constData(), 0555);
        const Result<EditOutcome> outcome = test::edit(*index, path, change);
        QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
        QCOMPARE(outcome->keptIn, KeptIn::Database);
        QVERIFY(outcome->reason.endsWith(u'.'));
        QCOMPARE(test::details(*index, path)->notes, QStringLiteral("my notes"));
        QVERIFY(!QFileInfo::exists(m_folder->at(QStringLiteral("ink.json"))));
    }
    {
        const auto again = m_folder->scanned();
        QCOMPARE(test::details(*again, path)->notes, QStringLiteral("my notes"));
        ::chmod(m_folder->at(QString()).toUtf8().constData(), 0755);
        SidecarEdit second;
        second.notes = QStringLiteral("now beside it");
        QCOMPARE(test::edit(*again, path, second)->keptIn, KeptIn::Sidecar);
    }
    QCOMPARE(test::details(*m_folder->scanned(), path)->notes, QStringLiteral("now beside it"));
}

void TstLibraryEdits::edit_besideADamagedSidecar_isKeptInTheDatabase()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    test::writeFile(m_folder->at(QStringLiteral("ink.json")), "{ damaged");
    const auto index = m_folder->scanned();
    SidecarEdit change;
    change.triggerWords = QStringList{ QStringLiteral("sumi") };
    const Result<EditOutcome> outcome = test::edit(*index, path, change);
    QVERIFY(outcome);
    QCOMPARE(outcome->keptIn, KeptIn::Database);
    QCOMPARE(test::readFile(m_folder->at(QStringLiteral("ink.json"))), QByteArray("{ damaged"));
    QCOMPARE(index->find(path)->triggerWords, QStringList{ QStringLiteral("sumi") });
}

void TstLibraryEdits::edit_ofAMissingFile_isAnError()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    const auto index = m_folder->scanned();
    QVERIFY(QFile::remove(path));
    SidecarEdit change;
    change.notes = QStringLiteral("x");
    const Result<EditOutcome> gone = test::edit(*index, path, change);
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, ErrorCode::FileNotFound);
    QVERIFY(!QFileInfo::exists(m_folder->at(QStringLiteral("ink.json"))));
    QVERIFY(!test::edit(*index, QStringLiteral("/never/there.safetensors"), change));
}

void TstLibraryEdits::preview_isWrittenBesideTheFile()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    test::writeFile(m_folder->at(QStringLiteral("ink.png")), test::pngOf(4, 4, 0x0000FF));
    const auto index = m_folder->scanned();
    QImage picture(3000, 1500, QImage::Format_RGB32);
    picture.fill(Qt::red);
    const Result<EditOutcome> outcome = test::setPreview(*index, path, picture, document::ExistingFile::Keep);
    QVERIFY2(outcome, outcome ? "" : outcome.error().message.c_str());
    QCOMPARE(outcome->keptIn, KeptIn::Sidecar);
    const QString written = m_folder->at(QStringLiteral("ink.preview.png"));
    QCOMPARE(QImage(written).size(), QSize(1024, 512));
    QCOMPARE(index->find(path)->preview.path, written); // although A1111 would show ink.png
    const std::int64_t stamp = index->find(path)->preview.stamp;
    picture.fill(Qt::green);
    QVERIFY(test::setPreview(*index, path, picture, document::ExistingFile::Keep)); // it is our own
    QVERIFY(index->find(path)->preview.stamp != stamp);
    QCOMPARE(QImage(written).pixelColor(5, 5), QColor(Qt::green));
    QCOMPARE(test::readFile(m_folder->at(QStringLiteral("ink.png"))), test::pngOf(4, 4, 0x0000FF));
}

void TstLibraryEdits::preview_neverOverwritesAnothersFile()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    const QByteArray theirs = test::pngOf(4, 4, 0x0000FF);
    test::writeFile(m_folder->at(QStringLiteral("ink.preview.png")), theirs);
    const auto index = m_folder->scanned();
    QImage picture(16, 16, QImage::Format_RGB32);
    picture.fill(Qt::red);
    const Result<EditOutcome> kept = test::setPreview(*index, path, picture, document::ExistingFile::Keep);
    QVERIFY(!kept);
    QCOMPARE(kept.error().code, ErrorCode::InvalidRequest);
    QCOMPARE(test::readFile(m_folder->at(QStringLiteral("ink.preview.png"))), theirs);
    QVERIFY(test::setPreview(*index, path, picture, document::ExistingFile::Replace));
    QCOMPARE(QImage(m_folder->at(QStringLiteral("ink.preview.png"))).size(), QSize(16, 16));
    QVERIFY(!test::setPreview(*index, path, QImage(), document::ExistingFile::Replace));
}

void TstLibraryEdits::preview_inAReadOnlyFolder()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    const test::OrdinaryRights ordinary;
    const auto index = m_folder->scanned();
    QImage picture(16, 16, QImage::Format_RGB32);
    picture.fill(Qt::red);
    const Result<EditOutcome> outcome = test::setPreview(*index, path, picture, document::ExistingFile::Keep);
    QVERIFY(outcome);
    QCOMPARE(outcome->keptIn, KeptIn::Database);
    QVERIFY(index->find(path)->preview.path.startsWith(m_folder->filePath(QStringLiteral("data/"))));
    QCOMPARE(QImage(index->find(path)->preview.path).size(), QSize(16, 16));
}

void TstLibraryEdits::previews_inA1111sOrder()
{
    test::LoraFile file;
    file.metadata = { { "modelspec.thumbnail", "data:image/png;base64," + test::pngOf(4, 4, 0).toBase64().toStdString() } };
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path, file);
    const auto index = m_folder->scanned();
    QCOMPARE(index->find(path)->preview.source, PreviewSource::Header);
    for (const char* ending : { "preview.webp", "webp", "preview.jpg", "jpg", "preview.png", "png" }) { // each before the ones that came first
        const QString picture = m_folder->at(QStringLiteral("ink.") + QLatin1String(ending));
        test::writeFile(picture, test::pngOf(2, 2, 0));
        test::scan(*index);
        QCOMPARE(index->find(path)->preview.path, picture);
    }
}

void TstLibraryEdits::hashes_areKept()
{
    const QString path = m_folder->at(QStringLiteral("ink.safetensors"));
    test::writeLora(path);
    QString sha256;
    {
        const auto index = m_folder->scanned();
        QVERIFY(test::details(*index, path)->sha256.isEmpty());
        const Result<FileDetails> hashed = test::hashes(*index, path);
        QVERIFY(hashed);
        sha256 = hashed->sha256;
        QCOMPARE(sha256.size(), 64);
        QCOMPARE(hashed->autoV2, sha256.left(10));
        test::writeFile(m_folder->at(QStringLiteral("ink.json")), R"({"notes": "only the sidecar changed"})");
        test::scan(*index);
        QCOMPARE(test::details(*index, path)->sha256, sha256);
    }
    test::LoraFile other;
    other.rank = 3;
    test::writeLora(path, other);
    QVERIFY(test::details(*m_folder->scanned(), path)->sha256.isEmpty());
}

void TstLibraryEdits::damagedDatabase_isBegunAnew()
{
    test::writeLora(m_folder->at(QStringLiteral("a.safetensors")));
    const QString database = m_folder->filePath(QStringLiteral("data/index.sqlite"));
    for (const QByteArray& bytes : { QByteArray("this is no database, whatever its name says, and it is long enough to be looked at"), QByteArray(5000, '\xFF') }) {
        test::writeFile(database, bytes);
        const auto index = m_folder->scanned();
        QCOMPARE(test::namesOf(*index), QStringList{ QStringLiteral("a") });
        QCOMPARE(test::readFile(database + QStringLiteral(".damaged")), bytes);
    }
}

void TstLibraryEdits::otherSchema_keepsTheStars()
{
    const QString path = m_folder->at(QStringLiteral("a.safetensors"));
    test::writeLora(path);
    {
        const auto index = m_folder->scanned();
        index->setStarred(path, true);
        QVERIFY(test::details(*index, path));
    }
    // The number of the schema is at a fixed place of every SQLite file.
    QFile file(m_folder->filePath(QStringLiteral("data/index.sqlite")));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(60));
    QCOMPARE(file.write(QByteArray::fromHex("0000ffff")), 4);
    file.close();
    const auto index = m_folder->open();
    QTRY_VERIFY(index->isLoaded());
    QVERIFY(index->entries().empty());
    index->setFolders({ m_folder->at(QString()) });
    test::scan(*index);
    QVERIFY(index->find(path)->isStarred);
}

void TstLibraryEdits::databaseThatCannotBeOpened_isTold()
{
    test::writeLora(m_folder->at(QStringLiteral("a.safetensors")));
    QVERIFY(QDir().mkpath(m_folder->filePath(QStringLiteral("data/index.sqlite")))); // a folder in its place
    const auto index = m_folder->open();
    QSignalSpy failed(index.get(), &LibraryIndex::storeFailed);
    index->setFolders({ m_folder->at(QString()) });
    test::scan(*index);
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().toString().endsWith(u'.'));
    QCOMPARE(test::namesOf(*index), QStringList{ QStringLiteral("a") }); // it works on
}

QTEST_GUILESS_MAIN(TstLibraryEdits)
#include "tst_library_edits.moc"
