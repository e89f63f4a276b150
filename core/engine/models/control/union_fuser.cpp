// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/control/union_fuser.h"

#include "core/engine/models/timestep_embedding.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

namespace sfumato::engine {

namespace {

constexpr double kQuickGelu = 1.702;

// The last third of the rows of a fused in_proj; queries and keys have no effect.
Linear loadValue(const Weights& attention, std::int64_t channels)
{
    const auto lastThird = [channels](const std::vector<at::Tensor>& parts) { return std::vector{ parts.front().narrow(0, 2 * channels, channels).contiguous() }; };
    Linear value;
    value.inputWidth = value.outputWidth = channels;
    value.weight = attention.bind({ { "in_proj_weight", { 3 * channels, channels } } }, 1, lastThird).front();
    value.bias = attention.bind({ { "in_proj_bias", { 3 * channels } } }, 1, lastThird).front();
    return value;
}

UnionFuser::Layer loadLayer(const Weights& weights, std::int64_t channels)
{
    UnionFuser::Layer layer;
    layer.norm1 = loadLayerNorm(weights.scoped("ln_1"), channels);
    layer.value = loadValue(weights.scoped("attn"), channels);
    layer.out = loadLinear(weights.scoped("attn.out_proj"), channels, channels);
    layer.norm2 = loadLayerNorm(weights.scoped("ln_2"), channels);
    layer.feedForward1 = loadLinear(weights.scoped("mlp.c_fc"), channels, 4 * channels);
    layer.feedForward2 = loadLinear(weights.scoped("mlp.c_proj"), 4 * channels, channels);
    return layer;
}

at::Tensor forward(const UnionFuser::Layer& layer, const at::Tensor& token)
{
    const at::Tensor mixed = forwardAdd(layer.out, forward(layer.value, forward(layer.norm1, token)), token);
    const at::Tensor hidden = forward(layer.feedForward1, forward(layer.norm2, mixed));
    return forwardAdd(layer.feedForward2, hidden * at::sigmoid(hidden * kQuickGelu), mixed);
}

} // namespace

UnionFuser loadUnionFuser(const Weights& weights, std::int64_t modelChannels, std::int64_t timeWidth)
{
    UnionFuser fuser;
    const std::int64_t tasks = weights.sizeOf("task_embedding", 0);
    fuser.taskEmbedding = weights.take("task_embedding", { tasks, modelChannels });
    for (std::int64_t i = 0; i < weights.count("transformer_layes"); ++i)
        fuser.layers.push_back(loadLayer(weights.scoped("transformer_layes", static_cast<std::size_t>(i)), modelChannels));
    fuser.projection = loadLinear(weights.scoped("spatial_ch_projs"), modelChannels, modelChannels);
    const std::int64_t typeWidth = weights.sizeOf("control_add_embedding.linear_1.weight", 1);
    fuser.typeEmbedding1 = loadLinear(weights.scoped("control_add_embedding.linear_1"), typeWidth, timeWidth);
    fuser.typeEmbedding2 = loadLinear(weights.scoped("control_add_embedding.linear_2"), timeWidth, timeWidth);
    fuser.sinusoidWidth = tasks > 0 ? typeWidth / tasks : 0;
    return fuser;
}

at::Tensor fusedHints(const UnionFuser& fuser, std::span<const UnionPicture> pictures)
{
    at::Tensor sum;
    for (const UnionPicture& picture : pictures) {
        if (picture.scale == 0) continue;
        at::Tensor token = (at::mean(picture.hint, at::IntArrayRef({ 2, 3 })) + fuser.taskEmbedding.select(0, picture.task).unsqueeze(0)) * picture.scale; // [1, c]
        for (const UnionFuser::Layer& layer : fuser.layers)
            token = forward(layer, token);
        const at::Tensor offset = forward(fuser.projection, token).unsqueeze(-1).unsqueeze(-1); // [1, c, 1, 1]
        const at::Tensor part = (picture.hint + offset) * picture.scale;
        sum = sum.defined() ? sum + part : part;
    }
    return sum;
}

at::Tensor typeEmbedding(const UnionFuser& fuser, std::span<const UnionPicture> pictures)
{
    const at::Tensor& like = fuser.taskEmbedding;
    at::Tensor types = at::zeros({ fuser.taskCount() }, like.options().dtype(at::kFloat));
    for (const UnionPicture& picture : pictures)
        types.select(0, picture.task).fill_(1.0);
    const at::Tensor sinusoid = sinusoidalEmbedding(types, fuser.sinusoidWidth).flatten().unsqueeze(0).to(like.scalar_type()); // [1, tasks · width]
    return forward(fuser.typeEmbedding2, at::silu(forward(fuser.typeEmbedding1, sinusoid)));
}

} // namespace sfumato::engine
