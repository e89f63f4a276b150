// FewStepAdvice: the settings a distilled model or LoRA was made for, so that they can be offered; they are never used unasked.
// Thread: any, pure values. Sources: the model cards of ByteDance/SDXL-Lightning, ByteDance/Hyper-SD, latent-consistency/lcm-lora-sdxl, h1t/TCD-SDXL-LoRA,
// stabilityai/sdxl-turbo and tianweiy/DMD2.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace sfumato::engine {

enum class FewStepMethod { Lightning,
    Turbo,
    Lcm,
    Hyper,
    Tcd,
    Dmd2 };

struct FewStepAdvice {
    FewStepMethod method = FewStepMethod::Lightning;
    int steps = 4; // what to use; the ranges are what still fits
    int leastSteps = 1;
    int mostSteps = 8;
    double guidance = 1.0; // 1: without, which is twice as fast and ignores the negative prompt
    double leastGuidance = 1.0;
    double mostGuidance = 2.0;
    std::string scheduler;       // a name of scheduler_names.h
    bool predictsSample = false; // the UNet gives clean latents, as the one-step Lightning model does

    friend bool operator==(const FewStepAdvice&, const FewStepAdvice&) = default;
};

// "lightning", "turbo", "lcm", "hyper", "tcd", "dmd2": stable, for JSON.
[[nodiscard]] std::string_view fewStepMethodName(FewStepMethod method) noexcept;
// The name people know: "Lightning", "Hyper-SD".
[[nodiscard]] std::string_view fewStepMethodLabel(FewStepMethod method) noexcept;

// Whether a scheduler is one that this kind of model works with: the advised one, and others that begin at full noise as these models need it.
[[nodiscard]] bool fitsScheduler(const FewStepAdvice& advice, std::string_view scheduler);

struct FewStepSettings {
    int steps = 0;
    double guidance = 0;
    std::string_view scheduler;
};

[[nodiscard]] bool fits(const FewStepAdvice& advice, const FewStepSettings& settings);

// One English sentence that names what does not fit and what would; `name` is the file's. Empty when all fits.
[[nodiscard]] std::string misfitSentence(std::string_view name, const FewStepAdvice& advice, const FewStepSettings& settings);

} // namespace sfumato::engine
