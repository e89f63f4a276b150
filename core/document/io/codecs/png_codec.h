// PNG by libpng.
// Thread: any, pure. Private to this folder. libpng sees only the chunks that hold the picture; every other chunk is read by png_chunks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"
#include "core/document/io/codecs/png_chunks.h"

namespace sfumato::document {

// Palette, grey, transparency colour and interlacing are resolved; 16 bits a sample give Rgba16, all else Rgba8.
[[nodiscard]] Result<DecodedPicture> decodePng(const PngFile& file, const std::string& name);

// `image` Gray8, Rgb8, Rgba8 or Rgba16 (written as RGB when `withAlpha` is false); sRGB chunk, texts as tEXt when ASCII, else iTXt.
[[nodiscard]] Result<std::vector<std::byte>> encodePng(ImageView image, bool withAlpha, const PictureRecipe& recipe);

} // namespace sfumato::document
