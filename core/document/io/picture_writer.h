// encodePicture, writePicture: the one way a picture leaves the program.
// Thread: any, pure (writes the file).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"
#include "core/document/io/atomic_file.h"
#include "core/document/io/picture_format.h"
#include "core/document/io/picture_recipe.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace sfumato::document {

struct PictureEncoding {
    PictureFormat format = PictureFormat::Png; // Png, Jpeg, WebP or Avif
    std::optional<int> quality;                // 1..100; default JPEG 92, WebP 90, AVIF 70; PNG is lossless. WebP 100 is lossless too
    PictureRecipe recipe;                      // written into the file unless empty
    bool keepAlpha = true;                     // false drops the alpha channel (hidden colours show); JPEG always shows the picture on white
};

// What a format writes when no quality is given; 100 for PNG.
[[nodiscard]] int defaultQuality(PictureFormat format) noexcept;

// `image` Gray8, Rgb8, Rgba8 or Rgba16 in sRGB; the file says so. 16 bits stay 16 in PNG, become 10 in AVIF and 8 elsewhere. JPEG and AVIF use 4:4:4. An alpha channel that is
// opaque everywhere is left out. The same input gives the same bytes.
//   errors  InvalidRequest for a format that cannot be written, a size the format cannot hold (JPEG 65500, WebP 16383, AVIF 65535 a side) or a recipe over 64 kB in a JPEG
[[nodiscard]] Result<std::vector<std::byte>> encodePicture(ImageView image, const PictureEncoding& encoding);

// Encodes, then writes the file whole or not at all (see writeFileAtomically).
[[nodiscard]] Result<void> writePicture(const std::filesystem::path& path, ImageView image, const PictureEncoding& encoding,
    ExistingFile existing = ExistingFile::Keep);

} // namespace sfumato::document
