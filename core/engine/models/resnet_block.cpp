// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/resnet_block.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

namespace sfumato::engine {

ResnetBlock loadResnetBlock(const Weights& weights, const ResnetShape& shape)
{
    ResnetBlock block;
    block.norm1 = loadGroupNorm(weights.scoped("norm1"), shape.inputChannels, shape.epsilon);
    block.conv1 = loadConv2d(weights.scoped("conv1"), shape.inputChannels, shape.outputChannels);
    if (shape.timeWidth > 0)
        block.timeProjection = loadLinear(weights.scoped("time_emb_proj"), shape.timeWidth, shape.outputChannels);
    block.norm2 = loadGroupNorm(weights.scoped("norm2"), shape.outputChannels, shape.epsilon);
    block.conv2 = loadConv2d(weights.scoped("conv2"), shape.outputChannels, shape.outputChannels);
    if (shape.inputChannels != shape.outputChannels)
        block.shortcut = loadConv2d(weights.scoped("conv_shortcut"), shape.inputChannels, shape.outputChannels, { 1, 1, 0 });
    return block;
}

at::Tensor forward(const ResnetBlock& block, const at::Tensor& x, const at::Tensor& activatedTime)
{
    at::Tensor hidden = forward(block.conv1, forwardSilu(block.norm1, x)); // [b, out, h, w]
    if (block.timeProjection)
        hidden.add_(forward(*block.timeProjection, activatedTime).unsqueeze(-1).unsqueeze(-1)); // [b, out, 1, 1]
    hidden = forwardSilu(block.norm2, hidden);
    return forwardAdd(block.conv2, hidden, block.shortcut ? forward(*block.shortcut, x) : x);
}

at::Tensor enlarge(const at::Tensor& x, std::int64_t height, std::int64_t width)
{
    return at::upsample_nearest2d(x, at::IntArrayRef({ height, width }));
}

void convert(ResnetBlock& block, at::ScalarType dtype)
{
    convert(block.norm1, dtype);
    convert(block.conv1, dtype);
    if (block.timeProjection)
        convert(*block.timeProjection, dtype);
    convert(block.norm2, dtype);
    convert(block.conv2, dtype);
    if (block.shortcut)
        convert(*block.shortcut, dtype);
}

} // namespace sfumato::engine
