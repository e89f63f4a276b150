// What kind of file a set of tensor names makes.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/file_description.h"
#include "core/engine/io/safetensors_file.h"

#include <string>

namespace sfumato::engine {

struct RecognisedKind {
    FileKind kind = FileKind::Unknown;
    std::string foreignFamily; // "Flux", "SD 3", …: models of families that are not ours
};

[[nodiscard]] RecognisedKind recogniseKind(const SafetensorsFile& file);

} // namespace sfumato::engine
