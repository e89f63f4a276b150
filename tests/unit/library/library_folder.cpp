// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/library/library_folder.h"

#include <QDir>
#include <QImage>
#include <QTest>

#include <algorithm>
#include <optional>

#include <sys/stat.h>

namespace sfumato::test {

using namespace library;

namespace {

// Calls `ask` with a receiver and waits for what it receives.
template <typename Value, typename Ask>
Result<Value> awaited(Ask ask)
{
    const auto received = std::make_shared<std::optional<Result<Value>>>();
    ask([received](Result<Value> value) { *received = std::move(value); });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(received->has_value(), 20'000); }();
    return received->value_or(Error{ ErrorCode::Internal, "Nothing was received.", {} });
}

} // namespace

LibraryFolder::LibraryFolder()
{
    QDir().mkpath(at(QString()));
    ::chmod(m_folder.path().toUtf8().constData(), 0777);
}

LibraryFolder::~LibraryFolder()
{
    ::chmod(at(QString()).toUtf8().constData(), 0755);
}

std::unique_ptr<LibraryIndex> LibraryFolder::open(const QString& name) const
{
    return std::make_unique<LibraryIndex>(LibraryOptions{ filePath(QStringLiteral("data/") + name) });
}

std::unique_ptr<LibraryIndex> LibraryFolder::scanned() const
{
    std::unique_ptr<LibraryIndex> index = open();
    index->setFolders({ at(QString()) });
    scan(*index);
    return index;
}

ScanReport scan(LibraryIndex& index)
{
    ScanReport report;
    const auto connection = QObject::connect(&index, &LibraryIndex::scanFinished, [&](const ScanReport& finished) { report = finished; });
    index.rescan();
    [&] { QTRY_VERIFY_WITH_TIMEOUT(report.isComplete && !index.isScanning(), 20'000); }();
    QObject::disconnect(connection);
    return report;
}

QStringList namesOf(const LibraryIndex& index)
{
    QStringList names;
    for (const LibraryEntryPointer& entry : index.entries()) names << entry->name;
    std::ranges::sort(names);
    return names;
}

Result<EditOutcome> edit(LibraryIndex& index, const QString& path, const SidecarEdit& change)
{
    return awaited<EditOutcome>([&](auto receive) { index.edit(path, change, receive); });
}

Result<FileDetails> details(LibraryIndex& index, const QString& path)
{
    return awaited<FileDetails>([&](auto receive) { index.readDetails(path, receive); });
}

Result<EditOutcome> setPreview(LibraryIndex& index, const QString& path, const QImage& picture, document::ExistingFile existing)
{
    return awaited<EditOutcome>([&](auto receive) { index.setPreview(path, picture, existing, receive); });
}

Result<FileDetails> hashes(LibraryIndex& index, const QString& path)
{
    return awaited<FileDetails>([&](auto receive) { index.computeHashes(path, receive); });
}

} // namespace sfumato::test
