// Denoiser: one model's part in a run: the prompts as that model reads them, its noise schedule, and its guided prediction at a call.
// Thread: engine. Owner: StableDiffusionPipeline; borrows the model.
// Source: diffusers StableDiffusion(XL)Pipeline, …Img2ImgPipeline, …InpaintPipeline (0.42): encode_prompt, _get_add_time_ids, get_timesteps and the loop's body.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"
#include "core/engine/pipeline/controls/control_set.h"
#include "core/engine/pipeline/loaded_model.h"
#include "core/engine/sampling/guidance.h"
#include "core/engine/sampling/scheduler.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

// Latents that a run must keep outside the paint.
struct KnownLatents {
    at::Tensor latents; // [1, 4, h, w], clean
    at::Tensor paint;   // [1, 1, h, w], 0..1: how much of the estimate counts
    at::Tensor state;   // [1, 4, h, w], what the solver goes on from, where that is not what the network sees
};

class Denoiser {
public:
    // Throws EngineException when the request's schedule cannot be made. The request outlives the denoiser.
    Denoiser(LoadedModel& model, const GenerationRequest& request, std::stop_token stop);

    // What the UNet reads beside the latents. Once, before the first prediction. Cost: see PromptEncoder::encode.
    // Throws EngineException when the request perturbs layers that the model does not have.
    void encodePrompts();

    // A new schedule for the next image: solvers keep a history.
    void restart();

    [[nodiscard]] Scheduler& scheduler() const noexcept { return *m_scheduler; }
    // The first call that begins a step and lies below the fraction `switchAt` of the noise: timestep < round(1000 − switchAt · 1000). The schedule's
    // callCount() if none does.
    [[nodiscard]] int firstCallBelow(double switchAt) const;

    [[nodiscard]] const UnetConfig& unet() const noexcept { return m_model.unet().config(); }
    // True for models that read the mask and the masked picture (nine channels) instead of being blended after each step.
    [[nodiscard]] bool readsMask() const;

    //   in   latents        [1, 4, h, w], float32
    //   in   extraChannels  [1, 5, h, w]: mask and masked latents for a model that reads them; undefined for others
    //   in   controls       act on all branches
    //   in   known          what the estimate in the guided prediction is blended with (A1111, ComfyUI); empty: not
    //   out  the guided prediction, in the model's type; float32 where it was blended or sharpened
    [[nodiscard]] Prediction predict(const at::Tensor& latents, int call, const at::Tensor& extraChannels, const ControlSet& controls, const std::optional<KnownLatents>& known = {}) const;

private:
    // What one branch reads.
    struct Condition {
        at::Tensor context;    // [1, 77 × chunks, width]
        at::Tensor added;      // [1, width]; undefined for families without one
        at::Tensor emphasised; // the same as long as the size emphasis holds; undefined without
    };

    // What all branches of a call see.
    struct Seen {
        at::Tensor input; // [1, 4, h, w], scaled for the model
        int call = 0;
        at::Tensor extraChannels;
        const ControlSet* controls = nullptr;
    };

    [[nodiscard]] Condition conditionOf(const PromptEmbedding& prompt, double aestheticScore, double sizeFactor) const;
    void checkPerturbedLayers() const;
    // The predictions [1, 4, h, w] of branches that see the same latents: as one batch where their contexts are equally long, else one by one.
    //   in  perturbedRows  so many branches, at the end, are perturbed
    [[nodiscard]] std::vector<at::Tensor> predictBranches(const Seen& seen, std::span<const Condition* const> branches, std::int64_t perturbedRows) const;
    [[nodiscard]] at::Tensor pass(const Seen& seen, std::span<const Condition* const> branches, std::int64_t perturbedRows) const;

    LoadedModel& m_model;
    const GenerationRequest& m_request;
    std::stop_token m_stop;
    ClassifierFreeGuidance m_guidance;
    std::unique_ptr<Scheduler> m_scheduler;
    Condition m_conditional, m_unconditional;
};

} // namespace sfumato::engine
