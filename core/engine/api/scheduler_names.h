// The schedulers a job may name and what each equals in the reference (diffusers 0.42, SDXL base scheduler settings).
// Thread: any, constant data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sfumato::engine {

enum class SamplerKind { Euler,
    EulerAncestral,
    DpmSolverPlusPlus2M,
    DpmSolverPlusPlus2MSde,
    Ddim,
    UniPc,
    Lcm };

enum class SigmaRule { Default,
    Karras,
    Exponential,
    Beta };

enum class TimestepSpacing { Leading,
    Trailing };

struct SchedulerName {
    std::string_view name;      // as in a job: "dpmpp_2m_karras"
    std::string_view label;     // for people: "DPM++ 2M Karras"
    std::string_view reference; // the diffusers class and settings
    SamplerKind sampler;
    SigmaRule sigmas = SigmaRule::Default;
    TimestepSpacing spacing = TimestepSpacing::Leading;
};

// Every name, in the order they are shown.
[[nodiscard]] std::span<const SchedulerName> schedulerNames() noexcept;

// The entry of a name; empty for an unknown one. Names are matched exactly.
[[nodiscard]] std::optional<SchedulerName> findScheduler(std::string_view name) noexcept;

} // namespace sfumato::engine
