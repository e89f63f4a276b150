// Mutator: changes inputs at random, the same way for the same seed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace sfumato::fuzz {

using Input = std::vector<std::uint8_t>;

class Mutator {
public:
    static constexpr std::size_t kMostBytes = 4096; // longer inputs are only cut or changed in place

    explicit Mutator(std::uint64_t seed) : m_random(seed) { }

    // One input of the corpus with one to eight changes: bits, bytes, numbers, pieces left out, doubled, moved, taken from another input, words of the formats.
    [[nodiscard]] Input changed(const std::vector<Input>& corpus);

private:
    [[nodiscard]] std::size_t below(std::size_t limit); // 0 … limit − 1; 0 when limit is 0
    void change(Input& input, const std::vector<Input>& corpus);
    void changeByte(Input& input);
    void changeNumber(Input& input);
    void insert(Input& input, const Input& piece);
    void insertPieceOf(Input& input, const Input& source);
    void insertWord(Input& input);
    void erase(Input& input);

    std::mt19937_64 m_random; // its sequence is laid down by the standard
};

} // namespace sfumato::fuzz
