// UnetAdditions: what controls add to one forward pass of the UNet.
// Thread: engine, value. Source: diffusers UNet2DConditionModel: down_block_additional_residuals, mid_block_additional_residual and
// down_intrablock_additional_residuals.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/picture_attention.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace sfumato::engine {

// All tensors are [batch or 1, channels, height or 1, width or 1] in the UNet's type. Empty and undefined members add nothing.
struct UnetAdditions {
    std::vector<at::Tensor> skips; // onto the skip tensors, in the order in which the down path makes them, conv_in's first
    at::Tensor middle;             // onto the output of the middle

    // Onto the down path itself, one for each down block: behind its last layer where it has transformers or no downsampler, else behind the downsampler. The sum
    // goes on and is the skip tensor too. One more than there are down blocks goes onto the output of the middle.
    std::vector<at::Tensor> features;

    std::vector<PictureAttention> pictures; // read by the cross-attentions
};

// Adds the tensors of `more` to those of `sum`, position by position.
void accumulate(UnetAdditions& sum, UnetAdditions more);

// Multiplies what there is.
void scale(UnetAdditions& additions, double factor);

} // namespace sfumato::engine
