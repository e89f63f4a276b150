// SPDX-License-Identifier: Apache-2.0
#include "core/library/file_facts.h"

#include "core/engine/io/file_description.h"

#include <system_error>

namespace sfumato::library {

std::optional<engine::FewStepAdvice> fewStepAdviceOf(const std::filesystem::path& lora)
{
    const Result<engine::FileDescription> file = engine::describeFile(lora);
    return file && file->kind == engine::FileKind::Lora ? file->fewSteps : std::nullopt;
}

Result<DecoderKind> decoderKindOf(const std::filesystem::path& path)
{
    std::error_code ignored;
    // A folder of a VAE alone is no model; its weights are described instead.
    const std::filesystem::path weights = path / "diffusion_pytorch_model.safetensors";
    const bool isAlone = std::filesystem::exists(weights, ignored);
    const Result<engine::FileDescription> file = engine::describeFile(isAlone ? weights : path);
    if (!file) return file.error();
    if (file->kind == engine::FileKind::Taesd) return DecoderKind::Small;
    const bool isVae = file->kind == engine::FileKind::Vae || (file->kind == engine::FileKind::Checkpoint && file->hasVae);
    return isVae ? DecoderKind::Whole : DecoderKind::None;
}

} // namespace sfumato::library
