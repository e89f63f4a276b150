// JsonValue: a small JSON document as a value, for model configs and metadata.
// Thread: any, pure value. It uses the standard library alone because the engine-only build has nothing but libtorch and a compiler; the window and the
// command line use nlohmann-json for jobs and projects.
//
// parse() is strict: everything JsonReader refuses, and names given twice in one object. Integers are kept exactly as std::int64_t, other numbers as double.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sfumato {

class JsonValue {
public:
    using Array = std::vector<JsonValue>;
    using Member = std::pair<std::string, JsonValue>;
    using Object = std::vector<Member>; // in the order of the text; names are unique

    static constexpr std::size_t kMaxValues = 2'000'000; // bounds the memory that a hostile text can ask for

    // Copying is deep. Defined in the source file: inlined into every reader they cost compile time and give GCC false alarms under the sanitizers.
    JsonValue(); // null
    JsonValue(const JsonValue& other);
    JsonValue(JsonValue&& other) noexcept;
    JsonValue& operator=(const JsonValue& other);
    JsonValue& operator=(JsonValue&& other) noexcept;
    ~JsonValue();

    JsonValue(bool value) : m_content(value) { }
    JsonValue(std::int64_t value) : m_content(value) { }
    JsonValue(double value) : m_content(value) { }
    JsonValue(std::string value) : m_content(std::move(value)) { }
    JsonValue(Array value) : m_content(std::move(value)) { }
    JsonValue(Object value) : m_content(std::move(value)) { }

    // `source` names the text in the message ("unet/config.json"). Errors: FileUnreadable, naming source, fault and place.
    [[nodiscard]] static Result<JsonValue> parse(std::string_view text, std::string_view source);

    [[nodiscard]] bool isNull() const noexcept { return std::holds_alternative<std::nullptr_t>(m_content); }
    [[nodiscard]] bool isArray() const noexcept { return std::holds_alternative<Array>(m_content); }
    [[nodiscard]] bool isObject() const noexcept { return std::holds_alternative<Object>(m_content); }

    // The value when it is of that kind; nothing is converted, except that toNumber takes integers too.
    [[nodiscard]] std::optional<bool> toBool() const noexcept;
    [[nodiscard]] std::optional<std::int64_t> toInteger() const noexcept;
    [[nodiscard]] std::optional<double> toNumber() const noexcept;
    [[nodiscard]] const std::string* toString() const noexcept { return std::get_if<std::string>(&m_content); }

    // Empty for every other kind.
    [[nodiscard]] const Array& elements() const noexcept;
    [[nodiscard]] const Object& members() const noexcept;
    // The member of that name; a null value when there is none or this is no object. Cost: linear in the members.
    [[nodiscard]] const JsonValue& operator[](std::string_view name) const noexcept;

    friend bool operator==(const JsonValue&, const JsonValue&) = default;

private:
    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> m_content;
};

} // namespace sfumato
