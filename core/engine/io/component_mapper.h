// From the tensors of one component, as a file names them, to MappedTensor.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/model_files.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

// A tensor of a file and its name without the prefix of the component. `name` points into `entry->name`.
struct SourceTensor {
    std::shared_ptr<const SafetensorsFile> file;
    const TensorEntry* entry = nullptr;
    std::string_view name;
};

struct ComponentTensors {
    std::vector<MappedTensor> tensors; // sorted by file and offset
    std::vector<std::string> unmapped; // names as in the file
};

// Tensors that no engine loads (position_ids, logit_scale, the projection of CLIP-L, vision towers, training losses, EMA copies) are left out; what no rule
// maps, and what would map to a name already taken, keeps its name.
[[nodiscard]] ComponentTensors mapComponent(Component component, std::span<const SourceTensor> sources);

// The image encoder of a CLIP model, in the layouts of transformers and OpenCLIP. What else the file holds (a text encoder, a safety checker's concepts) is left out.
[[nodiscard]] ComponentTensors mapImageEncoder(std::span<const SourceTensor> sources);

// Whether a name belongs to training state or tables that files carry along and nobody loads. The whole name, with prefix.
[[nodiscard]] bool isIgnorableName(std::string_view name) noexcept;

} // namespace sfumato::engine
