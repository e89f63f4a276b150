// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/text_encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sfumato::document {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

void appendUtf8(std::string& text, char32_t point)
{
    const auto push = [&text](char32_t byte) { text.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (point < 0x80) {
        push(point);
    } else if (point < 0x800) {
        push(0xC0 | point >> 6U);
        push(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        push(0xE0 | point >> 12U);
        push(0x80 | (point >> 6U & 0x3F));
        push(0x80 | (point & 0x3F));
    } else {
        push(0xF0 | point >> 18U);
        push(0x80 | (point >> 12U & 0x3F));
        push(0x80 | (point >> 6U & 0x3F));
        push(0x80 | (point & 0x3F));
    }
}

struct Decoded {
    char32_t point = kReplacement;
    std::size_t length = 1;
    bool valid = false;
};

Decoded decodeUtf8(std::string_view text, std::size_t at) noexcept
{
    const auto byteAt = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byteAt(at);
    if (first < 0x80) return { first, 1, true };
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3
        : first >= 0xC2                                          ? 2
                                                                 : 0;
    if (length == 0 || first > 0xF4 || at + length > text.size()) return {};
    char32_t point = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byteAt(at + i) & 0xC0U) != 0x80U) return {};
        point = point << 6U | (byteAt(at + i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kSmallest{ 0, 0, 0x80, 0x800, 0x10000 };
    const bool isSurrogate = point >= 0xD800 && point < 0xE000;
    if (point < kSmallest[length] || point > 0x10FFFF || isSurrogate) return {};
    return { point, length, true };
}

// One or two UTF-16 units.
template <typename Append>
void forUtf16Units(char32_t point, Append append)
{
    if (point < 0x10000) {
        append(static_cast<std::uint16_t>(point));
        return;
    }
    append(static_cast<std::uint16_t>(0xD800 + ((point - 0x10000) >> 10U)));
    append(static_cast<std::uint16_t>(0xDC00 + ((point - 0x10000) & 0x3FFU)));
}

// The value of four hexadecimal digits after "\u", or -1.
int escapedUnit(std::string_view json, std::size_t at) noexcept
{
    if (at + 6 > json.size() || json[at] != '\\' || json[at + 1] != 'u') return -1;
    int value = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char digit = json[i];
        const int number = digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
            : digit >= 'A' && digit <= 'F'                                                           ? digit - 'A' + 10
                                                                                                     : -1;
        if (number < 0) return -1;
        value = value * 16 + number;
    }
    return value;
}

bool isHighSurrogate(int unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
bool isLowSurrogate(int unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }

char32_t joined(int high, int low) noexcept
{
    return 0x10000 + (static_cast<char32_t>(high - 0xD800) << 10U) + static_cast<char32_t>(low - 0xDC00);
}

} // namespace

bool isAscii(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isValidUtf8(std::string_view text) noexcept
{
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decodeUtf8(text, at);
        if (!decoded.valid) return false;
        at += decoded.length;
    }
    return true;
}

std::string utf8FromLatin1(std::string_view text)
{
    std::string result;
    for (const char c : text) appendUtf8(result, static_cast<unsigned char>(c));
    return result;
}

std::string utf8FromUnknown(std::string_view text)
{
    return isValidUtf8(text) ? std::string(text) : utf8FromLatin1(text);
}

std::string utf8FromUtf16(std::string_view bytes, bool bigEndian)
{
    const auto unitAt = [&](std::size_t i) {
        const int first = static_cast<unsigned char>(bytes[i]), second = static_cast<unsigned char>(bytes[i + 1]);
        return bigEndian ? first << 8 | second : second << 8 | first;
    };
    std::string result;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const int unit = unitAt(i);
        if (isHighSurrogate(unit) && i + 3 < bytes.size() && isLowSurrogate(unitAt(i + 2))) {
            appendUtf8(result, joined(unit, unitAt(i + 2)));
            i += 2;
        } else {
            appendUtf8(result, isHighSurrogate(unit) || isLowSurrogate(unit) ? kReplacement : static_cast<char32_t>(unit));
        }
    }
    return result;
}

std::string utf16BigEndianFromUtf8(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decodeUtf8(text, at);
        forUtf16Units(decoded.point, [&result](std::uint16_t unit) {
            result.push_back(static_cast<char>(unit >> 8));
            result.push_back(static_cast<char>(unit & 0xFF));
        });
        at += decoded.length;
    }
    return result;
}

std::string asciiJson(std::string_view json)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string result;
    for (std::size_t at = 0; at < json.size();) {
        const Decoded decoded = decodeUtf8(json, at);
        at += decoded.length;
        if (decoded.valid && decoded.point < 0x80) {
            result.push_back(static_cast<char>(decoded.point));
            continue;
        }
        forUtf16Units(decoded.point, [&](std::uint16_t unit) {
            result += "\\u";
            for (int shift = 12; shift >= 0; shift -= 4) result.push_back(kDigits[unit >> shift & 0xF]);
        });
    }
    return result;
}

std::string utf8Json(std::string_view json)
{
    std::string result;
    for (std::size_t at = 0; at < json.size();) {
        const int unit = escapedUnit(json, at);
        const int next = unit >= 0 ? escapedUnit(json, at + 6) : -1;
        if (isHighSurrogate(unit) && isLowSurrogate(next)) {
            appendUtf8(result, joined(unit, next));
            at += 12;
        } else if (unit >= 0x80 && !isHighSurrogate(unit) && !isLowSurrogate(unit)) {
            appendUtf8(result, static_cast<char32_t>(unit));
            at += 6;
        } else {
            // An escaped character goes over as a pair, so that the second backslash of "\\u00e9" begins nothing.
            const std::size_t length = json[at] == '\\' && at + 1 < json.size() ? 2 : 1;
            result += json.substr(at, length);
            at += length;
        }
    }
    return result;
}

} // namespace sfumato::document
