// Questions that the window asks of one model file, out of its header.
// Thread: any, pure (reads a header: milliseconds).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/few_step.h"

#include <filesystem>
#include <optional>

namespace sfumato::library {

// The settings a distilled LoRA was made for. Empty for any other LoRA and for a file that cannot be read: whoever uses it will say why.
[[nodiscard]] std::optional<engine::FewStepAdvice> fewStepAdviceOf(const std::filesystem::path& lora);

// What a file or diffusers folder can do for latents: a VAE (alone or a checkpoint's), a small one (TAESD), or nothing.
enum class DecoderKind { None,
    Whole,
    Small };
// Errors: those of describeFile.
[[nodiscard]] Result<DecoderKind> decoderKindOf(const std::filesystem::path& path);

} // namespace sfumato::library
