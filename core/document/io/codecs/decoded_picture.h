// DecodedPicture: what a codec hands over before colour, orientation and recipe are dealt with.
// Thread: any, value. Private to this folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"
#include "core/document/io/picture_recipe.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sfumato::document {

using Bytes = std::span<const std::byte>;

// CIE 1931 x, y of white, red, green, blue, and a transfer curve.
struct ColorPrimaries {
    double white[2] = { 0.3127, 0.3290 };
    double red[2] = { 0.64, 0.33 };
    double green[2] = { 0.30, 0.60 };
    double blue[2] = { 0.15, 0.06 };
    double gamma = 0.0; // exponent from encoded to linear; 0 is the sRGB curve
};

enum class SampleMeaning {
    Rgb,
    Cmyk,         // four channels in an Rgba8 buffer, 255 is full ink
    InvertedCmyk, // 0 is full ink (Adobe)
};

struct DecodedPicture {
    ImageBuffer image; // Rgba8 or Rgba16, as stored
    SampleMeaning meaning = SampleMeaning::Rgb;
    bool hasAlpha = false;
    std::vector<std::byte> profile;          // ICC, empty when there is none
    std::optional<ColorPrimaries> primaries; // used when there is no profile
    std::vector<std::byte> exif;             // TIFF form, without "Exif\0\0"
    std::optional<int> orientation;          // 1..8 where the format itself says it; then EXIF's is not asked
    PictureRecipe recipe;                    // where the format itself holds texts
    std::vector<std::string> warnings;       // whole sentences without the file's name
};

// ITU-T H.273 colour primaries and transfer: none where they amount to sRGB. A warning is added for what cannot be shown.
[[nodiscard]] std::optional<ColorPrimaries> primariesFromCodes(int primaries, int transfer, std::vector<std::string>& warnings);

[[nodiscard]] inline Error damagedPicture(const std::string& name, const std::string& what)
{
    return { ErrorCode::FileUnreadable, name + " is damaged: " + what + ".", name };
}

} // namespace sfumato::document
