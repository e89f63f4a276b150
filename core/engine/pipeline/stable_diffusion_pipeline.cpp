// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/stable_diffusion_pipeline.h"

#include "core/engine/api/scheduler_names.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/finite.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/image_tensors.h"
#include "core/engine/pipeline/tiling.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <list>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kLatentChannels = 4;

class Stopwatch {
public:
    [[nodiscard]] double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count(); }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace

StableDiffusionPipeline::StableDiffusionPipeline(LoadedModel& model, const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop, std::shared_ptr<const Autoencoder> previewDecoder)
    : m_request(request), m_observer(observer), m_stop(std::move(stop)), m_device(model.device()), m_vae(model.vae()), m_previews(*m_vae, std::move(previewDecoder), m_stop), m_denoiser(std::in_place, model, request, request.parametrisation, m_stop)
{
    assert(m_vae);
}

GenerationResult StableDiffusionPipeline::run(const std::optional<RefinerAccess>& refiner, std::span<const LoadedControl* const> controls)
{
    assert(refiner.has_value() == m_request.refiner.has_value());
    encodePrompts(*m_denoiser);
    const Stopwatch encoding;
    m_source = encodeSource();
    m_controls = ControlSet(controls, { m_request, m_denoiser->unet(), m_stop });
    m_result.timings.encode += encoding.seconds();

    const Scheduler& schedule = m_denoiser->scheduler();
    const bool refines = refiner && m_denoiser->firstCallBelow(m_request.refiner->switchAt) < schedule.callCount();
    if (refiner && !refines)
        m_result.warnings.emplace_back("The refiner had nothing to do: none of the " + std::to_string(schedule.stepsIn(0, schedule.callCount())) + " steps lies after its switch_at.");
    const int count = m_request.sampling.imageCount;
    const int together = refines && !refiner->besideBase ? count : 1;
    for (int first = 0; first < count; first += together) runImages(first, first + together, refines ? refiner : std::nullopt);
    if (m_vae->wasUpcast())
        m_result.warnings.emplace_back("The decoder gave invalid numbers in half precision; it was run again in full precision.");
    return std::move(m_result);
}

void StableDiffusionPipeline::encodePrompts(Denoiser& denoiser)
{
    const Stopwatch encoding;
    m_observer.onStage(Stage::Encoding, 0);
    denoiser.encodePrompts();
    m_result.timings.encode += encoding.seconds();
}

StableDiffusionPipeline::Source StableDiffusionPipeline::encodeSource()
{
    Source source;
    const bool nineChannels = m_denoiser->readsMask();
    if (m_request.mode == GenerationMode::TextToImage && !nineChannels) return source;

    const at::Tensor pixels = m_request.mode == GenerationMode::TextToImage
        ? at::zeros({ 1, 3, m_request.size.height, m_request.size.width }, at::kFloat) // an inpainting model alone: all of it is hole
        : toPixelTensor(m_request.image);
    if (m_request.mode != GenerationMode::TextToImage) {
        source.latents = m_vae->encode(pixels, m_stop);
        if (m_request.previews) m_vae->preview(m_stop).learn(source.latents, pixels);
    }
    if (m_request.mode == GenerationMode::Inpainting) {
        source.mask.emplace(m_request.mask, m_device);
        if (!isOfDiffusers()) source.paint = source.mask->asIn(m_request.sampling.compatibility);
        if (m_request.noiseFill) source.latents = source.latents * (1.0 - source.mask->binary());
    }
    if (nineChannels) {
        const at::Tensor holePixels = source.mask ? source.mask->binaryPixels() : at::ones({ 1, 1, m_request.size.height, m_request.size.width }, at::kFloat);
        const at::Tensor hole = source.mask ? source.mask->binary()
                                            : at::ones({ 1, 1, m_request.size.height / kLatentScale, m_request.size.width / kLatentScale }, at::device(m_device).dtype(at::kFloat));
        const at::Tensor masked = m_vae->encode(pixels * (1.0 - holePixels.to(pixels.device())), m_stop);
        source.extraChannels = at::cat({ hole.to(masked.device()), masked }, 1);
    }
    return source;
}

void StableDiffusionPipeline::runImages(int first, int end, const std::optional<RefinerAccess>& refiner)
{
    std::list<ImageInProgress> images;
    for (int index = first; index < end; ++index) begin(images.emplace_back(ImageInProgress{ .index = index }));
    if (refiner && !m_refiner) {
        if (!refiner->besideBase) {
            m_controls = {};
            m_denoiser.reset();
        }
        m_refiner.emplace(refiner->load(), m_request, ParametrisationOverride{}, m_stop);
        encodePrompts(*m_refiner);
    }
    for (ImageInProgress& image : images) {
        if (m_refiner) refine(image);
        finish(image);
    }
}

void StableDiffusionPipeline::begin(ImageInProgress& image)
{
    m_denoiser->restart();
    const SamplingSettings& sampling = m_request.sampling;
    const auto name = findScheduler(sampling.scheduler);
    image.random.emplace(RunNoiseSettings{ sampling.compatibility, sampling.noise, sampling.etaNoiseSeedDelta, name->sampler }, sampling.seed + static_cast<std::uint64_t>(image.index), m_denoiser->scheduler());
    image.noise = drawNoise(image);
    image.latents = startLatents(image.noise);
    const Scheduler& schedule = m_denoiser->scheduler();
    const int first = schedule.firstCall(), count = schedule.callCount();
    const int end = m_request.refiner ? std::max(first, m_denoiser->firstCallBelow(m_request.refiner->switchAt)) : count;
    takeSteps(*m_denoiser, image, { first, end }, schedule.stepsIn(first, count), m_controls);
}

