// The names that other programs use for samplers and schedules, as names of our schedulers. Internal to the recipe readers.
// Thread: any, constant data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sfumato::workflow {

// A1111's labels: "DPM++ 2M" and "Karras". An older label holds both ("DPM++ 2M Karras"); an empty schedule or "Automatic" is the sampler's own. Empty for unknown ones.
[[nodiscard]] std::optional<std::string> schedulerFromLabels(std::string_view sampler, std::string_view schedule);

// ComfyUI's and Fooocus' names: "dpmpp_2m_sde_gpu" and "karras". Empty for an unknown sampler; an unknown schedule counts as "normal".
struct ComfyScheduler {
    std::string name;
    bool isOnGpu = false; // its noise tree is the card's
    bool knowsSchedule = true;
};
[[nodiscard]] std::optional<ComfyScheduler> schedulerFromComfyNames(std::string_view sampler, std::string_view schedule);

} // namespace sfumato::workflow
