// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/stable_diffusion_pipeline.h"

#include "core/engine/api/scheduler_names.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/added_condition.h"
#include "core/engine/pipeline/image_tensors.h"

#include <chrono>

namespace sfumato::engine {

namespace {

constexpr int kLatentScale = 8;
constexpr int kLatentChannels = 4;
constexpr int kInpaintChannels = 9;

class Stopwatch {
public:
    [[nodiscard]] double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count(); }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

std::unique_ptr<Scheduler> makeScheduler(const GenerationRequest& request, const LoadedModel& model)
{
    const auto name = findScheduler(request.sampling.scheduler);
    if (!name) throw EngineException(ErrorCode::InvalidRequest, "There is no scheduler called \"" + request.sampling.scheduler + "\".", "scheduler");
    auto scheduler = createScheduler(*name, { model.info().prediction, model.info().zeroTerminalSnr });
    const double strength = request.mode == GenerationMode::TextToImage ? 1.0 : request.sampling.strength;
    if (const auto ready = scheduler->setTimesteps(request.sampling.steps, strength); !ready) throw EngineException(ready.error());
    return scheduler;
}

} // namespace

StableDiffusionPipeline::StableDiffusionPipeline(LoadedModel& model, const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop)
    : m_model(model), m_request(request), m_observer(observer), m_stop(std::move(stop)), m_guidance(request.sampling.guidanceScale),
      m_scheduler(makeScheduler(request, model))
{
}

GenerationResult StableDiffusionPipeline::run()
{
    GenerationResult result;
    const Stopwatch encoding;
    m_observer.onStage(Stage::Encoding, 0);
    const Conditioning conditioning = encodePrompts();
    const Source source = encodeSource();
    result.timings.encode = encoding.seconds();

    for (int index = 0; index < m_request.sampling.imageCount; ++index) {
        const Stopwatch denoising;
        m_observer.onStage(Stage::Sampling, 0);
        const at::Tensor latents = sample(conditioning, source, index);
        result.timings.denoise += denoising.seconds();
        const Stopwatch decoding;
        m_observer.onStage(Stage::Decoding, 0);
        const at::Tensor pixels = m_model.vae().decode(latents, m_stop);
        if (m_request.previews) m_model.preview(m_stop).learn(latents, pixels);
        GeneratedImage image{ index, m_request.sampling.seed + static_cast<std::uint64_t>(index), toRgb8(pixels) };
        result.timings.decode += decoding.seconds();
        m_observer.onImage(image);
        result.images.push_back(std::move(image));
    }
    if (m_model.vae().wasUpcast())
        result.warnings.emplace_back("The decoder gave invalid numbers in half precision; it was run again in full precision.");
    return result;
}

StableDiffusionPipeline::Conditioning StableDiffusionPipeline::encodePrompts()
{
    const PromptPair prompts = m_model.prompts().encode(m_request.prompt, m_request.negativePrompt, m_guidance.isActive(), m_request.clipSkip, m_stop);
    const std::int64_t addedWidth = m_model.unet().config().addedWidth;
    const SizeConditioning sizes = m_request.sizeConditioning.value_or(SizeConditioning{ m_request.size, 0, 0, m_request.size });
    const auto added = [&](const at::Tensor& pooled) { return addedWidth ? addedCondition(pooled, sizes, addedWidth) : at::Tensor(); };
    if (!m_guidance.isActive()) return { prompts.positive.context, added(prompts.positive.pooled) };
    return { at::cat({ prompts.negative.context, prompts.positive.context }),
        addedWidth ? at::cat({ added(prompts.negative.pooled), added(prompts.positive.pooled) }) : at::Tensor() };
}

StableDiffusionPipeline::Source StableDiffusionPipeline::encodeSource()
{
    Source source;
    const bool nineChannels = m_model.unet().config().inputChannels == kInpaintChannels;
    if (m_request.mode == GenerationMode::TextToImage && !nineChannels) return source;

    const at::Tensor pixels = m_request.mode == GenerationMode::TextToImage
        ? at::zeros({ 1, 3, m_request.size.height, m_request.size.width }, at::kFloat) // an inpainting model alone: all of it is hole
        : toPixelTensor(m_request.image);
    if (m_request.mode != GenerationMode::TextToImage) {
        source.latents = m_model.vae().encode(pixels, m_stop);
        if (m_request.previews) m_model.preview(m_stop).learn(source.latents, pixels);
    }
    if (m_request.mode == GenerationMode::Inpainting) {
        source.mask.emplace(m_request.mask, m_model.device());
        if (m_request.noiseFill) source.latents = source.latents * (1.0 - source.mask->binary());
    }
    if (nineChannels) {
        const at::Tensor holePixels = source.mask ? source.mask->binaryPixels() : at::ones({ 1, 1, m_request.size.height, m_request.size.width }, at::kFloat);
        const at::Tensor hole = source.mask ? source.mask->binary()
                                            : at::ones({ 1, 1, m_request.size.height / kLatentScale, m_request.size.width / kLatentScale }, at::device(m_model.device()).dtype(at::kFloat));
        const at::Tensor masked = m_model.vae().encode(pixels * (1.0 - holePixels.to(pixels.device())), m_stop);
        source.extraChannels = at::cat({ hole.to(masked.device()), masked }, 1);
    }
    return source;
}

at::Tensor StableDiffusionPipeline::startLatents(const Source& source, const at::Tensor& noise) const
{
    const bool fromNoise = !source.latents.defined() || (m_request.mode == GenerationMode::Inpainting && m_request.sampling.strength >= 1.0);
    return fromNoise ? noise * m_scheduler->initNoiseSigma() : m_scheduler->addNoise(source.latents, noise, m_scheduler->firstStep());
}

at::Tensor StableDiffusionPipeline::predict(const at::Tensor& latents, int step, const Conditioning& conditioning, const Source& source) const
{
    at::Tensor input = m_guidance.expand(m_scheduler->scaleModelInput(latents, step));
    if (source.extraChannels.defined()) input = at::cat({ input, m_guidance.expand(source.extraChannels) }, 1);
    const double timestep = m_scheduler->timesteps()[static_cast<std::size_t>(step)];
    return m_guidance.combine(m_model.unet().forward(input.to(m_model.dtype()), timestep, conditioning.context, conditioning.added, m_stop));
}

at::Tensor StableDiffusionPipeline::keepUnpainted(const at::Tensor& latents, int step, const Source& source, const at::Tensor& noise) const
{
    const int first = m_scheduler->firstStep(), count = static_cast<int>(m_scheduler->timesteps().size());
    const at::Tensor known = step + 1 < count ? m_scheduler->addNoise(source.latents, noise, step + 1) : source.latents;
    const at::Tensor free = source.mask->freeAt(step - first, count - first);
    return (1.0 - free) * known + free * latents;
}

void StableDiffusionPipeline::requireFinite(const at::Tensor& latents, int step) const
{
    if (at::isfinite(latents).all().item<bool>()) return;
    throw EngineException(ErrorCode::Internal, "Sampling broke down at step " + std::to_string(step - m_scheduler->firstStep() + 1) + ": the model gave values that are not numbers. Float32 precision or another model may help.", "precision");
}

at::Tensor StableDiffusionPipeline::sample(const Conditioning& conditioning, const Source& source, int imageIndex)
{
    if (imageIndex > 0) m_scheduler = makeScheduler(m_request, m_model);
    SeededNoise generator(m_request.sampling.seed + static_cast<std::uint64_t>(imageIndex));
    const at::Tensor noise = generator.draw({ 1, kLatentChannels, m_request.size.height / kLatentScale, m_request.size.width / kLatentScale }).to(m_model.device());
    const bool blends = source.mask && !source.extraChannels.defined();

    at::Tensor latents = startLatents(source, noise);
    const int first = m_scheduler->firstStep(), count = static_cast<int>(m_scheduler->timesteps().size());
    for (int step = first; step < count; ++step) {
        throwIfStopped(m_stop);
        const Stopwatch watch;
        latents = m_scheduler->step(predict(latents, step, conditioning, source), step, latents, generator);
        if (blends) latents = keepUnpainted(latents, step, source, noise);
        requireFinite(latents, step);
        m_observer.onStep({ imageIndex, step - first + 1, count - first, watch.seconds() });
        if (m_request.previews && step + 1 < count) m_observer.onPreview(imageIndex, m_model.preview(m_stop).render(m_scheduler->denoised()));
    }
    return latents;
}

} // namespace sfumato::engine
