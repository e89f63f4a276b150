// Pictures of model files, as images.
// Thread: any, pure (reads files).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/library/library_entry.h"

#include <QImage>
#include <QSize>

namespace sfumato::library {

// The whole picture; null when there is none or it cannot be read. At most 64 megapixels and 64 MiB of file are taken up.
[[nodiscard]] QImage readPreviewPicture(const PreviewPlace& preview);

// At most `maxSide` pixels a side; a smaller picture comes back as it is.
[[nodiscard]] QImage fitted(const QImage& picture, int maxSide);
// Scaled so that it covers `size`, and cut to it at the centre.
[[nodiscard]] QImage covering(const QImage& picture, const QSize& size);

// Copies Rgba8 or Rgba16 into a premultiplied or opaque 32-bit image.
[[nodiscard]] QImage toImage(const ImageBuffer& pixels, bool hasAlpha);

} // namespace sfumato::library
