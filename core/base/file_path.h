// File paths from and to the UTF-8 text that jobs, recipes and settings hold.
// Thread: any, pure. On Linux bytes that are not UTF-8 pass unchanged both ways.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sfumato {

[[nodiscard]] inline std::filesystem::path pathFromUtf8(std::string_view text) { return std::u8string(text.begin(), text.end()); }

[[nodiscard]] inline std::string toUtf8(const std::filesystem::path& path)
{
    const std::u8string text = path.u8string();
    return { text.begin(), text.end() };
}

// The last part of a path; empty for a path that ends in a slash.
[[nodiscard]] inline std::string fileNameIn(std::string_view path) { return toUtf8(pathFromUtf8(path).filename()); }

} // namespace sfumato
