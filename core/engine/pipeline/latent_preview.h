// LatentPreview: a rough picture from latents by one matrix, for looking while sampling.
// Thread: engine. Cost: one [h·w, 15] × [15, 3] product; far below 2 % of a step.
//
// For the families' published autoencoders the map is linear and constant; for any other (the starter's) it is fitted once from the model itself: flat colour
// patches are encoded and their colours regressed on the latents and the products of two latents, which small autoencoders need.
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

    // Fits the map. `encode` takes pixels [1, 3, H, W] in −1..1 and returns scaled latents [1, 4, H/8, W/8]; it is called once with 256 × 256 pixels.
    [[nodiscard]] static LatentPreview fitted(const std::function<at::Tensor(const at::Tensor&)>& encode);

    // in  denoised [1, 4, h, w], scaled latents; out Rgb8, w × h
    [[nodiscard]] ImageBuffer render(const at::Tensor& denoised) const;

private:
    explicit LatentPreview(at::Tensor map) : m_map(std::move(map)) {}

    at::Tensor m_map; // [15, 3] float32: rows for the four latents, their ten products, and the bias; to −1..1
};

} // namespace sfumato::engine
