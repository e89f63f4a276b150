// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/unet_blocks.h"

#include "core/engine/models/free_u.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr double kResnetEpsilon = 1e-5;

ResnetShape resnetShape(const UnetConfig& config, std::int64_t inputChannels, std::int64_t outputChannels)
{
    return { inputChannels, outputChannels, config.timeWidth, kResnetEpsilon };
}

TransformerShape transformerShape(const UnetConfig& config, const UnetBlockConfig& block, std::int64_t depth)
{
    return { block.channels, block.heads, depth, config.contextWidth, config.convolutionalProjection };
}

UnetLayer loadLayer(const Weights& weights, const UnetConfig& config, const UnetBlockConfig& block, std::size_t index, std::int64_t inputChannels)
{
    UnetLayer layer;
    layer.resnet = loadResnetBlock(weights.scoped("resnets", index), resnetShape(config, inputChannels, block.channels));
    if (block.depths[index] > 0)
        layer.transformer = loadTransformer2d(weights.scoped("attentions", index), transformerShape(config, block, block.depths[index]));
    return layer;
}

at::Tensor attend(const Transformer2d& transformer, const at::Tensor& x, const UnetStep& step)
{
    const bool isPerturbed = step.pass.perturbedRows > 0 && std::ranges::any_of(step.pass.perturbedLayers, [&](const std::string& layer) { return transformer.name.starts_with(layer); });
    return forward(transformer, x, step.context, step.stop, { step.pictures, isPerturbed ? step.pass.perturbedRows : 0 });
}

at::Tensor forward(const UnetLayer& layer, const at::Tensor& x, const UnetStep& step)
{
    throwIfStopped(step.stop);
    const at::Tensor hidden = forward(layer.resnet, x, step.activatedTime);
    return layer.transformer ? attend(*layer.transformer, hidden, step) : hidden;
}

at::Tensor joined(at::Tensor x, at::Tensor skip, const UpBlock& block, const UnetStep& step)
{
    if (step.pass.freeU != nullptr) applyFreeU(*step.pass.freeU, { block.index, step.modelChannels }, x, skip);
    return at::cat({ std::move(x), std::move(skip) }, 1);
}

void numberAttentions(Transformer2d& transformer, std::size_t& next)
{
    for (TransformerBlock& block : transformer.blocks)
        block.attention2.number = next++;
}

void numberAttentions(std::vector<UnetLayer>& layers, std::size_t& next)
{
    for (UnetLayer& layer : layers) {
        if (layer.transformer)
            numberAttentions(*layer.transformer, next);
    }
}

template <typename T>
T takeLast(std::vector<T>& values)
{
    T last = std::move(values.back());
    values.pop_back();
    return last;
}

} // namespace

void nameAttentions(std::vector<UnetLayer>& layers, const std::string& block)
{
    for (std::size_t i = 0; i < layers.size(); ++i)
        if (layers[i].transformer) layers[i].transformer->name = block + ".attentions." + std::to_string(i);
}

void appendAttentionNames(const std::vector<UnetLayer>& layers, std::vector<std::string>& names)
{
    for (const UnetLayer& layer : layers)
        if (layer.transformer) names.push_back(layer.transformer->name);
}

DownBlock loadDownBlock(const Weights& weights, const UnetConfig& config, const UnetBlockConfig& block, std::int64_t inputChannels,
    std::vector<std::int64_t>& skipChannels)
{
    DownBlock down;
    for (std::size_t i = 0; i < block.depths.size(); ++i) {
        down.layers.push_back(loadLayer(weights, config, block, i, i == 0 ? inputChannels : block.channels));
        skipChannels.push_back(block.channels);
    }
    if (block.resamples) {
        down.downsampler = loadConv2d(weights.scoped("downsamplers.0.conv"), block.channels, block.channels, { 3, 2, 1 });
        skipChannels.push_back(block.channels);
    }
    return down;
}

MidBlock loadMidBlock(const Weights& weights, const UnetConfig& config, const UnetBlockConfig& block)
{
    const ResnetShape shape = resnetShape(config, block.channels, block.channels);
    MidBlock mid;
    mid.resnet = loadResnetBlock(weights.scoped("resnets", 0), shape);
    for (std::size_t i = 0; i < block.depths.size(); ++i) {
        mid.stages.push_back({ loadTransformer2d(weights.scoped("attentions", i), transformerShape(config, block, block.depths[i])),
            loadResnetBlock(weights.scoped("resnets", i + 1), shape) });
    }
    return mid;
}

UpBlock loadUpBlock(const Weights& weights, const UnetConfig& config, std::size_t index, std::int64_t inputChannels,
    std::vector<std::int64_t>& skipChannels)
{
    const UnetBlockConfig& block = config.upBlocks[index];
    UpBlock up;
    up.index = index;
    for (std::size_t i = 0; i < block.depths.size(); ++i) {
        const std::int64_t hiddenChannels = i == 0 ? inputChannels : block.channels;
        const std::int64_t skip = skipChannels.empty() ? 0 : takeLast(skipChannels);
        up.layers.push_back(loadLayer(weights, config, block, i, hiddenChannels + skip));
    }
    if (block.resamples)
        up.upsampler = loadConv2d(weights.scoped("upsamplers.0.conv"), block.channels, block.channels);
    return up;
}

void numberAttentions(DownBlock& block, std::size_t& next) { numberAttentions(block.layers, next); }

void numberAttentions(MidBlock& block, std::size_t& next)
{
    for (MidBlock::Stage& stage : block.stages)
        numberAttentions(stage.transformer, next);
}

void numberAttentions(UpBlock& block, std::size_t& next) { numberAttentions(block.layers, next); }

at::Tensor forward(const DownBlock& block, at::Tensor x, const UnetStep& step, std::vector<at::Tensor>& skips, const at::Tensor& feature)
{
    const bool attends = std::any_of(block.layers.begin(), block.layers.end(), [](const UnetLayer& layer) { return layer.transformer.has_value(); });
    const bool isBeforeDownsampler = attends || !block.downsampler;
    for (std::size_t i = 0; i < block.layers.size(); ++i) {
        x = forward(block.layers[i], x, step);
        if (feature.defined() && isBeforeDownsampler && i + 1 == block.layers.size())
            x = x + feature;
        skips.push_back(x);
    }
    if (block.downsampler) {
        x = forward(*block.downsampler, x); // [b, c, ⌈h/2⌉, ⌈w/2⌉]
        if (feature.defined() && !isBeforeDownsampler)
            x = x + feature;
        skips.push_back(x);
    }
    return x;
}

at::Tensor forward(const MidBlock& block, at::Tensor x, const UnetStep& step)
{
    throwIfStopped(step.stop);
    x = forward(block.resnet, x, step.activatedTime);
    for (const MidBlock::Stage& stage : block.stages) {
        x = attend(stage.transformer, x, step);
        x = forward(stage.resnet, x, step.activatedTime);
    }
    return x;
}

at::Tensor forward(const UpBlock& block, at::Tensor x, const UnetStep& step, std::vector<at::Tensor>& skips)
{
    for (const UnetLayer& layer : block.layers)
        x = forward(layer, joined(x, takeLast(skips), block, step), step);
    if (block.upsampler) {
        // To the size of the skip tensor that comes next: exactly double unless that side is odd.
        const at::Tensor& next = skips.back();
        x = forward(*block.upsampler, enlarge(x, next.size(2), next.size(3)));
    }
    return x;
}

} // namespace sfumato::engine
