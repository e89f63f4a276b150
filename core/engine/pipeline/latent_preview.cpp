// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/latent_preview.h"

#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/image_tensors.h"

#include <array>
#include <vector>

namespace sfumato::engine {

namespace {

// Rows: latent 0..3, bias; columns: red, green, blue. Source: ComfyUI comfy/latent_formats.py.
constexpr std::array<float, 15> kSdxlMap{0.3651F, 0.4232F, 0.4341F, -0.2533F, -0.0042F, 0.1068F, 0.1076F, 0.1111F, -0.0362F,
                                         -0.3165F, -0.2492F, -0.2188F, 0.1084F, -0.0175F, -0.0011F};
constexpr std::array<float, 15> kSd1Map{0.3512F, 0.2297F, 0.3227F, 0.3250F, 0.4974F, 0.2350F, -0.2829F, 0.1762F, 0.2721F,
                                        -0.2120F, -0.2616F, -0.7177F, 0.0F, 0.0F, 0.0F};

constexpr int kPatchPx = 32;        // flat patches, large enough that neighbours hardly reach the centre
constexpr int kPatchesPerRow = 8;
constexpr double kRidge = 1e-3;     // keeps the fit defined for autoencoders whose channels are nearly collinear

// A chart of 64 colours, 4 levels per channel, in −1..1: [1, 3, 256, 256].
at::Tensor colorChart()
{
    at::Tensor chart = at::empty({1, 3, kPatchPx * kPatchesPerRow, kPatchPx * kPatchesPerRow}, at::kFloat);
    for (int patch = 0; patch < 64; ++patch) {
        const int x = (patch % kPatchesPerRow) * kPatchPx, y = (patch / kPatchesPerRow) * kPatchPx;
        const std::array<int, 3> levels{patch % 4, (patch / 4) % 4, patch / 16};
        for (int channel = 0; channel < 3; ++channel)
            chart.select(0, 0).select(0, channel).narrow(0, y, kPatchPx).narrow(1, x, kPatchPx).fill_(levels[static_cast<std::size_t>(channel)] / 1.5 - 1.0);
    }
    return chart;
}

constexpr std::int64_t kLatents = 4, kProducts = 10;

// [count, 4] → [count, 15]: the latents, the products of two of them, and one.
at::Tensor features(const at::Tensor& latents)
{
    std::vector<at::Tensor> columns{latents};
    for (std::int64_t first = 0; first < kLatents; ++first)
        columns.push_back(latents.narrow(1, first, kLatents - first) * latents.narrow(1, first, 1));
    columns.push_back(at::ones({latents.size(0), 1}, latents.options()));
    return at::cat(columns, 1);
}

} // namespace

LatentPreview LatentPreview::forFamily(ModelFamily family)
{
    const auto& map = family == ModelFamily::Sd1 ? kSd1Map : kSdxlMap;
    at::Tensor rows = at::empty({kLatents + 1, 3}, at::kFloat);
    std::copy(map.begin(), map.end(), rows.data_ptr<float>());
    return LatentPreview(at::cat({rows.narrow(0, 0, kLatents), at::zeros({kProducts, 3}, at::kFloat), rows.narrow(0, kLatents, 1)}));
}

LatentPreview LatentPreview::fitted(const std::function<at::Tensor(const at::Tensor&)>& encode)
{
    const at::Tensor chart = colorChart();
    const at::Tensor latents = encode(chart).to(at::kCPU, at::kFloat); // [1, 4, 32, 32]
    const at::Tensor cells = at::avg_pool2d(latents, {2, 2}, {2, 2}).squeeze(0).flatten(1).t();  // [256, 4]
    const at::Tensor colors = at::avg_pool2d(chart, {16, 16}, {16, 16}).squeeze(0).flatten(1).t(); // [256, 3]
    const at::Tensor inputs = features(cells).to(at::kDouble);
    const at::Tensor normal = at::matmul(inputs.t(), inputs) + at::eye(inputs.size(1), inputs.options()) * kRidge;
    return LatentPreview(at::linalg_solve(normal, at::matmul(inputs.t(), colors.to(at::kDouble))).to(at::kFloat).contiguous());
}

ImageBuffer LatentPreview::render(const at::Tensor& denoised) const
{
    const at::Tensor latents = denoised.to(at::kCPU, at::kFloat).select(0, 0); // [4, h, w]
    const at::Tensor colors = at::matmul(features(latents.flatten(1).t()), m_map); // [h·w, 3]
    return toRgb8(colors.t().reshape({1, 3, latents.size(1), latents.size(2)}));
}

} // namespace sfumato::engine
