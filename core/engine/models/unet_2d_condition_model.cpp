// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/unet_2d_condition_model.h"

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
    : Unet2dConditionModel(weights, std::move(config), {})
{
}

Unet2dConditionModel::Unet2dConditionModel(const Weights& weights, UnetConfig config, std::vector<std::int64_t> skipChannels)
    : m_config(std::move(config)), m_encoder(weights, m_config, skipChannels)
{
    std::int64_t channels = m_encoder.outputChannels();
    for (std::size_t i = 0; i < m_config.upBlocks.size(); ++i) {
        m_upBlocks.push_back(loadUpBlock(weights.scoped("up_blocks", i), m_config, i, channels, skipChannels));
        nameAttentions(m_upBlocks.back().layers, "up_blocks." + std::to_string(i));
        channels = m_config.upBlocks[i].channels;
    }
    std::size_t next = 0; // the reference counts the middle last
    m_encoder.numberDownAttentions(next);
    for (UpBlock& block : m_upBlocks)
        numberAttentions(block, next);
    m_encoder.numberMiddleAttentions(next);
    m_convNormOut = loadGroupNorm(weights.scoped("conv_norm_out"), channels, kOutputNormEpsilon);
    m_convOut = loadConv2d(weights.scoped("conv_out"), channels, m_config.outputChannels);
}

at::Tensor Unet2dConditionModel::forward(const at::Tensor& sample, UnetTime time, const at::Tensor& context, const at::Tensor& addedCondition,
    const std::stop_token& stop, const UnetAdditions& additions, const BlockObserver& observe, const UnetPass& pass) const
{
    using engine::forward;
    const auto report = [&](const std::string& block, const at::Tensor& output) {
        if (observe)
            observe(block, output);
    };
    throwIfStopped(stop);
    const at::Tensor embedding = m_encoder.embed(time, addedCondition, sample.size(0));
    const UnetStep step{ at::silu(embedding), context.to(device(), dtype()), stop, additions.pictures, pass, m_config.modelChannels };

    at::Tensor x = m_encoder.convolveInput(sample); // [b, modelChannels, h, w]
    report("conv_in", x);
    std::vector<at::Tensor> skips;
    x = m_encoder.forward(x, step, additions, skips, observe);
    for (std::size_t i = 0; i < additions.skips.size(); ++i) {
        if (additions.skips[i].defined())
            skips.at(i) = skips.at(i) + additions.skips[i];
    }
    for (std::size_t i = 0; i < m_upBlocks.size(); ++i) {
        x = forward(m_upBlocks[i], x, step, skips);
        report("up_blocks." + std::to_string(i), x);
    }
    return forward(m_convOut, forwardSilu(m_convNormOut, x)).contiguous(); // [b, outputChannels, h, w]
}

std::vector<std::string> Unet2dConditionModel::attentionNames() const
{
    std::vector<std::string> names = m_encoder.attentionNames();
    for (const UpBlock& block : m_upBlocks) appendAttentionNames(block.layers, names);
    return names;
}

} // namespace sfumato::engine
