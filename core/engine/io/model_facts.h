// What the shapes, configs and metadata of a model say about it.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/json_value.h"
#include "core/engine/io/model_files.h"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace sfumato::engine {

using Metadata = std::map<std::string, std::string>;

struct UnetFacts {
    int inputChannels = 0;             // 0 when there is no first convolution
    std::int64_t contextWidth = 0;     // of the cross-attention; 0 without one
    std::int64_t addedWidth = 0;       // of the added condition (pooled text and sizes); 0 without one
    std::int64_t modelChannels = 0;    // the first convolution's output
    bool hasGuidanceEmbedding = false; // of a latent consistency model
};

[[nodiscard]] UnetFacts unetFacts(std::span<const MappedTensor> unet);

// From the published widths; for other widths from the kind of conditioning and the text encoders that come with it.
[[nodiscard]] ModelFamily familyOf(const UnetFacts& facts, bool hasTextEncoder, bool hasTextEncoder2);

[[nodiscard]] Extent nativeSizeOf(ModelFamily family) noexcept;

struct StoredPrecision {
    std::string name; // the type of at least nine tenths of the parameters, else "mixed"
    std::uint64_t parameterCount = 0;
};
[[nodiscard]] StoredPrecision storedPrecision(std::span<const TensorEntry* const> entries);

// "1024x768" as width and height, 64..8192 each; empty for anything else.
[[nodiscard]] std::optional<Extent> parseResolution(std::string_view text);

[[nodiscard]] std::string metadataValue(const Metadata& metadata, const std::string& key); // empty when absent

// Set by metadata, a scheduler config or an A1111 sidecar .yaml; an empty result leaves what was known.
[[nodiscard]] std::optional<PredictionType> predictionNamed(std::string_view name) noexcept; // "epsilon", "v", "v_prediction"
[[nodiscard]] std::optional<PredictionType> sidecarPrediction(const std::filesystem::path& modelFile);

// Configs of a diffusers folder; null values change nothing. A returned text is the end of a sentence that refuses the model; empty: the engine can follow it.
void applyUnetConfig(const JsonValue& config, ModelHints& hints);
void applyTextConfig(const JsonValue& config, std::size_t encoder, ModelHints& hints); // encoder: 0 TextEncoder, 1 TextEncoder2
void applyPipelineConfig(const JsonValue& modelIndex, ModelHints& hints);
[[nodiscard]] std::string applyVaeConfig(const JsonValue& config, ModelHints& hints);
[[nodiscard]] std::string applySchedulerConfig(const JsonValue& config, ModelHints& hints);

// What holds for a family unless a config says otherwise.
[[nodiscard]] ModelHints defaultHints(ModelFamily family);

} // namespace sfumato::engine
