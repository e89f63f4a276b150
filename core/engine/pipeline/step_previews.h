// StepPreviews: what is shown of latents while they are sampled: a linear map of them at each step, or a small decoder as often as it costs no noticeable time.
// Thread: engine. Owner: one run; borrows the autoencoder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/engine/models/autoencoder.h"
#include "core/engine/pipeline/vae_coder.h"

#include <memory>
#include <optional>
#include <stop_token>

namespace sfumato::engine {

class StepPreviews {
public:
    // The small decoder may take this part of the time that sampling takes.
    static constexpr double kShareOfTime = 0.02;

    // decoder: of the model's family, takes latents as the UNet gives them; null for the linear map, which is also used where the autoencoder has latents of its own.
    StepPreviews(VaeCoder& vae, std::shared_ptr<const Autoencoder> decoder, std::stop_token stop);

    // in   denoised     [1, 4, h, w], the solver's estimate of the finished latents
    // in   stepSeconds  what the step took
    // out  Rgb8, w × h, or up to eight times that from the small decoder; empty when it has to wait until more time was spent on sampling
    [[nodiscard]] std::optional<ImageBuffer> render(const at::Tensor& denoised, double stepSeconds);

private:
    [[nodiscard]] ImageBuffer decode(const at::Tensor& denoised) const;

    VaeCoder& m_vae;
    std::shared_ptr<const Autoencoder> m_decoder;
    std::stop_token m_stop;
    double m_samplingSeconds = 0;
    double m_previewSeconds = 0;
    double m_lastCost = 0; // seconds of the last preview; the first one is on trust
};

} // namespace sfumato::engine
