// FileCard: everything there is to say about one model file, for the window's file card.
// Thread: any, pure (reads files). Every text comes from files that others made; cleaned, but to be shown as plain text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/library/library_entry.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <stop_token>

namespace sfumato::library {

// What a LoRA would change in a model.
struct LayerMatch {
    int applied = 0;
    int total = 0;
    QStringList unmatched; // names of the layers that the model does not have
};

struct FileCard {
    engine::FileDescription file; // without hashes
    LibraryEntry entry;           // file and sidecars together
    FileDetails details;          // with the hashes that a sidecar or the header states
    std::optional<LayerMatch> match;
};

// `path` is a model file or a diffusers folder. `modelPath`: the model a LoRA is matched with; empty: none. A model that cannot be opened gives no match.
//   errors  those of engine::describeFile
//   cost    milliseconds; for a match some tens of them
[[nodiscard]] Result<FileCard> readFileCard(const QString& path, const QString& modelPath);

struct FileHashes {
    QString sha256, autoV2, autoV3; // lower-case hex; empty when stopped
};

// Reads all of the file: some seconds a gigabyte. `progress` gets 0..1 on the calling thread.
[[nodiscard]] Result<FileHashes> hashModelFile(const QString& path, const std::function<void(double)>& progress, const std::stop_token& stop);

} // namespace sfumato::library
