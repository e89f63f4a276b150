// Pieces of the sentences that errors and warnings are made of. Names come from files: control characters are replaced and long ones cut.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace sfumato::engine {

// The file's name without its folders ("starter.safetensors"); the whole path when it has none.
[[nodiscard]] std::string displayName(const std::filesystem::path& path);

// The name in double quotes, at most 80 bytes of it.
[[nodiscard]] std::string quotedName(std::string_view name);

// "a", "a and b", "a, b and c".
[[nodiscard]] std::string listed(std::span<const std::string> words);

// "6.2 of 6.9 GB", "12 of 100 bytes": in the unit of the larger, and in bytes when that unit would hide the difference.
[[nodiscard]] std::string shareOfBytes(std::uint64_t have, std::uint64_t want);

// An Error about `path`: its display name followed by `rest` ("has a hole."), with the path as detail.
[[nodiscard]] Error fileError(const std::filesystem::path& path, std::string_view rest, ErrorCode code = ErrorCode::FileUnreadable);

} // namespace sfumato::engine
