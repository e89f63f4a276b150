// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/autoencoder_kl.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <vector>

namespace sfumato::engine {

namespace {

constexpr double kLogVarianceMin = -30.0;
constexpr double kLogVarianceMax = 20.0;

std::optional<Conv2d> loadPointwise(const Weights& weights, std::string_view name, std::int64_t channels)
{
    return weights.hasScope(name) ? std::optional(loadConv2d(weights.scoped(name), channels, channels, { 1, 1, 0 })) : std::nullopt;
}

} // namespace

AutoencoderKl::AutoencoderKl(const Weights& weights)
    : m_dtype(weights.dtype()),
      m_device(weights.device()),
      m_encoder(loadAutoencoderEncoder(weights.scoped("encoder"))),
      m_decoder(loadAutoencoderDecoder(weights.scoped("decoder"))),
      m_latentChannels(weights.sizeOf("decoder.conv_in.weight", 1))
{
    m_quantConv = loadPointwise(weights, "quant_conv", 2 * m_latentChannels);
    m_postQuantConv = loadPointwise(weights, "post_quant_conv", m_latentChannels);
    m_scale = 1;
    for (const AutoencoderStage& stage : m_decoder.stages)
        m_scale *= stage.resampler ? 2 : 1;
}

AutoencoderKl::Moments AutoencoderKl::encode(const at::Tensor& pixels, const std::stop_token& stop) const
{
    at::Tensor moments = forward(m_encoder, pixels.to(m_device, m_dtype), stop); // [b, 8, h/8, w/8]
    if (m_quantConv)
        moments = forward(*m_quantConv, moments);
    const std::vector<at::Tensor> parts = moments.chunk(2, 1);
    return { parts[0].contiguous(), parts[1].clamp(kLogVarianceMin, kLogVarianceMax).contiguous() };
}

at::Tensor AutoencoderKl::decode(const at::Tensor& latents, const std::stop_token& stop) const
{
    at::Tensor x = latents.to(m_device, m_dtype);
    if (m_postQuantConv)
        x = forward(*m_postQuantConv, x);
    return forward(m_decoder, x, stop).contiguous();
}

void AutoencoderKl::to(at::ScalarType dtype)
{
    if (dtype == m_dtype)
        return;
    convert(m_encoder, dtype);
    convert(m_decoder, dtype);
    if (m_quantConv)
        convert(*m_quantConv, dtype);
    if (m_postQuantConv)
        convert(*m_postQuantConv, dtype);
    m_dtype = dtype;
}

// Of the published widths. Source: ComfyUI comfy/sd.py (VAE memory_used_decode, memory_used_encode).
Autoencoder::Peak AutoencoderKl::peak() const noexcept
{
    return { 2178.0 * 64.0, 1767.0 };
}

} // namespace sfumato::engine
