// SPDX-License-Identifier: Apache-2.0
#include "core/base/json_value.h"
#include "core/document/io/atomic_file.h"
#include "core/engine/io/regular_file.h"
#include "core/library/files/model_path.h"
#include "core/library/sidecar.h"

#include <nlohmann/json.hpp>

#include <span>
#include <string>

namespace sfumato::library {

namespace {

using Json = nlohmann::ordered_json; // keeps the order of the keys

// nlohmann::ordered_json writes nested values by recursion, so deep ones are not taken up.
constexpr std::size_t kMaxDepth = 64;

std::size_t depthOf(std::string_view text)
{
    std::size_t depth = 0, deepest = 0;
    bool isText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isText && c == '\\') ++i;
        else if (c == '"')
            isText = !isText;
        else if (!isText && (c == '{' || c == '['))
            deepest = std::max(deepest, ++depth);
        else if (!isText && depth > 0 && (c == '}' || c == ']'))
            --depth;
    }
    return deepest;
}

Error notUnderstood(const QString& path, const std::string& reason)
{
    const std::string name = path.mid(path.lastIndexOf(u'/') + 1).toStdString();
    return { ErrorCode::InvalidRequest, name + " was not changed, because it cannot be understood: " + reason, path.toStdString() };
}

// What is in the sidecar now; an empty object when there is none.
Result<Json> readForEditing(const QString& path)
{
    const Result<std::string> bytes = engine::readTextFile(toFilePath(path), kMaxSidecarBytes);
    if (!bytes && bytes.error().code == ErrorCode::FileNotFound) return Json(Json::object());
    if (!bytes) return bytes.error();
    const std::string_view text = withoutByteOrderMark(*bytes);
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Json(Json::object());
    // The strict reader first: what it takes (no key twice, whole characters, bounded size) goes through the other without loss.
    const Result<JsonValue> checked = JsonValue::parse(text, path.mid(path.lastIndexOf(u'/') + 1).toStdString());
    if (!checked) return notUnderstood(path, checked.error().message);
    if (!checked->isObject()) return notUnderstood(path, "it holds no JSON object.");
    if (depthOf(text) > kMaxDepth) return notUnderstood(path, "it is nested more than " + std::to_string(kMaxDepth) + " levels deep.");
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) return notUnderstood(path, "it is not valid JSON.");
    return json;
}

void apply(const SidecarEdit& edit, Json& json)
{
    if (edit.triggerWords) json["activation text"] = edit.triggerWords->join(QLatin1String(", ")).toStdString();
    if (edit.preferredWeight) {
        if (*edit.preferredWeight) json["preferred weight"] = **edit.preferredWeight;
        else
            json["preferred weight"] = 0; // A1111's "not set"
    }
    if (edit.negativeText) json["negative text"] = edit.negativeText->toStdString();
    if (edit.notes) json["notes"] = edit.notes->toStdString();
}

} // namespace

Result<void> writeSidecar(const QString& modelPath, const SidecarEdit& edit)
{
    if (edit.isEmpty()) return {};
    const QString path = modelStem(modelPath) + QLatin1String(".json");
    Result<Json> json = readForEditing(path);
    if (!json) return std::move(json).error();
    apply(edit, *json);
    // Four spaces and characters as they are, which is how A1111 writes it. Texts of ours may hold halves of characters; they are replaced.
    const std::string text = json->dump(4, ' ', false, Json::error_handler_t::replace);
    return document::writeFileAtomically(toFilePath(path), std::as_bytes(std::span(text)), document::ExistingFile::Replace);
}

} // namespace sfumato::library
