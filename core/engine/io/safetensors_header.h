// The JSON header of a safetensors file, parsed and checked without touching a disk.
// Thread: any, pure. Source and limits: see safetensors_file.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/safetensors_file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

struct SafetensorsHeader {
    std::vector<TensorEntry> tensors; // by offset
    std::vector<std::uint32_t> byName;
    std::map<std::string, std::string> metadata;
};

// `text` is the header as stored; the tensors' bytes are [dataBegin, fileSize) of the file. `path` is for messages.
// Errors: FileUnreadable, naming file, fault and tensor.
[[nodiscard]] Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view text, std::uint64_t dataBegin, std::uint64_t fileSize,
    const std::filesystem::path& path);

// The number of bytes that a tensor occupies. Empty when the product overflows or ends inside a byte, or when a dimension is negative.
[[nodiscard]] std::optional<std::uint64_t> storedSize(Dtype dtype, std::span<const std::int64_t> shape) noexcept;

} // namespace sfumato::engine
