// toSrgb: the colours of a decoded picture become sRGB.
// Thread: any, pure. Private to this folder. By Little CMS, relative colorimetric with black point compensation; alpha is untouched, 16 bits stay 16.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

namespace sfumato::document {

// Converts in place. A picture whose description amounts to sRGB keeps every bit. A profile that cannot be used adds a warning and the samples are taken for sRGB.
void toSrgb(DecodedPicture& picture);

// A small sRGB profile (ICC 4), always the same bytes.
[[nodiscard]] std::vector<std::byte> srgbProfile();

} // namespace sfumato::document
