// VaeCoder: pixels to scaled latents and back, in tiles by itself when memory is short, and again in float32 when a value is not finite; and the rough
// look of latents, which is learned from what it codes.
// Thread: engine. Owner: LoadedModel, and a run that hands its latents to a refiner.
//
// Tiling follows diffusers' AutoencoderKL.tiled_decode / tiled_encode: tiles of 64 latents (512 pixels), overlapping by a quarter and cross-faded linearly.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/model_info.h"
#include "core/engine/models/autoencoder.h"
#include "core/engine/pipeline/latent_preview.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>

namespace sfumato::engine {

struct VaeCoderSettings {
    double scalingFactor = 0.13025;        // UNet latents = VAE latents × factor
    std::uint64_t memoryBudgetInBytes = 0; // 0: what the machine or device has free at each call
    std::optional<ModelFamily> published;  // the family whose own autoencoder this is, so that its preview map is known
};

class VaeCoder {
public:
    VaeCoder(std::unique_ptr<Autoencoder> vae, VaeCoderSettings settings);

    // in   pixels  [1, 3, H, W] in −1..1, any dtype; sides multiples of 8
    // out  latents [1, 4, H/8, W/8], float32, on the VAE's device, scaled; the posterior's mean
    [[nodiscard]] at::Tensor encode(const at::Tensor& pixels, const std::stop_token& stop);

    // in   latents [1, 4, h, w], scaled
    // out  pixels  [1, 3, 8h, 8w], float32, about −1..1
    // Throws EngineException when even float32 gives values that are not finite.
    [[nodiscard]] at::Tensor decode(const at::Tensor& latents, const std::stop_token& stop);

    // The preview map, made at its first use.
    [[nodiscard]] LatentPreview& preview(const std::stop_token& stop);

    // Whether its latents are those of a published family, which others' decoders know.
    [[nodiscard]] bool hasFamilyLatents() const noexcept { return m_settings.published.has_value(); }

    // True once a decode had to be repeated in float32; the VAE stays in float32 from then on.
    [[nodiscard]] bool wasUpcast() const noexcept { return m_upcast; }

private:
    template <typename Pass>
    [[nodiscard]] at::Tensor finite(const Pass& pass, const char* what);

    std::unique_ptr<Autoencoder> m_vae;
    VaeCoderSettings m_settings;
    std::optional<LatentPreview> m_preview;
    bool m_upcast = false;
};

} // namespace sfumato::engine
