// The first frame of a GIF.
// Thread: any, pure. Private to this folder. Source: GIF89a specification (CompuServe, 1990).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/codecs/decoded_picture.h"

namespace sfumato::document {

// The logical screen, enlarged to the first frame where that reaches beyond it.
[[nodiscard]] Result<Extent> gifExtent(Bytes bytes, const std::string& name);
[[nodiscard]] Result<DecodedPicture> decodeGif(Bytes bytes, const std::string& name);

} // namespace sfumato::document
