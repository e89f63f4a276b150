// The EXIF block of exported pictures.
// Thread: any, pure. Private to this folder. Source: CIPA DC-008 (EXIF 2.32), TIFF 6.0.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/picture_recipe.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace sfumato::document {

inline constexpr std::string_view kJobPrefix = "sfumato:"; // before the job in ImageDescription

// Big-endian TIFF form without "Exif\0\0": colour space sRGB, `parameters` as UserComment (UNICODE, UTF-16BE), `job` as ImageDescription. Always the same bytes for the same recipe.
[[nodiscard]] std::vector<std::byte> exifBlock(const PictureRecipe& recipe);

} // namespace sfumato::document
