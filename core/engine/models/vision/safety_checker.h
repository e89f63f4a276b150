// SafetyChecker: whether a picture shows one of the concepts that the CompVis safety checker was published with.
// Thread: engine. Owner: the engine's runtime. Source: CompVis; diffusers StableDiffusionSafetyChecker (0.42), same weight names.
//
// Rule: e is the picture's embedding. For each special concept the score is round(cos(e, concept) − threshold + adjustment, 3); a score above 0 sets the adjustment,
// which begins at 0, to 0.01 for all that follow. Then the same for each ordinary concept: one score above 0 flags the picture.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/vision/clip_vision_encoder.h"

#include <ATen/core/Tensor.h>

#include <stop_token>
#include <vector>

namespace sfumato::engine {

// What the checker compares a picture with. Embeddings are [count, projection], thresholds [count], all float32 on the CPU.
struct SafetyConcepts {
    at::Tensor special;
    at::Tensor specialThresholds;
    at::Tensor ordinary;
    at::Tensor ordinaryThresholds;
};

struct SafetyScores {
    std::vector<float> special;
    std::vector<float> ordinary;

    // One ordinary concept is above its threshold.
    [[nodiscard]] bool isFlagged() const;
};

// The rule alone, for one embedding [projection]. Computed in float32, as the reference does.
[[nodiscard]] SafetyScores safetyScores(const at::Tensor& embedding, const SafetyConcepts& concepts);

class SafetyChecker {
public:
    // Binds the encoder's tensors and the four of the concepts. The caller calls weights.finish() afterwards.
    SafetyChecker(const Weights& weights, ClipActivation activation, std::int64_t heads);

    //   in   pixels [1, 3, side, side], normalised
    //   cost one pass of the encoder
    [[nodiscard]] SafetyScores check(const at::Tensor& pixels, const std::stop_token& stop) const;

    [[nodiscard]] const ClipVisionEncoder& encoder() const noexcept { return m_encoder; }

private:
    ClipVisionEncoder m_encoder;
    SafetyConcepts m_concepts;
};

} // namespace sfumato::engine
