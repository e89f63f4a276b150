// SPDX-License-Identifier: Apache-2.0
#include "core/base/utf8.h"

#include <cassert>
#include <cstring>

namespace sfumato {

namespace {

// How many bytes the well-formed sequence at `bytes` has; 0 when it is none. RFC 3629, section 4.
std::size_t sequenceLength(const unsigned char* bytes, std::size_t available) noexcept
{
    const auto isContinuation = [&](std::size_t i) { return i < available && (bytes[i] & 0xC0U) == 0x80U; };
    const unsigned first = bytes[0];
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return isContinuation(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!isContinuation(1) || !isContinuation(2)) return 0;
        const bool overlong = first == 0xE0 && bytes[1] < 0xA0;
        const bool surrogate = first == 0xED && bytes[1] > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!isContinuation(1) || !isContinuation(2) || !isContinuation(3)) return 0;
        const bool overlong = first == 0xF0 && bytes[1] < 0x90;
        const bool beyondUnicode = first == 0xF4 && bytes[1] > 0x8F;
        return overlong || beyondUnicode ? 0 : 4;
    }
    return 0;
}

} // namespace

std::size_t findInvalidUtf8(std::string_view text) noexcept
{
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t word = 0;
        if (text.size() - at >= sizeof word) {
            std::memcpy(&word, bytes + at, sizeof word);
            if ((word & 0x8080808080808080ULL) == 0) {
                at += sizeof word;
                continue;
            }
        }
        const std::size_t length = sequenceLength(bytes + at, text.size() - at);
        if (length == 0) return at;
        at += length;
    }
    return at;
}

void appendUtf8(std::string& text, std::uint32_t codePoint)
{
    assert(codePoint <= 0x10FFFF && (codePoint < 0xD800 || codePoint > 0xDFFF));
    const auto append = [&](std::uint32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    const auto continuation = [&](unsigned shift) { append(0x80U | ((codePoint >> shift) & 0x3FU)); };
    if (codePoint < 0x80) {
        append(codePoint);
    } else if (codePoint < 0x800) {
        append(0xC0U | (codePoint >> 6));
        continuation(0);
    } else if (codePoint < 0x10000) {
        append(0xE0U | (codePoint >> 12));
        continuation(6);
        continuation(0);
    } else {
        append(0xF0U | (codePoint >> 18));
        continuation(12);
        continuation(6);
        continuation(0);
    }
}

} // namespace sfumato
