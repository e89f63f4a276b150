// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/layers.h"

#include "core/engine/nn/norm_kernels.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/packed_layers.h"
#include "core/engine/nn/weights.h"
#include "core/engine/nn/widened_layers.h"

#include <utility>

namespace sfumato::engine {

namespace {

// Undefined stays undefined: a tensor that a Weights reported as missing or misshapen.
at::Tensor packedIfFaster(at::Tensor weight)
{
    return weight.defined() && canPack(weight.scalar_type(), weight.device()) ? packLinearWeight(weight) : weight;
}

at::Tensor packedIfFaster(at::Tensor weight, const Conv2d& layer)
{
    if (!weight.defined())
        return weight;
    if (canPack(weight.scalar_type(), weight.device()))
        return packConvolutionWeight(weight, layer);
    return weight.contiguous(at::MemoryFormat::ChannelsLast);
}

// One weight, brought into the shape of a matrix and packed.
template <typename Shape>
at::Tensor bindPacked(const Weights& weights, const std::vector<WeightPart>& part, Shape shape)
{
    return weights.bind(part, 1, [shape](const std::vector<at::Tensor>& tensors) { return std::vector{ packedIfFaster(shape(tensors.front())) }; }).front();
}

at::Tensor plainLinear(const Linear& layer, const at::Tensor& x) { return mustWiden(layer.weight) ? widenedLinear(layer, x) : at::linear(x, layer.weight, layer.bias); }

void convertPlain(at::Tensor& tensor, at::ScalarType dtype)
{
    if (tensor.defined())
        tensor = tensor.to(dtype);
}

} // namespace

Linear loadLinear(const Weights& weights, std::int64_t inputWidth, std::int64_t outputWidth, Bias bias)
{
    Linear layer;
    layer.inputWidth = inputWidth;
    layer.outputWidth = outputWidth;
    layer.weight = bindPacked(weights, { { "weight", { outputWidth, inputWidth } } }, [](const at::Tensor& weight) { return weight; });
    if (bias == Bias::Yes)
        layer.bias = weights.take("bias", { outputWidth });
    return layer;
}

Linear loadFusedLinear(const Weights& weights, const std::vector<std::string_view>& scopes, std::int64_t inputWidth, std::int64_t outputWidth, Bias bias)
{
    std::vector<WeightPart> parts, biases;
    for (const std::string_view scope : scopes) {
        parts.push_back({ std::string(scope) + ".weight", { outputWidth, inputWidth } });
        biases.push_back({ std::string(scope) + ".bias", { outputWidth } });
    }
    const auto join = [](const std::vector<at::Tensor>& tensors) { return std::vector{ at::cat(tensors) }; };
    Linear layer;
    layer.inputWidth = inputWidth;
    layer.outputWidth = outputWidth * static_cast<std::int64_t>(scopes.size());
    layer.weight = weights.bind(parts, 1, [](const std::vector<at::Tensor>& tensors) { return std::vector{ packedIfFaster(at::cat(tensors)) }; }).front();
    if (bias == Bias::Yes)
        layer.bias = weights.bind(biases, 1, join).front();
    return layer;
}

std::vector<Linear> loadSplitLinear(const Weights& weights, std::int64_t inputWidth, std::int64_t outputWidth, std::int64_t parts)
{
    const auto count = static_cast<std::size_t>(parts);
    const auto split = [=](const at::Tensor& tensor) {
        std::vector<at::Tensor> rows;
        for (std::int64_t i = 0; i < parts; ++i)
            rows.push_back(tensor.narrow(0, i * outputWidth, outputWidth));
        return rows;
    };
    const auto splitPacked = [split](const std::vector<at::Tensor>& tensors) {
        std::vector<at::Tensor> rows = split(tensors.front());
        for (at::Tensor& part : rows)
            part = packedIfFaster(part);
        return rows;
    };
    const std::vector<at::Tensor> weight = weights.bind({ { "weight", { parts * outputWidth, inputWidth } } }, count, splitPacked);
    const std::vector<at::Tensor> bias = weights.bind({ { "bias", { parts * outputWidth } } }, count, [split](const auto& tensors) { return split(tensors.front()); });
    std::vector<Linear> layers(count);
    for (std::size_t i = 0; i < count; ++i)
        layers[i] = { weight[i], bias[i], inputWidth, outputWidth };
    return layers;
}

Linear loadPointwiseLinear(const Weights& weights, std::int64_t inputWidth, std::int64_t outputWidth)
{
    Linear layer;
    layer.inputWidth = inputWidth;
    layer.outputWidth = outputWidth;
    layer.weight = bindPacked(weights, { { "weight", { outputWidth, inputWidth, 1, 1 } } }, [](const at::Tensor& weight) { return weight.flatten(1); });
    layer.bias = weights.take("bias", { outputWidth });
    return layer;
}

at::Tensor forward(const Linear& layer, const at::Tensor& x, Activation activation)
{
    if (isPacked(layer.weight))
        return packedLinear(layer, x, activation);
    const at::Tensor y = plainLinear(layer, x);
    return (activation == Activation::Gelu ? at::gelu(y) : y).to(x.scalar_type());
}

at::Tensor forwardAdd(const Linear& layer, const at::Tensor& x, const at::Tensor& residual)
{
    if (isPacked(layer.weight))
        return packedLinear(layer, x, residual, Combine::Add);
    return plainLinear(layer, x).add_(residual).to(x.scalar_type());
}

at::Tensor forwardMultiply(const Linear& layer, const at::Tensor& x, const at::Tensor& factor)
{
    if (isPacked(layer.weight))
        return packedLinear(layer, x, factor, Combine::Multiply);
    return plainLinear(layer, x).mul_(factor).to(x.scalar_type());
}

Conv2d loadConv2d(const Weights& weights, std::int64_t inputChannels, std::int64_t outputChannels, ConvShape shape)
{
    Conv2d layer;
    layer.inputChannels = inputChannels;
    layer.outputChannels = outputChannels;
    layer.kernel = shape.kernel;
    layer.stride = shape.stride;
    layer.padding = shape.padding;
    const auto pack = [layer](const std::vector<at::Tensor>& tensors) { return std::vector{ packedIfFaster(tensors.front(), layer) }; };
    layer.weight = weights.bind({ { "weight", { outputChannels, inputChannels, shape.kernel, shape.kernel } } }, 1, pack).front();
    layer.bias = weights.take("bias", { outputChannels });
    return layer;
}

at::Tensor forward(const Conv2d& layer, const at::Tensor& x)
{
    const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
    if (isPacked(layer.weight))
        return packedConvolution(layer, input);
    if (mustWiden(layer.weight))
        return widenedConvolution(layer, input);
    return at::conv2d(input, layer.weight, layer.bias, layer.stride, layer.padding);
}

at::Tensor forwardAdd(const Conv2d& layer, const at::Tensor& x, const at::Tensor& residual)
{
    return forward(layer, x).add_(residual);
}

GroupNorm loadGroupNorm(const Weights& weights, std::int64_t channels, double epsilon)
{
    GroupNorm layer;
    layer.weight = weights.take("weight", { channels });
    layer.bias = weights.take("bias", { channels });
    layer.epsilon = epsilon;
    return layer;
}

at::Tensor forward(const GroupNorm& layer, const at::Tensor& x)
{
    if (canNormalizeGroups(x))
        return normalizeGroups(x, layer.weight, layer.bias, layer.epsilon, /*silu=*/false);
    return at::group_norm(x, kNormGroups, layer.weight, layer.bias, layer.epsilon);
}

at::Tensor forwardSilu(const GroupNorm& layer, const at::Tensor& x)
{
    if (canNormalizeGroups(x))
        return normalizeGroups(x, layer.weight, layer.bias, layer.epsilon, /*silu=*/true);
    at::Tensor y = at::group_norm(x, kNormGroups, layer.weight, layer.bias, layer.epsilon);
    return at::silu_(y);
}

LayerNorm loadLayerNorm(const Weights& weights, std::int64_t width)
{
    LayerNorm layer;
    layer.weight = weights.take("weight", { width });
    layer.bias = weights.take("bias", { width });
    return layer;
}

at::Tensor forward(const LayerNorm& layer, const at::Tensor& x)
{
    return at::layer_norm(x, { x.size(-1) }, layer.weight, layer.bias, layer.epsilon);
}

void convert(Linear& layer, at::ScalarType dtype)
{
    const at::Tensor plain = isPacked(layer.weight) ? unpackWeight(layer.weight) : layer.weight;
    layer.weight = packedIfFaster(plain.to(dtype));
    convertPlain(layer.bias, dtype);
}

void convert(Conv2d& layer, at::ScalarType dtype)
{
    const at::Tensor plain = isPacked(layer.weight) ? unpackWeight(layer.weight) : layer.weight;
    layer.weight = packedIfFaster(plain.to(dtype), layer);
    convertPlain(layer.bias, dtype);
}

void convert(GroupNorm& layer, at::ScalarType dtype)
{
    convertPlain(layer.weight, dtype);
    convertPlain(layer.bias, dtype);
}

at::Tensor toTokens(const at::Tensor& featureMap)
{
    return featureMap.contiguous(at::MemoryFormat::ChannelsLast).permute({ 0, 2, 3, 1 }).flatten(1, 2);
}

at::Tensor toFeatureMap(const at::Tensor& tokens, std::int64_t height, std::int64_t width)
{
    return tokens.unflatten(1, { height, width }).permute({ 0, 3, 1, 2 });
}

} // namespace sfumato::engine
