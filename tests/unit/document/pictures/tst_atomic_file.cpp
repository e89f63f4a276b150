// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/document/pictures/picture_samples.h"

#include "core/document/io/atomic_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <csignal>
#include <unistd.h>

using namespace sfumato;
using namespace sfumato::document;

class TstAtomicFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void contents_comeBack();
    void existingFile_isKeptUnlessAsked();
    void replacement_keepsTheRights();
    void missingFolder_isNamed();
    void folderAsTarget_isRefused();
    void failureWhileWriting_leavesNothing();
    void reading_holdsTheLimit();

private:
    [[nodiscard]] std::filesystem::path path(const char* name) const { return std::filesystem::path(m_folder->path().toStdString()) / name; }
    [[nodiscard]] int entries() const { return static_cast<int>(std::distance(std::filesystem::directory_iterator(path("")), std::filesystem::directory_iterator{})); }
    [[nodiscard]] std::string content(const char* name) const
    {
        const Result<std::vector<std::byte>> bytes = readWholeFile(path(name), 1 << 20);
        return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : std::string("<none>");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TstAtomicFile::contents_comeBack()
{
    const std::string text(100'000, 'q');
    QVERIFY(writeFileAtomically(path("a.bin"), asBytes(text), ExistingFile::Keep).has_value());
    QVERIFY(content("a.bin") == text);
    QVERIFY(writeFileAtomically(path("empty"), {}, ExistingFile::Keep).has_value());
    QCOMPARE(content("empty"), std::string{});
    QCOMPARE(entries(), 2);
}

void TstAtomicFile::existingFile_isKeptUnlessAsked()
{
    QVERIFY(writeFileAtomically(path("a"), asBytes("first"), ExistingFile::Keep).has_value());
    const Result<void> refused = writeFileAtomically(path("a"), asBytes("second"), ExistingFile::Keep);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InvalidRequest);
    QCOMPARE(content("a"), std::string("first"));
    QVERIFY(writeFileAtomically(path("a"), asBytes("second"), ExistingFile::Replace).has_value());
    QCOMPARE(content("a"), std::string("second"));
    QCOMPARE(entries(), 1);
}

void TstAtomicFile::replacement_keepsTheRights()
{
    QVERIFY(writeFileAtomically(path("a"), asBytes("first"), ExistingFile::Keep).has_value());
    std::filesystem::permissions(path("a"), std::filesystem::perms(0600));
    QVERIFY(writeFileAtomically(path("a"), asBytes("second"), ExistingFile::Replace).has_value());
    QCOMPARE(std::filesystem::status(path("a")).permissions(), std::filesystem::perms(0600));
}

void TstAtomicFile::missingFolder_isNamed()
{
    const Result<void> refused = writeFileAtomically(path("none/a"), asBytes("x"), ExistingFile::Keep);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::FileNotFound);
    QVERIFY(refused.error().message.find("none/a") != std::string::npos);
}

void TstAtomicFile::folderAsTarget_isRefused()
{
    std::filesystem::create_directory(path("folder"));
    QVERIFY(!writeFileAtomically(path("folder"), asBytes("x"), ExistingFile::Replace).has_value());
    QVERIFY(!readWholeFile(path("folder"), 100).has_value());
    QCOMPARE(entries(), 1);
}

void TstAtomicFile::failureWhileWriting_leavesNothing()
{
    QVERIFY(writeFileAtomically(path("a"), asBytes("former"), ExistingFile::Keep).has_value());
    // A limit on the size of files stands in for a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit former = {};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &former), 0);
    const rlimit small{ 1000, former.rlim_max };
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    const Result<void> failed = writeFileAtomically(path("a"), asBytes(std::string(5000, 'x')), ExistingFile::Replace);
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &former), 0);
    QVERIFY(!failed.has_value());
    QCOMPARE(content("a"), std::string("former"));
    QCOMPARE(entries(), 1);
}

void TstAtomicFile::reading_holdsTheLimit()
{
    QVERIFY(writeFileAtomically(path("a"), asBytes("12345"), ExistingFile::Keep).has_value());
    QVERIFY(readWholeFile(path("a"), 5).has_value());
    const Result<std::vector<std::byte>> refused = readWholeFile(path("a"), 4);
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().message.find("at most 4") != std::string::npos);
    QCOMPARE(readWholeFile(path("none"), 4).error().code, ErrorCode::FileNotFound);
}

QTEST_GUILESS_MAIN(TstAtomicFile)
#include "tst_atomic_file.moc"
