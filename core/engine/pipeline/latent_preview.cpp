// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/latent_preview.h"

#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/image_tensors.h"

#include <algorithm>
#include <array>

namespace sfumato::engine {

namespace {

// Rows: latent 0..3, bias; columns: red, green, blue. Source: ComfyUI comfy/latent_formats.py.
constexpr std::array<float, 15> kSdxlMap{ 0.3651F, 0.4232F, 0.4341F, -0.2533F, -0.0042F, 0.1068F, 0.1076F, 0.1111F, -0.0362F,
    -0.3165F, -0.2492F, -0.2188F, 0.1084F, -0.0175F, -0.0011F };
constexpr std::array<float, 15> kSd1Map{ 0.3512F, 0.2297F, 0.3227F, 0.3250F, 0.4974F, 0.2350F, -0.2829F, 0.1762F, 0.2721F,
    -0.2120F, -0.2616F, -0.7177F, 0.0F, 0.0F, 0.0F };

constexpr int kPatchPx = 32; // flat patches, large enough that neighbours hardly reach the centre
constexpr int kPatchesPerRow = 8;
constexpr double kRidge = 1e-3; // keeps the fit defined for autoencoders whose channels are nearly collinear

// A chart of 64 colours, 4 levels per channel, in −1..1: [1, 3, 256, 256].
at::Tensor colorChart()
{
    at::Tensor chart = at::empty({ 1, 3, kPatchPx * kPatchesPerRow, kPatchPx * kPatchesPerRow }, at::kFloat);
    for (int patch = 0; patch < 64; ++patch) {
        const int x = (patch % kPatchesPerRow) * kPatchPx, y = (patch / kPatchesPerRow) * kPatchPx;
        const std::array<int, 3> levels{ patch % 4, (patch / 4) % 4, patch / 16 };
        for (int channel = 0; channel < 3; ++channel)
            chart.select(0, 0).select(0, channel).narrow(0, y, kPatchPx).narrow(1, x, kPatchPx).fill_(levels[static_cast<std::size_t>(channel)] / 1.5 - 1.0);
    }
    return chart;
}

constexpr double kMemory = 0.5; // weight of everything learned before, against one new picture

// [1, 4, h, w] → [h·w, 5]: the latents and one.
at::Tensor inputsOf(const at::Tensor& latents)
{
    const at::Tensor cells = latents.to(at::kCPU, at::kFloat).select(0, 0).flatten(1).t();
    return at::cat({ cells, at::ones({ cells.size(0), 1 }, cells.options()) }, 1);
}

} // namespace

LatentPreview LatentPreview::forFamily(ModelFamily family)
{
    const auto& map = family == ModelFamily::Sd1 ? kSd1Map : kSdxlMap;
    LatentPreview preview;
    preview.m_map = at::empty({ 5, 3 }, at::kFloat);
    std::copy(map.begin(), map.end(), preview.m_map.data_ptr<float>());
    return preview;
}

LatentPreview LatentPreview::learning(const std::function<at::Tensor(const at::Tensor&)>& encode)
{
    LatentPreview preview;
    preview.m_gram = at::eye(5, at::kDouble) * kRidge;
    preview.m_moment = at::zeros({ 5, 3 }, at::kDouble);
    const at::Tensor chart = colorChart();
    preview.learn(encode(chart), chart);
    return preview;
}

void LatentPreview::learn(const at::Tensor& latents, const at::Tensor& pixels)
{
    if (!m_gram.defined()) return;
    const at::Tensor inputs = inputsOf(latents).to(at::kDouble);
    const at::Tensor colors = at::avg_pool2d(pixels.to(at::kCPU, at::kFloat), { 8, 8 }, { 8, 8 }).select(0, 0).flatten(1).t().to(at::kDouble); // [h·w, 3]
    const double share = 1.0 / static_cast<double>(inputs.size(0));                                                                            // every picture counts the same, whatever its size
    m_gram = m_gram * kMemory + at::matmul(inputs.t(), inputs) * share;
    m_moment = m_moment * kMemory + at::matmul(inputs.t(), colors) * share;
    m_map = at::linalg_solve(m_gram + at::eye(5, at::kDouble) * kRidge, m_moment).to(at::kFloat);
}

ImageBuffer LatentPreview::render(const at::Tensor& denoised) const
{
    return toRgb8(at::matmul(inputsOf(denoised), m_map).t().reshape({ 1, 3, denoised.size(2), denoised.size(3) }));
}

} // namespace sfumato::engine
