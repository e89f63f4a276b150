// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/step_previews.h"

#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/image_tensors.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kLargestSide = 512; // pixels of a preview; larger ones are halved until they fit, since they are drawn over and over

} // namespace

StepPreviews::StepPreviews(VaeCoder& vae, std::shared_ptr<const Autoencoder> decoder, std::stop_token stop) : m_vae(vae), m_decoder(vae.hasFamilyLatents() ? std::move(decoder) : nullptr), m_stop(std::move(stop)) { }

std::optional<ImageBuffer> StepPreviews::render(const at::Tensor& denoised, double stepSeconds)
{
    if (!m_decoder) return m_vae.preview(m_stop).render(denoised);
    m_samplingSeconds += stepSeconds;
    if (m_previewSeconds + m_lastCost > kShareOfTime * m_samplingSeconds && m_previewSeconds > 0) return std::nullopt;
    const auto start = std::chrono::steady_clock::now();
    ImageBuffer picture = decode(denoised); // ends with a copy to the processor, so that all of its work is counted
    m_lastCost = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    m_previewSeconds += m_lastCost;
    return picture;
}

ImageBuffer StepPreviews::decode(const at::Tensor& denoised) const
{
    at::Tensor pixels = m_decoder->decode(denoised, m_stop);
    while (std::max(pixels.size(2), pixels.size(3)) > kLargestSide) pixels = at::avg_pool2d(pixels, { 2, 2 }, { 2, 2 });
    return toRgb8(pixels.to(at::kCPU, at::kFloat));
}

} // namespace sfumato::engine
