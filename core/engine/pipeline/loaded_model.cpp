// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/loaded_model.h"

#include "core/engine/models/autoencoder_kl.h"
#include "core/engine/models/autoencoder_tiny.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sfumato::engine {

namespace {

constexpr double kSdxlScalingFactor = 0.13025, kSd1ScalingFactor = 0.18215;
constexpr std::int64_t kPublishedVaeWidth = 512; // channels of the deepest level of the families' autoencoder

std::uint64_t componentBytes(const ModelFiles& files, Component component)
{
    std::uint64_t bytes = 0;
    for (const MappedTensor& tensor : files.tensors(component)) {
        const std::uint64_t rows = tensor.entry->shape.empty() ? 1 : static_cast<std::uint64_t>(tensor.entry->shape.front());
        bytes += (tensor.entry->end - tensor.entry->begin) * (tensor.rowCount ? static_cast<std::uint64_t>(tensor.rowCount) : rows) / std::max<std::uint64_t>(rows, 1);
    }
    return bytes;
}

// Binds one component after the other and turns their byte counts into one fraction.
class ComponentLoader {
public:
    ComponentLoader(const ModelFiles& files, const LoadModelOptions& options, LoraStack& loras) : m_files(files), m_options(options), m_loras(loras)
    {
        for (const Component component : kComponents)
            if (options.withVae || component != Component::Vae) m_total += componentBytes(files, component);
    }

    // Makes a network from a component's weights in `dtype` and checks that every tensor was used.
    template <typename Make>
    [[nodiscard]] auto load(Component component, at::ScalarType dtype, const Make& make)
    {
        const auto report = [this](std::uint64_t bytes) {
            if (m_options.progress && m_total) m_options.progress(static_cast<double>(m_done + bytes) / static_cast<double>(m_total));
        };
        const bool isAdaptable = component != Component::Vae;
        const Weights weights(m_files.tensors(component), m_files.fileName(component), { dtype, m_options.device, report, m_options.stop, isAdaptable });
        auto network = make(weights);
        weights.finish();
        if (isAdaptable) m_loras.setWeights(component, weights.adaptable());
        m_done += componentBytes(m_files, component);
        return network;
    }

private:
    const ModelFiles& m_files;
    const LoadModelOptions& m_options;
    LoraStack& m_loras;
    std::uint64_t m_total = 0, m_done = 0;
};

void requireRunnable(const ModelFiles& files)
{
    if (const auto complete = files.checkComplete(); !complete) throw EngineException(complete.error());
    const ModelFamily family = files.info().family;
    if (family == ModelFamily::Sdxl || family == ModelFamily::SdxlRefiner || family == ModelFamily::Sd1) return;
    const char* what = family == ModelFamily::Sd2 ? "a Stable Diffusion 2 model" : "of an unknown family";
    throw EngineException(ErrorCode::UnsupportedModel, files.fileName(Component::Unet) + " is " + what + "; this version runs SDXL, SDXL refiner and SD 1.5 models.", files.fileName(Component::Unet));
}

bool hasPublishedVae(const ModelFiles& files)
{
    const auto& tensors = files.tensors(Component::Vae);
    const auto found = std::ranges::find(tensors, "decoder.conv_in.weight", &MappedTensor::name);
    const bool knownScale = std::abs(files.hints().vaeScalingFactor - kSdxlScalingFactor) < 1e-9 || std::abs(files.hints().vaeScalingFactor - kSd1ScalingFactor) < 1e-9;
    return knownScale && found != tensors.end() && !found->shape.empty() && found->shape.front() == kPublishedVaeWidth;
}

} // namespace

LoadedModel::LoadedModel(const ModelFiles& files, const ClipTokenizer& tokenizer, const LoadModelOptions& options)
    : m_info(files.info()), m_hints(files.hints()), m_device(options.device), m_dtype(options.dtype), m_loras(files)
{
    requireRunnable(files);
    ComponentLoader loader(files, options, m_loras);
    const auto loadText = [&](Component component, std::size_t index) {
        const ClipActivation activation = clipActivationFromName(m_hints.textActivation[index]);
        return loader.load(component, m_dtype, [&](const Weights& weights) { return std::make_unique<ClipTextEncoder>(weights, activation); });
    };
    if (files.has(Component::TextEncoder)) m_textEncoder = loadText(Component::TextEncoder, 0);
    if (files.has(Component::TextEncoder2)) m_textEncoder2 = loadText(Component::TextEncoder2, 1);
    m_unet = loader.load(Component::Unet, m_dtype, [&](const Weights& weights) { return std::make_unique<Unet2dConditionModel>(weights, detectUnet(weights, m_hints)); });
    if (options.withVae) {
        // The stock autoencoder overflows float16 (checkpoints of the SDXL family: force_upcast), so it runs in float32 there.
        const at::ScalarType vaeType = m_dtype == at::kHalf ? at::kFloat : m_dtype;
        auto vae = loader.load(Component::Vae, vaeType, [&](const Weights& weights) -> std::unique_ptr<Autoencoder> {
            if (m_hints.isTinyVae) return std::make_unique<AutoencoderTiny>(weights);
            return std::make_unique<AutoencoderKl>(weights);
        });
        const auto published = m_hints.isTinyVae || hasPublishedVae(files) ? std::optional(m_info.family) : std::nullopt;
        m_vae = std::make_shared<VaeCoder>(std::move(vae), VaeCoderSettings{ m_hints.vaeScalingFactor, options.memoryBudgetInBytes, published });
    }
    const PromptEncoderSettings settings{ m_hints.forceZerosForEmptyPrompt && m_info.family == ModelFamily::Sdxl, m_info.family == ModelFamily::Sd1, m_device };
    m_prompts = std::make_unique<PromptEncoder>(tokenizer, m_textEncoder.get(), m_textEncoder2.get(), settings);
}

std::vector<LoraReport> LoadedModel::applyLoras(std::span<const LoraReference> loras, std::function<void(double fraction)> progress, const std::stop_token& stop)
{
    return m_loras.apply(loras, { std::move(progress), [this] { m_prompts->forget(); } }, stop);
}

} // namespace sfumato::engine
