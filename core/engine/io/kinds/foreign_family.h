// Names the model families that are not ours, by a tensor's name, so that a refusal can say what a file is instead of "unknown".
// Thread: any, pure. Source: Comfy-Org/ComfyUI, huggingface/diffusers and kohya-ss/sd-scripts (names).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sfumato::engine {

// "Flux", "SD 3", "Qwen-Image", …; empty where the name speaks for no foreign family. `name` is a tensor's name, or the layer's name in a LoRA, with dots
// or with underscores between its parts.
[[nodiscard]] std::string_view foreignFamilyOf(std::string_view name);

// Which of two families that names of one file spoke for is meant: the more special one, as every Chroma file has Flux blocks too.
[[nodiscard]] std::string_view moreSpecialFamily(std::string_view one, std::string_view other) noexcept;

} // namespace sfumato::engine
