// Recognises distilled models and LoRAs (Lightning, Turbo, LCM, Hyper-SD, TCD, DMD2) by their tensors, configs, metadata and names.
// Thread: any, pure.
//
// Only a consistency model's guidance embedding is a mark in the weights; for everything else the makers' names are all there is. So a finding is advice
// for people and nothing is decided by it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/few_step.h"
#include "core/engine/io/model_facts.h"

#include <filesystem>
#include <optional>
#include <string>

namespace sfumato::engine {

struct FewStepEvidence {
    std::filesystem::path path; // of the file, or of the diffusers folder; a file of a general name ("pytorch_lora_weights") goes by its folder's
    bool isAdapter = false;     // a LoRA, whose name may speak of other things (a "lightning" effect)
    bool hasGuidanceEmbedding = false;
    std::string schedulerClass{}; // of a diffusers folder: "LCMScheduler"
    bool isTrailing = false;      // its timestep_spacing
};

[[nodiscard]] std::optional<FewStepAdvice> recogniseFewSteps(const FewStepEvidence& evidence, const Metadata& metadata);

} // namespace sfumato::engine
