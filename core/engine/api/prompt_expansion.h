// Prompt expansion: a prompt in, a richer prompt out, by a language model from the user's own folder.
// Thread: any, pure values. Source of the mechanism: lllyasviel/Fooocus, extras/expansion.py (facts alone; its model and word list are not part of this program).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sfumato::engine {

// The model's folder is one of the GPT-2 kind in the layout of transformers: config.json, vocab.json and merges.txt or tokenizer.json, model.safetensors. With a
// `positive.txt` beside them (one word a line) only commas and words of that list are added, none of them twice.
struct ExpansionRequest {
    std::filesystem::path model;
    std::string prompt;       // UTF-8
    std::uint64_t seed = 0;   // its lower 32 bits count
    double temperature = 1.0; // > 0
    int topK = 100;           // only so many most likely tokens are drawn from; 0: all
    double topP = 1.0;        // (0, 1]: only the most likely tokens that together have this probability
};

struct PromptExpansion {
    std::string prompt;   // as given but for spaces and commas at its ends, with the addition behind it
    std::string addition; // what was added; empty when the prompt is empty or fills its last 75 tokens already
};

// The folder of a language model: `folder` itself or, by name, the first folder in it that holds a config.json; empty when there is none. Cost: reads folder entries.
[[nodiscard]] std::filesystem::path expansionModelIn(const std::filesystem::path& folder);

} // namespace sfumato::engine
