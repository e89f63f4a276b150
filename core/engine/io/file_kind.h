// What kind of file a set of tensor names makes.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/file_description.h"
#include "core/engine/io/safetensors_file.h"

#include <span>
#include <string>
#include <string_view>

namespace sfumato::engine {

struct RecognisedKind {
    FileKind kind = FileKind::Unknown;
    std::string foreignFamily; // "Flux", "SD 3", …: models of families that are not ours
};

[[nodiscard]] RecognisedKind recogniseKind(const SafetensorsFile& file);

// The same from names alone, for a network in several files; embeddings, which only shapes tell, are Unknown.
[[nodiscard]] FileKind kindOfNames(std::span<const std::string_view> names);

} // namespace sfumato::engine
