// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/inpaint_mask.h"

#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/image_tensors.h"
#include "core/engine/pipeline/tiling.h"

#include <ATen/ops/_upsample_bicubic2d_aa.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace sfumato::engine {

namespace {

constexpr double kFullPaint = 0.998; // averaging 64 full pixels must not fall short of full by rounding

bool containsGrey(const ImageBuffer& mask)
{
    const auto* first = reinterpret_cast<const std::uint8_t*>(mask.bytes());
    return std::any_of(first, first + mask.sizeInBytes(), [](std::uint8_t value) { return value != 0 && value != 255; });
}

} // namespace

InpaintMask::InpaintMask(const ImageBuffer& mask, at::Device device) : m_hard(!containsGrey(mask))
{
    const at::Tensor pixels = toMaskTensor(mask);
    m_grey = pixels.to(device);
    m_pixels = pixels.ge(0.5).to(device, at::kFloat);
    if (m_hard)
        m_latent = m_pixels.slice(2, 0, std::nullopt, kLatentScale).slice(3, 0, std::nullopt, kLatentScale).contiguous();
    else
        m_latent = at::avg_pool2d(pixels, { kLatentScale, kLatentScale }, { kLatentScale, kLatentScale }).to(device);
}

at::Tensor InpaintMask::freeAt(int step, int stepCount) const
{
    if (m_hard) return m_latent;
    const double threshold = std::min(kFullPaint, 1.0 - static_cast<double>(step) / stepCount);
    return m_latent.ge(threshold).to(at::kFloat);
}

at::Tensor InpaintMask::asIn(Compatibility compatibility) const
{
    const std::array<std::int64_t, 2> size{ m_grey.size(2) / kLatentScale, m_grey.size(3) / kLatentScale };
    if (compatibility == Compatibility::ComfyUi) return at::upsample_bilinear2d(m_grey, size, /*align_corners=*/false);
    // Pillow's bicubic, which widens its reach when it shrinks.
    return at::_upsample_bicubic2d_aa(m_grey, size, /*align_corners=*/false).mul(255.0).round().clamp(0.0, 255.0).div(255.0).round();
}

at::Tensor InpaintMask::binary() const
{
    return m_hard ? m_latent : m_latent.ge(0.5).to(at::kFloat);
}

} // namespace sfumato::engine
