// Networks that look at pictures, read from their files.
// Thread: engine. Throws EngineException and CancelledException.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/adapters/ip_adapter_file.h"
#include "core/engine/io/image_encoder_files.h"
#include "core/engine/models/vision/clip_vision_encoder.h"
#include "core/engine/models/vision/ip_adapter.h"
#include "core/engine/models/vision/safety_checker.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <stop_token>

namespace sfumato::engine {

struct LoadVisionOptions {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;
    std::function<void(double fraction)> progress; // 0..1
    std::stop_token stop;
};

//   cost  the file's size in reads; 0.3 billion weights for ViT-L/14, 0.6 for ViT-H/14, 1.8 for ViT-bigG/14
[[nodiscard]] std::unique_ptr<ClipVisionEncoder> loadImageEncoder(const ImageEncoderFiles& files, const LoadVisionOptions& options);
// The files are a safety checker's.
[[nodiscard]] std::unique_ptr<SafetyChecker> loadSafetyChecker(const ImageEncoderFiles& files, const LoadVisionOptions& options);

[[nodiscard]] std::unique_ptr<IpAdapter> loadIpAdapter(const IpAdapterFile& file, const LoadVisionOptions& options);

} // namespace sfumato::engine
