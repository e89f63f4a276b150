// The marker segments of a JPEG file up to its first scan.
// Thread: any, pure. Private to this folder. Source: ITU-T T.81 annex B; ICC.1 annex B.4; CIPA DC-008.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

namespace sfumato::document {

struct JpegFile {
    Extent extent;
    int components = 0;
    int bitsPerSample = 0;
    int frameMarker = 0;         // 0xC0 baseline, 0xC1 extended, 0xC2 progressive, …
    bool hasAdobeMarker = false; // CMYK is then stored inverted
    bool hasEnd = false;         // an end-of-image marker follows the first scan
    std::size_t scanBytes = 0;   // from the first scan on
    std::vector<std::byte> profile;
    std::vector<std::byte> exif;   // TIFF form
    bool hasBrokenProfile = false; // parts of it are missing
};

[[nodiscard]] Result<JpegFile> parseJpeg(Bytes bytes, const std::string& name);

// The file with segments for EXIF (TIFF form, may be empty) and profile (may be empty) put after the first header.
//   errors  InvalidRequest when the EXIF block exceeds what one segment holds
[[nodiscard]] Result<std::vector<std::byte>> withSegments(Bytes jpeg, Bytes exif, Bytes profile);

} // namespace sfumato::document
