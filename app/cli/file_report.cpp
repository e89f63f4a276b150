// SPDX-License-Identifier: Apache-2.0
#include "app/cli/file_report.h"

#include "core/document/io/atomic_file.h"
#include "core/document/io/picture_reader.h"
#include "core/engine/io/adapters/adapter_match.h"
#include "core/engine/io/controls/control_file.h"
#include "core/engine/io/file_description.h"
#include "core/engine/io/image_encoder_files.h"
#include "core/engine/io/model_files.h"
#include "core/workflow/recipes/foreign_recipe.h"
#include "core/workflow/job_names.h"

#include <nlohmann/json.hpp>

#include <array>
#include <fstream>
#include <system_error>

namespace sfumato::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kRecognisedBytes = 64;
constexpr std::size_t kShownTags = 20;

void addText(Json& json, const char* name, const std::string& text)
{
    if (!text.empty()) json[name] = text;
}

std::string_view predictionName(engine::PredictionType prediction) noexcept
{
    return workflow::nameOf(workflow::predictionTypeNames(), prediction);
}

// Under the names of job fields, so that they can be taken over as they are.
void addFewSteps(Json& json, const std::optional<engine::FewStepAdvice>& advice, bool isLora)
{
    if (!advice) return;
    Json settings{ { "method", engine::fewStepMethodName(advice->method) }, { "num_inference_steps", advice->steps }, { "guidance_scale", advice->guidance }, { "scheduler", advice->scheduler } };
    if (advice->predictsSample) settings["prediction_type"] = predictionName(engine::PredictionType::Sample);
    if (isLora) settings["scale"] = 1.0;
    json["few_steps"] = std::move(settings);
}

void addLora(Json& json, const engine::FileDescription& file)
{
    json["algorithms"] = file.algorithms;
    if (file.rankMax > 0) json["rank"] = file.rankMin == file.rankMax ? Json(file.rankMax) : Json({ { "least", file.rankMin }, { "most", file.rankMax } });
    json["modules"] = file.moduleCount;
    json["changes_unet"] = file.changesUnet;
    json["changes_text_encoders"] = file.changesTextEncoders;
    addFewSteps(json, file.fewSteps, true);
}

void addModel(Json& json, const engine::FileDescription& file)
{
    if (file.inputChannels > 0) json["input_channels"] = file.inputChannels;
    if (file.kind != engine::FileKind::Checkpoint && file.kind != engine::FileKind::Unet) return;
    json["prediction"] = predictionName(file.prediction);
    json["zero_terminal_snr"] = file.zeroTerminalSnr;
    addFewSteps(json, file.fewSteps, false);
    if (file.kind != engine::FileKind::Checkpoint) return;
    json["has_text_encoders"] = file.hasTextEncoders;
    json["has_vae"] = file.hasVae;
}

// The models that a file of a kind that is used with one works with; for a LoRA `--model` counts its layers besides.
void addUse(Json& json, const engine::FileDescription& file)
{
    const bool isModel = file.kind == engine::FileKind::Checkpoint || file.kind == engine::FileKind::Unet;
    const bool isKnown = file.family != engine::ModelFamily::Unknown || !file.foreignFamily.empty();
    if (!isModel && isKnown) json["works_with"] = json["architecture"].get<std::string>() + " models";
}

void addTraining(Json& json, const engine::FileDescription& file)
{
    if (!file.triggerWords.empty()) json["trigger_words"] = file.triggerWords;
    if (file.trainingTags.empty()) return;
    Json tags = Json::object();
    for (const engine::TagCount& tag : file.trainingTags) tags[tag.tag] = tag.count;
    json["training_tags"] = std::move(tags);
}

Json toJson(const std::filesystem::path& path, const engine::FileDescription& file)
{
    Json json{ { "path", path.string() }, { "kind", engine::fileKindName(file.kind) } };
    json["architecture"] = file.foreignFamily.empty() ? std::string(engine::modelFamilyName(file.family)) : file.foreignFamily;
    addText(json, "variant", file.variant);
    json["precision"] = file.precision;
    json["size"] = file.sizeInBytes;
    json["parameters"] = file.parameterCount;
    json["tensors"] = file.tensorCount;
    addModel(json, file);
    if (!file.algorithms.empty()) addLora(json, file);
    if (file.vectorCount > 0) json["vectors"] = file.vectorCount;
    if (!file.controlTasks.empty()) json["tasks"] = file.controlTasks;
    addUse(json, file);
    addText(json, "title", file.title);
    addText(json, "author", file.author);
    addText(json, "license", file.license);
    addText(json, "description", file.description);
    addText(json, "base_model", file.baseModel);
    addTraining(json, file);
    addText(json, "sha256", file.sha256);
    addText(json, "autov2", file.autoV2);
    addText(json, "autov3", file.autoV3);
    if (!file.metadata.empty()) json["metadata"] = file.metadata;
    return json;
}

