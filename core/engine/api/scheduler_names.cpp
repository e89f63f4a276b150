// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/scheduler_names.h"

#include <array>
#include <cstddef>

namespace sfumato::engine {

namespace {

// A part of a name with what it adds to the label and to the reference's options.
template <typename Value>
struct Suffix {
    Value value;
    std::string_view text; // "_karras"
    std::string_view label;
    std::string_view option; // of a diffusers class
};

constexpr std::array kSpacings{
    Suffix<TimestepSpacing>{ TimestepSpacing::Leading, "_leading", "leading", "timestep_spacing=\"leading\"" },
    Suffix<TimestepSpacing>{ TimestepSpacing::Trailing, "_trailing", "trailing", "timestep_spacing=\"trailing\"" },
    Suffix<TimestepSpacing>{ TimestepSpacing::Linspace, "_linspace", "linspace", "timestep_spacing=\"linspace\"" },
    Suffix<TimestepSpacing>{ TimestepSpacing::Normal, "_normal", "normal", "sigmas of ComfyUI \"normal\"" },
    Suffix<TimestepSpacing>{ TimestepSpacing::SgmUniform, "_sgm_uniform", "SGM uniform", "sigmas of ComfyUI \"sgm_uniform\"" },
    Suffix<TimestepSpacing>{ TimestepSpacing::Simple, "_simple", "simple", "sigmas of ComfyUI \"simple\"" },
    Suffix<TimestepSpacing>{ TimestepSpacing::AlignYourSteps, "_ays", "AYS", "AysSchedules" },
};

constexpr std::array kRules{
    Suffix<SigmaRule>{ SigmaRule::Karras, "_karras", "Karras", "use_karras_sigmas" },
    Suffix<SigmaRule>{ SigmaRule::Exponential, "_exponential", "exponential", "use_exponential_sigmas" },
    Suffix<SigmaRule>{ SigmaRule::Polyexponential, "_polyexponential", "polyexponential", "sigmas of k-diffusion get_sigmas_polyexponential" },
    Suffix<SigmaRule>{ SigmaRule::Beta, "_beta", "beta", "use_beta_sigmas" },
};

// What may follow a sampler's name.
enum class Grammar {
    Alone,
    Trailing,     // one other grid
    WholeSteps,   // recurrences over whole timesteps: the spacings of diffusers
    EitherSuffix, // a rule spans the whole schedule whatever the spacing, so a name has one or the other
    BothSuffixes, // a rule spans the spaced levels
};

struct Sampler {
    std::string_view name;
    std::string_view label;
    std::string_view reference; // class or function
    std::string_view option;    // of the class, always
    SamplerKind kind;
    Grammar grammar;
    TimestepSpacing spacing = TimestepSpacing::Leading; // without a suffix
    bool hasRuleOptions = true;                         // its class has the rules as options; else they are those of EulerDiscreteScheduler
};

constexpr std::string_view kMultistep = "DPMSolverMultistepScheduler";

// The k-diffusion samplers without a diffusers class begin at the highest noise level, as their own programs do.
constexpr std::array kSamplers{
    Sampler{ "euler", "Euler", "EulerDiscreteScheduler", {}, SamplerKind::Euler, Grammar::BothSuffixes },
    Sampler{ "euler_a", "Euler a", "EulerAncestralDiscreteScheduler", {}, SamplerKind::EulerAncestral, Grammar::BothSuffixes, TimestepSpacing::Leading, false },
    Sampler{ "heun", "Heun", "HeunDiscreteScheduler", {}, SamplerKind::Heun, Grammar::BothSuffixes },
    Sampler{ "dpm2", "DPM2", "KDPM2DiscreteScheduler", {}, SamplerKind::Dpm2, Grammar::BothSuffixes },
    Sampler{ "dpm2_a", "DPM2 a", "KDPM2AncestralDiscreteScheduler", {}, SamplerKind::Dpm2Ancestral, Grammar::BothSuffixes },
    Sampler{ "dpmpp_2s_a", "DPM++ 2S a", "k-diffusion sample_dpmpp_2s_ancestral", {}, SamplerKind::DpmSolverPlusPlus2SAncestral, Grammar::BothSuffixes, TimestepSpacing::Normal, false },
    Sampler{ "dpmpp_2m", "DPM++ 2M", kMultistep, {}, SamplerKind::DpmSolverPlusPlus2M, Grammar::EitherSuffix },
    Sampler{ "dpmpp_2m_sde", "DPM++ 2M SDE", kMultistep, "algorithm_type=\"sde-dpmsolver++\"", SamplerKind::DpmSolverPlusPlus2MSde, Grammar::EitherSuffix },
    Sampler{ "dpmpp_sde", "DPM++ SDE", "DPMSolverSDEScheduler", {}, SamplerKind::DpmSolverPlusPlusSde, Grammar::BothSuffixes },
    Sampler{ "dpmpp_3m_sde", "DPM++ 3M SDE", "k-diffusion sample_dpmpp_3m_sde", {}, SamplerKind::DpmSolverPlusPlus3MSde, Grammar::BothSuffixes, TimestepSpacing::Normal, false },
    Sampler{ "lms", "LMS", "LMSDiscreteScheduler", {}, SamplerKind::Lms, Grammar::BothSuffixes },
    Sampler{ "ddim", "DDIM", "DDIMScheduler", "set_alpha_to_one=False, clip_sample=False", SamplerKind::Ddim, Grammar::WholeSteps },
    Sampler{ "unipc", "UniPC", "UniPCMultistepScheduler", {}, SamplerKind::UniPc, Grammar::EitherSuffix },
    Sampler{ "deis", "DEIS", "DEISMultistepScheduler", {}, SamplerKind::Deis, Grammar::EitherSuffix },
    Sampler{ "pndm", "PNDM", "PNDMScheduler", "set_alpha_to_one=False, skip_prk_steps=True", SamplerKind::Pndm, Grammar::WholeSteps },
    Sampler{ "restart", "Restart", "A1111 restart_sampler", {}, SamplerKind::Restart, Grammar::Alone, TimestepSpacing::Normal },
    Sampler{ "lcm", "LCM", "LCMScheduler", {}, SamplerKind::Lcm, Grammar::Trailing, TimestepSpacing::Training },
    Sampler{ "lcm_hyper", "LCM Hyper", "LCMScheduler", "timesteps=[800]", SamplerKind::Lcm, Grammar::Alone, TimestepSpacing::Hyper },
    Sampler{ "tcd", "TCD", "TCDScheduler", "eta=0.3", SamplerKind::Tcd, Grammar::Trailing, TimestepSpacing::Training },
    Sampler{ "tcd_eta1", "TCD η 1", "TCDScheduler", "eta=1.0", SamplerKind::TcdStochastic, Grammar::Trailing, TimestepSpacing::Training },
    Sampler{ "euler_cfg_pp", "Euler CFG++", "ComfyUI sample_euler_cfg_pp", {}, SamplerKind::EulerCfgPlusPlus, Grammar::BothSuffixes, TimestepSpacing::Normal, false },
    Sampler{ "euler_a_cfg_pp", "Euler a CFG++", "ComfyUI sample_euler_ancestral_cfg_pp", {}, SamplerKind::EulerAncestralCfgPlusPlus, Grammar::BothSuffixes, TimestepSpacing::Normal, false },
    Sampler{ "dpmpp_2s_a_cfg_pp", "DPM++ 2S a CFG++", "ComfyUI sample_dpmpp_2s_ancestral_cfg_pp", {}, SamplerKind::DpmSolverPlusPlus2SAncestralCfgPlusPlus, Grammar::BothSuffixes, TimestepSpacing::Normal, false },
    Sampler{ "dpmpp_2m_cfg_pp", "DPM++ 2M CFG++", "ComfyUI sample_dpmpp_2m_cfg_pp", {}, SamplerKind::DpmSolverPlusPlus2MCfgPlusPlus, Grammar::BothSuffixes, TimestepSpacing::Normal, false },
};

constexpr std::array<std::string_view, 41> kShown{
    "euler", "euler_karras", "euler_trailing", "euler_a", "euler_a_trailing", "heun", "heun_karras", "dpm2", "dpm2_a", "dpmpp_2s_a", "dpmpp_2s_a_karras",
    "dpmpp_2m", "dpmpp_2m_karras", "dpmpp_2m_trailing", "dpmpp_2m_sgm_uniform", "dpmpp_2m_ays",
    "dpmpp_2m_sde", "dpmpp_2m_sde_karras", "dpmpp_2m_sde_exponential", "dpmpp_2m_sde_trailing", "dpmpp_sde", "dpmpp_sde_karras",
    "dpmpp_3m_sde", "dpmpp_3m_sde_exponential", "lms", "ddim", "ddim_trailing", "unipc", "unipc_karras", "deis", "pndm", "restart", "lcm", "lcm_trailing", "lcm_hyper", "tcd", "tcd_eta1",
    "euler_cfg_pp", "euler_a_cfg_pp", "dpmpp_2s_a_cfg_pp", "dpmpp_2m_cfg_pp"
};

bool isOfDiffusers(TimestepSpacing spacing)
{
    return spacing == TimestepSpacing::Leading || spacing == TimestepSpacing::Trailing || spacing == TimestepSpacing::Linspace;
}

bool allows(const Sampler& sampler, const Suffix<TimestepSpacing>* spacing, const Suffix<SigmaRule>* rule)
{
    if (spacing == nullptr && rule == nullptr) return true;
    switch (sampler.grammar) {
    case Grammar::Alone: return false;
    case Grammar::Trailing: return rule == nullptr && spacing->value == TimestepSpacing::Trailing;
    case Grammar::WholeSteps: return rule == nullptr && isOfDiffusers(spacing->value);
    case Grammar::EitherSuffix: return spacing == nullptr || rule == nullptr;
    case Grammar::BothSuffixes: return spacing == nullptr || rule == nullptr || isOfDiffusers(spacing->value);
    }
    return false;
}

SchedulerName join(const Sampler& sampler, const Suffix<TimestepSpacing>* spacing, const Suffix<SigmaRule>* rule)
{
    SchedulerName joined{ std::string(sampler.name), std::string(sampler.label), {}, sampler.kind, SigmaRule::Default, sampler.spacing };
    std::string options(sampler.option);
    const auto add = [&](const auto& suffix, std::string_view option) {
        joined.name += suffix.text;
        joined.label.append(" ").append(suffix.label);
        options.append(options.empty() ? "" : ", ").append(option);
    };
    if (spacing != nullptr) {
        joined.spacing = spacing->value;
        add(*spacing, spacing->option);
    }
    if (rule != nullptr) {
        joined.sigmas = rule->value;
        add(*rule, sampler.hasRuleOptions ? std::string(rule->option) : std::string(rule->label) + " sigmas");
    }
    joined.reference = sampler.reference;
    if (!options.empty()) joined.reference.append("(").append(options).append(")");
    return joined;
}

// Takes the suffix that `rest` begins with off it; null where it begins with none.
template <typename Value, std::size_t count>
const Suffix<Value>* takeSuffix(std::string_view& rest, const std::array<Suffix<Value>, count>& suffixes)
{
    for (const Suffix<Value>& suffix : suffixes) {
        if (!rest.starts_with(suffix.text)) continue;
        rest.remove_prefix(suffix.text.size());
        return &suffix;
    }
    return nullptr;
}

} // namespace

std::optional<SchedulerName> findScheduler(std::string_view name)
{
    for (const Sampler& sampler : kSamplers) {
        if (!name.starts_with(sampler.name)) continue;
        std::string_view rest = name.substr(sampler.name.size());
        const auto* spacing = takeSuffix(rest, kSpacings);
        const auto* rule = takeSuffix(rest, kRules);
        if (rest.empty() && allows(sampler, spacing, rule)) return join(sampler, spacing, rule);
    }
    return std::nullopt;
}

std::span<const SchedulerName> schedulerNames()
{
    static const std::vector<SchedulerName> shown = [] {
        std::vector<SchedulerName> names;
        for (const std::string_view name : kShown) names.push_back(findScheduler(name).value());
        return names;
    }();
    return shown;
}

std::vector<SchedulerName> allSchedulers()
{
    std::vector<SchedulerName> names;
    for (const Sampler& sampler : kSamplers) {
        const auto add = [&](const Suffix<TimestepSpacing>* spacing, const Suffix<SigmaRule>* rule) {
            if (allows(sampler, spacing, rule)) names.push_back(join(sampler, spacing, rule));
        };
        const auto addRules = [&](const Suffix<TimestepSpacing>* spacing) {
            add(spacing, nullptr);
            for (const auto& rule : kRules) add(spacing, &rule);
        };
        addRules(nullptr);
        for (const auto& spacing : kSpacings) addRules(&spacing);
    }
    return names;
}

} // namespace sfumato::engine
