// ModelInfo and DeviceInfo: what a model file is and what can run it, learned from headers and shapes alone.
// Thread: any, pure values.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"
#include "core/engine/api/few_step.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sfumato::engine {

enum class ModelFamily { Sdxl,
    SdxlRefiner,
    Sd1,
    Sd2,
    Unknown };

// What the UNet gives: the noise, the velocity (Salimans and Ho 2022), or the clean latents (one-step Lightning).
enum class PredictionType { Epsilon,
    VPrediction,
    Sample };

struct ModelInfo {
    ModelFamily family = ModelFamily::Unknown;
    std::string title;               // ModelSpec title, else the file's or folder's stem
    std::string description;         // ModelSpec description; plain text from a file: never render as markup
    int inputChannels = 4;           // 4, or 9 for inpainting models
    Extent nativeSize{ 1024, 1024 }; // ModelSpec resolution, else the family's
    PredictionType prediction = PredictionType::Epsilon;
    bool zeroTerminalSnr = false;
    std::optional<FewStepAdvice> fewSteps; // for a distilled model: the settings it was made for
    bool hasTextEncoders = true;
    bool hasVae = true;
    std::string precision; // of the stored UNet: "F16", "BF16", "F32", "mixed"
    std::uint64_t parameterCount = 0;
    std::uint64_t sizeInBytes = 0;
};

struct DeviceInfo {
    std::string name;        // "cpu", "cuda:0": what GenerationRequest::device takes
    std::string description; // for people: processor or card
    std::uint64_t memoryInBytes = 0;
    bool supportsBFloat16 = false; // in hardware, so that it is worth choosing
};

} // namespace sfumato::engine
