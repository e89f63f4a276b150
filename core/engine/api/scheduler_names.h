// The schedulers a job may name: a sampler, how its steps are spaced, and the rule of its noise levels, joined in one name by a fixed grammar.
// What each equals is its `reference`; docs/job.md has the table.
// Thread: any, constant data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

enum class SamplerKind { Euler,
    EulerAncestral,
    Heun,
    Dpm2,
    Dpm2Ancestral,
    DpmSolverPlusPlus2SAncestral,
    DpmSolverPlusPlus2M,
    DpmSolverPlusPlus2MSde,
    DpmSolverPlusPlusSde,
    DpmSolverPlusPlus3MSde,
    Lms,
    Ddim,
    UniPc,
    Deis,
    Pndm,
    Restart,
    Lcm,
    Tcd,
    TcdStochastic,
    EulerCfgPlusPlus,
    EulerAncestralCfgPlusPlus,
    DpmSolverPlusPlus2SAncestralCfgPlusPlus,
    DpmSolverPlusPlus2MCfgPlusPlus };

// How noise levels are laid between the highest and the lowest. Default: those of the spaced timesteps.
enum class SigmaRule { Default,
    Karras,
    Exponential,
    Polyexponential,
    Beta };

// Which timesteps the steps visit. Leading, Trailing and Linspace are those of diffusers; Normal, SgmUniform and Simple those of ComfyUI;
// AlignYourSteps the published tables (Sabour et al. 2024). Training is the grid a few-step model was distilled on; Hyper the trailing one below
// timestep 800, where the one-step Hyper-SD UNet begins.
enum class TimestepSpacing { Leading,
    Trailing,
    Linspace,
    Normal,
    SgmUniform,
    Simple,
    AlignYourSteps,
    Training,
    Hyper };

struct SchedulerName {
    std::string name;      // as in a job: "dpmpp_2m_karras"
    std::string label;     // for people: "DPM++ 2M Karras"
    std::string reference; // the class and settings, or the function, that defines it
    SamplerKind sampler = SamplerKind::Euler;
    SigmaRule sigmas = SigmaRule::Default;
    TimestepSpacing spacing = TimestepSpacing::Leading;
};

// The names worth showing, in that order: every sampler, with the spacings and rules it is commonly used with.
[[nodiscard]] std::span<const SchedulerName> schedulerNames();

// The meaning of a name: sampler[_spacing][_rule], for example "heun", "dpmpp_2m_sgm_uniform", "lms_linspace_karras". Matched exactly; empty for
// an unknown name and for a combination that the sampler does not have. Shown names are only a part of the valid ones.
[[nodiscard]] std::optional<SchedulerName> findScheduler(std::string_view name);

// Every valid name, shown or not. For tests and documentation; makes the list anew.
[[nodiscard]] std::vector<SchedulerName> allSchedulers();

} // namespace sfumato::engine
