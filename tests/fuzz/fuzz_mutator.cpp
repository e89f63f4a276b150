// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/fuzz_mutator.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace sfumato::fuzz {

namespace {

// Words that the formats are made of, and values at the edges of what they allow.
constexpr auto kWords = std::to_array<std::string_view>({ "{", "}", "[", "]", "\"", ":", ",", "null", "true", "false", "{}", "[]", "\"\":", "\\u0000", "\\ud800", "\\",
    "0", "-1", "1e308", "1e-400", "NaN", "9223372036854775807", "18446744073709551616", "4294967296", "0.5", "-0", "\"F16\"", "\"F8_E4M3\"", "\"dtype\":", "\"shape\":[",
    "\"data_offsets\":[0,0]", "__metadata__", ".lora_down.weight", ".lora_up.weight", ".alpha", ".lora_mid.weight", ".hada_w1_a", ".lokr_w2_b", ".oft_blocks", ".dora_scale", ".diff",
    "lora_unet_", "lora_te1_", "text_encoder.", "input_blocks.", "down_blocks.", "transformer_blocks.0.attn2.to_k", "bundle_emb.", "BREAK", "(", ")", ":1.1)", "\\(", "<lora:a:0.5>",
    " AND ", "parameters", "\nNegative prompt: ", "Steps: 20, Sampler: Euler a", "sfumato:", "<script>", "&#x41;", "\n", "\xEF\xBB\xBF", "\xE2\x80\xAE" });

constexpr std::array<std::uint8_t, 12> kEdgeBytes{ 0x00, 0x01, 0x0A, 0x20, 0x22, 0x2C, 0x5C, 0x7F, 0x80, 0xC0, 0xED, 0xFF };

} // namespace

std::size_t Mutator::below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(m_random() % limit); }

Input Mutator::changed(const std::vector<Input>& corpus)
{
    Input input = corpus[below(corpus.size())];
    for (std::size_t changes = 1 + below(8); changes > 0; --changes) change(input, corpus);
    return input;
}

void Mutator::change(Input& input, const std::vector<Input>& corpus)
{
    switch (below(8)) {
    case 0:
    case 1: changeByte(input); break;
    case 2: changeNumber(input); break;
    case 3: erase(input); break;
    case 4: insertPieceOf(input, Input(input)); break;
    case 5: insertPieceOf(input, corpus[below(corpus.size())]); break;
    case 6: insertWord(input); break;
    default: insert(input, Input(1 + below(4), kEdgeBytes[below(kEdgeBytes.size())])); break;
    }
}

void Mutator::changeByte(Input& input)
{
    if (input.empty()) return;
    std::uint8_t& byte = input[below(input.size())];
    switch (below(3)) {
    case 0: byte = static_cast<std::uint8_t>(byte ^ (1U << below(8))); break;
    case 1: byte = static_cast<std::uint8_t>(m_random()); break;
    default: byte = kEdgeBytes[below(kEdgeBytes.size())]; break;
    }
}

// A run of digits becomes another number.
void Mutator::changeNumber(Input& input)
{
    const std::size_t from = below(input.size());
    const auto isDigit = [](std::uint8_t byte) { return std::isdigit(byte) != 0; };
    const auto first = std::find_if(input.begin() + static_cast<std::ptrdiff_t>(from), input.end(), isDigit);
    if (first == input.end()) return;
    const auto last = std::find_if_not(first, input.end(), isDigit);
    const std::array<std::uint64_t, 8> values{ 0, 1, 2, 768, 2048, 0x7FFFFFFF, 0xFFFFFFFF, m_random() >> below(64) };
    const std::string digits = std::to_string(values[below(values.size())]);
    const auto place = input.erase(first, last);
    input.insert(place, digits.begin(), digits.end());
}

void Mutator::erase(Input& input)
{
    if (input.empty()) return;
    const std::size_t from = below(input.size());
    const std::size_t length = 1 + below(std::min(input.size() - from, below(4) == 0 ? input.size() : std::size_t{ 16 }));
    input.erase(input.begin() + static_cast<std::ptrdiff_t>(from), input.begin() + static_cast<std::ptrdiff_t>(std::min(from + length, input.size())));
}

void Mutator::insert(Input& input, const Input& piece)
{
    if (input.size() + piece.size() > kMostBytes) return;
    input.insert(input.begin() + static_cast<std::ptrdiff_t>(below(input.size() + 1)), piece.begin(), piece.end());
}

void Mutator::insertPieceOf(Input& input, const Input& source)
{
    if (source.empty()) return;
    const std::size_t from = below(source.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(source.size() - from, 64));
    insert(input, Input(source.begin() + static_cast<std::ptrdiff_t>(from), source.begin() + static_cast<std::ptrdiff_t>(from + length)));
}

void Mutator::insertWord(Input& input)
{
    const std::string_view word = kWords[below(kWords.size())];
    insert(input, Input(word.begin(), word.end()));
}

} // namespace sfumato::fuzz
