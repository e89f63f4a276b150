// ModelResidency: the models in memory: those of the last request, its controls included, and its refiner while there is room for it.
// Thread: engine. Owner: LibtorchEngine, whose tokenizer it borrows.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/pipeline/loaded_model.h"
#include "core/engine/runtime/control_residency.h"
#include "core/engine/text/clip_tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

class ModelResidency {
public:
    // memoryBudgetInBytes: see EngineOptions.
    ModelResidency(const ClipTokenizer& tokenizer, std::uint64_t memoryBudgetInBytes) : m_tokenizer(tokenizer), m_budget(memoryBudgetInBytes) { }

    // Refuses models and controls that cannot run the request, before any is loaded. Returns the parameters of the largest one.
    // Throws EngineException: what ModelFiles::open, ControlFile::open and the checks find.
    //   cost  the headers of the models that are not in memory
    [[nodiscard]] std::uint64_t check(const GenerationRequest& request) const;

    // The request's model, loaded unless it is in memory. Drops what the request does not need.
    // Throws EngineException and CancelledException.
    [[nodiscard]] LoadedModel& model(const ModelDemand& demand);

    // After model(): the models of the request's controls, in order; see ControlResidency::load.
    [[nodiscard]] std::vector<const LoadedControl*> controls(const ModelDemand& demand) { return m_controls.load(demand, *m_model.model); }

    // After model() and controls(): loads the request's refiner beside it if memory allows; true when both are in memory.
    [[nodiscard]] bool keepRefiner(const ModelDemand& demand);

    // The request's refiner, without an autoencoder, loaded unless it is in memory. Unless keepRefiner() was true, the model and the controls are dropped first.
    [[nodiscard]] LoadedModel& refiner(const ModelDemand& demand);

    // The request's small decoder for previews, as the model computes; null when none is asked for. Throws EngineException when it cannot be read.
    [[nodiscard]] std::shared_ptr<const Autoencoder> previewDecoder(const GenerationRequest& request, const LoadedModel& model);

    void release();

private:
    // A model in memory and what it was made from; a file that changed on disk is another model.
    struct Slot {
        std::unique_ptr<LoadedModel> model;
        ModelSource source;
        std::filesystem::file_time_type modified;

        [[nodiscard]] bool holds(const ModelSource& wanted, const GenerationRequest& request) const;
        void drop();
    };

    [[nodiscard]] ControlledModel controlledModel(const GenerationRequest& request) const;
    [[nodiscard]] static ModelInfo infoOf(const Slot& slot, const ModelSource& source, const GenerationRequest& request);
    [[nodiscard]] bool hasRoomFor(const ModelInfo& info, const GenerationRequest& request) const;
    LoadedModel& load(Slot& slot, const ModelSource& source, bool withVae, const ModelDemand& demand) const;

    struct PreviewSlot {
        std::shared_ptr<const Autoencoder> decoder;
        std::filesystem::path path;
        std::filesystem::file_time_type modified;
    };

    const ClipTokenizer& m_tokenizer;
    std::uint64_t m_budget;
    Slot m_model;
    Slot m_refiner;
    ControlResidency m_controls;
    PreviewSlot m_preview;
};

} // namespace sfumato::engine
