// Engine: the abstract interface of everything that makes pictures. Nothing above it knows libtorch.
// Thread: one engine thread creates, uses and destroys an Engine; no method may be called from two threads at once.
// Errors are values; no method throws. Cancelling is not an error.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/generation_observer.h"
#include "core/engine/api/generation_request.h"
#include "core/engine/api/model_info.h"
#include "core/engine/api/prompt_expansion.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace sfumato::engine {

struct Cancelled { };

struct Timings { // seconds
    double load = 0;
    double encode = 0;
    double denoise = 0;
    double decode = 0;
    double total = 0;
};

// What one LoRA of the request did. Layers are counted as the file names them: a fused layer is one, a bias difference is part of its layer.
struct LoraReport {
    std::filesystem::path path;
    int appliedLayers = 0;
    int totalLayers = 0;
    std::vector<std::string> unmatched;    // names of the layers this model does not have, as in the file
    std::optional<FewStepAdvice> fewSteps; // for a distillation: the settings it was made for
};

struct GenerationResult {
    std::vector<GeneratedImage> images; // ordered by index
    Timings timings;
    std::string device;                // "cpu", "cuda:0"
    std::string precision;             // "float32", "bfloat16", "float16"
    bool safetyCheckerRan = false;     // the request had one, and every picture was looked at
    std::vector<LoraReport> loras;     // one for each of the request's, in order
    std::vector<std::string> warnings; // one sentence each, English
};

using GenerationOutcome = std::variant<GenerationResult, Cancelled, Error>;
using ExpansionOutcome = std::variant<PromptExpansion, Cancelled, Error>;

// Decided once in app and passed down.
struct EngineOptions {
    std::filesystem::path vocabularyPath;  // bpe_simple_vocab_16e6.txt
    int threadCount = 0;                   // most threads a model may use; 0: as many as physical cores
    std::uint64_t memoryBudgetInBytes = 0; // for tiling, and for keeping a refiner beside its model; 0: what the machine has free
};

class Engine {
public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    virtual ~Engine() = default;

    // What the model is, from its headers: no weights are read. Cost: milliseconds.
    // Errors: FileNotFound, FileUnreadable, UnsupportedModel.
    [[nodiscard]] virtual Result<ModelInfo> describeModel(const ModelSource& source) = 0;

    [[nodiscard]] virtual std::vector<DeviceInfo> devices() const = 0;

    // Runs one request. Loads the model first if it is not the one in memory. Returns Cancelled within one UNet block of a stop request.
    // Images finished before an error or a stop were reported through the observer.
    [[nodiscard]] virtual GenerationOutcome generate(const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop) = 0;

    // Expands a prompt. Loads the language model first if it is not the one in memory; it stays there until releaseModels().
    // Returns Cancelled within one layer of a stop request. Errors: FileNotFound, FileUnreadable, UnsupportedModel, InvalidRequest, those of loading weights.
    [[nodiscard]] virtual ExpansionOutcome expandPrompt(const ExpansionRequest& request, std::stop_token stop) = 0;

    // Drops loaded weights and caches.
    virtual void releaseModels() = 0;
};

using EngineFactory = Result<std::unique_ptr<Engine>> (*)(const EngineOptions& options);

// The one symbol exported by the engine's shared module: an EngineFactory.
inline constexpr char kEngineFactorySymbol[] = "sfumatoCreateEngine";

} // namespace sfumato::engine
