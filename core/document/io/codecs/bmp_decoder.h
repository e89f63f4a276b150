// BMP by Qt.
// Thread: any, pure. Private to this folder. Qt never sees an embedded profile: it is taken out first. Qt refuses BMP over its own memory limit (128 MB unless the program raises it).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

namespace sfumato::document {

[[nodiscard]] Result<Extent> bmpExtent(Bytes bytes, const std::string& name);
[[nodiscard]] Result<DecodedPicture> decodeBmp(Bytes bytes, const std::string& name);

} // namespace sfumato::document
