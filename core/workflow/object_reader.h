// ObjectReader: the fields of one object inside a job document. Internal to the job reader; faults are thrown as FieldFault (job_values.h).
// Thread: any; it refers to the document and the list of warnings, which outlive it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_values.h"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sfumato::workflow {

using Warnings = std::vector<std::string>;

// "The field … is unknown and was ignored; the nearest known field is …"
void warnUnknown(const std::string& field, std::string_view nearest, Warnings& warnings);

// An object with these fields and no others (they are warned of); a field that is null is as good as absent.
class ObjectReader {
public:
    ObjectReader(const nlohmann::ordered_json& object, std::string prefix, const std::vector<std::string_view>& fields, Warnings& warnings);

    [[nodiscard]] std::string fullName(std::string_view field) const { return m_prefix + "." + std::string(field); }
    // The value; nullptr when absent or null.
    [[nodiscard]] const nlohmann::ordered_json* find(std::string_view field) const;
    [[nodiscard]] const nlohmann::ordered_json& require(std::string_view field) const;
    [[nodiscard]] Warnings& warnings() const noexcept { return m_warnings; }

private:
    const nlohmann::ordered_json& m_object;
    std::string m_prefix;
    Warnings& m_warnings;
};

// A path that is there and not empty.
[[nodiscard]] std::string requirePath(const ObjectReader& object, std::string_view field);
[[nodiscard]] double numberOr(const ObjectReader& object, std::string_view field, double fallback, double least, double most);

} // namespace sfumato::workflow
