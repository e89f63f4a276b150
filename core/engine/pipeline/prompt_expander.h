// PromptExpander: one language model in memory, and what it adds to prompts.
// Thread: engine, in inference mode. Owner: LibtorchEngine.
//
// The prompt, cleaned and with a comma behind it, is continued to the next multiple of 75 tokens, one drawn token after the other. With a word list every token but
// its words and the comma is 8192 below the rest, and so is every token that is in the text already. Without one the end token ends the text.
// It always computes in float32 on the CPU: the same seed gives the same words whatever card is in the machine.
// Source: lllyasviel/Fooocus, extras/expansion.py. Differs: the model is the user's own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/prompt_expansion.h"
#include "core/engine/models/gpt2_model.h"
#include "core/engine/text/byte_level_tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

class PromptExpander {
public:
    // Reads the model. Throws EngineException: what LanguageModelFiles, ByteLevelTokenizer and Weights answer; UnsupportedModel when the tokenizer has ids past the
    // model's vocabulary, or the word list leaves no word. CancelledException. Cost: reads the weights, 0.5 GB of memory for GPT-2 small.
    PromptExpander(const std::filesystem::path& folder, const std::stop_token& stop);

    // CancelledException within one layer of a stop request. Cost: one pass of the model a token.
    [[nodiscard]] PromptExpansion expand(const ExpansionRequest& request, const std::stop_token& stop) const;

    // Whether it was made from this folder as it is now.
    [[nodiscard]] bool isFrom(const std::filesystem::path& folder) const;
    [[nodiscard]] std::uint64_t parameterCount() const noexcept { return m_parameterCount; }

private:
    [[nodiscard]] std::vector<int> continued(std::vector<int> ids, const ExpansionRequest& request, int count, const std::stop_token& stop) const;
    void applyWordList(at::Tensor& logits, const std::vector<int>& ids) const;

    std::filesystem::path m_folder;
    std::filesystem::file_time_type m_modified;
    std::uint64_t m_parameterCount = 0;
    std::optional<ByteLevelTokenizer> m_tokenizer;
    std::unique_ptr<Gpt2Model> m_model;
    std::optional<int> m_endToken;
    std::vector<float> m_bias; // of each token, by the word list; empty: none
    std::optional<int> m_comma;
};

} // namespace sfumato::engine
