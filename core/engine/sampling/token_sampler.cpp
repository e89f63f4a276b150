// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/token_sampler.h"

#include "core/engine/nn/ops.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/le.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/multinomial.h>
#include <ATen/ops/sort.h>
#include <ATen/ops/topk.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace sfumato::engine {

namespace {

constexpr double kLeftOut = -std::numeric_limits<double>::infinity();

at::Tensor withTopK(const at::Tensor& logits, std::int64_t count)
{
    const at::Tensor kept = std::get<0>(at::topk(logits, std::min(count, logits.size(0))));
    return logits.masked_fill(at::lt(logits, kept.narrow(0, kept.size(0) - 1, 1)), kLeftOut);
}

at::Tensor withTopP(const at::Tensor& logits, double probability)
{
    const auto [sorted, places] = at::sort(logits, 0, false);
    at::Tensor isLeftOut = at::le(at::cumsum(at::softmax(sorted, 0), 0), 1.0 - probability);
    isLeftOut.narrow(0, isLeftOut.size(0) - 1, 1).zero_(); // the most likely one stays
    return logits.masked_fill(at::zeros_like(isLeftOut).scatter_(0, places, isLeftOut), kLeftOut);
}

} // namespace

at::Tensor filteredLogits(const at::Tensor& logits, const TokenSamplingRules& rules)
{
    at::Tensor left = rules.temperature == 1.0 ? logits : logits / rules.temperature;
    if (rules.topK > 0) left = withTopK(left, rules.topK);
    if (rules.topP < 1.0) left = withTopP(left, rules.topP);
    return left;
}

TokenSampler::TokenSampler(std::uint64_t seed, const TokenSamplingRules& rules) : m_rules(rules), m_generator(at::detail::createCPUGenerator(seed)) { }

std::int64_t TokenSampler::draw(const at::Tensor& logits)
{
    return at::multinomial(at::softmax(filteredLogits(logits, m_rules), 0), 1, false, m_generator).item<std::int64_t>();
}

} // namespace sfumato::engine
