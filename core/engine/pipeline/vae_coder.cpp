// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/vae_coder.h"

#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/finite.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/tiling.h"
#include "core/engine/runtime/memory.h"

namespace sfumato::engine {

namespace {

constexpr double kUsableShare = 0.7; // of free memory; the rest is other programs' and the allocator's

template <typename Pass>
at::Tensor tiledWhenShort(const at::Tensor& input, const TileGeometry& tiles, double valuesPerCell, std::uint64_t budget, const Pass& pass, const std::stop_token& stop)
{
    const double needed = valuesPerCell * static_cast<double>(input.size(2) * input.size(3)) * static_cast<double>(input.element_size());
    const double usable = budget ? static_cast<double>(budget) : kUsableShare * static_cast<double>(freeMemory(input.device()));
    const bool fitsOneTile = input.size(2) <= tiles.inputTile && input.size(3) <= tiles.inputTile;
    if (fitsOneTile) return pass(input);
    if (needed <= usable) {
        try {
            return pass(input);
        } catch (const std::exception& error) {
            if (!isOutOfMemory(error)) throw;
        }
        releaseCachedMemory(input.device()); // outside the handler, so that the failed pass's tensors are gone
    }
    return evaluateTiled(input, tiles, pass, stop);
}

} // namespace

VaeCoder::VaeCoder(std::unique_ptr<Autoencoder> vae, VaeCoderSettings settings) : m_vae(std::move(vae)), m_settings(settings) { }

template <typename Pass>
at::Tensor VaeCoder::finite(const Pass& pass, const char* what)
{
    at::Tensor values = pass().to(at::kFloat);
    if (isFinite(values)) return values;
    if (m_vae->dtype() != at::kFloat) {
        m_vae->to(at::kFloat);
        m_upcast = true;
        values = pass().to(at::kFloat);
        if (isFinite(values)) return values;
    }
    throw EngineException(ErrorCode::Internal, std::string("The ") + what + " gave values that are not numbers even in float32; the model file is damaged or its weights are out of range.", what);
}

at::Tensor VaeCoder::encode(const at::Tensor& pixels, const std::stop_token& stop)
{
    const auto pass = [&] {
        const at::Tensor input = pixels.to(m_vae->device(), m_vae->dtype());
        return tiledWhenShort(
            input, encodeTiles(), m_vae->peak().perPixel, m_settings.memoryBudgetInBytes,
            [&](const at::Tensor& tile) { return m_vae->encodeMean(tile, stop); }, stop);
    };
    return finite(pass, "VAE encoder").mul_(m_settings.scalingFactor);
}

at::Tensor VaeCoder::decode(const at::Tensor& latents, const std::stop_token& stop)
{
    const auto pass = [&] {
        const at::Tensor input = (latents.to(m_vae->device(), at::kFloat) / m_settings.scalingFactor).to(m_vae->dtype());
        return tiledWhenShort(
            input, decodeTiles(), m_vae->peak().perLatent, m_settings.memoryBudgetInBytes,
            [&](const at::Tensor& tile) { return m_vae->decode(tile, stop); }, stop);
    };
    return finite(pass, "VAE decoder");
}

LatentPreview& VaeCoder::preview(const std::stop_token& stop)
{
    if (!m_preview)
        m_preview = m_settings.published ? LatentPreview::forFamily(*m_settings.published) : LatentPreview::learning([&](const at::Tensor& pixels) { return encode(pixels, stop); });
    return *m_preview;
}

} // namespace sfumato::engine
