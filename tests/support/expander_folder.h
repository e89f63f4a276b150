// A language model of the GPT-2 kind as the user would have it in a folder, small and with synthetic weights; the vocabulary is tests/data/tokenizer/byte_level.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/synthetic_weights.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sfumato::test {

struct ExpanderShape {
    std::int64_t width = 96;
    std::int64_t heads = 3;
    std::int64_t layers = 3;
    std::int64_t feedForwardWidth = 384;
    std::int64_t positions = 160;
    std::string prefix = "transformer."; // of the names in the file
    std::string config;                  // members of config.json beside the heads: ", \"activation_function\": \"gelu\""
    bool isTied = true;
    bool hasWords = false;
};

// "prefixed", "untied", "worded": the networks of tests/parity/make_expansion_references.py.
[[nodiscard]] std::map<std::string, ExpanderShape> expanderCases();

// As the file has them: projections are [in, out].
[[nodiscard]] std::vector<NamedShape> expanderShapes(const ExpanderShape& shape);

// config.json, vocab.json, merges.txt, model.safetensors and perhaps positive.txt, in `folder`, which is made; the texts come from `texts`, that is
// tests/data/tokenizer/byte_level. Throws when they cannot be written.
void writeExpander(const std::filesystem::path& folder, const ExpanderShape& shape, const std::filesystem::path& texts);

} // namespace sfumato::test
