// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/autoencoder_tiny.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr std::size_t kMostLayers = 64;
constexpr double kLatentBound = 3.0; // latents are squeezed into −3..3 before decoding

Conv2d loadConv(const Weights& weights, const ConvShape& shape = {})
{
    return loadConv2d(weights, weights.sizeOf("weight", 1), weights.sizeOf("weight", 0), shape);
}

// The convolutions that change the size have no bias.
Conv2d loadResizing(const Weights& weights, std::int64_t stride)
{
    Conv2d layer;
    layer.inputChannels = weights.sizeOf("weight", 1);
    layer.outputChannels = weights.sizeOf("weight", 0);
    layer.stride = stride;
    layer.weight = weights.take("weight", { layer.outputChannels, layer.inputChannels, layer.kernel, layer.kernel });
    if (layer.weight.defined()) layer.weight = layer.weight.contiguous(at::MemoryFormat::ChannelsLast);
    return layer;
}

TinyBlock loadBlock(const Weights& weights)
{
    const auto conv = [&](std::size_t index) { return loadConv(weights.scoped("conv", index)); };
    return { conv(0), conv(2), conv(4) };
}

// Activations and resizings have a number but no weights.
std::vector<TinyLayer> loadHalf(const Weights& weights, std::int64_t resizingStride)
{
    std::vector<TinyLayer> layers;
    for (std::size_t i = 0; i < kMostLayers; ++i) {
        const Weights element = weights.scoped("layers", i);
        if (element.hasScope("conv")) {
            layers.push_back({ loadBlock(element), {}, false });
        } else if (element.has("weight")) {
            const bool resizes = !element.has("bias");
            layers.push_back({ std::nullopt, resizes ? loadResizing(element, resizingStride) : loadConv(element), resizes });
        }
    }
    return layers;
}

at::Tensor forward(const TinyBlock& block, const at::Tensor& x)
{
    using engine::forward;
    const at::Tensor inner = forward(block.conv2, forward(block.conv1, x).relu_()).relu_();
    return forwardAdd(block.conv3, inner, x).relu_();
}

void convert(TinyLayer& layer, at::ScalarType dtype)
{
    using engine::convert;
    if (!layer.block) return convert(layer.conv, dtype);
    for (Conv2d* conv : { &layer.block->conv1, &layer.block->conv2, &layer.block->conv3 }) convert(*conv, dtype);
}

} // namespace

AutoencoderTiny::AutoencoderTiny(const Weights& weights)
    : m_dtype(weights.dtype()), m_device(weights.device()), m_encoder(loadHalf(weights.scoped("encoder"), 2)), m_decoder(loadHalf(weights.scoped("decoder"), 1))
{
    if (m_decoder.empty()) throw EngineException(ErrorCode::UnsupportedModel, "The preview decoder (TAESD) holds no decoder: decoder.layers.0.weight is not in it.", "decoder.layers.0.weight");
}

at::Tensor AutoencoderTiny::encodeMean(const at::Tensor& pixels, const std::stop_token& stop) const
{
    if (m_encoder.empty())
        throw EngineException(ErrorCode::InvalidRequest,
            "The small decoder that vae names (TAESD) holds no encoder, so it cannot read a picture; its encoder must lie beside it under the same name with \"encoder\", or vae must be left out.", "vae");
    at::Tensor x = pixels.to(m_device, m_dtype).add(1).div(2); // 0..1
    for (const TinyLayer& layer : m_encoder) {
        throwIfStopped(stop);
        x = layer.block ? forward(*layer.block, x) : engine::forward(layer.conv, x);
    }
    return x.contiguous();
}

at::Tensor AutoencoderTiny::decode(const at::Tensor& latents, const std::stop_token& stop) const
{
    at::Tensor x = (latents.to(m_device, m_dtype) / kLatentBound).tanh_() * kLatentBound;
    bool isFirst = true;
    for (const TinyLayer& layer : m_decoder) {
        throwIfStopped(stop);
        if (layer.resizes) x = at::upsample_nearest2d(x, { 2 * x.size(2), 2 * x.size(3) });
        x = layer.block ? forward(*layer.block, x) : engine::forward(layer.conv, x);
        if (std::exchange(isFirst, false)) x = x.relu_();
    }
    return x.mul(2).sub(1).contiguous();
}

void AutoencoderTiny::to(at::ScalarType dtype)
{
    for (std::vector<TinyLayer>* half : { &m_encoder, &m_decoder }) {
        for (TinyLayer& layer : *half) convert(layer, dtype);
    }
    m_dtype = dtype;
}

// Four feature maps of the last level at the picture's full size.
Autoencoder::Peak AutoencoderTiny::peak() const noexcept
{
    constexpr double kMaps = 4, kPixelsPerLatent = 64;
    const auto width = static_cast<double>(m_decoder.back().conv.inputChannels);
    return { kMaps * width * kPixelsPerLatent, kMaps * width };
}

} // namespace sfumato::engine
