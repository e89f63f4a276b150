// The chunks of a PNG file, and what its ancillary ones say.
// Thread: any, pure. Private to this folder. Source: PNG specification, third edition. Every length is held against the file; damaged ancillary chunks are passed over.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

#include <string_view>

namespace sfumato::document {

struct PngChunk {
    std::string_view type; // four letters
    Bytes content;
    Bytes whole; // with length, type and check sum
};

struct PngFile {
    std::vector<PngChunk> chunks;
    Extent extent;
    int bitDepth = 0;
    int colorType = 0;
    bool isCutShort = false; // the last chunk is not all there, or the end is missing
};

// Errors name what is wrong with the header.
[[nodiscard]] Result<PngFile> parsePng(Bytes bytes, const std::string& name);

// Profile, primaries, EXIF and recipe from iCCP, sRGB, cICP, gAMA, cHRM, eXIf, tEXt, zTXt and iTXt.
void readAncillary(const PngFile& file, DecodedPicture& picture);

} // namespace sfumato::document
