// Which tensor of a single model file belongs to which component, by the prefixes that the known programs write.
// Thread: any, pure. Source: CompVis/stable-diffusion, Stability-AI/generative-models, Comfy-Org/ComfyUI, huggingface/diffusers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/component_mapper.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

struct SingleFileParts {
    std::array<std::vector<SourceTensor>, kComponents.size()> sources; // by Component
    std::vector<std::string> strayNames;

    // Marker tensors, whose presence says how the UNet's output is meant.
    bool isVPrediction = false;     // "v_pred"
    bool isZeroTerminalSnr = false; // "ztsnr"
    bool isEdm = false;             // "edm_mean" (Playground 2.5) or "edm_vpred.sigma_max" (CosXL)
    bool isScaledFloat8 = false;    // "scaled_fp8"

    [[nodiscard]] const std::vector<SourceTensor>& of(Component component) const noexcept { return sources[static_cast<std::size_t>(component)]; }
};

[[nodiscard]] SingleFileParts splitSingleFile(const std::shared_ptr<const SafetensorsFile>& file);

// The tensors of a file that holds one component only, whatever prefix it carries ("first_stage_model." or none for a VAE).
[[nodiscard]] std::vector<SourceTensor> tensorsOfComponent(const std::shared_ptr<const SafetensorsFile>& file, Component component);

// The component of a prefixed or bare tensor name, and the name without the prefix. Empty for names of no component.
struct ComponentName {
    Component component = Component::Unet;
    std::string_view name;
};
[[nodiscard]] std::optional<ComponentName> splitComponentName(std::string_view name) noexcept;

} // namespace sfumato::engine
