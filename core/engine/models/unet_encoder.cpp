// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/unet_encoder.h"

#include "core/engine/models/timestep_embedding.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <string>
#include <utility>

namespace sfumato::engine {

UnetEncoder::UnetEncoder(const Weights& weights, const UnetConfig& config, std::vector<std::int64_t>& skipChannels)
    : m_modelChannels(config.modelChannels), m_outputChannels(config.modelChannels), m_dtype(weights.dtype()), m_device(weights.device())
{
    const std::int64_t timeWidth = config.timeWidth;
    skipChannels.push_back(m_modelChannels);
    m_convIn = loadConv2d(weights.scoped("conv_in"), config.inputChannels, m_modelChannels);
    m_timeEmbedding1 = loadLinear(weights.scoped("time_embedding.linear_1"), m_modelChannels, timeWidth);
    m_timeEmbedding2 = loadLinear(weights.scoped("time_embedding.linear_2"), timeWidth, timeWidth);
    if (const std::int64_t guidanceWidth = weights.sizeOf("time_embedding.cond_proj.weight", 1); guidanceWidth > 0)
        m_guidanceEmbedding = loadLinear(weights.scoped("time_embedding.cond_proj"), guidanceWidth, m_modelChannels, Bias::No);
    if (config.addedWidth > 0) {
        m_addEmbedding1 = loadLinear(weights.scoped("add_embedding.linear_1"), config.addedWidth, timeWidth);
        m_addEmbedding2 = loadLinear(weights.scoped("add_embedding.linear_2"), timeWidth, timeWidth);
    }
    for (std::size_t i = 0; i < config.downBlocks.size(); ++i) {
        m_downBlocks.push_back(loadDownBlock(weights.scoped("down_blocks", i), config, config.downBlocks[i], m_outputChannels, skipChannels));
        nameAttentions(m_downBlocks.back().layers, "down_blocks." + std::to_string(i));
        m_outputChannels = config.downBlocks[i].channels;
    }
    if (!config.midBlock) return;
    m_midBlock = loadMidBlock(weights.scoped("mid_block"), config, *config.midBlock);
    for (std::size_t i = 0; i < m_midBlock->stages.size(); ++i) m_midBlock->stages[i].transformer.name = "mid_block.attentions." + std::to_string(i);
}

std::vector<std::string> UnetEncoder::attentionNames() const
{
    std::vector<std::string> names;
    for (const DownBlock& block : m_downBlocks) appendAttentionNames(block.layers, names);
    if (m_midBlock)
        for (const MidBlock::Stage& stage : m_midBlock->stages) names.push_back(stage.transformer.name);
    return names;
}

void UnetEncoder::numberDownAttentions(std::size_t& next)
{
    for (DownBlock& block : m_downBlocks)
        numberAttentions(block, next);
}

void UnetEncoder::numberMiddleAttentions(std::size_t& next)
{
    if (m_midBlock)
        numberAttentions(*m_midBlock, next);
}

at::Tensor UnetEncoder::embed(UnetTime time, const at::Tensor& addedCondition, std::int64_t batch) const
{
    using engine::forward;
    const at::Tensor timesteps = at::full({ batch }, time.timestep, at::TensorOptions().dtype(at::kFloat).device(m_device));
    at::Tensor sinusoid = sinusoidalEmbedding(timesteps, m_modelChannels).to(m_dtype); // [b, modelChannels]
    if (m_guidanceEmbedding)
        sinusoid = sinusoid + forward(*m_guidanceEmbedding, guidanceEmbedding(time.guidance, m_guidanceEmbedding->inputWidth, m_device).to(m_dtype));
    const at::Tensor embedding = forward(m_timeEmbedding2, at::silu(forward(m_timeEmbedding1, sinusoid)));
    if (!m_addEmbedding1)
        return embedding;
    const at::Tensor hidden = at::silu(forward(*m_addEmbedding1, addedCondition.to(m_device, m_dtype)));
    return forwardAdd(*m_addEmbedding2, hidden, embedding);
}

at::Tensor UnetEncoder::convolveInput(const at::Tensor& sample) const
{
    return engine::forward(m_convIn, sample.to(m_device, m_dtype));
}

at::Tensor UnetEncoder::forward(at::Tensor x, const UnetStep& step, const UnetAdditions& additions, std::vector<at::Tensor>& skips, const BlockObserver& observe) const
{
    using engine::forward;
    const auto feature = [&](std::size_t block) { return block < additions.features.size() ? additions.features[block] : at::Tensor(); };
    skips.push_back(x);
    for (std::size_t i = 0; i < m_downBlocks.size(); ++i) {
        x = forward(m_downBlocks[i], x, step, skips, feature(i));
        if (observe)
            observe("down_blocks." + std::to_string(i), x);
    }
    if (m_midBlock) {
        x = forward(*m_midBlock, x, step);
        if (observe)
            observe("mid_block", x);
    }
    if (const at::Tensor last = feature(m_downBlocks.size()); last.defined())
        x = x + last;
    return additions.middle.defined() ? x + additions.middle : x;
}

} // namespace sfumato::engine
