// LoraStack: the LoRAs that are merged into a loaded model at this moment.
// Thread: engine. Owner: LoadedModel.
//
// Merging costs a step nothing; changing the stack costs a pass over the weights that it touches. Every weight remembers which changes it holds, so that only those whose
// list differs are made again, and a cancelled or failed change leaves no doubt: the next call goes on from whatever was reached.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/io/adapters/adapter_file.h"
#include "core/engine/io/adapters/adapter_targets.h"
#include "core/engine/io/adapters/embedding_file.h"
#include "core/engine/nn/adaptable_weights.h"

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sfumato::engine {

struct LoraCallbacks {
    std::function<void(double fraction)> progress;   // 0..1 while weights are changed
    std::function<void()> onTextEncodersChange = {}; // before the first text encoder weight changes: prompts encoded so far are no longer valid
};

class LoraStack {
public:
    // `files` is the model's; text encoders that it lacks have no weights to change.
    explicit LoraStack(const ModelFiles& files);

    // Hands over the way back to a component's file.
    void setWeights(Component component, std::unique_ptr<AdaptableWeights> weights);

    // Makes the model hold exactly these LoRAs. Checks all of them before a weight is touched.
    //   out  one report a LoRA, in order
    // Throws EngineException: what AdapterFile::open returns; UnsupportedModel for a LoRA of another base model; WeightShapeMismatch when a LoRA fits no layer;
    // UnsupportedModel for values that are not numbers. Throws CancelledException. After either some weights may hold the old stack and some the new: apply again.
    [[nodiscard]] std::vector<LoraReport> apply(std::span<const LoraReference> loras, const LoraCallbacks& callbacks, const std::stop_token& stop);

    // The embeddings that came inside the LoRAs of the stack.
    [[nodiscard]] std::vector<EmbeddingFile> bundledEmbeddings() const;

    // True when no weight is changed.
    [[nodiscard]] bool isEmpty() const noexcept { return m_current.empty(); }

    [[nodiscard]] const AdaptableWeights* weights(Component component) const { return m_weights[static_cast<std::size_t>(component)].get(); } // for tests

private:
    struct OpenFile { // kept as long as it is in the stack
        std::filesystem::file_time_type modified;
        std::uintmax_t sizeInBytes = 0; // times alone are too coarse for files written one after the other
        std::uint64_t serial = 0;       // another one for every opening: a file that changed on disk is another file
        std::shared_ptr<const AdapterFile> adapter;
    };
    struct Change { // of one weight by one layer
        std::uint64_t serial = 0;
        std::size_t layer = 0;
        double strength = 0;
        std::shared_ptr<const AdapterFile> adapter;

        friend bool operator==(const Change& a, const Change& b) { return a.serial == b.serial && a.layer == b.layer && a.strength == b.strength; }
    };
    using WeightName = std::pair<Component, std::string>;
    using Plan = std::map<WeightName, std::vector<Change>>;
    class Merge;

    [[nodiscard]] const OpenFile& open(const std::filesystem::path& path);
    [[nodiscard]] LoraReport planLora(const LoraReference& lora, Plan& plan);
    // Why the layer cannot be applied; empty when it was added to the plan.
    [[nodiscard]] std::string planLayer(const OpenFile& file, std::size_t index, const LoraReference& lora, Plan& plan) const;
    void requireFamily(const AdapterFile& adapter) const;
    [[nodiscard]] std::map<Component, std::set<std::string>> difference(const Plan& wanted) const;

    ModelFamily m_family;
    std::string m_modelName;
    AdapterTargets m_targets;
    std::array<std::unique_ptr<AdaptableWeights>, kComponents.size()> m_weights;
    std::map<std::filesystem::path, OpenFile> m_files;
    std::uint64_t m_lastSerial = 0;
    Plan m_current; // what the weights hold; names that are absent hold the file's own numbers
};

} // namespace sfumato::engine
