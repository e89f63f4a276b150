// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/unet_config.h"

#include "core/engine/io/model_files.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kHeadWidth = 64;              // of every model with linear projections
constexpr std::int64_t kHeadsOfStableDiffusion1 = 8; // whatever the width

std::int64_t transformerDepth(const Weights& block, std::int64_t index)
{
    return block.scoped("attentions", static_cast<std::size_t>(index)).count("transformer_blocks");
}

// Channels and depths of a block with residual blocks; its heads follow later.
UnetBlockConfig detectBlock(const Weights& block, std::string_view resampler)
{
    UnetBlockConfig config;
    const std::int64_t resnets = block.count("resnets");
    for (std::int64_t i = 0; i < resnets; ++i)
        config.depths.push_back(transformerDepth(block, i));
    config.channels = block.sizeOf("resnets.0.conv1.weight", 0);
    config.resamples = block.hasScope(resampler);
    return config;
}

// The width of the prompt embeddings, from the first cross attention of any block.
std::int64_t detectContextWidth(const Weights& weights, const UnetConfig& config)
{
    const auto widthIn = [&](const Weights& block, const UnetBlockConfig& blockConfig) -> std::int64_t {
        for (std::size_t i = 0; i < blockConfig.depths.size(); ++i) {
            if (blockConfig.depths[i] > 0)
                return block.scoped("attentions", i).sizeOf("transformer_blocks.0.attn2.to_k.weight", 1);
        }
        return 0;
    };
    for (std::size_t i = 0; i < config.downBlocks.size(); ++i) {
        if (const std::int64_t width = widthIn(weights.scoped("down_blocks", i), config.downBlocks[i]); width > 0)
            return width;
    }
    for (std::size_t i = 0; i < config.upBlocks.size(); ++i) {
        if (const std::int64_t width = widthIn(weights.scoped("up_blocks", i), config.upBlocks[i]); width > 0)
            return width;
    }
    return config.midBlock ? widthIn(weights.scoped("mid_block"), *config.midBlock) : 0;
}

bool hasConvolutionalProjection(const Weights& weights, std::string_view path, const std::vector<UnetBlockConfig>& blocks)
{
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Weights block = weights.scoped(path, i);
        for (std::size_t k = 0; k < blocks[i].depths.size(); ++k) {
            if (blocks[i].depths[k] > 0)
                return block.scoped("attentions", k).shapeOf("proj_in.weight").size() == 4;
        }
    }
    return false;
}

void setHeads(UnetConfig& config, const std::vector<std::int64_t>& hints)
{
    const std::size_t levels = config.downBlocks.size();
    const auto heads = [&](std::size_t level, std::int64_t channels) -> std::int64_t {
        if (!hints.empty())
            return hints[std::min(level, hints.size() - 1)];
        return config.convolutionalProjection ? kHeadsOfStableDiffusion1 : std::max<std::int64_t>(1, channels / kHeadWidth);
    };
    for (std::size_t i = 0; i < levels; ++i)
        config.downBlocks[i].heads = heads(i, config.downBlocks[i].channels);
    if (config.midBlock)
        config.midBlock->heads = heads(levels - 1, config.midBlock->channels);
    for (std::size_t i = 0; i < config.upBlocks.size(); ++i)
        config.upBlocks[i].heads = heads(levels - 1 - std::min(i, levels - 1), config.upBlocks[i].channels);
}

void checkHeads(const UnetBlockConfig& block)
{
    const bool hasTransformer = std::any_of(block.depths.begin(), block.depths.end(), [](std::int64_t depth) { return depth > 0; });
    if (hasTransformer && (block.heads < 1 || block.channels % block.heads != 0))
        throw EngineException(ErrorCode::UnsupportedModel, "The UNet has a block of " + std::to_string(block.channels) + " channels, which cannot be split among " + std::to_string(block.heads) + " attention heads.", "attention_head_dim");
}

void detectDownPath(const Weights& weights, UnetConfig& config)
{
    config.modelChannels = weights.sizeOf("conv_in.weight", 0);
    config.inputChannels = weights.sizeOf("conv_in.weight", 1);
    config.timeWidth = weights.sizeOf("time_embedding.linear_1.weight", 0);
    config.addedWidth = weights.sizeOf("add_embedding.linear_1.weight", 1);
    config.guidanceWidth = weights.sizeOf("time_embedding.cond_proj.weight", 1);
    for (std::int64_t i = 0; i < weights.count("down_blocks"); ++i)
        config.downBlocks.push_back(detectBlock(weights.scoped("down_blocks", static_cast<std::size_t>(i)), "downsamplers"));
    if (!weights.hasScope("mid_block"))
        return;
    const Weights block = weights.scoped("mid_block");
    config.midBlock = UnetBlockConfig{};
    config.midBlock->channels = block.sizeOf("resnets.0.conv1.weight", 0);
    for (std::int64_t i = 0; i < block.count("attentions"); ++i)
        config.midBlock->depths.push_back(transformerDepth(block, i));
}

void detectAttention(const Weights& weights, UnetConfig& config, const std::vector<std::int64_t>& attentionHeads)
{
    config.contextWidth = detectContextWidth(weights, config);
    config.convolutionalProjection = hasConvolutionalProjection(weights, "up_blocks", config.upBlocks) || hasConvolutionalProjection(weights, "down_blocks", config.downBlocks);
    setHeads(config, attentionHeads);
    for (const UnetBlockConfig& block : config.downBlocks)
        checkHeads(block);
    for (const UnetBlockConfig& block : config.upBlocks)
        checkHeads(block);
    if (config.midBlock)
        checkHeads(*config.midBlock);
}

} // namespace

UnetConfig detectUnet(const Weights& weights, const ModelHints& hints)
{
    UnetConfig config;
    detectDownPath(weights, config);
    config.outputChannels = weights.sizeOf("conv_out.weight", 0);
    for (std::int64_t i = 0; i < weights.count("up_blocks"); ++i)
        config.upBlocks.push_back(detectBlock(weights.scoped("up_blocks", static_cast<std::size_t>(i)), "upsamplers"));
    if (config.modelChannels == 0 || config.timeWidth == 0 || config.downBlocks.empty() || config.upBlocks.empty())
        throw EngineException(ErrorCode::UnsupportedModel, "The weights hold no UNet: conv_in, time_embedding, down_blocks and up_blocks must all be there.", "conv_in.weight");
    detectAttention(weights, config, hints.attentionHeads);
    return config;
}

UnetConfig detectUnetEncoder(const Weights& weights, const std::vector<std::int64_t>& attentionHeads)
{
    UnetConfig config;
    detectDownPath(weights, config);
    if (config.modelChannels == 0 || config.timeWidth == 0 || config.downBlocks.empty())
        throw EngineException(ErrorCode::UnsupportedModel, "The weights hold no ControlNet: conv_in, time_embedding and down_blocks must all be there.", "conv_in.weight");
    detectAttention(weights, config, attentionHeads);
    return config;
}

std::vector<std::int64_t> crossAttentionWidths(const UnetConfig& config)
{
    std::vector<std::int64_t> widths;
    const auto add = [&widths](const UnetBlockConfig& block) {
        for (const std::int64_t depth : block.depths)
            widths.insert(widths.end(), static_cast<std::size_t>(depth), block.channels);
    };
    for (const UnetBlockConfig& block : config.downBlocks)
        add(block);
    for (const UnetBlockConfig& block : config.upBlocks)
        add(block);
    if (config.midBlock)
        add(*config.midBlock);
    return widths;
}

} // namespace sfumato::engine
