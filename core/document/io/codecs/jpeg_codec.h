// JPEG by libjpeg-turbo.
// Thread: any, pure. Private to this folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"
#include "core/document/io/codecs/jpeg_segments.h"

namespace sfumato::document {

// `bytes` is the file that `file` was parsed from. Four-component files come as CMYK.
[[nodiscard]] Result<DecodedPicture> decodeJpeg(Bytes bytes, const JpegFile& file, const std::string& name);

// `image` Gray8 or Rgb8; 4:4:4.
[[nodiscard]] Result<std::vector<std::byte>> encodeJpeg(ImageView image, int quality, const PictureRecipe& recipe);

} // namespace sfumato::document
