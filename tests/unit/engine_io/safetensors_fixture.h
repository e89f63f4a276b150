// Model files made for tests: by header text, or by lists of names and shapes with holes for tensors, so that a 5 GB model takes no disk space.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/safetensors_file.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine::test {

// A length field, `header` and `data`, as they are.
[[nodiscard]] std::string fileBytes(std::string_view header, std::string_view data = {});
[[nodiscard]] std::string lengthField(std::uint64_t length);

void writeBytes(const std::filesystem::path& path, std::string_view bytes);
[[nodiscard]] std::string readBytes(const std::filesystem::path& path);

struct NamedShape {
    std::string name;
    std::vector<std::int64_t> shape;
    Dtype dtype = Dtype::F16;
};

// A valid file whose tensors are holes (zeros), in the order given.
void writeSparse(const std::filesystem::path& path, const std::vector<NamedShape>& tensors, const std::map<std::string, std::string>& metadata = {});

// The rows of a list of tests/data/weight_names, without the line of column names; "320x4x3x3" and "scalar" become shapes by parseShape.
[[nodiscard]] std::vector<std::vector<std::string>> weightNameRows(const std::string& list);
[[nodiscard]] std::vector<std::int64_t> parseShape(const std::string& text);

// The tensors of a list under the names of its column.
[[nodiscard]] std::vector<NamedShape> tensorsOf(const std::string& list, std::size_t nameColumn, std::size_t shapeColumn, Dtype dtype = Dtype::F16);

} // namespace sfumato::engine::test
