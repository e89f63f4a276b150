// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/control/t2i_adapter.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <ATen/ops/pixel_unshuffle.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/replication_pad2d.h>

#include <string>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kCell = 8, kLargeCell = 16; // of SD 1.5 and of SDXL

} // namespace

T2iAdapter::T2iAdapter(const Weights& weights) : m_dtype(weights.dtype()), m_device(weights.device())
{
    const bool isLight = !weights.has("conv_in.weight");
    const std::int64_t unshuffled = weights.sizeOf(isLight ? "body.0.in_conv.weight" : "conv_in.weight", 1);
    const auto isMadeOf = [&](std::int64_t cell) { return unshuffled == cell * cell || unshuffled == 3 * cell * cell; };
    if (!isMadeOf(kCell) && !isMadeOf(kLargeCell))
        throw EngineException(ErrorCode::UnsupportedModel, "The T2I-Adapter reads " + std::to_string(unshuffled) + " channels; 64, 192, 256 and 768 are known.", "conv_in.weight");
    m_cell = isMadeOf(kLargeCell) ? kLargeCell : kCell;
    m_pictureChannels = unshuffled / (m_cell * m_cell);

    std::int64_t channels = unshuffled;
    if (!isLight) {
        channels = weights.sizeOf("conv_in.weight", 0);
        m_convIn = loadConv2d(weights.scoped("conv_in"), unshuffled, channels);
    }
    for (std::int64_t i = 0; i < weights.count("body"); ++i) {
        Level level = loadLevel(weights.scoped("body", static_cast<std::size_t>(i)), channels);
        level.halves = m_cell == kLargeCell ? i == 2 : i > 0;
        channels = level.convOut ? level.convOut->outputChannels : level.convIn ? level.convIn->outputChannels
                                                                                : channels;
        m_levels.push_back(std::move(level));
        m_channels.push_back(channels);
    }
}

T2iAdapter::Level T2iAdapter::loadLevel(const Weights& weights, std::int64_t inputChannels)
{
    Level level;
    std::int64_t channels = inputChannels;
    if (weights.has("in_conv.weight")) {
        channels = weights.sizeOf("in_conv.weight", 0);
        level.convIn = loadConv2d(weights.scoped("in_conv"), inputChannels, channels, { 1, 1, 0 });
    }
    for (std::int64_t i = 0; i < weights.count("resnets"); ++i) {
        const Weights residual = weights.scoped("resnets", static_cast<std::size_t>(i));
        const std::int64_t kernel = residual.sizeOf("block2.weight", 2) == 3 ? 3 : 1; // 3 in light adapters
        level.residuals.push_back({ loadConv2d(residual.scoped("block1"), channels, channels), loadConv2d(residual.scoped("block2"), channels, channels, { kernel, 1, kernel / 2 }) });
    }
    if (weights.has("out_conv.weight"))
        level.convOut = loadConv2d(weights.scoped("out_conv"), channels, weights.sizeOf("out_conv.weight", 0), { 1, 1, 0 });
    return level;
}

at::Tensor T2iAdapter::unshuffled(const at::Tensor& picture) const
{
    at::Tensor x = picture.to(m_device, at::kFloat);
    if (m_pictureChannels == 1) // ITU-R BT.601, to whole grey levels as pictures have them
        x = at::round((x.narrow(1, 0, 1) * 0.299 + x.narrow(1, 1, 1) * 0.587 + x.narrow(1, 2, 1) * 0.114) * 255.0) / 255.0;
    const auto missing = [&](std::int64_t side) { return (m_cell - side % m_cell) % m_cell; };
    const std::int64_t right = missing(x.size(3)), below = missing(x.size(2));
    if (right + below > 0)
        x = at::replication_pad2d(x, { 0, right, 0, below });
    return at::pixel_unshuffle(x.to(m_dtype), m_cell);
}

std::vector<at::Tensor> T2iAdapter::forward(const at::Tensor& picture, const std::stop_token& stop) const
{
    using engine::forward;
    at::Tensor x = unshuffled(picture);
    if (m_convIn)
        x = forward(*m_convIn, x);
    std::vector<at::Tensor> features;
    for (const Level& level : m_levels) {
        throwIfStopped(stop);
        if (level.halves)
            x = at::avg_pool2d(x, { 2, 2 }, { 2, 2 }, { 0, 0 }, /*ceil_mode=*/true);
        if (level.convIn)
            x = forward(*level.convIn, x);
        for (const Residual& residual : level.residuals)
            x = forwardAdd(residual.block2, at::relu(forward(residual.block1, x)), x);
        if (level.convOut)
            x = forward(*level.convOut, x);
        features.push_back(x);
    }
    return features;
}

} // namespace sfumato::engine
