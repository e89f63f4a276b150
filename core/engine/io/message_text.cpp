// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/message_text.h"

#include <cmath>
#include <cstdio>

namespace sfumato::engine {

namespace {

std::string printable(std::string_view text)
{
    std::string clean(text);
    for (char& c : clean) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    }
    return clean;
}

std::string tenths(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%ld.%ld", std::lround(value * 10) / 10, std::lround(value * 10) % 10);
    return text;
}

} // namespace

std::string displayName(const std::filesystem::path& path)
{
    const std::string name = path.filename().string();
    return printable(name.empty() ? path.string() : name);
}

std::string quotedName(std::string_view name)
{
    constexpr std::size_t kMaxBytes = 80;
    if (name.size() <= kMaxBytes) return '"' + printable(name) + '"';
    std::size_t cut = kMaxBytes;
    while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0U) == 0x80U) --cut; // never inside a character
    return '"' + printable(name.substr(0, cut)) + "…\"";
}

std::string listed(std::span<const std::string> words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

std::string shareOfBytes(std::uint64_t have, std::uint64_t want)
{
    struct Unit {
        double size;
        const char* name;
    };
    constexpr Unit kUnits[] = { { 1e9, " GB" }, { 1e6, " MB" }, { 1e3, " kB" } };
    for (const Unit& unit : kUnits) {
        if (static_cast<double>(want) < unit.size) continue;
        const std::string part = tenths(static_cast<double>(have) / unit.size);
        const std::string whole = tenths(static_cast<double>(want) / unit.size);
        if (part != whole) return part + " of " + whole + unit.name;
    }
    return std::to_string(have) + " of " + std::to_string(want) + " bytes";
}

Error fileError(const std::filesystem::path& path, std::string_view rest, ErrorCode code)
{
    return { code, displayName(path) + ' ' + std::string(rest), path.string() };
}

} // namespace sfumato::engine
