// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/libtorch_engine.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/pipeline/stable_diffusion_pipeline.h"
#include "core/engine/pipeline/vision/clip_pixels.h"
#include "core/engine/runtime/create_engine.h"
#include "core/engine/runtime/cuda_library.h"
#include "core/engine/runtime/devices.h"
#include "core/engine/runtime/memory.h"
#include "core/engine/runtime/request_check.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr std::uint64_t kTinyModel = 50'000'000; // parameters

// Below a certain size handing work to other threads costs more than the work, and their waiting takes cores from whoever else needs them.
int threadCountFor(std::uint64_t parameterCount, int wanted)
{
    if (parameterCount < kTinyModel) return 1;
    return wanted > 0 ? wanted : physicalCoreCount();
}

// The number of threads is the request's and not that of the model loaded last, so that the same request gives the same bytes.
void useThreads(int count)
{
    if (at::get_num_threads() != count) at::set_num_threads(count);
}

// A checker is larger than a tiny model, and its verdict does not belong to the pixels: it may use all threads while it looks.
StableDiffusionPipeline::PictureCheck pictureCheck(const SafetyChecker& checker, int threadCount, const std::stop_token& stop)
{
    return [&checker, threadCount, stop](const ImageBuffer& picture) {
        const int before = at::get_num_threads();
        useThreads(threadCount);
        const bool isFlagged = checker.check(toClipPixels(picture, static_cast<int>(checker.encoder().config().side)), stop).isFlagged();
        useThreads(before);
        return isFlagged;
    };
}

std::string firstLine(std::string_view text)
{
    return std::string(text.substr(0, text.find('\n')));
}

// The one place where what is thrown inside the engine becomes a value.
Error toError(const std::exception& error)
{
    if (const auto* known = dynamic_cast<const EngineException*>(&error)) return known->error();
    if (isOutOfMemory(error))
        return { ErrorCode::OutOfDeviceMemory, "There is not enough memory for this job; a smaller size or half precision needs less.", firstLine(error.what()) };
    if (const auto* libtorch = dynamic_cast<const c10::Error*>(&error))
        return { ErrorCode::Internal, "The engine failed: " + firstLine(libtorch->what_without_backtrace()), {} };
    return { ErrorCode::Internal, std::string("The engine failed: ") + firstLine(error.what()), {} };
}

} // namespace

Result<std::unique_ptr<Engine>> createEngine(const EngineOptions& options)
{
    static_cast<void>(loadCudaLibrary()); // devices() shows what came of it
    auto tokenizer = ClipTokenizer::load(options.vocabularyPath);
    if (!tokenizer) return std::move(tokenizer).error();
    return std::unique_ptr<Engine>(std::make_unique<LibtorchEngine>(std::move(tokenizer).value(), options));
}

LibtorchEngine::LibtorchEngine(ClipTokenizer tokenizer, const EngineOptions& options) : m_tokenizer(std::move(tokenizer)), m_options(options), m_models(m_tokenizer, options.memoryBudgetInBytes)
{
    // The same job gives the same bytes: no autotuned choice between kernels that round differently.
    at::globalContext().setDeterministicCuDNN(true);
    at::globalContext().setBenchmarkCuDNN(false);
}

Result<ModelInfo> LibtorchEngine::describeModel(const ModelSource& source)
{
    try {
        auto files = ModelFiles::open(source);
        if (!files) return std::move(files).error();
        return files->info();
    } catch (const std::exception& error) {
        return toError(error);
    }
}

std::vector<DeviceInfo> LibtorchEngine::devices() const
{
    return listDevices();
}

GenerationOutcome LibtorchEngine::generate(const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop)
{
    const c10::InferenceMode inference;
    std::optional<Error> failure;
    try {
        return generateOrThrow(request, observer, stop);
    } catch (const CancelledException&) {
        return Cancelled{};
    } catch (const std::exception& error) {
        failure = toError(error);
    }
    // After the handler, so that the failed run's tensors are gone before caches are released.
    if (failure->code == ErrorCode::OutOfDeviceMemory) releaseModels();
    return *failure;
}

