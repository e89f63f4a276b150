// split: the parts of a line of a table, as the references' metadata hold them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sfumato::test {

// The parts between separators; empty parts count, but for one after the last separator.
[[nodiscard]] std::vector<std::string> split(const std::string& text, char separator);

} // namespace sfumato::test
