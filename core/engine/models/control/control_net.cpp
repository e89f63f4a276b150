// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/control/control_net.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <utility>

namespace sfumato::engine {

ControlNet::ControlNet(const Weights& weights, UnetConfig config, bool poolsResiduals)
    : ControlNet(weights, std::move(config), poolsResiduals, {})
{
}

ControlNet::ControlNet(const Weights& weights, UnetConfig config, bool poolsResiduals, std::vector<std::int64_t> skipChannels)
    : m_config(std::move(config)), m_poolsResiduals(poolsResiduals), m_encoder(weights, m_config, skipChannels),
      m_hintEncoder(loadHintEncoder(weights.scoped("controlnet_cond_embedding"), m_config.modelChannels))
{
    for (std::size_t i = 0; i < skipChannels.size(); ++i)
        m_skipProjections.push_back(loadConv2d(weights.scoped("controlnet_down_blocks", i), skipChannels[i], skipChannels[i], { 1, 1, 0 }));
    const std::int64_t channels = m_encoder.outputChannels();
    m_middleProjection = loadConv2d(weights.scoped("controlnet_mid_block"), channels, channels, { 1, 1, 0 });
    if (weights.has("task_embedding"))
        m_fuser = loadUnionFuser(weights, m_config.modelChannels, m_config.timeWidth);
}

at::Tensor ControlNet::encodeHint(const at::Tensor& picture) const
{
    return engine::forward(m_hintEncoder, picture.to(m_encoder.device(), m_encoder.dtype()));
}

ControlCondition ControlNet::join(std::span<const UnionPicture> pictures) const
{
    if (pictures.size() != 1)
        return { fusedHints(*m_fuser, pictures), typeEmbedding(*m_fuser, pictures) };
    UnionPicture picture = pictures.front();
    picture.scale = 1.0;
    return { fusedHints(*m_fuser, { &picture, 1 }), typeEmbedding(*m_fuser, pictures) };
}

UnetAdditions ControlNet::forward(const at::Tensor& sample, double timestep, const at::Tensor& context, const at::Tensor& addedCondition,
    const ControlCondition& condition, const std::stop_token& stop) const
{
    throwIfStopped(stop);
    at::Tensor embedding = m_encoder.embed(timestep, addedCondition, sample.size(0));
    if (condition.embedding.defined())
        embedding = embedding + condition.embedding;
    const UnetStep step{ at::silu(embedding), context.to(m_encoder.device(), m_encoder.dtype()), stop };
    at::Tensor x = m_encoder.convolveInput(sample);
    if (condition.map.defined())
        x = x + condition.map;
    std::vector<at::Tensor> skips;
    x = m_encoder.forward(x, step, {}, skips, {});

    UnetAdditions additions;
    for (std::size_t i = 0; i < skips.size(); ++i)
        additions.skips.push_back(residual(m_skipProjections[i], skips[i]));
    additions.middle = residual(m_middleProjection, x);
    return additions;
}

at::Tensor ControlNet::residual(const Conv2d& projection, const at::Tensor& x) const
{
    const at::Tensor projected = engine::forward(projection, x);
    return m_poolsResiduals ? at::mean(projected, at::IntArrayRef({ 2, 3 }), /*keepdim=*/true) : projected;
}

} // namespace sfumato::engine
