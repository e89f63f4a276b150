// StableDiffusionPipeline: text-to-image, image-to-image and inpainting with four- and nine-channel models.
// Thread: engine. Owner: made for one request; borrows the model.
// Source: diffusers StableDiffusionXLPipeline, StableDiffusionXLImg2ImgPipeline, StableDiffusionXLInpaintPipeline (0.42).
//
// Images of a request run one after the other, each with its own generator, so that image k equals a request of one with seed + k bit for bit.
// Differs from the reference: an image is encoded to the mean of the posterior, without a draw; previews never touch the state; grey mask values delay the
// start of their cell (inpaint_mask.h).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/pipeline/inpaint_mask.h"
#include "core/engine/pipeline/loaded_model.h"
#include "core/engine/sampling/guidance.h"
#include "core/engine/sampling/scheduler.h"

#include <optional>
#include <stop_token>

namespace sfumato::engine {

class StableDiffusionPipeline {
public:
    StableDiffusionPipeline(LoadedModel& model, const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop);

    // Runs the whole request. Fills images, warnings and the timings of encode, denoise and decode.
    // Throws EngineException and CancelledException.
    [[nodiscard]] GenerationResult run();

private:
    // What the UNet reads beside the latents; batch 2 (unconditional first) when guided.
    struct Conditioning {
        at::Tensor context;
        at::Tensor added; // undefined for families without one
    };
    // What inpainting and image-to-image start from.
    struct Source {
        at::Tensor latents; // [1, 4, h, w] scaled, float32; undefined for text-to-image
        std::optional<InpaintMask> mask;
        at::Tensor extraChannels; // [1, 5, h, w]: mask and masked latents of nine-channel models; undefined for four
    };

    [[nodiscard]] Conditioning encodePrompts();
    [[nodiscard]] Source encodeSource();
    [[nodiscard]] at::Tensor sample(const Conditioning& conditioning, const Source& source, int imageIndex);
    [[nodiscard]] at::Tensor startLatents(const Source& source, const at::Tensor& noise) const;
    [[nodiscard]] at::Tensor predict(const at::Tensor& latents, int step, const Conditioning& conditioning, const Source& source) const;
    [[nodiscard]] at::Tensor keepUnpainted(const at::Tensor& latents, int step, const Source& source, const at::Tensor& noise) const;
    void requireFinite(const at::Tensor& latents, int step) const;

    LoadedModel& m_model;
    const GenerationRequest& m_request;
    GenerationObserver& m_observer;
    std::stop_token m_stop;
    ClassifierFreeGuidance m_guidance;
    std::unique_ptr<Scheduler> m_scheduler;
};

} // namespace sfumato::engine
