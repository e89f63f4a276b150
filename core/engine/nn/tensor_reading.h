// Tensors of a safetensors file in memory, as they are stored.
// Thread: any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/weight_reader.h"

#include <ATen/core/Tensor.h>

namespace sfumato::engine {

class SafetensorsFile;
struct MappedTensor;
struct TensorEntry;

// Contiguous, on the CPU, in the stored type.
// Throws EngineException: UnsupportedModel for integer and other types that weights cannot have, FileUnreadable when reading fails.
[[nodiscard]] at::Tensor readTensor(const SafetensorsFile& file, const TensorEntry& entry);

// A tensor of one element, of any number type or boolean. Throws EngineException(UnsupportedModel) when it has more or none.
[[nodiscard]] double readScalar(const SafetensorsFile& file, const TensorEntry& entry);

// The same for a part of a file that stands for a weight: its rows alone, transposed where the file stores it so (then not contiguous).
[[nodiscard]] at::Tensor readTensor(const MappedTensor& tensor);

// Reads later, whole or by rows (whole only: transposed tensors, single numbers, and types that weights cannot have, which throw then).
[[nodiscard]] WeightReader weightReader(const MappedTensor& tensor);

} // namespace sfumato::engine
