// Looks: named sets of settings that go well together. A job that names one gets the fields it stands for; the window shows them.
// Thread: any, pure functions. Source of "enhanced": lllyasviel/Fooocus, whose defaults for sharpness and adaptive guidance these are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

namespace sfumato::workflow {

enum class Look { Plain,
    Enhanced };

inline constexpr double kEnhancedSharpness = 2.0;
inline constexpr double kEnhancedAdaptiveGuidance = 7.0;

// Sets every field that looks are made of: expandPrompt, sharpness, adaptiveGuidance. Plain is their defaults.
void applyLook(JobDescription& job, Look look);

// What sharpness and adaptive guidance are those of; empty when of none. Expansion is left out: once it is done it is part of the prompt.
[[nodiscard]] std::optional<Look> lookOf(const JobDescription& job) noexcept;

} // namespace sfumato::workflow
