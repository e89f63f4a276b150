// Writes .safetensors files byte for byte as the reference library does: tensors sorted by descending type, then by name; header padded so that
// the tensors begin 8-byte aligned; metadata sorted by key.
// Thread: any. Source: huggingface/safetensors.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/safetensors_file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sfumato::engine {

struct TensorToWrite {
    std::string name; // UTF-8, at most SafetensorsFile::kMaxNameBytes, not "__metadata__"
    Dtype dtype = Dtype::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes; // row-major, little-endian, exactly as many as type and shape ask for
};

// The file is written beside `path` under a temporary name, flushed to the disk and renamed: `path` holds the old content or the whole new one.
// Errors: InvalidRequest (a name twice or not UTF-8, bytes that do not fit the shape); DiskFull; FileUnreadable when the folder cannot be written to.
[[nodiscard]] Result<void> writeSafetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
    const std::map<std::string, std::string>& metadata = {});

} // namespace sfumato::engine
