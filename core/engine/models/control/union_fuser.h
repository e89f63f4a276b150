// UnionFuser: what a ControlNet Union has beside a ControlNet: it turns pictures of several kinds into one condition.
// Thread: engine. Owner: ControlNet. Source: diffusers ControlNetUnionModel; xinsir6/ControlNetPlus.
//
// The reference feeds its attention with the axes of batch and tokens exchanged, so that a token attends to itself alone, and the weights were trained so:
// out(value(LN(t))) is all that is left of it, and the token of the latents has no effect. This form is independent of the batch.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace sfumato::engine {

// One picture of a Union.
struct UnionPicture {
    at::Tensor hint;    // [1, modelChannels, h, w], from the HintEncoder
    int task = 0;       // 0 .. taskCount − 1
    double scale = 1.0; // of what it adds; 0 leaves its task named and adds nothing
};

struct UnionFuser {
    struct Layer {
        LayerNorm norm1;
        Linear value;
        Linear out;
        LayerNorm norm2;
        Linear feedForward1;
        Linear feedForward2;
    };

    at::Tensor taskEmbedding; // [tasks, channels]
    std::vector<Layer> layers;
    Linear projection;     // channels → channels
    Linear typeEmbedding1; // tasks × 256 → timeWidth
    Linear typeEmbedding2;
    std::int64_t sinusoidWidth = 256; // of each task's 0 or 1

    [[nodiscard]] std::int64_t taskCount() const { return taskEmbedding.size(0); }
};

// `weights` is the root of the ControlNet.
[[nodiscard]] UnionFuser loadUnionFuser(const Weights& weights, std::int64_t modelChannels, std::int64_t timeWidth);

// Σ scale·(hint + α), the channel offsets α being what the transformer makes of the hint's mean and its task: [1, modelChannels, h, w].
[[nodiscard]] at::Tensor fusedHints(const UnionFuser& fuser, std::span<const UnionPicture> pictures);

// The tasks at work, for the time embedding: [1, timeWidth].
[[nodiscard]] at::Tensor typeEmbedding(const UnionFuser& fuser, std::span<const UnionPicture> pictures);

} // namespace sfumato::engine
