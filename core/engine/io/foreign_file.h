// Recognises files that are not safetensors by what they contain, so that the refusal can say what to do about it.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string_view>

namespace sfumato::engine {

inline constexpr std::size_t kForeignPrefixBytes = 512; // how much of a file's beginning is looked at

// The refusal of a file that begins with `prefix` (all of it when it is shorter), when that is a known other kind: pickles and the zip archives they
// come in, other archives, GGUF, HDF5, web pages, Git LFS pointers, pictures. Empty when nothing is recognised. Ask only for files that are no
// valid safetensors: a header's length can look like any of these.
[[nodiscard]] std::optional<Error> recogniseForeignFile(std::string_view prefix, const std::filesystem::path& path);

// The refusal of a file that may hold programs: "old.ckpt can hold programs, …".
[[nodiscard]] Error pickleRefusal(const std::filesystem::path& path);

} // namespace sfumato::engine
