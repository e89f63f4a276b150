// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/autoencoder_blocks.h"

#include "core/engine/nn/attention.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <string_view>

namespace sfumato::engine {

namespace {

constexpr double kEpsilon = 1e-6;

ResnetBlock loadResnet(const Weights& weights, std::int64_t inputChannels, std::int64_t outputChannels)
{
    return loadResnetBlock(weights, { inputChannels, outputChannels, 0, kEpsilon });
}

AutoencoderMidBlock loadMidBlock(const Weights& weights, std::int64_t channels)
{
    AutoencoderMidBlock mid;
    mid.resnet1 = loadResnet(weights.scoped("resnets.0"), channels, channels);
    if (weights.hasScope("attentions.0")) {
        const Weights attention = weights.scoped("attentions.0");
        mid.attention = SpatialAttention{};
        mid.attention->norm = loadGroupNorm(attention.scoped("group_norm"), channels, kEpsilon);
        mid.attention->queryKeyValue = loadFusedLinear(attention, { "to_q", "to_k", "to_v" }, channels, channels, Bias::Yes);
        mid.attention->out = loadLinear(attention.scoped("to_out.0"), channels, channels);
    }
    mid.resnet2 = loadResnet(weights.scoped("resnets.1"), channels, channels);
    return mid;
}

// `blocks` is down_blocks or up_blocks; `resampler` what their last member is called; `channels` goes in with the first stage's input and out with the last's output.
std::vector<AutoencoderStage> loadStages(const Weights& weights, std::string_view blocks, std::string_view resampler, ConvShape resample, std::int64_t& channels)
{
    std::vector<AutoencoderStage> stages(static_cast<std::size_t>(weights.count(blocks)));
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const Weights stage = weights.scoped(blocks, i);
        const std::int64_t outputChannels = stage.sizeOf("resnets.0.conv1.weight", 0);
        const std::size_t resnets = static_cast<std::size_t>(stage.count("resnets"));
        for (std::size_t k = 0; k < resnets; ++k) {
            stages[i].resnets.push_back(loadResnet(stage.scoped("resnets", k), channels, outputChannels));
            channels = outputChannels;
        }
        if (stage.hasScope(resampler))
            stages[i].resampler = loadConv2d(stage.scoped(resampler).scoped("0.conv"), channels, channels, resample);
    }
    return stages;
}

at::Tensor forward(const SpatialAttention& layer, const at::Tensor& x)
{
    const at::Tensor tokens = toTokens(forward(layer.norm, x)); // [b, h·w, c]
    const std::vector<at::Tensor> qkv = forward(layer.queryKeyValue, tokens).chunk(3, -1);
    return toFeatureMap(forwardAdd(layer.out, attention(qkv[0], qkv[1], qkv[2], layer.heads), toTokens(x)), x.size(2), x.size(3));
}

at::Tensor forward(const AutoencoderMidBlock& mid, at::Tensor x, const std::stop_token& stop)
{
    throwIfStopped(stop);
    x = forward(mid.resnet1, x, {});
    throwIfStopped(stop);
    if (mid.attention)
        x = forward(*mid.attention, x);
    throwIfStopped(stop);
    return forward(mid.resnet2, x, {});
}

at::Tensor forwardResnets(const AutoencoderStage& stage, at::Tensor x, const std::stop_token& stop)
{
    for (const ResnetBlock& resnet : stage.resnets) {
        throwIfStopped(stop);
        x = forward(resnet, x, {});
    }
    return x;
}

void convert(AutoencoderMidBlock& mid, at::ScalarType dtype)
{
    convert(mid.resnet1, dtype);
    if (mid.attention) {
        convert(mid.attention->norm, dtype);
        convert(mid.attention->queryKeyValue, dtype);
        convert(mid.attention->out, dtype);
    }
    convert(mid.resnet2, dtype);
}

void convert(std::vector<AutoencoderStage>& stages, at::ScalarType dtype)
{
    for (AutoencoderStage& stage : stages) {
        for (ResnetBlock& resnet : stage.resnets)
            convert(resnet, dtype);
        if (stage.resampler)
            convert(*stage.resampler, dtype);
    }
}

} // namespace

AutoencoderEncoder loadAutoencoderEncoder(const Weights& weights)
{
    AutoencoderEncoder encoder;
    std::int64_t channels = weights.sizeOf("conv_in.weight", 0);
    encoder.convIn = loadConv2d(weights.scoped("conv_in"), weights.sizeOf("conv_in.weight", 1), channels);
    encoder.stages = loadStages(weights, "down_blocks", "downsamplers", { 3, 2, 0 }, channels);
    encoder.mid = loadMidBlock(weights.scoped("mid_block"), channels);
    encoder.normOut = loadGroupNorm(weights.scoped("conv_norm_out"), channels, kEpsilon);
    encoder.convOut = loadConv2d(weights.scoped("conv_out"), channels, weights.sizeOf("conv_out.weight", 0));
    return encoder;
}

AutoencoderDecoder loadAutoencoderDecoder(const Weights& weights)
{
    AutoencoderDecoder decoder;
    std::int64_t channels = weights.sizeOf("conv_in.weight", 0);
    decoder.convIn = loadConv2d(weights.scoped("conv_in"), weights.sizeOf("conv_in.weight", 1), channels);
    decoder.mid = loadMidBlock(weights.scoped("mid_block"), channels);
    decoder.stages = loadStages(weights, "up_blocks", "upsamplers", { 3, 1, 1 }, channels);
    decoder.normOut = loadGroupNorm(weights.scoped("conv_norm_out"), channels, kEpsilon);
    decoder.convOut = loadConv2d(weights.scoped("conv_out"), channels, weights.sizeOf("conv_out.weight", 0));
    return decoder;
}

at::Tensor forward(const AutoencoderEncoder& encoder, const at::Tensor& pixels, const std::stop_token& stop)
{
    at::Tensor x = forward(encoder.convIn, pixels);
    for (const AutoencoderStage& stage : encoder.stages) {
        x = forwardResnets(stage, x, stop);
        if (stage.resampler)
            x = forward(*stage.resampler, at::constant_pad_nd(x, { 0, 1, 0, 1 })); // right and bottom only: [b, c, ⌊h/2⌋, ⌊w/2⌋]
    }
    x = forward(encoder.mid, x, stop);
    return forward(encoder.convOut, forwardSilu(encoder.normOut, x));
}

at::Tensor forward(const AutoencoderDecoder& decoder, const at::Tensor& latents, const std::stop_token& stop)
{
    at::Tensor x = forward(decoder.mid, forward(decoder.convIn, latents), stop);
    for (const AutoencoderStage& stage : decoder.stages) {
        x = forwardResnets(stage, x, stop);
        if (stage.resampler)
            x = forward(*stage.resampler, enlarge(x, 2 * x.size(2), 2 * x.size(3)));
    }
    return forward(decoder.convOut, forwardSilu(decoder.normOut, x));
}

void convert(AutoencoderEncoder& encoder, at::ScalarType dtype)
{
    convert(encoder.convIn, dtype);
    convert(encoder.stages, dtype);
    convert(encoder.mid, dtype);
    convert(encoder.normOut, dtype);
    convert(encoder.convOut, dtype);
}

void convert(AutoencoderDecoder& decoder, at::ScalarType dtype)
{
    convert(decoder.convIn, dtype);
    convert(decoder.mid, dtype);
    convert(decoder.stages, dtype);
    convert(decoder.normOut, dtype);
    convert(decoder.convOut, dtype);
}

} // namespace sfumato::engine
