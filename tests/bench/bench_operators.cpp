// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/attention.h"
#include "core/engine/nn/layers.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "tests/bench/bench_cases.h"

#include <cstdio>
#include <string>
#include <vector>

namespace sfumato::bench {

namespace {

at::Tensor random(const BenchOptions& options, at::IntArrayRef shape)
{
    return at::randn(shape, at::TensorOptions().dtype(at::kFloat)).to(options.device, options.dtype);
}

engine::Weights layerWeights(const BenchOptions& options, const std::vector<std::int64_t>& weightShape)
{
    std::vector<engine::WeightSource> sources;
    sources.push_back({ "weight", weightShape, 0, [weightShape] { return at::randn(weightShape, at::TensorOptions().dtype(at::kFloat)).mul_(0.02); } });
    sources.push_back({ "bias", { weightShape.front() }, 0, [count = weightShape.front()] { return at::randn({ count }, at::TensorOptions().dtype(at::kFloat)); } });
    return { std::move(sources), "random weights", engine::LoadOptions{ options.dtype, options.device, {}, {} } };
}

void benchAttention(const BenchOptions& options)
{
    struct Shape {
        std::int64_t heads, queries, keys;
    };
    const std::int64_t area = (options.size / 16) * (options.size / 16);
    for (const Shape& shape : { Shape{ 10, area, area }, Shape{ 20, area / 4, area / 4 }, Shape{ 10, area, 77 }, Shape{ 20, area / 4, 77 } }) {
        const std::int64_t width = shape.heads * 64;
        const at::Tensor qkv = random(options, { options.batch, shape.queries, 3 * width });
        const at::Tensor query = qkv.narrow(-1, 0, width);
        const at::Tensor keyValue = random(options, { options.batch, shape.keys, 2 * width });
        const at::Tensor key = keyValue.narrow(-1, 0, width);
        const at::Tensor value = keyValue.narrow(-1, width, width);
        const double flops = 4.0 * static_cast<double>(options.batch * shape.queries * shape.keys * width);
        const std::string name = std::to_string(shape.heads) + 'x' + std::to_string(shape.queries) + 'x' + std::to_string(shape.keys);
        const auto split = [&](const at::Tensor& x) { return x.unflatten(-1, { shape.heads, 64 }).transpose(1, 2); };
        measure(options, "attention " + name + " ours", flops, [&] { static_cast<void>(engine::attention(query, key, value, shape.heads)); });
        measure(options, "attention " + name + " libtorch", flops,
            [&] { static_cast<void>(at::scaled_dot_product_attention(split(query), split(key), split(value))); });
    }
}

void benchGroupNormSilu(const BenchOptions& options)
{
    for (const std::int64_t channels : { 320, 640, 1280 }) {
        const std::int64_t side = options.size / 8 * 320 / channels;
        const at::Tensor map = random(options, { options.batch, channels, side, side });
        const at::Tensor channelsLast = map.contiguous(at::MemoryFormat::ChannelsLast);
        const engine::GroupNorm norm = engine::loadGroupNorm(layerWeights(options, { channels }), channels, 1e-5);
        const double bytes = static_cast<double>(map.nbytes()) * 2; // shown in the place of operations: "tflops" is TB/s here
        const std::string name = std::to_string(channels) + 'x' + std::to_string(side) + 'x' + std::to_string(side);
        measure(options, "group norm + silu " + name + " ours", bytes, [&] { static_cast<void>(engine::forwardSilu(norm, channelsLast)); });
        measure(options, "group norm + silu " + name + " libtorch", bytes,
            [&] { static_cast<void>(at::silu(at::group_norm(map, engine::kNormGroups, norm.weight, norm.bias))); });
        measure(options, "copy " + name, bytes, [&] { static_cast<void>(map.clone()); });
    }
}

void benchLinear(const BenchOptions& options)
{
    struct Shape {
        std::int64_t tokens, input, output;
    };
    const std::int64_t area = (options.size / 16) * (options.size / 16);
    for (const Shape& shape : { Shape{ area, 640, 640 }, Shape{ area, 640, 2560 }, Shape{ area / 4, 1280, 1280 }, Shape{ area / 4, 1280, 3840 },
             Shape{ area / 4, 1280, 5120 }, Shape{ area / 4, 5120, 1280 }, Shape{ 77, 2048, 2560 } }) {
        const engine::Weights weights = layerWeights(options, { shape.output, shape.input });
        const engine::Linear layer = engine::loadLinear(weights, shape.input, shape.output);
        const at::Tensor plain = weights.take("weight", { shape.output, shape.input });
        const at::Tensor x = random(options, { options.batch, shape.tokens, shape.input });
        const at::Tensor other = random(options, { options.batch, shape.tokens, shape.output });
        const double flops = 2.0 * static_cast<double>(options.batch * shape.tokens * shape.input * shape.output);
        const std::string name = std::to_string(shape.tokens) + 'x' + std::to_string(shape.input) + 'x' + std::to_string(shape.output);
        measure(options, "linear " + name + " ours", flops, [&] { static_cast<void>(engine::forward(layer, x)); });
        measure(options, "linear " + name + " ours + gelu", flops, [&] { static_cast<void>(engine::forward(layer, x, engine::Activation::Gelu)); });
        measure(options, "linear " + name + " ours + add", flops, [&] { static_cast<void>(engine::forwardAdd(layer, x, other)); });
        measure(options, "linear " + name + " ours + multiply", flops, [&] { static_cast<void>(engine::forwardMultiply(layer, x, other)); });
        measure(options, "linear " + name + " libtorch", flops, [&] { static_cast<void>(at::linear(x, plain, layer.bias)); });
    }
}

void benchConvolution(const BenchOptions& options)
{
    struct Shape {
        std::int64_t input, output, side;
    };
    const std::int64_t side = options.size / 8;
    for (const Shape& shape : { Shape{ 320, 320, side }, Shape{ 640, 320, side }, Shape{ 640, 640, side / 2 }, Shape{ 1280, 640, side / 2 }, Shape{ 1280, 1280, side / 4 },
             Shape{ 2560, 1280, side / 4 } }) {
        const engine::Weights weights = layerWeights(options, { shape.output, shape.input, 3, 3 });
        const engine::Conv2d layer = engine::loadConv2d(weights, shape.input, shape.output);
        const at::Tensor plain = weights.take("weight", { shape.output, shape.input, 3, 3 });
        const at::Tensor x = random(options, { options.batch, shape.input, shape.side, shape.side });
        const at::Tensor channelsLast = x.contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor residual = random(options, { options.batch, shape.output, shape.side, shape.side }).contiguous(at::MemoryFormat::ChannelsLast);
        const double flops = 18.0 * static_cast<double>(options.batch * shape.side * shape.side * shape.input * shape.output);
        const std::string name = std::to_string(shape.input) + "->" + std::to_string(shape.output) + ' ' + std::to_string(shape.side);
        measure(options, "conv " + name + " ours", flops, [&] { static_cast<void>(engine::forward(layer, channelsLast)); });
        measure(options, "conv " + name + " ours + add", flops, [&] { static_cast<void>(engine::forwardAdd(layer, channelsLast, residual)); });
        measure(options, "conv " + name + " libtorch", flops, [&] { static_cast<void>(at::conv2d(x, plain, layer.bias, 1, 1)); });
    }
}

} // namespace

bool benchOperator(const BenchOptions& options)
{
    if (options.operatorName == "sdpa")
        benchAttention(options);
    else if (options.operatorName == "gnsilu")
        benchGroupNormSilu(options);
    else if (options.operatorName == "linear")
        benchLinear(options);
    else if (options.operatorName == "conv")
        benchConvolution(options);
    else
        return false;
    return true;
}

} // namespace sfumato::bench