void StableDiffusionPipeline::refine(ImageInProgress& image)
{
    m_refiner->restart();
    if (blends()) image.noise = drawNoise(image); // the reference draws again
    const Scheduler& schedule = m_refiner->scheduler();
    const int first = std::max(schedule.firstCall(), m_refiner->firstCallBelow(m_request.refiner->switchAt)), count = schedule.callCount();
    takeSteps(*m_refiner, image, { first, count }, image.stepsDone + schedule.stepsIn(first, count), {});
}

void StableDiffusionPipeline::finish(const ImageInProgress& image)
{
    const Stopwatch decoding;
    m_observer.onStage(Stage::Decoding, 0);
    const at::Tensor pixels = m_vae->decode(image.latents, m_stop);
    if (m_request.previews) m_vae->preview(m_stop).learn(image.latents, pixels);
    GeneratedImage picture{ image.index, m_request.sampling.seed + static_cast<std::uint64_t>(image.index), toRgb8(pixels, isOfDiffusers() ? Rounding::Nearest : Rounding::Down) };
    picture.isFlagged = m_check && m_check(picture.pixels);
    m_result.timings.decode += decoding.seconds();
    m_observer.onImage(picture);
    m_result.images.push_back(std::move(picture));
}

void StableDiffusionPipeline::takeSteps(Denoiser& denoiser, ImageInProgress& image, CallRange calls, int totalSteps, const ControlSet& controls)
{
    const Stopwatch denoising;
    m_observer.onStage(Stage::Sampling, 0);
    Scheduler& scheduler = denoiser.scheduler();
    Stopwatch watch;
    for (int call = calls.begin; call < calls.end; ++call) {
        throwIfStopped(m_stop);
        image.latents = takeCall(denoiser, image, call, controls);
        if (blends()) {
            const at::Tensor known = call + 1 < calls.end ? scheduler.addNoise(m_source.latents, image.noise, call + 1) : m_source.latents;
            const at::Tensor free = m_source.mask->freeAt(image.stepsDone, totalSteps);
            image.latents = (1.0 - free) * known + free * image.latents;
        }
        requireFinite(image);
        if (!scheduler.endsStep(call)) continue;
        ++image.stepsDone;
        const double stepSeconds = watch.seconds();
        m_observer.onStep({ image.index, image.stepsDone, totalSteps, stepSeconds });
        if (m_request.previews && image.stepsDone < totalSteps) {
            if (const auto preview = m_previews.render(scheduler.denoised(), stepSeconds)) m_observer.onPreview(image.index, *preview);
        }
        watch = Stopwatch();
    }
    if (m_source.paint.defined() && m_request.sampling.compatibility == Compatibility::A1111 && calls.end == scheduler.callCount())
        image.latents = image.latents * m_source.paint + m_source.latents * (1.0 - m_source.paint);
    m_result.timings.denoise += denoising.seconds();
}

at::Tensor StableDiffusionPipeline::takeCall(Denoiser& denoiser, ImageInProgress& image, int call, const ControlSet& controls)
{
    Scheduler& scheduler = denoiser.scheduler();
    if (!m_source.paint.defined())
        return scheduler.step(denoiser.predict(image.latents, call, m_source.extraChannels, controls), call, image.latents, image.random->steps());
    const at::Tensor &paint = m_source.paint, &known = m_source.latents;
    // ComfyUI puts the known latents back before each call, A1111 in the estimate alone. The solver goes on from the latents as they were.
    at::Tensor seen = image.latents;
    if (m_request.sampling.compatibility == Compatibility::ComfyUi) seen = seen * paint + scheduler.addNoise(known, image.noise, call) * (1.0 - paint);
    const Prediction prediction = denoiser.predict(seen, call, m_source.extraChannels, controls, KnownLatents{ known, paint, image.latents });
    return scheduler.step(prediction, call, image.latents, image.random->steps());
}

at::Tensor StableDiffusionPipeline::drawNoise(ImageInProgress& image) const
{
    return image.random->drawStart({ 1, kLatentChannels, m_request.size.height / kLatentScale, m_request.size.width / kLatentScale }).to(m_device);
}

at::Tensor StableDiffusionPipeline::startLatents(const at::Tensor& noise)
{
    const Scheduler& scheduler = m_denoiser->scheduler();
    if (m_source.latents.defined() && !isOfDiffusers()) {
        const bool isWhole = m_request.sampling.compatibility == Compatibility::ComfyUi && scheduler.firstCall() == 0;
        if (!isWhole) return scheduler.addNoise(m_source.latents, noise, scheduler.firstCall());
        return scheduler.addNoise(m_source.latents, at::zeros_like(noise), 0) + noise * scheduler.initNoiseSigma();
    }
    const bool fromNoise = !m_source.latents.defined() || (m_request.mode == GenerationMode::Inpainting && m_request.sampling.strength >= 1.0);
    return fromNoise ? noise * scheduler.initNoiseSigma() : scheduler.addNoise(m_source.latents, noise, scheduler.firstCall());
}

void StableDiffusionPipeline::requireFinite(const ImageInProgress& image) const
{
    if (isFinite(image.latents)) return;
    throw EngineException(ErrorCode::Internal, "Sampling broke down at step " + std::to_string(image.stepsDone + 1) + ": the model gave values that are not numbers. Float32 precision or another model may help.", "precision");
}

} // namespace sfumato::engine
