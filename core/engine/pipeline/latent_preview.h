// LatentPreview: a rough picture from latents by a linear map, for looking while sampling.
// Thread: engine. Owner: VaeCoder. Cost of render: one [h·w, 5] × [5, 3] product; far below 2 % of a step.
//
// For the families' published autoencoders the map is a constant. For any other (the starter's) it is a least-squares fit: it begins with a chart of flat colours
// and learns from every picture that is encoded or decoded anyway, the newest counting most.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/engine/api/model_info.h"

#include <ATen/core/Tensor.h>

#include <functional>

namespace sfumato::engine {

class LatentPreview {
public:
    // The constant map of a family whose autoencoder is the published one (ComfyUI latent_formats.py: SDXL, SD 1.x).
    [[nodiscard]] static LatentPreview forFamily(ModelFamily family);

    // A map that learns. `encode` takes pixels [1, 3, H, W] in −1..1 and returns scaled latents [1, 4, H/8, W/8]; it is called once with 256 × 256 pixels.
    [[nodiscard]] static LatentPreview learning(const std::function<at::Tensor(const at::Tensor&)>& encode);

    // A pair that belongs together: scaled latents [1, 4, h, w] and pixels [1, 3, 8h, 8w] in −1..1. Without effect on a constant map.
    void learn(const at::Tensor& latents, const at::Tensor& pixels);

    // in  denoised [1, 4, h, w], scaled latents; out Rgb8, w × h
    [[nodiscard]] ImageBuffer render(const at::Tensor& denoised) const;

private:
    LatentPreview() = default;

    at::Tensor m_map;    // [5, 3] float32: rows for the four latents and the bias; to −1..1
    at::Tensor m_gram;   // [5, 5] float64, sums of products of the inputs; undefined for a constant map
    at::Tensor m_moment; // [5, 3] float64, sums of products of inputs and colours
};

} // namespace sfumato::engine
