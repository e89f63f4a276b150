// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/adapters/adapter_math.h"

#include "core/engine/nn/ops.h"

#include <ATen/ops/einsum.h>
#include <ATen/ops/kron.h>
#include <ATen/ops/linalg_inv.h>
#include <ATen/ops/linalg_vector_norm.h>

#include <limits>

namespace sfumato::engine {

namespace {

using Role = AdapterRole;

const at::Tensor& part(const AdapterTensors& adapter, Role role) { return adapter.parts.at(role); }

bool has(const AdapterTensors& adapter, Role role) { return adapter.parts.contains(role); }

double factor(const AdapterTensors& adapter, std::int64_t rank)
{
    if (adapter.scale)
        return *adapter.scale;
    return adapter.alpha && rank > 0 ? *adapter.alpha / static_cast<double>(rank) : 1.0;
}

at::Tensor flat(const at::Tensor& tensor) { return tensor.flatten(1); }

// Σ core[i, j, …]·a[i, p]·b[j, q] → [p, q, …]: a Tucker decomposition with the factors' ranks first.
at::Tensor tucker(const at::Tensor& core, const at::Tensor& a, const at::Tensor& b)
{
    return at::einsum("ijkl,jr,ip->prkl", { core, flat(b), flat(a) });
}

at::Tensor withLora(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    const LowRankProduct product = lowRankProduct(adapter, strength);
    if (has(adapter, Role::Mid))
        return weight.add_(tucker(part(adapter, Role::Mid), product.left.t(), product.right).reshape(weight.sizes()), product.amount);
    weight.view({ weight.size(0), -1 }).addmm_(product.left, product.right, 1.0, product.amount);
    return weight;
}

at::Tensor withLoha(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    const at::Tensor &a1 = part(adapter, Role::HadaW1A), &b1 = part(adapter, Role::HadaW1B), &a2 = part(adapter, Role::HadaW2A), &b2 = part(adapter, Role::HadaW2B);
    const at::Tensor change = has(adapter, Role::HadaT1) ? tucker(part(adapter, Role::HadaT1), a1, b1).mul_(tucker(part(adapter, Role::HadaT2), a2, b2))
                                                         : at::matmul(a1, flat(b1)).mul_(at::matmul(a2, flat(b2)));
    return weight.add_(change.reshape(weight.sizes()), strength * factor(adapter, b1.size(0)));
}

at::Tensor withLokr(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    double amount = strength; // both factors whole: alpha has no meaning
    at::Tensor left, right;
    if (has(adapter, Role::LokrW1)) {
        left = part(adapter, Role::LokrW1);
    } else {
        left = at::matmul(part(adapter, Role::LokrW1A), part(adapter, Role::LokrW1B));
        amount = strength * factor(adapter, part(adapter, Role::LokrW1B).size(0));
    }
    if (has(adapter, Role::LokrW2)) {
        right = part(adapter, Role::LokrW2);
    } else {
        const at::Tensor &a = part(adapter, Role::LokrW2A), &b = part(adapter, Role::LokrW2B);
        right = has(adapter, Role::LokrT2) ? tucker(part(adapter, Role::LokrT2), a, b) : at::matmul(a, flat(b));
        amount = strength * factor(adapter, b.size(0));
    }
    // A convolution keeps its sides on the right factor.
    if (weight.dim() == 4 && right.dim() == 2) right = right.reshape({ right.size(0), weight.size(1) / left.size(1), weight.size(2), weight.size(3) });
    while (left.dim() < right.dim())
        left = left.unsqueeze(-1);
    return weight.add_(at::kron(left, right.contiguous()).reshape(weight.sizes()), amount);
}

// W·a·b for weights of any dimension: a and b act on the input channels.
at::Tensor throughInputs(const at::Tensor& weight, const at::Tensor& a, const at::Tensor& b)
{
    if (weight.dim() == 2)
        return at::matmul(at::matmul(weight, a), b);
    return at::einsum("ojkl,jp->opkl", { at::einsum("oikl,ij->ojkl", { weight, a }), b });
}

at::Tensor withGlora(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    const at::Tensor a1 = flat(part(adapter, Role::GloraA1)), a2 = flat(part(adapter, Role::GloraA2));
    const at::Tensor &b1 = part(adapter, Role::GloraB1), &b2 = part(adapter, Role::GloraB2);
    const bool isOld = !(a1.size(0) == weight.size(1) && b1.size(0) == weight.size(0)); // the first files multiplied in the other order
    const double amount = strength * factor(adapter, isOld ? a1.size(0) : a2.size(0));
    at::Tensor change = isOld ? throughInputs(weight, a2, a1) : throughInputs(weight, a1, a2);
    if (has(adapter, Role::GloraBm))
        change.add_(tucker(part(adapter, Role::GloraBm), flat(b1).t(), flat(b2)));
    else
        change.add_((isOld ? at::matmul(flat(b2), flat(b1)) : at::matmul(flat(b1), flat(b2))).reshape(weight.sizes()));
    return weight.add_(change, amount);
}

at::Tensor withIa3(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    const at::Tensor scale = part(adapter, Role::Ia3Weight).flatten().mul(strength).add_(1.0);
    const bool isOnInput = part(adapter, Role::OnInput).item<float>() != 0.0F;
    std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.dim()), 1);
    shape[isOnInput && weight.dim() > 1 ? 1 : 0] = scale.numel();
    return weight.mul_(scale.reshape(shape));
}