Json toJson(const std::filesystem::path& path, const engine::ModelInfo& model)
{
    Json json{ { "path", path.string() }, { "kind", "diffusers" }, { "architecture", engine::modelFamilyName(model.family) } };
    json["precision"] = model.precision;
    json["size"] = model.sizeInBytes;
    json["parameters"] = model.parameterCount;
    json["input_channels"] = model.inputChannels;
    json["prediction"] = predictionName(model.prediction);
    json["zero_terminal_snr"] = model.zeroTerminalSnr;
    addFewSteps(json, model.fewSteps, false);
    json["has_text_encoders"] = model.hasTextEncoders;
    json["has_vae"] = model.hasVae;
    json["native_size"] = { { "width", model.nativeSize.width }, { "height", model.nativeSize.height } };
    addText(json, "title", model.title);
    addText(json, "description", model.description);
    return json;
}

// Another program's recipe as the job that follows it.
void addForeignRecipe(Json& json, const document::PictureRecipe& recipe)
{
    if (!recipe.job.empty()) return;
    const auto parsed = workflow::jobFromPicture({ {}, recipe.parameters, recipe.comfyGraph });
    if (!parsed) return;
    json["job"] = workflow::jobToJson(parsed->job);
    if (!parsed->warnings.empty()) json["recipe_warnings"] = parsed->warnings;
}

Json toJson(const std::filesystem::path& path, const document::Picture& picture)
{
    Json json{ { "path", path.string() }, { "kind", "picture" }, { "format", document::formatName(picture.format) } };
    json["width"] = picture.image.width();
    json["height"] = picture.image.height();
    json["has_alpha"] = picture.hasAlpha;
    addText(json, "parameters", picture.recipe.parameters);
    if (!picture.recipe.job.empty()) {
        Json job = Json::parse(picture.recipe.job, nullptr, false);
        json["job"] = job.is_discarded() ? Json(picture.recipe.job) : std::move(job);
    }
    addForeignRecipe(json, picture.recipe);
    if (!picture.warnings.empty()) json["warnings"] = picture.warnings;
    return json;
}

Json toJson(const std::filesystem::path& path, const engine::ImageEncoderFiles& files)
{
    Json json{ { "path", path.string() }, { "kind", engine::fileKindName(files.isSafetyChecker ? engine::FileKind::SafetyChecker : engine::FileKind::ImageEncoder) } };
    json["width"] = files.width;
    json["layers"] = files.layers;
    json["heads"] = files.heads;
    json["embedding_width"] = files.projection;
    json["activation"] = files.activation;
    return json;
}

bool isPicture(const std::filesystem::path& path)
{
    std::array<char, kRecognisedBytes> bytes{};
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto length = static_cast<std::size_t>(file.gcount());
    return document::recognisePicture(std::as_bytes(std::span(bytes)).first(length)).has_value();
}

std::string scalarText(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void appendText(std::string& text, const Json& object, const std::string& indent)
{
    for (const auto& [name, value] : object.items()) {
        text += indent + name + ":";
        if (value.is_object() && name == "training_tags") {
            std::size_t shown = 0;
            for (const auto& [tag, count] : value.items())
                if (shown++ < kShownTags) text += (shown == 1 ? " " : ", ") + tag + " (" + scalarText(count) + ")";
            if (value.size() > kShownTags) text += ", " + std::to_string(value.size() - kShownTags) + " more";
            text += "\n";
        } else if (value.is_object()) {
            text += "\n";
            appendText(text, value, indent + "  ");
        } else if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i) text += (i == 0 ? " " : ", ") + scalarText(value[i]);
            text += "\n";
        } else {
            text += " " + scalarText(value) + "\n";
        }
    }
}

} // namespace

Result<nlohmann::ordered_json> describeForInspect(const std::filesystem::path& path, bool hashes, const std::function<void(double)>& progress)
{
    std::error_code ignored;
    const bool isFolder = std::filesystem::is_directory(path, ignored);
    if (isFolder) {
        if (const auto encoder = engine::ImageEncoderFiles::open(path)) return toJson(path, *encoder);
    }
    if (isFolder && !engine::ControlFile::open(path)) {
        const auto files = engine::ModelFiles::open({ path, std::nullopt });
        if (!files) return files.error();
        return toJson(path, files->info());
    }
    if (!isFolder && isPicture(path)) {
        const auto picture = document::readPicture(path);
        if (!picture) return picture.error();
        return toJson(path, *picture);
    }
    engine::DescribeOptions options;
    options.hashes = hashes;
    options.progress = progress;
    const auto file = engine::describeFile(path, options);
    if (!file) return file.error();
    return toJson(path, *file);
}

Result<nlohmann::ordered_json> matchForInspect(const std::filesystem::path& lora, const engine::ModelSource& model)
{
    const auto files = engine::ModelFiles::open(model);
    if (!files) return files.error();
    const auto adapter = engine::AdapterFile::open(lora);
    if (!adapter) return Json(nullptr);
    const engine::AdapterMatch match = engine::matchAdapter(*adapter, *files);
    return Json{ { "model", model.path.string() }, { "applied_layers", match.appliedLayers }, { "total_layers", match.totalLayers }, { "unmatched", match.unmatched } };
}

std::string reportAsText(const nlohmann::ordered_json& report)
{
    std::string text;
    appendText(text, report, {});
    // A file's own texts must not steer the terminal.
    for (char& character : text)
        if ((static_cast<unsigned char>(character) < 0x20 && character != '\n' && character != '\t') || character == 0x7F) character = '?';
    return text;
}

} // namespace sfumato::app
