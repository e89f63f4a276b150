// What guides a run beside the guidance scale: options of a request and of a job alike. Each is off by default.
// Thread: any, pure values.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sfumato::engine {

// Perturbed-attention guidance (Ahn et al. 2024; diffusers PAGMixin): the prediction also moves away from one made with the prompt, whose self-attention passes every
// position's own value on. One more pass a call. It acts with or without a guidance scale, and at the noise levels at which guidance acts.
struct PerturbedAttention {
    double scale = 0.0;                       // 0..20; 0: off, about 3 is usual
    double adaptiveScale = 0.0;               // 0..1: by how much the scale falls with each timestep below 1000, down to 0
    std::vector<std::string> layers{ "mid" }; // beginnings of the reference's layer names: "mid", "down_blocks.2", "up_blocks.0.attentions.1"

    friend bool operator==(const PerturbedAttention&, const PerturbedAttention&) = default;
};

inline constexpr double kLargestPerturbation = 20.0;
inline constexpr double kLargestFreeU = 3.0;

// FreeU (Si et al. 2023): in the two deepest up blocks half of the channels that come from below are multiplied by b, and the lowest frequencies of what comes over the
// skips by s. The defaults are those suggested for SDXL; for SD 1.5 b is 1.5 and 1.6.
struct FreeU {
    double b1 = 1.3; // all four 0..3
    double b2 = 1.4;
    double s1 = 0.9;
    double s2 = 0.2;
    int version = 1; // 1: diffusers enable_freeu; 2: ComfyUI FreeU_V2, where b follows the mean of the features and widths decide, not blocks

    friend bool operator==(const FreeU&, const FreeU&) = default;
};

inline constexpr double kLargestSharpness = 30.0;
inline constexpr double kSmallestSizeFactor = 0.1, kLargestSizeFactor = 3.0;

// Fooocus' emphasis of SDXL's size condition: for the first part of the schedule the positive prompt is told of a larger original, the negative one of a smaller.
struct SizeEmphasis {
    double positive = 1.5; // 0.1..3 of the real size
    double negative = 0.8;
    double end = 0.3; // 0..1: the fraction of the timesteps, from the noisy end, that it holds for

    friend bool operator==(const SizeEmphasis&, const SizeEmphasis&) = default;
};

} // namespace sfumato::engine
