// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/vision/safety_checker.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace sfumato::engine {

namespace {

constexpr float kAdjustment = 0.01F;    // once a special concept was seen
constexpr float kRounding = 1000.0F;    // three decimals, halves to even as numpy rounds
constexpr double kSmallestNorm = 1e-12; // torch.nn.functional.normalize

at::Tensor normalised(const at::Tensor& rows)
{
    return rows / at::sqrt((rows * rows).sum(-1, true)).clamp_min(kSmallestNorm);
}

// One embedding with each of the concepts: [count].
at::Tensor cosines(const at::Tensor& embedding, const at::Tensor& concepts)
{
    return at::matmul(normalised(concepts), normalised(embedding));
}

float rounded(float score) { return std::nearbyint(score * kRounding) / kRounding; }

std::pair<at::Tensor, at::Tensor> takeConcepts(const Weights& weights, const std::string& name, std::int64_t projection)
{
    const std::int64_t count = weights.sizeOf(name, 0);
    const auto plain = [](const at::Tensor& tensor) { return tensor.defined() ? tensor.to(at::kCPU, at::kFloat).contiguous() : tensor; };
    return { plain(weights.take(name, { count, projection })), plain(weights.take(name + "_weights", { count })) };
}

} // namespace

bool SafetyScores::isFlagged() const
{
    return std::ranges::any_of(ordinary, [](float score) { return score > 0; });
}

SafetyScores safetyScores(const at::Tensor& embedding, const SafetyConcepts& concepts)
{
    const at::Tensor plain = embedding.to(at::kCPU, at::kFloat).flatten();
    SafetyScores scores;
    float adjustment = 0;
    const auto score = [&](const at::Tensor& with, const at::Tensor& thresholds, std::vector<float>& out, bool isSpecial) {
        const at::Tensor cosine = cosines(plain, with).contiguous();
        const at::Tensor limit = thresholds.contiguous();
        for (std::int64_t i = 0; i < cosine.numel(); ++i) {
            out.push_back(rounded(cosine.const_data_ptr<float>()[i] - limit.const_data_ptr<float>()[i] + adjustment));
            if (isSpecial && out.back() > 0) adjustment = kAdjustment;
        }
    };
    score(concepts.special, concepts.specialThresholds, scores.special, true);
    score(concepts.ordinary, concepts.ordinaryThresholds, scores.ordinary, false);
    return scores;
}

SafetyChecker::SafetyChecker(const Weights& weights, ClipActivation activation, std::int64_t heads) : m_encoder(weights, activation, heads)
{
    const std::int64_t projection = m_encoder.config().projection;
    std::tie(m_concepts.ordinary, m_concepts.ordinaryThresholds) = takeConcepts(weights, "concept_embeds", projection);
    std::tie(m_concepts.special, m_concepts.specialThresholds) = takeConcepts(weights, "special_care_embeds", projection);
}

SafetyScores SafetyChecker::check(const at::Tensor& pixels, const std::stop_token& stop) const
{
    return safetyScores(m_encoder.embed(pixels, stop), m_concepts);
}

} // namespace sfumato::engine
