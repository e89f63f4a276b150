// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/controls/control_json.h"

#include "core/workflow/controls/control_picture.h"
#include "core/workflow/object_reader.h"

#include <algorithm>
#include <array>
#include <string>

namespace sfumato::workflow {

namespace {

using Json = nlohmann::ordered_json;
using imaging::ControlPreprocessing;
using imaging::ControlPreprocessor;
using imaging::PreprocessorDescription;

// Names of the widespread extensions that are read, never written.
constexpr std::array kPublicNames{
    ChoiceName<ControlPreprocessor>{ "softedge", ControlPreprocessor::SoftEdge },
    ChoiceName<ControlPreprocessor>{ "lineart_standard", ControlPreprocessor::LineArt },
    ChoiceName<ControlPreprocessor>{ "scribble_xdog", ControlPreprocessor::Scribble },
    ChoiceName<ControlPreprocessor>{ "tile_resample", ControlPreprocessor::Tile },
    ChoiceName<ControlPreprocessor>{ "blur_gaussian", ControlPreprocessor::Blur },
    ChoiceName<ControlPreprocessor>{ "recolor_luminance", ControlPreprocessor::Luminance },
    ChoiceName<ControlPreprocessor>{ "recolor_intensity", ControlPreprocessor::Intensity },
    ChoiceName<ControlPreprocessor>{ "t2ia_color_grid", ControlPreprocessor::ColorGrid },
};

const PreprocessorDescription* findPreprocessor(std::string_view name)
{
    const auto own = std::ranges::find(imaging::controlPreprocessors(), name, &PreprocessorDescription::name);
    if (own != imaging::controlPreprocessors().end()) return &*own;
    const auto other = std::ranges::find(kPublicNames, name, &ChoiceName<ControlPreprocessor>::name);
    return other == kPublicNames.end() ? nullptr : &imaging::describePreprocessor(other->value);
}

const PreprocessorDescription& readPreprocessorName(const Json& value, const std::string& field, const std::string& also)
{
    const PreprocessorDescription* found = value.is_string() ? findPreprocessor(value.get_ref<const std::string&>()) : nullptr;
    if (found) return *found;
    std::vector<std::string_view> names;
    for (const PreprocessorDescription& entry : imaging::controlPreprocessors()) names.push_back(entry.name);
    refuseValue(value, field, also + quotedNames(names));
}

ControlPreprocessing readParameters(const Json& value, const std::string& field, Warnings& warnings)
{
    const auto nameOnly = value.find("name");
    if (nameOnly == value.end()) refuseValue(value, field, "an object with \"name\", such as {\"name\": \"canny\", \"low\": 80}");
    const PreprocessorDescription& description = readPreprocessorName(*nameOnly, field + ".name", {});
    std::vector<std::string_view> fields{ "name" };
    for (const auto& parameter : description.parameters) fields.push_back(parameter.name);
    const ObjectReader object(value, field, fields, warnings);
    ControlPreprocessing result = ControlPreprocessing::withDefaults(description.preprocessor);
    for (std::size_t i = 0; i < description.parameters.size(); ++i) {
        const auto& parameter = description.parameters[i];
        result.parameters[i] = numberOr(object, parameter.name, parameter.fallback, parameter.least, parameter.most);
    }
    return result;
}

// true and absence: by type. `typeName` is the type as it was given.
std::optional<ControlPreprocessing> readPreprocess(const ObjectReader& object, ControlType type, std::string_view typeName)
{
    const std::string field = object.fullName("preprocess");
    const Json* value = object.find("preprocess");
    const bool isWord = value && (value->is_boolean() || *value == "yes" || *value == "no" || *value == "true" || *value == "false");
    if (!value || (isWord && readBool(*value, field))) {
        const PreprocessorDescription* named = findPreprocessor(typeName);
        if (!named || named->preprocessor == preprocessorFor(type)) return std::nullopt;
        return ControlPreprocessing::withDefaults(named->preprocessor);
    }
    if (isWord) return ControlPreprocessing{};
    if (value->is_object()) return readParameters(*value, field, object.warnings());
    return ControlPreprocessing::withDefaults(readPreprocessorName(*value, field, "true, false, an object with \"name\", ").preprocessor);
}

Json preprocessToJson(const std::optional<ControlPreprocessing>& preprocess)
{
    if (!preprocess) return true;
    if (preprocess->preprocessor == ControlPreprocessor::None) return false;
    const PreprocessorDescription& description = imaging::describePreprocessor(preprocess->preprocessor);
    if (*preprocess == ControlPreprocessing::withDefaults(preprocess->preprocessor)) return description.name;
    Json json{ { "name", description.name } };
    for (std::size_t i = 0; i < description.parameters.size(); ++i) json[std::string(description.parameters[i].name)] = preprocess->parameters[i];
    return json;
}

} // namespace

const std::vector<std::string_view>& controlFields()
{
    static const std::vector<std::string_view> fields{ "model", "type", "image_url", "weight", "start", "end", "preprocess", "image_encoder" };
    return fields;
}

ControlReference readControl(const ObjectReader& object)
{
    ControlReference control;
    control.model = requirePath(object, "model");
    const Json& type = object.require("type");
    control.type = readChoice(type, object.fullName("type"), controlTypeNames());
    if (const Json* image = object.find("image_url")) control.imageUrl = readPictureReference(*image, object.fullName("image_url"));
    control.weight = numberOr(object, "weight", 1.0, 0, kLargestScale);
    control.start = numberOr(object, "start", 0.0, 0, 1);
    control.end = numberOr(object, "end", 1.0, 0, 1);
    if (control.start >= control.end)
        throw FieldFault{ object.fullName("start"), object.fullName("start") + " was given as " + shownNumber(control.start) + "; it must be less than the end, " + shownNumber(control.end) + "." };
    control.preprocess = readPreprocess(object, control.type, type.get_ref<const std::string&>());
    if (const Json* encoder = object.find("image_encoder")) control.imageEncoder = readPath(*encoder, object.fullName("image_encoder"));
    return control;
}

nlohmann::ordered_json controlsToJson(const std::vector<ControlReference>& controls)
{
    Json list = Json::array();
    for (const ControlReference& control : controls) {
        Json entry{ { "model", control.model }, { "type", nameOf(controlTypeNames(), control.type) } };
        entry["image_url"] = control.imageUrl.empty() ? Json(nullptr) : Json(control.imageUrl);
        entry["weight"] = control.weight;
        entry["start"] = control.start;
        entry["end"] = control.end;
        entry["preprocess"] = preprocessToJson(control.preprocess);
        if (!control.imageEncoder.empty()) entry["image_encoder"] = control.imageEncoder;
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace sfumato::workflow
