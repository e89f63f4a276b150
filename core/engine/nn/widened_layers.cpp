// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/widened_layers.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/processor.h"

#include <algorithm>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kBlockNumbers = std::int64_t{ 1 } << 19; // 2 MiB of float32, which stays in the processor's cache

} // namespace

bool mustWiden(const at::Tensor& tensor)
{
    static const bool widensBFloat16 = !hasInstructionsFor(at::kBFloat16).value_or(true), widensHalf = !hasInstructionsFor(at::kHalf).value_or(true);
    if (!tensor.is_cpu() || tensor.is_mkldnn())
        return false;
    return tensor.scalar_type() == at::kBFloat16 ? widensBFloat16 : tensor.scalar_type() == at::kHalf && widensHalf;
}

at::Tensor widenedLinear(const Linear& layer, const at::Tensor& x)
{
    const std::int64_t width = layer.weight.size(1), height = layer.weight.size(0);
    const at::Tensor rows = x.reshape({ -1, width }).to(at::kFloat);
    const at::TensorOptions wide = rows.options();
    const at::Tensor bias = layer.bias.defined() ? layer.bias.to(at::kFloat) : at::Tensor();
    at::Tensor y = at::empty({ rows.size(0), height }, wide);
    const std::int64_t blockRows = std::clamp<std::int64_t>(kBlockNumbers / width, 1, height);
    const at::Tensor block = at::empty({ blockRows, width }, wide);
    for (std::int64_t begin = 0; begin < height; begin += blockRows) {
        const std::int64_t count = std::min(blockRows, height - begin);
        const at::Tensor part = block.narrow(0, 0, count);
        part.copy_(layer.weight.narrow(0, begin, count));
        at::Tensor columns = y.narrow(1, begin, count);
        if (bias.defined())
            at::addmm_out(columns, bias.narrow(0, begin, count), rows, part.t());
        else
            at::mm_out(columns, rows, part.t());
    }
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.back() = height;
    return y.view(shape);
}

at::Tensor widenedConvolution(const Conv2d& layer, const at::Tensor& x)
{
    const at::Tensor bias = layer.bias.defined() ? layer.bias.to(at::kFloat) : at::Tensor();
    return at::conv2d(x.to(at::kFloat), layer.weight.to(at::kFloat), bias, layer.stride, layer.padding).to(x.scalar_type());
}

} // namespace sfumato::engine
