// Layer and DocumentSnapshot: what a document holds, as values over shared immutable tiles.
// Thread: any (values; their tiles never change). Copying costs pointers, not pixels.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/document_change.h"
#include "core/imaging/mask.h"

#include <QString>

#include <string>
#include <vector>

namespace sfumato::document {

struct Layer {
    LayerId id{};
    QString name;
    imaging::Raster pixels; // Rgba8 or Rgba16, the document's extent
    std::string recipe;     // how its last generated part was made (a job as JSON); empty when nothing was generated

    friend bool operator==(const Layer&, const Layer&) = default;
};

// Everything the artist sees at one moment. Two snapshots are equal when their pixels are.
struct DocumentContent {
    std::vector<Layer> layers; // bottom first; the first is the background
    imaging::Mask mask;        // of the same extent

    [[nodiscard]] Extent extent() const noexcept { return layers.empty() ? Extent{} : layers.front().pixels.extent(); }
    [[nodiscard]] const Layer* findLayer(LayerId id) const noexcept;
    // The picture as exported: the background layer.
    [[nodiscard]] const imaging::Raster& picture() const;
    friend bool operator==(const DocumentContent&, const DocumentContent&) = default;
};

struct DocumentSnapshot {
    DocumentContent content;
    std::uint64_t revision = 0; // of the document when it was taken
    QString name;
};

} // namespace sfumato::document
