// ControlNet: a copy of the UNet's encoder that reads a picture and adds to the UNet's skip tensors; and ControlNet Union, which reads pictures of several kinds.
// Thread: engine. Owner: a loaded control. Source: Zhang, Rao, Agrawala 2023 (arXiv:2302.05543); diffusers ControlNetModel, ControlNetUnionModel.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/control/hint_encoder.h"
#include "core/engine/models/control/union_fuser.h"
#include "core/engine/models/unet_additions.h"
#include "core/engine/models/unet_encoder.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

// What a ControlNet knows of its pictures: the same at every step.
struct ControlCondition {
    at::Tensor map;       // [1, modelChannels, h, w], added behind the first convolution; undefined: nothing
    at::Tensor embedding; // [1, timeWidth], added to the time embedding; undefined: nothing
};

class ControlNet {
public:
    // Binds all tensors; the caller calls weights.finish() afterwards.
    //   in  poolsResiduals  every residual is its mean over the picture (models that carry style rather than structure)
    ControlNet(const Weights& weights, UnetConfig config, bool poolsResiduals = false);

    [[nodiscard]] bool isUnion() const noexcept { return m_fuser.has_value(); }
    // Of a Union: 6, or 8 with tile and inpaint; else 0.
    [[nodiscard]] std::int64_t taskCount() const { return m_fuser ? m_fuser->taskCount() : 0; }
    [[nodiscard]] bool poolsResiduals() const noexcept { return m_poolsResiduals; }
    [[nodiscard]] const UnetConfig& config() const noexcept { return m_config; }

    // in   picture [1, 3, height, width], 0..1; sides multiples of 8
    // out  [1, modelChannels, height/8, width/8]
    [[nodiscard]] at::Tensor encodeHint(const at::Tensor& picture) const;

    // A Union's condition for the present scales of its pictures. One picture keeps its full strength here: its scale belongs to the residuals, as in the
    // reference, where several pictures are scaled before they are joined.
    [[nodiscard]] ControlCondition join(std::span<const UnionPicture> pictures) const;

    // One prediction of the residuals, unscaled: `skips` and `middle` of the result. Inputs are those of the UNet; sample without mask channels.
    //   errors  CancelledException within one residual or transformer block of a stop request
    [[nodiscard]] UnetAdditions forward(const at::Tensor& sample, double timestep, const at::Tensor& context, const at::Tensor& addedCondition,
        const ControlCondition& condition, const std::stop_token& stop) const;

private:
    ControlNet(const Weights& weights, UnetConfig config, bool poolsResiduals, std::vector<std::int64_t> skipChannels);
    [[nodiscard]] at::Tensor residual(const Conv2d& projection, const at::Tensor& x) const;

    UnetConfig m_config;
    bool m_poolsResiduals;
    UnetEncoder m_encoder;
    HintEncoder m_hintEncoder;
    std::vector<Conv2d> m_skipProjections; // 1×1, one for each skip tensor
    Conv2d m_middleProjection;
    std::optional<UnionFuser> m_fuser;
};

} // namespace sfumato::engine
