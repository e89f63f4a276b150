// Typed values out of a job document. Internal to the job reader: a value that does not fit is thrown as FieldFault and becomes an Error in readJob.
// Thread: any, pure functions. `field` is the full name for messages: "inpaint.fill", "loras[2].scale".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_names.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::workflow {

struct FieldFault {
    std::string field;
    std::string message;
};

// "FIELD was given as VALUE; it must be ALLOWED."
[[noreturn]] void refuseValue(const nlohmann::ordered_json& value, const std::string& field, std::string_view allowed);

[[nodiscard]] std::string readText(const nlohmann::ordered_json& value, const std::string& field);
// Text without null characters.
[[nodiscard]] std::string readPath(const nlohmann::ordered_json& value, const std::string& field);
// A path, a file: URL of this machine or a data: URI; everything that would have to be fetched is refused.
[[nodiscard]] std::string readPictureReference(const nlohmann::ordered_json& value, const std::string& field);

// JSON numbers and numbers written as text; 25.0 is a whole number.
[[nodiscard]] std::int64_t readInteger(const nlohmann::ordered_json& value, const std::string& field, std::int64_t least, std::int64_t most);
[[nodiscard]] double readNumber(const nlohmann::ordered_json& value, const std::string& field, double least, double most);

// true, false, "yes", "no", "true", "false".
[[nodiscard]] bool readBool(const nlohmann::ordered_json& value, const std::string& field);

// "\"a\", \"b\" or \"c\"".
[[nodiscard]] std::string quotedNames(const std::vector<std::string_view>& names);

template <typename Value>
[[nodiscard]] Value readChoice(const nlohmann::ordered_json& value, const std::string& field, std::span<const ChoiceName<Value>> choices)
{
    std::vector<std::string_view> written; // without the other names that are read
    for (const auto& choice : choices) {
        if (value.is_string() && value.template get_ref<const std::string&>() == choice.name) return choice.value;
        if (nameOf(choices, choice.value) == choice.name) written.push_back(choice.name);
    }
    refuseValue(value, field, quotedNames(written));
}

// Without the white space at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

// A value as it is shown in a message: JSON, cut after some 60 bytes.
[[nodiscard]] std::string shownValue(const nlohmann::ordered_json& value);

// "512", "0.05", "1": without trailing zeros.
[[nodiscard]] std::string shownNumber(double value);

} // namespace sfumato::workflow
