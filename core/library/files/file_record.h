// FoundFile and FileRecord: a model file as a walk over folders finds it, and everything the index keeps of it; readRecord makes one of the other.
// Thread: any, pure (reads files).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_entry.h"
#include "core/library/sidecar.h"

#include <QStringList>

#include <optional>

namespace sfumato::library {

// Equal stamps: neither the file nor anything beside it has changed.
struct FileStamp {
    std::int64_t sizeInBytes = 0;
    std::int64_t modifiedNs = 0;
    std::uint64_t companions = 0; // of names, sizes and times of the sidecars and pictures

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct FoundFile {
    QString path;
    QString folder; // the watched one
    FileStamp stamp;
    QStringList companions; // names of sidecars and pictures that are there; previews in the order in which A1111 looks for them
    QString fault;          // why it cannot be opened at all; else empty
};

// What the artist did with a file, apart from what is in files.
struct UserState {
    bool isStarred = false;
    std::int64_t lastUsedAt = 0;
    SidecarEdit texts;   // that could not be written beside the file
    QString previewPath; // of the picture set in this program; empty: none

    [[nodiscard]] bool isEmpty() const { return !isStarred && lastUsedAt == 0 && texts.isEmpty() && previewPath.isEmpty(); }
};

struct FileRecord {
    LibraryEntry entry;
    FileDetails details;
    FileStamp stamp;
};

// The names a model called `stem` may have beside it: sidecars, then previews.
[[nodiscard]] QStringList companionNames(const QString& stem);
// The stamp of one file from its own look at the disk; nothing when the file is gone.
[[nodiscard]] std::optional<FoundFile> lookAt(const QString& path, const QString& folder);
// Adds a companion to a stamp.
void addCompanion(FoundFile& file, const QString& name, std::int64_t sizeInBytes, std::int64_t modifiedNs);

// Of size and samples of the content: finds a file again that was moved. Empty when it cannot be read.
[[nodiscard]] QByteArray fingerprintOf(const QString& path);

// Never fails: a file that cannot be read gives a record with a sentence.
// Cost: milliseconds; no tensor is read.
[[nodiscard]] FileRecord readRecord(const FoundFile& file, const UserState& user);

} // namespace sfumato::library
