// The pictures a job names: a path, a file: URL or a data: URI.
// Thread: any, pure (reads the file).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/document/io/picture_reader.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sfumato::app {

// `field` names the job's field in messages. Relative paths are looked up below the base folders, the first that has them counts.
//   errors  those of readPicture; InvalidRequest for a malformed URL
[[nodiscard]] Result<document::Picture> loadJobPicture(const std::string& reference, const std::string& field, const std::vector<std::filesystem::path>& baseFolders);

// The content of a data: URI (RFC 2397), in base64 or percent-encoded.
[[nodiscard]] Result<std::vector<std::byte>> decodeDataUri(const std::string& uri, const std::string& field);

// "data:image/png;base64,…".
[[nodiscard]] std::string dataUriOf(std::span<const std::byte> bytes, const std::string& contentType);

} // namespace sfumato::app
