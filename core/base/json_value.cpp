// SPDX-License-Identifier: Apache-2.0
#include "core/base/json_value.h"

#include "core/base/json_reader.h"

#include <algorithm>

namespace sfumato {

namespace {

using Token = JsonReader::Token;

class JsonBuilder {
public:
    explicit JsonBuilder(std::string_view text) : m_reader(text) { }

    // Empty on failure; then error() says why.
    std::optional<JsonValue> document()
    {
        std::optional<JsonValue> root = value(m_reader.next());
        if (root && m_reader.next() != Token::End) root.reset();
        return root;
    }

    [[nodiscard]] std::string error() const { return m_error.empty() ? m_reader.error() : m_error; }

private:
    // Recursion is bounded by JsonReader::kMaxDepth.
    std::optional<JsonValue> value(Token token)
    {
        if (++m_count > JsonValue::kMaxValues) {
            m_error = "more than " + std::to_string(JsonValue::kMaxValues) + " values";
            return std::nullopt;
        }
        switch (token) {
        case Token::BeginObject: return object();
        case Token::BeginArray: return array();
        case Token::String: return JsonValue(std::string(m_reader.text()));
        case Token::Integer: return JsonValue(m_reader.integer());
        case Token::Number: return JsonValue(m_reader.number());
        case Token::Boolean: return JsonValue(m_reader.boolean());
        case Token::Null: return JsonValue();
        default: return std::nullopt;
        }
    }

    std::optional<JsonValue> array()
    {
        JsonValue::Array elements;
        for (Token token = m_reader.next(); token != Token::EndArray; token = m_reader.next()) {
            std::optional<JsonValue> element = value(token);
            if (!element) return std::nullopt;
            elements.push_back(std::move(*element));
        }
        return JsonValue(std::move(elements));
    }

    std::optional<JsonValue> object()
    {
        JsonValue::Object members;
        for (Token token = m_reader.next(); token != Token::EndObject; token = m_reader.next()) {
            if (token != Token::Name) return std::nullopt;
            std::string name(m_reader.text());
            std::optional<JsonValue> member = value(m_reader.next());
            if (!member) return std::nullopt;
            members.emplace_back(std::move(name), std::move(*member));
        }
        if (!namesAreUnique(members)) return std::nullopt;
        return JsonValue(std::move(members));
    }

    bool namesAreUnique(const JsonValue::Object& members)
    {
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const JsonValue::Member& member : members) names.push_back(member.first);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice == names.end()) return true;
        m_error = "the name \"" + std::string(twice->substr(0, 80)) + "\" given twice";
        return false;
    }

    JsonReader m_reader;
    std::size_t m_count = 0;
    std::string m_error;
};

} // namespace

JsonValue::JsonValue() = default;
JsonValue::JsonValue(const JsonValue& other) = default;
JsonValue::JsonValue(JsonValue&& other) noexcept = default;
JsonValue& JsonValue::operator=(const JsonValue& other) = default;
JsonValue& JsonValue::operator=(JsonValue&& other) noexcept = default;
JsonValue::~JsonValue() = default;

Result<JsonValue> JsonValue::parse(std::string_view text, std::string_view source)
{
    JsonBuilder builder(text);
    std::optional<JsonValue> root = builder.document();
    if (!root) return Error{ ErrorCode::FileUnreadable, std::string(source) + " is not valid JSON: it has " + builder.error() + ".", std::string(source) };
    return std::move(*root);
}

std::optional<bool> JsonValue::toBool() const noexcept
{
    const bool* value = std::get_if<bool>(&m_content);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::int64_t> JsonValue::toInteger() const noexcept
{
    const std::int64_t* value = std::get_if<std::int64_t>(&m_content);
    return value ? std::optional(*value) : std::nullopt;
}

std::optional<double> JsonValue::toNumber() const noexcept
{
    if (const double* value = std::get_if<double>(&m_content)) return *value;
    if (const std::optional<std::int64_t> whole = toInteger()) return static_cast<double>(*whole);
    return std::nullopt;
}

const JsonValue::Array& JsonValue::elements() const noexcept
{
    static const Array kNone;
    const Array* array = std::get_if<Array>(&m_content);
    return array ? *array : kNone;
}

const JsonValue::Object& JsonValue::members() const noexcept
{
    static const Object kNone;
    const Object* object = std::get_if<Object>(&m_content);
    return object ? *object : kNone;
}

const JsonValue& JsonValue::operator[](std::string_view name) const noexcept
{
    static const JsonValue kNull;
    for (const Member& member : members()) {
        if (member.first == name) return member.second;
    }
    return kNull;
}

} // namespace sfumato
