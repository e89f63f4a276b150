// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/control/hint_encoder.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

namespace sfumato::engine {

HintEncoder loadHintEncoder(const Weights& weights, std::int64_t modelChannels)
{
    HintEncoder encoder;
    std::int64_t channels = weights.sizeOf("conv_in.weight", 0);
    encoder.convIn = loadConv2d(weights.scoped("conv_in"), weights.sizeOf("conv_in.weight", 1), channels);
    for (std::int64_t i = 0; i < weights.count("blocks"); ++i) {
        const Weights block = weights.scoped("blocks", static_cast<std::size_t>(i));
        const bool halves = i % 2 == 1;
        const std::int64_t wider = halves ? block.sizeOf("weight", 0) : channels;
        encoder.blocks.push_back(loadConv2d(block, channels, wider, { 3, halves ? 2 : 1, 1 }));
        channels = wider;
    }
    encoder.convOut = loadConv2d(weights.scoped("conv_out"), channels, modelChannels);
    return encoder;
}

at::Tensor forward(const HintEncoder& encoder, const at::Tensor& picture)
{
    at::Tensor x = at::silu(forward(encoder.convIn, picture));
    for (const Conv2d& block : encoder.blocks)
        x = at::silu(forward(block, x));
    return forward(encoder.convOut, x);
}

} // namespace sfumato::engine
