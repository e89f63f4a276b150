// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/scheduler_names.h"

#include <algorithm>
#include <array>

namespace sfumato::engine {

namespace {

using enum SamplerKind;
using enum SigmaRule;
using enum TimestepSpacing;

// Euler ancestral, DDIM and LCM have no sigma rules in the reference, so those combinations do not exist.
constexpr std::array kSchedulers{
    SchedulerName{ "euler", "Euler", "EulerDiscreteScheduler", Euler },
    SchedulerName{ "euler_karras", "Euler Karras", "EulerDiscreteScheduler(use_karras_sigmas)", Euler, Karras },
    SchedulerName{ "euler_exponential", "Euler exponential", "EulerDiscreteScheduler(use_exponential_sigmas)", Euler, Exponential },
    SchedulerName{ "euler_beta", "Euler beta", "EulerDiscreteScheduler(use_beta_sigmas)", Euler, Beta },
    SchedulerName{ "euler_trailing", "Euler trailing", "EulerDiscreteScheduler(timestep_spacing=\"trailing\")", Euler, Default, Trailing },
    SchedulerName{ "euler_a", "Euler a", "EulerAncestralDiscreteScheduler", EulerAncestral },
    SchedulerName{ "euler_a_trailing", "Euler a trailing", "EulerAncestralDiscreteScheduler(timestep_spacing=\"trailing\")", EulerAncestral, Default, Trailing },
    SchedulerName{ "dpmpp_2m", "DPM++ 2M", "DPMSolverMultistepScheduler", DpmSolverPlusPlus2M },
    SchedulerName{ "dpmpp_2m_karras", "DPM++ 2M Karras", "DPMSolverMultistepScheduler(use_karras_sigmas)", DpmSolverPlusPlus2M, Karras },
    SchedulerName{ "dpmpp_2m_exponential", "DPM++ 2M exponential", "DPMSolverMultistepScheduler(use_exponential_sigmas)", DpmSolverPlusPlus2M, Exponential },
    SchedulerName{ "dpmpp_2m_beta", "DPM++ 2M beta", "DPMSolverMultistepScheduler(use_beta_sigmas)", DpmSolverPlusPlus2M, Beta },
    SchedulerName{ "dpmpp_2m_trailing", "DPM++ 2M trailing", "DPMSolverMultistepScheduler(timestep_spacing=\"trailing\")", DpmSolverPlusPlus2M, Default, Trailing },
    SchedulerName{ "dpmpp_2m_sde", "DPM++ 2M SDE", "DPMSolverMultistepScheduler(algorithm_type=\"sde-dpmsolver++\")", DpmSolverPlusPlus2MSde },
    SchedulerName{ "dpmpp_2m_sde_karras", "DPM++ 2M SDE Karras", "DPMSolverMultistepScheduler(algorithm_type=\"sde-dpmsolver++\", use_karras_sigmas)", DpmSolverPlusPlus2MSde, Karras },
    SchedulerName{ "dpmpp_2m_sde_exponential", "DPM++ 2M SDE exponential", "DPMSolverMultistepScheduler(algorithm_type=\"sde-dpmsolver++\", use_exponential_sigmas)", DpmSolverPlusPlus2MSde, Exponential },
    SchedulerName{ "dpmpp_2m_sde_beta", "DPM++ 2M SDE beta", "DPMSolverMultistepScheduler(algorithm_type=\"sde-dpmsolver++\", use_beta_sigmas)", DpmSolverPlusPlus2MSde, Beta },
    SchedulerName{ "dpmpp_2m_sde_trailing", "DPM++ 2M SDE trailing", "DPMSolverMultistepScheduler(algorithm_type=\"sde-dpmsolver++\", timestep_spacing=\"trailing\")", DpmSolverPlusPlus2MSde, Default, Trailing },
    SchedulerName{ "ddim", "DDIM", "DDIMScheduler(set_alpha_to_one=False, clip_sample=False)", Ddim },
    SchedulerName{ "ddim_trailing", "DDIM trailing", "DDIMScheduler(set_alpha_to_one=False, clip_sample=False, timestep_spacing=\"trailing\")", Ddim, Default, Trailing },
    SchedulerName{ "unipc", "UniPC", "UniPCMultistepScheduler", UniPc },
    SchedulerName{ "unipc_karras", "UniPC Karras", "UniPCMultistepScheduler(use_karras_sigmas)", UniPc, Karras },
    SchedulerName{ "unipc_exponential", "UniPC exponential", "UniPCMultistepScheduler(use_exponential_sigmas)", UniPc, Exponential },
    SchedulerName{ "unipc_beta", "UniPC beta", "UniPCMultistepScheduler(use_beta_sigmas)", UniPc, Beta },
    SchedulerName{ "unipc_trailing", "UniPC trailing", "UniPCMultistepScheduler(timestep_spacing=\"trailing\")", UniPc, Default, Trailing },
    SchedulerName{ "lcm", "LCM", "LCMScheduler", Lcm },
};

} // namespace

std::span<const SchedulerName> schedulerNames() noexcept
{
    return kSchedulers;
}

std::optional<SchedulerName> findScheduler(std::string_view name) noexcept
{
    const auto found = std::ranges::find(kSchedulers, name, &SchedulerName::name);
    if (found == kSchedulers.end()) return std::nullopt;
    return *found;
}

} // namespace sfumato::engine
