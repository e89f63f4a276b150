// TokenSampler: draws the next token of a text from logits.
// Thread: engine, in inference mode. Owner: one text's run.
//
// The order is that of transformers' generate with do_sample: temperature, then top-k, then top-p, then one draw of torch.multinomial from libtorch's CPU
// generator, so that the same seed draws what torch.manual_seed draws there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sfumato::engine {

struct TokenSamplingRules {
    double temperature = 1.0; // > 0; logits are divided by it
    int topK = 100;           // only the most likely tokens are drawn from; 0: all
    double topP = 1.0;        // (0, 1]: only the most likely ones that together have this probability; at least one
};

class TokenSampler {
public:
    TokenSampler(std::uint64_t seed, const TokenSamplingRules& rules);

    //   in   logits [vocabulary], float32, on the CPU; −infinity is never drawn
    [[nodiscard]] std::int64_t draw(const at::Tensor& logits);

private:
    TokenSamplingRules m_rules;
    at::Generator m_generator;
};

// The logits with everything that the rules leave out at −infinity: [vocabulary].
[[nodiscard]] at::Tensor filteredLogits(const at::Tensor& logits, const TokenSamplingRules& rules);

} // namespace sfumato::engine
