// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/unet_2d_condition_model.h"

#include "core/engine/models/timestep_embedding.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr double kOutputNormEpsilon = 1e-5;

} // namespace

Unet2dConditionModel::Unet2dConditionModel(const Weights& weights, UnetConfig config)
    : m_config(std::move(config)), m_dtype(weights.dtype()), m_device(weights.device())
{
    const std::int64_t timeWidth = m_config.timeWidth;
    std::int64_t channels = m_config.modelChannels;
    std::vector<std::int64_t> skipChannels{ channels };
    m_convIn = loadConv2d(weights.scoped("conv_in"), m_config.inputChannels, channels);
    m_timeEmbedding1 = loadLinear(weights.scoped("time_embedding.linear_1"), channels, timeWidth);
    m_timeEmbedding2 = loadLinear(weights.scoped("time_embedding.linear_2"), timeWidth, timeWidth);
    if (m_config.addedWidth > 0) {
        m_addEmbedding1 = loadLinear(weights.scoped("add_embedding.linear_1"), m_config.addedWidth, timeWidth);
        m_addEmbedding2 = loadLinear(weights.scoped("add_embedding.linear_2"), timeWidth, timeWidth);
    }
    for (std::size_t i = 0; i < m_config.downBlocks.size(); ++i) {
        m_downBlocks.push_back(loadDownBlock(weights.scoped("down_blocks", i), m_config, m_config.downBlocks[i], channels, skipChannels));
        channels = m_config.downBlocks[i].channels;
    }
    if (m_config.midBlock)
        m_midBlock = loadMidBlock(weights.scoped("mid_block"), m_config, *m_config.midBlock);
    for (std::size_t i = 0; i < m_config.upBlocks.size(); ++i) {
        m_upBlocks.push_back(loadUpBlock(weights.scoped("up_blocks", i), m_config, m_config.upBlocks[i], channels, skipChannels));
        channels = m_config.upBlocks[i].channels;
    }
    m_convNormOut = loadGroupNorm(weights.scoped("conv_norm_out"), channels, kOutputNormEpsilon);
    m_convOut = loadConv2d(weights.scoped("conv_out"), channels, m_config.outputChannels);
}

// silu(time embedding + size and pooled-text embedding), [batch, timeWidth].
at::Tensor Unet2dConditionModel::embed(double timestep, const at::Tensor& addedCondition, std::int64_t batch) const
{
    using engine::forward;
    const at::Tensor timesteps = at::full({ batch }, timestep, at::TensorOptions().dtype(at::kFloat).device(m_device));
    const at::Tensor sinusoid = sinusoidalEmbedding(timesteps, m_config.modelChannels).to(m_dtype); // [b, modelChannels]
    at::Tensor embedding = forward(m_timeEmbedding2, at::silu(forward(m_timeEmbedding1, sinusoid)));
    if (m_addEmbedding1) {
        const at::Tensor hidden = at::silu(forward(*m_addEmbedding1, addedCondition.to(m_device, m_dtype)));
        embedding = forwardAdd(*m_addEmbedding2, hidden, embedding);
    }
    return at::silu_(embedding);
}

at::Tensor Unet2dConditionModel::forward(const at::Tensor& sample, double timestep, const at::Tensor& context, const at::Tensor& addedCondition,
    const std::stop_token& stop, const BlockObserver& observe) const
{
    using engine::forward;
    const auto report = [&](const std::string& block, const at::Tensor& output) {
        if (observe)
            observe(block, output);
    };
    throwIfStopped(stop);
    const UnetStep step{ embed(timestep, addedCondition, sample.size(0)), context.to(m_device, m_dtype), stop };

    at::Tensor x = forward(m_convIn, sample.to(m_device, m_dtype)); // [b, modelChannels, h, w]
    report("conv_in", x);
    std::vector<at::Tensor> skips{ x };
    for (std::size_t i = 0; i < m_downBlocks.size(); ++i) {
        x = forward(m_downBlocks[i], x, step, skips);
        report("down_blocks." + std::to_string(i), x);
    }
    if (m_midBlock) {
        x = forward(*m_midBlock, x, step);
        report("mid_block", x);
    }
    for (std::size_t i = 0; i < m_upBlocks.size(); ++i) {
        x = forward(m_upBlocks[i], x, step, skips);
        report("up_blocks." + std::to_string(i), x);
    }
    return forward(m_convOut, forwardSilu(m_convNormOut, x)).contiguous(); // [b, outputChannels, h, w]
}

} // namespace sfumato::engine
