// AVIF by libavif.
// Thread: any, pure. Private to this folder. Sequences give their first frame; clean aperture, rotation and mirror are applied.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

namespace sfumato::document {

struct AvifHeader {
    Extent extent;
    int bitsPerSample = 8;
};

[[nodiscard]] Result<AvifHeader> avifHeader(Bytes bytes, const std::string& name);
[[nodiscard]] Result<DecodedPicture> decodeAvif(Bytes bytes, const std::string& name);

// `image` Rgb8, Rgba8 or Rgba16 (stored with 10 bits); 4:4:4, lossless alpha; quality 1..100.
[[nodiscard]] Result<std::vector<std::byte>> encodeAvif(ImageView image, bool withAlpha, int quality, const PictureRecipe& recipe);

} // namespace sfumato::document
