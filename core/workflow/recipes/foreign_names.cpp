// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/recipes/foreign_names.h"

#include "core/engine/api/scheduler_names.h"

#include <algorithm>
#include <array>

namespace sfumato::workflow {

namespace {

struct Name {
    std::string_view theirs;
    std::string_view ours;
};

// With the schedule that "Automatic" stands for.
struct Label {
    std::string_view theirs;
    std::string_view ours;
    std::string_view automatic = {};
};

constexpr std::string_view kKarras = "_karras", kExponential = "_exponential";

constexpr std::array kLabels{
    Label{ "Euler", "euler" },
    Label{ "Euler a", "euler_a" },
    Label{ "Heun", "heun" },
    Label{ "LMS", "lms" },
    Label{ "DPM2", "dpm2", kKarras },
    Label{ "DPM2 a", "dpm2_a", kKarras },
    Label{ "DPM++ 2S a", "dpmpp_2s_a", kKarras },
    Label{ "DPM++ 2M", "dpmpp_2m", kKarras },
    Label{ "DPM++ SDE", "dpmpp_sde", kKarras },
    Label{ "DPM++ 2M SDE", "dpmpp_2m_sde", kExponential },
    Label{ "DPM++ 3M SDE", "dpmpp_3m_sde", kExponential },
    Label{ "DDIM", "ddim" },
    Label{ "PLMS", "pndm" },
    Label{ "UniPC", "unipc" },
    Label{ "DEIS", "deis" },
    Label{ "Restart", "restart" },
    Label{ "LCM", "lcm" },
    Label{ "TCD", "tcd" },
    Label{ "Euler CFG++", "euler_cfg_pp" },
    Label{ "Euler a CFG++", "euler_a_cfg_pp" },
    Label{ "DPM++ 2S a CFG++", "dpmpp_2s_a_cfg_pp" },
    Label{ "DPM++ 2M CFG++", "dpmpp_2m_cfg_pp" },
};

constexpr std::array kScheduleLabels{
    Name{ "Karras", kKarras },
    Name{ "Exponential", kExponential },
    Name{ "Polyexponential", "_polyexponential" },
    Name{ "SGM Uniform", "_sgm_uniform" },
    Name{ "Uniform", "_normal" },
    Name{ "Normal", "_normal" },
    Name{ "Simple", "_simple" },
    Name{ "Beta", "_beta" },
    Name{ "Align Your Steps", "_ays" },
};

constexpr std::array kComfySamplers{
    Name{ "euler", "euler" },
    Name{ "euler_ancestral", "euler_a" },
    Name{ "heun", "heun" },
    Name{ "lms", "lms" },
    Name{ "dpm_2", "dpm2" },
    Name{ "dpm_2_ancestral", "dpm2_a" },
    Name{ "dpmpp_2s_ancestral", "dpmpp_2s_a" },
    Name{ "dpmpp_sde", "dpmpp_sde" },
    Name{ "dpmpp_2m", "dpmpp_2m" },
    Name{ "dpmpp_2m_sde", "dpmpp_2m_sde" },
    Name{ "dpmpp_3m_sde", "dpmpp_3m_sde" },
    Name{ "ddim", "ddim" },
    Name{ "ddpm", "euler_a" }, // the same numbers
    Name{ "uni_pc", "unipc" },
    Name{ "uni_pc_bh2", "unipc" },
    Name{ "deis", "deis" },
    Name{ "lcm", "lcm" },
    Name{ "tcd", "tcd" },
    Name{ "restart", "restart" },
    Name{ "euler_cfg_pp", "euler_cfg_pp" },
    Name{ "euler_ancestral_cfg_pp", "euler_a_cfg_pp" },
    Name{ "dpmpp_2s_ancestral_cfg_pp", "dpmpp_2s_a_cfg_pp" },
    Name{ "dpmpp_2m_cfg_pp", "dpmpp_2m_cfg_pp" },
};

constexpr std::array kComfySchedules{
    Name{ "normal", "_normal" },
    Name{ "karras", kKarras },
    Name{ "exponential", kExponential },
    Name{ "polyexponential", "_polyexponential" },
    Name{ "sgm_uniform", "_sgm_uniform" },
    Name{ "simple", "_simple" },
    Name{ "beta", "_beta" },
    Name{ "align_your_steps", "_ays" },
};

template <std::size_t count>
std::optional<std::string_view> find(const std::array<Name, count>& names, std::string_view theirs)
{
    const auto found = std::ranges::find(names, theirs, &Name::theirs);
    return found == names.end() ? std::nullopt : std::optional(found->ours);
}

// A sampler with the spacing or rule if it has one of its own.
std::string joined(std::string_view sampler, std::string_view suffix)
{
    std::string name(sampler);
    name += suffix;
    return engine::findScheduler(name) ? name : std::string(sampler);
}

} // namespace

std::optional<std::string> schedulerFromLabels(std::string_view sampler, std::string_view schedule)
{
    std::string_view label = sampler, suffix;
    if (schedule.empty() || schedule == "Automatic") {
        for (const Name& name : kScheduleLabels) {
            if (label.size() <= name.theirs.size() || !label.ends_with(name.theirs) || label[label.size() - name.theirs.size() - 1] != ' ') continue;
            label.remove_suffix(name.theirs.size() + 1);
            suffix = name.ours;
            break;
        }
    } else if (const auto known = find(kScheduleLabels, schedule)) {
        suffix = *known;
    }
    const auto found = std::ranges::find(kLabels, label, &Label::theirs);
    if (found == kLabels.end()) return std::nullopt;
    return joined(found->ours, suffix.empty() ? found->automatic : suffix);
}

std::optional<ComfyScheduler> schedulerFromComfyNames(std::string_view sampler, std::string_view schedule)
{
    ComfyScheduler scheduler;
    constexpr std::string_view kOnGpu = "_gpu";
    if (sampler.ends_with(kOnGpu)) {
        sampler.remove_suffix(kOnGpu.size());
        scheduler.isOnGpu = true;
    }
    const auto name = find(kComfySamplers, sampler);
    if (!name) return std::nullopt;
    const auto suffix = find(kComfySchedules, schedule);
    scheduler.knowsSchedule = suffix.has_value();
    scheduler.name = joined(*name, suffix.value_or("_normal"));
    return scheduler;
}

} // namespace sfumato::workflow
