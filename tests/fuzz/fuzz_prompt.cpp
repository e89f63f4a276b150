// Prompts: the attention grammar, the tokenizer, chunks and learned words. Input: the prompt.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/prompt_attention.h"
#include "core/engine/text/prompt_chunks.h"
#include "tests/fuzz/fuzz_target.h"

#include <algorithm>
#include <cmath>

using namespace sfumato::engine;

namespace {

const ClipTokenizer& tokenizer()
{
    static const auto loaded = ClipTokenizer::load(SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt");
    return loaded.value();
}

const LearnedWords& learnedWords()
{
    static const LearnedWords words = [] {
        LearnedWords made;
        made.add(tokenizer(), "ink", 3);
        made.add(tokenizer(), "ink wash", 8);
        made.add(tokenizer(), "many", 80);
        return made;
    }();
    return words;
}

void checkChunks(std::string_view prompt, PadToken pad, const LearnedWords& words)
{
    const std::vector<PromptChunk> chunks = chunkPrompt(tokenizer(), prompt, pad, words);
    FUZZ_CHECK(!chunks.empty());
    const int mostId = LearnedWords::kFirstId + words.vectorCount();
    for (const PromptChunk& chunk : chunks) {
        FUZZ_CHECK(chunk.ids.front() == ClipTokenizer::kStartToken && chunk.ids.back() == ClipTokenizer::kEndToken);
        FUZZ_CHECK(std::all_of(chunk.ids.begin(), chunk.ids.end(), [mostId](int id) { return id >= 0 && id < mostId; }));
        FUZZ_CHECK(std::all_of(chunk.weights.begin(), chunk.weights.end(), [](float weight) { return std::isfinite(weight); }));
    }
    const int tokens = tokenCount(tokenizer(), prompt, words);
    FUZZ_CHECK(tokens >= 0 && tokenLimit(tokens) % kTokensPerChunk == 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view prompt = sfumato::fuzz::asText(data, size);
    const std::vector<WeightedText> runs = parsePromptAttention(prompt);
    FUZZ_CHECK(!runs.empty());
    for (const WeightedText& run : runs) FUZZ_CHECK(std::isfinite(run.weight) && std::abs(run.weight) <= kLargestWeight && (!run.isBreak || run.text.empty()));
    checkChunks(prompt, PadToken::EndOfText, {});
    checkChunks(prompt, PadToken::ExclamationMark, learnedWords());
    return 0;
}
