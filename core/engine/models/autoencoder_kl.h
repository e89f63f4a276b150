// AutoencoderKl: pictures to latents and back, an eighth of the size each way.
// Thread: engine. Owner: the loaded model. Source: diffusers AutoencoderKL (Rombach et al. 2022, KL-regularised).
//
// Latents here are the network's own: the caller multiplies by the model's scaling factor after encoding and divides by it before decoding.
// The stock SDXL weights overflow float16 inside the decoder: run them in float32 or bfloat16, or check the result for non-finite values.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/autoencoder.h"
#include "core/engine/models/autoencoder_blocks.h"
#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <stop_token>

namespace sfumato::engine {

class AutoencoderKl final : public Autoencoder {
public:
    // Binds all tensors of encoder and decoder, widths and depths read from their shapes; the caller calls weights.finish() afterwards.
    explicit AutoencoderKl(const Weights& weights);

    //   in   pixels [batch, 3, height, width], −1..1; sides that are no multiple of scale() lose the rest
    //   out  [batch, 4, height/8, width/8], in the weights' type: mean and log variance, the latter within −30..20
    struct Moments {
        at::Tensor mean;
        at::Tensor logVariance;
    };
    [[nodiscard]] Moments encode(const at::Tensor& pixels, const std::stop_token& stop) const;
    [[nodiscard]] at::Tensor encodeMean(const at::Tensor& pixels, const std::stop_token& stop) const override { return encode(pixels, stop).mean; }

    //   in   latents [batch, 4, height, width], unscaled
    //   out  [batch, 3, 8·height, 8·width], in the weights' type, about −1..1, not clamped
    //   cost the peak is about 2200 × height × width × 8 elements (one 1024² decode in bfloat16: 2.5 GB)
    [[nodiscard]] at::Tensor decode(const at::Tensor& latents, const std::stop_token& stop) const override;

    void to(at::ScalarType dtype) override;

    [[nodiscard]] Peak peak() const noexcept override;

    [[nodiscard]] std::int64_t scale() const noexcept { return m_scale; } // pixels per latent, 8
    [[nodiscard]] std::int64_t latentChannels() const noexcept { return m_latentChannels; }
    [[nodiscard]] at::ScalarType dtype() const noexcept override { return m_dtype; }
    [[nodiscard]] at::Device device() const noexcept override { return m_device; }

private:
    at::ScalarType m_dtype;
    at::Device m_device;
    AutoencoderEncoder m_encoder;
    AutoencoderDecoder m_decoder;
    std::optional<Conv2d> m_quantConv;
    std::optional<Conv2d> m_postQuantConv;
    std::int64_t m_scale = 8;
    std::int64_t m_latentChannels = 4;
};

} // namespace sfumato::engine
