// AutoencoderTiny: TAESD, a small distilled autoencoder: decodes at a twentieth of the cost of the whole one, roughly.
// Thread: engine. Owner: VaeCoder, or whoever shows previews. Source: madebyollin/taesd; diffusers AutoencoderTiny, same names for weights.
//
// Its latents are those of the UNet: nothing is scaled before or after. A file may hold the decoder alone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/autoencoder.h"
#include "core/engine/nn/layers.h"

#include <optional>
#include <vector>

namespace sfumato::engine {

class Weights;

// Three convolutions with ReLU between them, the input added before the last one.
struct TinyBlock {
    Conv2d conv1;
    Conv2d conv2;
    Conv2d conv3;
};

// One element of a half: a block, or a convolution that also changes the size when it has no bias.
struct TinyLayer {
    std::optional<TinyBlock> block;
    Conv2d conv;
    bool resizes = false;
};

class AutoencoderTiny final : public Autoencoder {
public:
    // Binds "encoder.layers.N" where they are there, and "decoder.layers.N"; the caller calls weights.finish() afterwards.
    explicit AutoencoderTiny(const Weights& weights);

    // Throws EngineException(InvalidRequest) when the file held no encoder.
    [[nodiscard]] at::Tensor encodeMean(const at::Tensor& pixels, const std::stop_token& stop) const override;
    [[nodiscard]] at::Tensor decode(const at::Tensor& latents, const std::stop_token& stop) const override;
    void to(at::ScalarType dtype) override;

    [[nodiscard]] Peak peak() const noexcept override;
    [[nodiscard]] at::ScalarType dtype() const noexcept override { return m_dtype; }
    [[nodiscard]] at::Device device() const noexcept override { return m_device; }

private:
    at::ScalarType m_dtype;
    at::Device m_device;
    std::vector<TinyLayer> m_encoder;
    std::vector<TinyLayer> m_decoder;
};

} // namespace sfumato::engine
