// Whose rules a run follows where programs differ on the same recipe. docs/job.md, "Compatibility", lists the differences.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfumato::engine {

enum class Compatibility { Diffusers,
    A1111, // with Forge, and what else writes its "parameters"
    ComfyUi };

// Whose generator the noise comes from. Auto: what the program uses by default: diffusers the processor's, A1111 the card's, ComfyUI the processor's for the start and the
// card's for the steps.
enum class NoiseOrigin { Auto,
    Cpu,
    Gpu };

// Of a schedule of `total` steps those from `first` on run.
struct StepRange {
    int total = 0;
    int first = 0;

    [[nodiscard]] int running() const noexcept { return total - first; }
};

// Which steps a strength stands for; 1 is all of `steps`.
//   Diffusers: the last min(int(steps × strength), steps) of `steps`, which may be none
//   A1111:     the last int(min(strength, 0.999) × steps) + 1 of `steps`
//   ComfyUi:   the last `steps` of int(steps / strength)
//   in  steps  at least 1
//   in  strength  (0, 1]
[[nodiscard]] StepRange stepRange(Compatibility compatibility, int steps, double strength) noexcept;

} // namespace sfumato::engine
