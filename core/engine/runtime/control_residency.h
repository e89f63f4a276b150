// ControlResidency: the control models in memory: those of the last request.
// Thread: engine. Owner: ModelResidency.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/io/controls/control_file.h"
#include "core/engine/pipeline/controls/control_loading.h"
#include "core/engine/pipeline/loaded_model.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

// What a request is wanted for.
struct ModelDemand {
    const GenerationRequest& request;
    GenerationObserver& observer; // told how far loading is
    std::stop_token stop;
};

// What the request's model is, for controls to be compared with.
struct ControlledModel {
    ModelInfo info;
    ControlFacts unet;
};

class ControlResidency {
public:
    // Refuses controls that the model cannot run, before anything is loaded.
    //   errors  what ControlFile::open finds; InvalidRequest for a control of another base family or of a task that its model does not have
    //   cost    the headers of the control files
    static void check(const GenerationRequest& request, const ControlledModel& model);

    // Drops what the request does not need.
    void keepFor(const GenerationRequest& request);

    // The models of the request's controls, in order, loaded unless they are in memory; one for all references to the same file.
    // Throws EngineException and CancelledException.
    [[nodiscard]] std::vector<const LoadedControl*> load(const ModelDemand& demand, const LoadedModel& model);

    void release();

private:
    // A control in memory and what it was made from; a file that changed on disk is another control.
    struct Origin {
        std::filesystem::path path;
        std::filesystem::path imageEncoder;
        std::filesystem::file_time_type modified;
        std::optional<ModelSource> base; // of a control that is told relative to its model
        std::filesystem::file_time_type baseModified;

        friend bool operator==(const Origin&, const Origin&) = default;
    };
    struct Slot {
        Origin origin;
        at::Device device;
        at::ScalarType dtype;
        std::unique_ptr<LoadedControl> control;
    };
    [[nodiscard]] static Origin originOf(const ControlReference& reference, const GenerationRequest& request, bool needsBase);
    [[nodiscard]] static bool isMadeFor(const Slot& slot, const ControlReference& reference, const GenerationRequest& request);
    [[nodiscard]] Slot read(const ControlReference& reference, const ModelDemand& demand, const LoadedModel& model);

    // An image encoder, as long as an IP-Adapter in memory reads with it.
    struct Encoder {
        std::filesystem::path path;
        std::filesystem::file_time_type modified;
        at::Device device;
        at::ScalarType dtype;
        std::weak_ptr<PictureEncoder> encoder;
    };
    [[nodiscard]] std::shared_ptr<PictureEncoder> pictureEncoder(const std::filesystem::path& path, const ModelDemand& demand, const LoadedModel& model);

    std::vector<Slot> m_slots;
    std::vector<Encoder> m_encoders;
};

} // namespace sfumato::engine
