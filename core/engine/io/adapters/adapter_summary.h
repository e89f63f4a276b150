// What a LoRA or one of its relatives is made of, from names and shapes.
// Thread: any, pure. Source: kohya-ss/sd-scripts, KohakuBlueleaf/LyCORIS, huggingface/peft and huggingface/diffusers (names).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/model_info.h"
#include "core/engine/io/safetensors_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sfumato::engine {

struct AdapterSummary {
    std::vector<std::string> algorithms; // sorted: "lora", "locon", "loha", "lokr", "dora", "oft", "boft", "ia3", "glora", "full", "norm"
    int rankMin = 0;                     // 0 where nothing has a rank
    int rankMax = 0;
    std::uint64_t moduleCount = 0; // layers it changes
    bool changesUnet = false;
    bool changesTextEncoders = false;
    ModelFamily family = ModelFamily::Unknown; // by the width of the text it was trained with
    std::string foreignFamily;                 // "Flux", "SD 3"; else empty
};

[[nodiscard]] AdapterSummary summariseAdapter(const SafetensorsFile& file);

// The settings that a distillation was made for, by its names.
[[nodiscard]] std::optional<FewStepAdvice> fewStepsOfAdapter(const SafetensorsFile& file);

} // namespace sfumato::engine
