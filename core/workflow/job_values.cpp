// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_values.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

namespace sfumato::workflow {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownBytes = 60;
constexpr double kLargestExactInteger = 9007199254740992.0; // 2^53

template <typename Number>
std::optional<Number> parseNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<double> numberOf(const Json& value)
{
    std::optional<double> number;
    if (value.is_number())
        number = value.get<double>();
    else if (value.is_string())
        number = parseNumber<double>(trimmed(value.get_ref<const std::string&>()));
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::int64_t> integerOf(const Json& value)
{
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        return number <= std::uint64_t{ INT64_MAX } ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_string())
        if (const auto number = parseNumber<std::int64_t>(trimmed(value.get_ref<const std::string&>()))) return number;
    const auto number = numberOf(value);
    if (!number || std::trunc(*number) != *number || std::abs(*number) > kLargestExactInteger) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

// The scheme of an address in lower case: "https" of "HTTPS://…"; empty where there is none. One letter is a drive, not a scheme.
std::string schemeOf(std::string_view address)
{
    const std::size_t colon = address.find(':');
    if (colon == std::string_view::npos || colon < 2) return {};
    std::string scheme(address.substr(0, colon));
    for (char& letter : scheme) {
        const auto byte = static_cast<unsigned char>(letter);
        if (!std::isalnum(byte) && letter != '+' && letter != '-' && letter != '.') return {};
        letter = static_cast<char>(std::tolower(byte));
    }
    return scheme;
}

} // namespace

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string shownValue(const Json& value)
{
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() <= kShownBytes) return text;
    std::size_t end = kShownBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "…";
}

std::string shownNumber(double value)
{
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} ? std::string(digits.data(), end) : std::string("?");
}

void refuseValue(const Json& value, const std::string& field, std::string_view allowed)
{
    throw FieldFault{ field, field + " was given as " + shownValue(value) + "; it must be " + std::string(allowed) + "." };
}

std::string readText(const Json& value, const std::string& field)
{
    if (!value.is_string()) refuseValue(value, field, "text");
    return value.get<std::string>();
}

std::string readPath(const Json& value, const std::string& field)
{
    if (!value.is_string()) refuseValue(value, field, "text");
    std::string path = value.get<std::string>();
    if (path.find('\0') != std::string::npos) refuseValue(value, field, "a path, which has no null character");
    return path;
}

std::string readPictureReference(const Json& value, const std::string& field)
{
    constexpr std::string_view kAllowed = "a path, a file: URL or a data: URI";
    if (!value.is_string()) refuseValue(value, field, kAllowed);
    std::string reference = readPath(value, field);
    const std::string scheme = schemeOf(reference);
    if (scheme == "http" || scheme == "https")
        throw FieldFault{ field, field + " was given as " + shownValue(value) + ", an address on the network, and nothing is fetched from there; it must be " + std::string(kAllowed) + "." };
    if (scheme == "data" && reference.find(',') == std::string::npos) refuseValue(value, field, "a data: URI with its content after a comma");
    if (scheme != "data" && scheme != "file" && !scheme.empty() && reference.find("://") == scheme.size()) refuseValue(value, field, kAllowed);
    return reference;
}

std::int64_t readInteger(const Json& value, const std::string& field, std::int64_t least, std::int64_t most)
{
    const auto number = integerOf(value);
    if (!number || *number < least || *number > most)
        refuseValue(value, field, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return *number;
}

double readNumber(const Json& value, const std::string& field, double least, double most)
{
    const auto number = numberOf(value);
    if (!number || *number < least || *number > most) refuseValue(value, field, "a number from " + shownNumber(least) + " to " + shownNumber(most));
    return *number;
}

bool readBool(const Json& value, const std::string& field)
{
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text == "yes" || text == "true") return true;
        if (text == "no" || text == "false") return false;
    }
    refuseValue(value, field, "true or false");
}

std::string quotedNames(const std::vector<std::string_view>& names)
{
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) list += i + 1 == names.size() ? " or " : ", ";
        list.append("\"").append(names[i]).append("\"");
    }
    return list;
}

} // namespace sfumato::workflow
