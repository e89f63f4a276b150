// JSON text to a document, strictly.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_json.h"

#include "core/workflow/job_names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace sfumato::workflow {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostValues = 10'000; // names are compared one by one, so a hostile document must not be long

// Builds a document from parser events and stops at a name given twice or at nesting too deep.
class DocumentBuilder final : public nlohmann::json_sax<Json> {
public:
    Json takeDocument() { return std::move(m_document); }
    [[nodiscard]] const std::string& fault() const noexcept { return m_fault; }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return fail("binary values are no JSON"); }

    bool start_object(std::size_t /*count*/) override { return open(Json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t /*count*/) override { return open(Json::array()); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        if (m_open.back()->contains(name)) return fail("the name " + Json(name).dump() + " is given twice");
        m_name = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::detail::exception& /*error*/) override
    {
        return fail("it is malformed at byte " + std::to_string(position));
    }

private:
    bool fail(std::string reason)
    {
        if (m_fault.empty()) m_fault = std::move(reason);
        return false;
    }

    Json& place(Json value)
    {
        if (m_open.empty()) return m_document = std::move(value);
        Json& parent = *m_open.back();
        if (parent.is_object()) return parent[std::exchange(m_name, {})] = std::move(value);
        parent.push_back(std::move(value));
        return parent.back();
    }

    bool add(Json value)
    {
        if (++m_valueCount > kMostValues) return fail("it has more than " + std::to_string(kMostValues) + " values");
        place(std::move(value));
        return true;
    }

    bool open(Json value)
    {
        if (++m_valueCount > kMostValues) return fail("it has more than " + std::to_string(kMostValues) + " values");
        if (m_open.size() >= static_cast<std::size_t>(kMaxJobDepth)) return fail("it nests deeper than " + std::to_string(kMaxJobDepth) + " levels");
        m_open.push_back(&place(std::move(value)));
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        return true;
    }

    Json m_document;
    std::vector<Json*> m_open; // parents of what comes next; a child is complete before its parent grows, so the pointers hold
    std::string m_name;
    int m_valueCount = 0;
    std::string m_fault;
};

} // namespace

Result<nlohmann::ordered_json> parseJsonDocument(std::string_view text, std::string_view source)
{
    DocumentBuilder builder;
    if (Json::sax_parse(text.begin(), text.end(), &builder)) return builder.takeDocument();
    return Error{ ErrorCode::InvalidRequest, std::string(source) + " could not be read as JSON: " + builder.fault() + ".", std::string(source) };
}

Result<void> setJobField(nlohmann::ordered_json& document, std::string_view assignment)
{
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return Error{ ErrorCode::InvalidRequest, "--set was given as \"" + std::string(assignment) + "\"; it must be FIELD=VALUE.", {} };
    if (!document.is_object()) return {};
    const std::string path(canonicalFieldName(assignment.substr(0, equals)));
    const std::string text(assignment.substr(equals + 1));
    const std::size_t dot = path.find('.');
    const std::string name(canonicalFieldName(path.substr(0, dot)));

    const auto field = std::ranges::find(jobFields(), name, &FieldName::name);
    const bool isText = field != jobFields().end() && field->isText;
    Json value = text;
    if (!isText && (text == "null" || text.starts_with('{') || text.starts_with('['))) {
        auto parsed = parseJsonDocument(text, "The value of --set " + path);
        if (!parsed) return parsed.error();
        value = std::move(*parsed);
    }
    if (field != jobFields().end() && !field->alias.empty()) document.erase(std::string(field->alias));
    if (name == "image_size") {
        document.erase("width");
        document.erase("height");
    } else if (name == "width" || name == "height") {
        document.erase("image_size");
    }
    if (dot == std::string::npos) {
        document[name] = std::move(value);
        return {};
    }
    Json& parent = document[name];
    if (!parent.is_object()) parent = Json::object();
    parent[path.substr(dot + 1)] = std::move(value);
    return {};
}

} // namespace sfumato::workflow
