// LibraryEntry and FileDetails: one model file of the library, as cards and searches need it, and what is shown of it when asked for.
// Thread: any, pure values; entries are shared as pointers to const and replaced whole when something changes.
//
// Every text comes from files that others made. Texts are cleaned (no control characters, no marks that turn the reading direction, bounded length) but hold whatever
// the file says, markup included: show them as plain text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/file_description.h"
#include "core/library/search_text.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace sfumato::library {

enum class PreviewSource {
    None,
    File,   // a picture file
    Header, // a picture inside the model file's metadata
};

struct PreviewPlace {
    PreviewSource source = PreviewSource::None;
    QString path;           // of the picture file or of the model file; empty for None
    std::int64_t stamp = 0; // changes with the picture

    friend bool operator==(const PreviewPlace&, const PreviewPlace&) = default;
};

struct LibraryEntry {
    // What every search looks at, together at the front.
    engine::FileKind kind = engine::FileKind::Unknown;
    engine::ModelFamily family = engine::ModelFamily::Unknown;
    SortKey sortKey;             // of the name: bytes in natural order ("ink 2" before "ink 10")
    QString broken;              // one English sentence when the file cannot be used; else empty
    std::int64_t addedAt = 0;    // seconds since 1970: when the file came to this disk
    std::int64_t lastUsedAt = 0; // seconds since 1970; 0: never
    SearchText searchText;
    bool isStarred = false;

    QString path;      // absolute, as found below the watched folder; links are not resolved
    QString folder;    // the watched folder it was found below
    QString name;      // for people: the file name without its ending
    QString title;     // what file or sidecar call it; may be empty
    QString baseLabel; // for people: "SDXL", "Pony", "SD 1.x", "Flux"; empty when nothing says
    QString algorithm; // of a LoRA: "lora", "locon, dora"
    int rank = 0;      // of a LoRA: the largest, 0 where there is none; of an embedding: its vectors
    std::int64_t sizeInBytes = 0;
    QStringList triggerWords; // at most kMaxTriggerWords
    std::optional<double> preferredWeight;
    PreviewPlace preview;

    static constexpr int kMaxTriggerWords = 64;
};

using LibraryEntryPointer = std::shared_ptr<const LibraryEntry>;

struct FileDetails {
    QString description;  // plain text, several lines
    QString notes;        // the artist's own
    QString negativeText; // what the sidecar wants in the negative prompt
    QString usageHint;
    QString author;
    QString license;
    QString trainedOn;  // base model as the trainer named it
    QString resolution; // of the training: "1024x1024"; may be empty
    QString precision;  // "F16", "BF16", …
    int rankMin = 0;
    int rankMax = 0;
    std::uint64_t moduleCount = 0;  // layers that a LoRA changes
    QStringList tags;               // of the sidecar, then of the training, most frequent first
    QString sha256, autoV2, autoV3; // lower-case hex; empty while unknown
};

} // namespace sfumato::library
