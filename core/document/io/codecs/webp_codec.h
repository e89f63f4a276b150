// WebP by libwebp.
// Thread: any, pure. Private to this folder. Animations give their first frame on the whole canvas.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

namespace sfumato::document {

[[nodiscard]] Result<Extent> webpExtent(Bytes bytes, const std::string& name);
[[nodiscard]] Result<DecodedPicture> decodeWebp(Bytes bytes, const std::string& name);

// `image` Rgb8 or Rgba8. Quality 100 is lossless. Colours under alpha 0 are kept.
[[nodiscard]] Result<std::vector<std::byte>> encodeWebp(ImageView image, int quality, const PictureRecipe& recipe);

} // namespace sfumato::document
