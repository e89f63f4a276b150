// fillMasked: what the sampler starts from under the mask.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"

namespace sfumato::imaging {

// Latent noise as a fill is the engine's matter: give it Original.
enum class FillMode {
    Original, // as it is
    Blur,     // colours of the surroundings, smoothly continued
    Border,   // Navier–Stokes continuation of edges (Bertalmio, Bertozzi, Sapiro 2001)
    Neutral,  // mid-grey
};

// `image` Rgb8, Rgba8 or Rgba16; `mask` Gray8 of the same size. Where the mask is m the result is image × (1 − m) + fill × m, alpha towards opaque; where the mask is 0
// no bit changes. Masked and transparent pixels are no source of colour. Without any source (full mask) Blur and Border give mid-grey.
//   errors  InvalidRequest when the sizes differ; Internal when memory runs out
//   cost    Border works at no more than 256 × 256 masked pixels and is enlarged
[[nodiscard]] Result<ImageBuffer> fillMasked(ImageView image, ImageView mask, FillMode mode);

} // namespace sfumato::imaging