// The rotations of OFT and BOFT by Cayley's transform; `alpha` times the outputs bounds the norm of Q.
at::Tensor rotations(const AdapterTensors& adapter, std::int64_t outputs, const at::Tensor& identity)
{
    const at::Tensor& blocks = part(adapter, Role::OftBlocks);
    at::Tensor q = blocks - blocks.transpose(-1, -2);
    const double bound = adapter.alpha.value_or(0.0) * static_cast<double>(outputs);
    if (bound > 0) {
        const double norm = at::linalg_vector_norm(q).item<double>() + 1e-8;
        if (norm > bound)
            q = q * (bound / norm);
    }
    return at::matmul(identity + q, at::linalg_inv(identity - q));
}

// Whole at every strength, as LyCORIS does.
at::Tensor rescaled(at::Tensor weight, const AdapterTensors& adapter)
{
    if (!has(adapter, Role::Rescale))
        return weight;
    std::vector<std::int64_t> shape(static_cast<std::size_t>(weight.dim()), 1);
    shape[0] = weight.size(0);
    return weight.mul_(part(adapter, Role::Rescale).reshape(shape));
}

at::Tensor withOft(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    const std::int64_t count = part(adapter, Role::OftBlocks).size(0), width = part(adapter, Role::OftBlocks).size(1);
    const at::Tensor identity = at::eye(width, weight.options());
    const at::Tensor turned = rotations(adapter, weight.size(0), identity).sub_(identity).mul_(strength).add_(identity);     // [n, b, b]
    return rescaled(at::matmul(turned.transpose(1, 2), weight.view({ count, width, -1 })).reshape(weight.sizes()), adapter); // Σₙ R[k, n, m]·W[k, n, …]
}

at::Tensor withBoft(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    const at::Tensor& blocks = part(adapter, Role::OftBlocks); // [m, n, b, b]
    const std::int64_t width = blocks.size(2);
    const at::Tensor identity = at::eye(width, weight.options());
    const at::Tensor stages = rotations(adapter, weight.size(0), identity).sub_(identity).mul_(strength).add_(identity);
    const std::vector<std::int64_t> shape = weight.sizes().vec();
    at::Tensor rows = weight.view({ weight.size(0), -1 });
    for (std::int64_t stage = 0; stage < blocks.size(0); ++stage) {
        // Stage s pairs outputs that are 2^s · b/2 apart, as a fast Fourier transform does.
        const std::int64_t distance = (std::int64_t{ 1 } << stage) * (width / 2), columns = rows.size(1);
        rows = rows.view({ -1, 2, distance, columns }).transpose(1, 2).reshape({ -1, width, columns });
        rows = at::matmul(stages.select(0, stage), rows);
        rows = rows.view({ -1, distance, 2, columns }).transpose(1, 2).reshape({ -1, columns });
    }
    return rescaled(rows.reshape(shape), adapter);
}

// ‖V‖ per output or per input channel, in a shape that multiplies V.
at::Tensor channelNorm(const at::Tensor& weight, std::int64_t axis)
{
    std::vector<std::int64_t> others;
    for (std::int64_t dimension = 0; dimension < weight.dim(); ++dimension) {
        if (dimension != axis)
            others.push_back(dimension);
    }
    return at::linalg_vector_norm(weight, 2, others, /*keepdim=*/true).add_(std::numeric_limits<float>::epsilon());
}

at::Tensor withMagnitude(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    const bool isPeft = has(adapter, Role::Magnitude);
    const at::Tensor& magnitude = part(adapter, isPeft ? Role::Magnitude : Role::DoraScale);
    const bool isPerInput = !isPeft && magnitude.dim() > 1 && magnitude.size(0) == 1;
    const at::Tensor norm = channelNorm(weight, isPerInput ? 1 : 0);
    at::Tensor scale = magnitude.reshape(norm.sizes()) / norm;
    if (!isPeft)
        scale = scale.sub_(1.0).mul_(strength).add_(1.0);
    return weight.mul_(scale);
}

} // namespace

LowRankProduct lowRankProduct(const AdapterTensors& adapter, double strength)
{
    const at::Tensor& down = part(adapter, Role::Down);
    return { flat(part(adapter, Role::Up)), flat(down), strength * factor(adapter, down.size(0)) };
}

at::Tensor adaptedWeight(at::Tensor weight, const AdapterTensors& adapter, double strength)
{
    switch (adapter.kind) {
    case AdapterKind::None: return weight;
    case AdapterKind::Lora: weight = withLora(std::move(weight), adapter, strength); break;
    case AdapterKind::Loha: weight = withLoha(std::move(weight), adapter, strength); break;
    case AdapterKind::Lokr: weight = withLokr(std::move(weight), adapter, strength); break;
    case AdapterKind::Glora: weight = withGlora(std::move(weight), adapter, strength); break;
    case AdapterKind::Ia3: return withIa3(std::move(weight), adapter, strength);
    case AdapterKind::Oft: return withOft(std::move(weight), adapter, strength);
    case AdapterKind::Boft: return withBoft(std::move(weight), adapter, strength);
    case AdapterKind::Difference: return weight.add_(part(adapter, Role::Diff).reshape(weight.sizes()), strength);
    case AdapterKind::Replacement: return part(adapter, Role::SetWeight).reshape(weight.sizes()).clone();
    }
    return has(adapter, Role::DoraScale) || has(adapter, Role::Magnitude) ? withMagnitude(std::move(weight), adapter, strength) : weight;
}

at::Tensor adaptedBias(at::Tensor bias, const AdapterTensors& adapter, double strength)
{
    return has(adapter, Role::DiffBias) ? bias.add_(part(adapter, Role::DiffBias).reshape(bias.sizes()), strength) : bias;
}

} // namespace sfumato::engine
