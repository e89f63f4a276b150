// Loads control models of every kind.
// Thread: engine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/controls/control_file.h"
#include "core/engine/pipeline/controls/control.h"
#include "core/engine/pipeline/vision/picture_encoder.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

struct LoadControlOptions {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;
    std::vector<std::int64_t> attentionHeads; // of the model's levels, for files that do not tell their own
    // The image encoder of an IP-Adapter in memory; called only for those. Throws EngineException and CancelledException.
    std::function<std::shared_ptr<PictureEncoder>(const std::filesystem::path& path)> pictureEncoder;
    std::function<ModelFiles()> openBase;            // the files of the model, for controls that are told relative to it; called only for those
    std::function<void(double fraction)> progress{}; // 0..1
    std::stop_token stop{};
};

// Reads the weights. Throws EngineException and CancelledException.
//   cost  the file's size in reads; peak memory at most 1.15 × the weights in their target type
[[nodiscard]] std::unique_ptr<LoadedControl> loadControl(const ControlFile& file, const ControlReference& reference, const LoadControlOptions& options);

} // namespace sfumato::engine
