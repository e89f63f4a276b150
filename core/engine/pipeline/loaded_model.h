// LoadedModel: one model in memory, ready to run: text encoders, UNet, autoencoder and what was learned about them.
// Thread: engine. Owner: ModelResidency; dropped whole when another model is asked for. Its autoencoder may outlive it: a refiner's latents are decoded with the
// autoencoder of the model that began them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/io/model_files.h"
#include "core/engine/models/clip_text_encoder.h"
#include "core/engine/models/unet_2d_condition_model.h"
#include "core/engine/pipeline/lora_stack.h"
#include "core/engine/pipeline/prompt_encoder.h"
#include "core/engine/pipeline/vae_coder.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <stop_token>

namespace sfumato::engine {

struct LoadModelOptions {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;
    bool withVae = true;                           // false for a refiner, whose latents another model's autoencoder decodes
    std::uint64_t memoryBudgetInBytes = 0;         // for the autoencoder's tiling; 0: what is free
    std::function<void(double fraction)> progress; // 0..1
    std::stop_token stop;
};

class LoadedModel {
public:
    // Reads the weights. Throws EngineException and CancelledException.
    //   cost  the file's size in reads; peak memory at most 1.15 × the weights in their target type
    LoadedModel(const ModelFiles& files, const ClipTokenizer& tokenizer, const LoadModelOptions& options);

    LoadedModel(const LoadedModel&) = delete;
    LoadedModel& operator=(const LoadedModel&) = delete;

    [[nodiscard]] const ModelInfo& info() const noexcept { return m_info; }
    [[nodiscard]] const ModelHints& hints() const noexcept { return m_hints; }
    [[nodiscard]] at::Device device() const noexcept { return m_device; }
    [[nodiscard]] at::ScalarType dtype() const noexcept { return m_dtype; }
    [[nodiscard]] const Unet2dConditionModel& unet() const noexcept { return *m_unet; }
    [[nodiscard]] PromptEncoder& prompts() noexcept { return *m_prompts; }
    // Null when it was loaded without.
    [[nodiscard]] const std::shared_ptr<VaeCoder>& vae() const noexcept { return m_vae; }

    // Makes the weights hold exactly these LoRAs; see LoraStack::apply. Encoded prompts are forgotten when a text encoder changes.
    [[nodiscard]] std::vector<LoraReport> applyLoras(std::span<const LoraReference> loras, std::function<void(double fraction)> progress, const std::stop_token& stop);
    [[nodiscard]] const LoraStack& loras() const noexcept { return m_loras; } // for tests

private:
    ModelInfo m_info;
    ModelHints m_hints;
    at::Device m_device;
    at::ScalarType m_dtype;
    std::unique_ptr<ClipTextEncoder> m_textEncoder;
    std::unique_ptr<ClipTextEncoder> m_textEncoder2;
    std::unique_ptr<Unet2dConditionModel> m_unet;
    std::shared_ptr<VaeCoder> m_vae;
    std::unique_ptr<PromptEncoder> m_prompts;
    LoraStack m_loras;
};

} // namespace sfumato::engine
