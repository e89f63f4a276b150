// What we read from EXIF: orientation and recipe.
// Thread: any, pure. Private to this folder. Source: CIPA DC-008 (EXIF 2.32); parsing by libexif.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

namespace sfumato::document {

struct ExifContent {
    int orientation = 1; // 1..8
    PictureRecipe recipe;
};

// `tiff` begins with "II" or "MM". Damaged blocks give what can be read of them.
[[nodiscard]] ExifContent readExif(Bytes tiff);

} // namespace sfumato::document
