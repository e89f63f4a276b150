// Autoencoder: pictures to latents and back, an eighth of the size each way, whatever network does it.
// Thread: engine. Owner: VaeCoder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <stop_token>

namespace sfumato::engine {

class Autoencoder {
public:
    Autoencoder() = default;
    Autoencoder(const Autoencoder&) = delete;
    Autoencoder& operator=(const Autoencoder&) = delete;
    virtual ~Autoencoder() = default;

    // in   pixels  [batch, 3, height, width], −1..1; sides that are no multiple of 8 lose the rest
    // out  [batch, 4, height/8, width/8], in the weights' type
    [[nodiscard]] virtual at::Tensor encodeMean(const at::Tensor& pixels, const std::stop_token& stop) const = 0;

    // in   latents [batch, 4, height, width], as encodeMean gives them
    // out  [batch, 3, 8·height, 8·width], in the weights' type, about −1..1, not clamped
    [[nodiscard]] virtual at::Tensor decode(const at::Tensor& latents, const std::stop_token& stop) const = 0;

    // Converts the weights in place; from float16 to float32 loses nothing.
    virtual void to(at::ScalarType dtype) = 0;

    // Largest number of values held at a time in one pass, for each latent of a decode and each pixel of an encode.
    struct Peak {
        double perLatent = 0;
        double perPixel = 0;
    };
    [[nodiscard]] virtual Peak peak() const noexcept = 0;

    [[nodiscard]] virtual at::ScalarType dtype() const noexcept = 0;
    [[nodiscard]] virtual at::Device device() const noexcept = 0;
};

} // namespace sfumato::engine
