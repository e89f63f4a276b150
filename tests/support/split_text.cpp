// SPDX-License-Identifier: Apache-2.0
#include "tests/support/split_text.h"

#include <sstream>

namespace sfumato::test {

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

} // namespace sfumato::test
