// Image encoders, IP-Adapters and pictures of the vision references; tests/parity/vision_models.py makes the same ones.
// Thread: any. Everything is made from names by rule, see synthetic_weights.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/engine/models/unet_config.h"
#include "core/engine/models/vision/clip_vision_encoder.h"
#include "core/engine/nn/weights.h"
#include "tests/support/synthetic_weights.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sfumato::test {

// "vision-l" or "vision-h".
[[nodiscard]] engine::ClipVisionConfig visionConfig(const std::string& name);
// Names and shapes of transformers; `prefix` stands before them.
[[nodiscard]] std::vector<NamedShape> visionShapes(const engine::ClipVisionConfig& config, const std::string& prefix = {});
// The tensors of `shapes` with values by the names behind "set/", under their own names.
[[nodiscard]] std::vector<engine::WeightSource> sourcesOfSet(const std::string& set, const std::vector<NamedShape>& shapes);

// Kinds "plain", "plus", "full", for features of "vision-h". Names "image_proj.…".
[[nodiscard]] std::vector<NamedShape> projectionShapes(const std::string& kind, std::int64_t context);
// A whole adapter for a UNet, names of the published files.
[[nodiscard]] std::vector<NamedShape> ipAdapterShapes(const std::string& kind, const engine::UnetConfig& unet);

// Writes tensors with values by the names behind "set/". Throws EngineException.
void writeSet(const std::filesystem::path& path, const std::string& set, const std::vector<NamedShape>& shapes);

// Rgb8.
[[nodiscard]] ImageBuffer noisePicture(const std::string& name, Extent size);

} // namespace sfumato::test