GenerationResult LibtorchEngine::generateOrThrow(const GenerationRequest& request, GenerationObserver& observer, const std::stop_token& stop)
{
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&start] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
    if (const auto valid = checkRequest(request); !valid) throw EngineException(valid.error());
    throwIfStopped(stop);
    useThreads(threadCountFor(m_models.check(request), m_options.threadCount));
    const ModelDemand demand{ request, observer, stop };
    LoadedModel& model = m_models.model(demand);
    std::vector<LoraReport> loras = model.applyLoras(
        request.loras, [&observer](double fraction) { observer.onStage(Stage::Loading, fraction); }, stop);
    model.prompts().setEmbeddings(request.embeddings, model.loras().bundledEmbeddings(), PromptEncoder::Strictness::Refuse);
    const std::vector<const LoadedControl*> controls = m_models.controls(demand);
    const ModelInfo info = model.info(); // the model may have made room for the refiner by the end
    const std::string device = model.device().str(), precision = precisionName(model.dtype());
    std::optional<RefinerAccess> refiner;
    double loadSeconds = 0;
    if (request.refiner) {
        const bool besideBase = m_models.keepRefiner(demand);
        refiner = RefinerAccess{ besideBase, [&]() -> LoadedModel& {
                                    const double before = seconds();
                                    LoadedModel& loaded = m_models.refiner(demand);
                                    loaded.prompts().setEmbeddings(request.embeddings, {}, PromptEncoder::Strictness::LeaveOut);
                                    loadSeconds += seconds() - before;
                                    return loaded;
                                } };
    }
    const SafetyChecker* const checker = m_vision.safetyChecker(demand, model);
    loadSeconds += seconds();
    std::optional<Error> withoutDecoder;
    StableDiffusionPipeline pipeline(model, request, observer, stop, previewDecoder(request, model, withoutDecoder));
    if (checker) pipeline.setPictureCheck(pictureCheck(*checker, m_options.threadCount > 0 ? m_options.threadCount : physicalCoreCount(), stop));
    GenerationResult result = pipeline.run(refiner, controls);
    result.safetyCheckerRan = checker != nullptr;
    if (withoutDecoder) result.warnings.push_back("Previews are shown without their decoder: " + withoutDecoder->message);
    if (auto warning = fewStepWarning(request, info, loras)) result.warnings.push_back(std::move(*warning));
    result.loras = std::move(loras);
    result.timings.load = loadSeconds;
    result.timings.total = seconds();
    result.device = device;
    result.precision = precision;
    return result;
}

ExpansionOutcome LibtorchEngine::expandPrompt(const ExpansionRequest& request, std::stop_token stop)
{
    const c10::InferenceMode inference;
    try {
        if (const auto valid = checkExpansion(request); !valid) return valid.error();
        if (!m_expander || !m_expander->isFrom(request.model)) {
            m_expander.reset(); // first, so that it never shares the memory with its successor
            m_expander = std::make_unique<PromptExpander>(request.model, stop);
        }
        useThreads(threadCountFor(m_expander->parameterCount(), m_options.threadCount));
        return m_expander->expand(request, stop);
    } catch (const CancelledException&) {
        return Cancelled{};
    } catch (const std::exception& error) {
        return toError(error);
    }
}

// A decoder that cannot be read is no reason to lose the picture.
std::shared_ptr<const Autoencoder> LibtorchEngine::previewDecoder(const GenerationRequest& request, const LoadedModel& model, std::optional<Error>& failure)
{
    try {
        return m_models.previewDecoder(request, model);
    } catch (const EngineException& exception) {
        failure = exception.error();
        return nullptr;
    }
}

void LibtorchEngine::releaseModels()
{
    m_models.release();
    m_expander.reset();
    m_vision.release();
}

} // namespace sfumato::engine
