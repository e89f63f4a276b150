// ControlReference: one picture that steers a run, and the model that reads it.
// Thread: any, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

#include <filesystem>

namespace sfumato::engine {

// What the picture shows. It picks the task of a ControlNet Union and the preprocessor of an ordinary picture; other models are made for one kind and take any.
enum class ControlType { Pose,
    Depth,
    SoftEdge,
    Line,
    Normal,
    Segment,
    Tile,
    Inpaint,
    Reference };

struct ControlReference {
    std::filesystem::path model;        // ControlNet, ControlNet Union, Control-LoRA, T2I-Adapter or IP-Adapter: a .safetensors file or a diffusers folder
    std::filesystem::path imageEncoder; // the CLIP vision model an IP-Adapter reads with; empty for the others
    ControlType type = ControlType::Line;
    ImageBuffer image;   // Rgb8, what the model sees: the request's size; for Reference any size
    double weight = 1.0; // >= 0
    double start = 0.0;  // fractions of the steps: acts at step i of n when i / n >= start and (i + 1) / n <= end (diffusers control_guidance_start and _end)
    double end = 1.0;
};

} // namespace sfumato::engine
