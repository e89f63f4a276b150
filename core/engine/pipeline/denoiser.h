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
#include <stop_token>

namespace sfumato::engine {

class Denoiser {
public:
    // Throws EngineException when the request's schedule cannot be made. The request outlives the denoiser.
    Denoiser(LoadedModel& model, const GenerationRequest& request, const ParametrisationOverride& parametrisation, std::stop_token stop);

    // What the UNet reads beside the latents. Once, before the first prediction. Cost: see PromptEncoder::encode.
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
    //   in   controls       act on both halves of a guided prediction
    //   out  the guided prediction, in the model's type
    [[nodiscard]] Prediction predict(const at::Tensor& latents, int call, const at::Tensor& extraChannels, const ControlSet& controls) const;

private:
    // Unconditional first when guided; `added` is undefined for families without one.
    [[nodiscard]] at::Tensor addedConditions(const at::Tensor& pooled, const at::Tensor& negativePooled) const;
    // One pass of the UNet, over both halves or over the conditional one alone.
    //   in  input  [1, 4, h, w], scaled for the model
    [[nodiscard]] at::Tensor pass(const at::Tensor& input, int call, const at::Tensor& extraChannels, const ControlSet& controls, bool isGuided) const;
    // The conditional half of a condition.
    [[nodiscard]] at::Tensor conditional(const at::Tensor& condition) const;

    LoadedModel& m_model;
    const GenerationRequest& m_request;
    ParametrisationOverride m_parametrisation;
    std::stop_token m_stop;
    ClassifierFreeGuidance m_guidance;
    std::unique_ptr<Scheduler> m_scheduler;
    at::Tensor m_context; // [1 or 2, 77 × chunks, width]
    at::Tensor m_added;   // [1 or 2, width]; undefined for families without one
};

} // namespace sfumato::engine
