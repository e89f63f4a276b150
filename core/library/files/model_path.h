// The names of files around a model file.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <filesystem>
#include <string_view>

namespace sfumato::library {

[[nodiscard]] bool isModelFileName(const QString& fileName); // "….safetensors", in any case

// The path without ".safetensors": what sidecars and previews begin with.
[[nodiscard]] QString modelStem(const QString& path);

// The last part of a path or file name without ".safetensors".
[[nodiscard]] QString modelBaseName(const QString& pathOrName);

[[nodiscard]] inline std::filesystem::path toFilePath(const QString& path) { return { path.toStdString() }; }

[[nodiscard]] inline std::string_view withoutByteOrderMark(std::string_view text) noexcept
{
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

} // namespace sfumato::library
