// readPicture: the one way a picture file enters the program.
// Thread: any, pure (reads the file). Owner of the result: the caller.
//
// The format is recognised by content. The size in the header is held against the limits before anything is allocated. The picture comes back upright (EXIF orientation
// and AVIF rotation applied), in sRGB (embedded ICC profiles, PNG chromaticities and AVIF colour descriptions converted by Little CMS), straight alpha, the colour of
// transparent pixels kept. Animations give their first frame. Files of more than 8 bits a sample give Rgba16, all others Rgba8.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"
#include "core/document/io/picture_format.h"
#include "core/document/io/picture_recipe.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sfumato::document {

struct PictureLimits {
    std::int64_t pixels = 500'000'000;
    std::int64_t decodedBytes = std::int64_t{ 4 } << 30; // of the finished image
    std::int64_t fileBytes = std::int64_t{ 2 } << 30;
};

struct PictureHeader {
    PictureFormat format = PictureFormat::Png;
    Extent extent; // as stored, before orientation
    int bitsPerSample = 8;
};

struct Picture {
    ImageBuffer image;     // Rgba8 or Rgba16
    bool hasAlpha = false; // the file has an alpha channel or transparent colour
    PictureFormat format = PictureFormat::Png;
    bool hadProfile = false;           // the file named its colours in some way
    PictureRecipe recipe;              // empty when the file carries none
    std::vector<std::string> warnings; // one sentence each, for example a profile that could not be read
};

// `name` stands for the file in error sentences.
//   errors  FileNotFound, FileUnreadable (not a picture, damaged, beyond a limit; the sentence says which)
//   cost    about twice the decoded size in memory while a profile or an orientation is applied
[[nodiscard]] Result<Picture> readPicture(const std::filesystem::path& path, const PictureLimits& limits = {});
[[nodiscard]] Result<Picture> readPicture(std::span<const std::byte> bytes, const std::string& name, const PictureLimits& limits = {});

// Format and size only; decodes nothing.
[[nodiscard]] Result<PictureHeader> readPictureHeader(std::span<const std::byte> bytes, const std::string& name);

} // namespace sfumato::document
