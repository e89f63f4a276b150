// Byte symbols: the printable characters that byte-level vocabularies write for the 256 bytes.
// Thread: any, constant data. Source: Radford et al. 2019 (GPT-2), the released encoder; CLIP uses the same table.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

namespace sfumato::engine {

// Printable bytes stand for themselves and come first in the published vocabularies; the others, in order, stand for U+0100 and up.
struct ByteSymbols {
    std::array<int, 256> places{}; // among the first 256 ids
    std::array<char32_t, 256> codePoints{};
    std::array<int, 0x144> bytes{}; // by code point; −1: none

    [[nodiscard]] static constexpr bool isPrintable(unsigned byte) { return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174; }

    constexpr ByteSymbols()
    {
        int nextPlace = 0;
        char32_t nextCodePoint = 0x100;
        for (unsigned byte = 0; byte < 256; ++byte)
            if (isPrintable(byte)) {
                places[byte] = nextPlace++;
                codePoints[byte] = byte;
            }
        for (unsigned byte = 0; byte < 256; ++byte)
            if (!isPrintable(byte)) {
                places[byte] = nextPlace++;
                codePoints[byte] = nextCodePoint++;
            }
        bytes.fill(-1);
        for (unsigned byte = 0; byte < 256; ++byte) bytes[codePoints[byte]] = static_cast<int>(byte);
    }

    // The byte that a character stands for; empty when it stands for none.
    [[nodiscard]] constexpr std::optional<unsigned char> byteOf(char32_t codePoint) const
    {
        if (codePoint >= bytes.size() || bytes[codePoint] < 0) return std::nullopt;
        return static_cast<unsigned char>(bytes[codePoint]);
    }
};

inline constexpr ByteSymbols kByteSymbols;

} // namespace sfumato::engine
