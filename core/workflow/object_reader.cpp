// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/object_reader.h"

#include <algorithm>
#include <utility>

namespace sfumato::workflow {

using Json = nlohmann::ordered_json;

void warnUnknown(const std::string& field, std::string_view nearest, Warnings& warnings)
{
    warnings.push_back("The field " + Json(field).dump(-1, ' ', false, Json::error_handler_t::replace) + " is unknown and was ignored; the nearest known field is \""
        + std::string(nearest) + "\".");
}

ObjectReader::ObjectReader(const Json& object, std::string prefix, const std::vector<std::string_view>& fields, Warnings& warnings)
    : m_object(object), m_prefix(std::move(prefix)), m_warnings(warnings)
{
    for (const auto& [name, value] : object.items())
        if (std::ranges::find(fields, name) == fields.end()) warnUnknown(fullName(name), fullName(nearestName(name, fields)), warnings);
}

const Json* ObjectReader::find(std::string_view field) const
{
    const auto found = m_object.find(std::string(field));
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

const Json& ObjectReader::require(std::string_view field) const
{
    if (const Json* value = find(field)) return *value;
    throw FieldFault{ fullName(field), fullName(field) + " is missing; " + m_prefix + " was given as " + shownValue(m_object) + " and needs it." };
}

std::string requirePath(const ObjectReader& object, std::string_view field)
{
    const Json& value = object.require(field);
    std::string path = readPath(value, object.fullName(field));
    if (path.empty()) refuseValue(value, object.fullName(field), "a path");
    return path;
}

double numberOr(const ObjectReader& object, std::string_view field, double fallback, double least, double most)
{
    const Json* value = object.find(field);
    return value ? readNumber(*value, object.fullName(field), least, most) : fallback;
}

} // namespace sfumato::workflow
