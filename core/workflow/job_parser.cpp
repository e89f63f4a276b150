// A job document to a job: one function a field.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/scheduler_names.h"
#include "core/workflow/controls/control_json.h"
#include "core/workflow/job_json.h"
#include "core/workflow/job_values.h"
#include "core/workflow/object_reader.h"
#include "core/workflow/resolution_plan.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <utility>

namespace sfumato::workflow {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMaxSeed = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLargestMargin = 4096; // px of context, grow and feather

int readSide(const Json& value, const std::string& field)
{
    const std::string allowed = "a multiple of 8 from " + std::to_string(kSmallestWorkSide) + " to " + std::to_string(kLargestWorkSide);
    try {
        const auto side = readInteger(value, field, kSmallestWorkSide, kLargestWorkSide);
        if (side % kSizeStep == 0) return static_cast<int>(side);
    } catch (const FieldFault&) {
        refuseValue(value, field, allowed);
    }
    refuseValue(value, field, allowed);
}

void readImageSize(const Json& value, JobDescription& job, Warnings& warnings)
{
    const std::string field = "image_size";
    if (value.is_object()) {
        const ObjectReader object(value, field, { "width", "height" }, warnings);
        job.imageSize = Extent{ readSide(object.require("width"), object.fullName("width")), readSide(object.require("height"), object.fullName("height")) };
        return;
    }
    std::vector<std::string_view> names;
    for (const auto& entry : sizePresetNames()) names.push_back(entry.name);
    const auto found = value.is_string() ? std::ranges::find(names, value.get_ref<const std::string&>()) : names.end();
    if (found == names.end()) {
        std::string allowed;
        for (const std::string_view name : names) allowed.append("\"").append(name).append("\", ");
        refuseValue(value, field, allowed + "or {\"width\", \"height\"}");
    }
    job.imageSize = sizePresetNames()[static_cast<std::size_t>(found - names.begin())].value;
}

void readRefiner(const Json& value, JobDescription& job, Warnings& warnings)
{
    const std::string field = "refiner";
    RefinerSettings refiner;
    if (value.is_object()) {
        const ObjectReader object(value, field, { "model", "switch_at" }, warnings);
        if (const Json* model = object.find("model")) refiner.model = readPath(*model, object.fullName("model"));
        if (const Json* switchAt = object.find("switch_at")) refiner.switchAt = readNumber(*switchAt, object.fullName("switch_at"), 0, 1);
    } else if (value.is_boolean() || value == "yes" || value == "no" || value == "true" || value == "false") {
        if (!readBool(value, field)) return;
    } else if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
        refiner.model = readPath(value, field);
    } else {
        refuseValue(value, field, "true, a path or {\"model\", \"switch_at\"}");
    }
    job.refiner = std::move(refiner);
}

// A list of objects: calls `read` with each object's reader and appends what it returns.
template <typename Entry, typename Read>
std::vector<Entry> readList(const Json& value, const std::string& field, const std::vector<std::string_view>& members, Warnings& warnings, Read read)
{
    if (!value.is_array()) refuseValue(value, field, "a list");
    if (value.size() > kMostEntries)
        throw FieldFault{ field, field + " has " + std::to_string(value.size()) + " entries; at most " + std::to_string(kMostEntries) + " are allowed." };
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string name = field + "[" + std::to_string(i) + "]";
        if (!value[i].is_object()) refuseValue(value[i], name, "an object such as {\"" + std::string(members.front()) + "\": …}");
        entries.push_back(read(ObjectReader(value[i], name, members, warnings)));
    }
    return entries;
}

LoraReference readLora(const ObjectReader& object)
{
    LoraReference lora{ requirePath(object, "path"), numberOr(object, "scale", 1.0, -kLargestScale, kLargestScale), std::nullopt };
    if (object.find("text_encoder_scale")) lora.textEncoderScale = numberOr(object, "text_encoder_scale", 1.0, -kLargestScale, kLargestScale);
    return lora;
}

EmbeddingReference readEmbedding(const ObjectReader& object)
{
    EmbeddingReference embedding{ requirePath(object, "path"), {} };
    if (const Json* token = object.find("token")) embedding.token = readText(*token, object.fullName("token"));
    return embedding;
}

std::optional<int> readMargin(const ObjectReader& object, const char* field)
{
    const Json* value = object.find(field);
    if (!value || *value == "auto") return std::nullopt;
    try {
        return static_cast<int>(readInteger(*value, object.fullName(field), 0, kLargestMargin));
    } catch (const FieldFault&) {
        refuseValue(*value, object.fullName(field), "\"auto\" or a whole number of pixels from 0 to " + std::to_string(kLargestMargin));
    }
}

void readInpaint(const Json& value, JobDescription& job, Warnings& warnings)
{
    if (!value.is_object()) refuseValue(value, "inpaint", "an object with \"area\", \"context\", \"grow\", \"feather\", \"fill\" or \"color_match\"");
    const ObjectReader object(value, "inpaint", { "area", "context", "grow", "feather", "fill", "color_match" }, warnings);
    InpaintSettings& inpaint = job.inpaint;
    if (const Json* area = object.find("area")) inpaint.area = readChoice(*area, object.fullName("area"), inpaintAreaNames());
    inpaint.context = readMargin(object, "context");
    inpaint.grow = readMargin(object, "grow");
    inpaint.feather = readMargin(object, "feather");
    if (const Json* fill = object.find("fill")) inpaint.fill = readChoice(*fill, object.fullName("fill"), inpaintFillNames());
    if (const Json* match = object.find("color_match")) inpaint.colorMatch = readBool(*match, object.fullName("color_match"));
}

void readGuidanceInterval(const Json& value, JobDescription& job, Warnings& warnings)
{
    if (!value.is_object()) refuseValue(value, "guidance_interval", "an object with \"lowest\" and \"highest\", noise levels");
    const ObjectReader object(value, "guidance_interval", { "lowest", "highest" }, warnings);
    const double lowest = numberOr(object, "lowest", 0.0, 0, engine::kHighestNoiseLevel);
    job.guidanceInterval = GuidanceInterval{ lowest, numberOr(object, "highest", engine::kHighestNoiseLevel, lowest, engine::kHighestNoiseLevel) };
}

// One layer or a list of them.
void readPerturbedLayers(const Json& value, const std::string& field, JobDescription& job)
{
    constexpr std::size_t kLongestName = 200;
    const Json list = value.is_array() ? value : Json::array({ value });
    if (list.empty() || list.size() > kMostEntries) refuseValue(value, field, "a list of 1 to " + std::to_string(kMostEntries) + " beginnings of layer names");
    job.perturbed.layers.clear();
    for (const Json& entry : list) {
        if (!entry.is_string() || entry.get_ref<const std::string&>().empty() || entry.get_ref<const std::string&>().size() > kLongestName)
            refuseValue(value, field, "beginnings of layer names, such as \"mid\", \"down_blocks.2\" or \"up_blocks.0.attentions.1\"");
        job.perturbed.layers.push_back(entry.get<std::string>());
    }
}

// Whether an option that has members is on. `true` means with its defaults.
bool isOn(const Json& value, const std::string& field, std::string_view allowed)
{
    if (value.is_object()) return true;
    if (!value.is_boolean() && !value.is_string()) refuseValue(value, field, allowed);
    try {
        return readBool(value, field);
    } catch (const FieldFault&) {
        refuseValue(value, field, allowed);
    }
}

void readFreeU(const Json& value, JobDescription& job, Warnings& warnings)
{
    job.freeU.reset();
    if (!isOn(value, "freeu", "true, false or an object with \"b1\", \"b2\", \"s1\", \"s2\" and \"version\"")) return;
    engine::FreeU freeU;
    if (value.is_object()) {
        const ObjectReader object(value, "freeu", { "b1", "b2", "s1", "s2", "version" }, warnings);
        freeU.b1 = numberOr(object, "b1", freeU.b1, 0, engine::kLargestFreeU);
        freeU.b2 = numberOr(object, "b2", freeU.b2, 0, engine::kLargestFreeU);
        freeU.s1 = numberOr(object, "s1", freeU.s1, 0, engine::kLargestFreeU);
        freeU.s2 = numberOr(object, "s2", freeU.s2, 0, engine::kLargestFreeU);
        if (const Json* version = object.find("version")) freeU.version = static_cast<int>(readInteger(*version, object.fullName("version"), 1, 2));
    }
    job.freeU = freeU;
}

void readSizeEmphasis(const Json& value, JobDescription& job, Warnings& warnings)
{
    job.sizeEmphasis.reset();
    if (!isOn(value, "adm_guidance", "true, false or an object with \"positive\", \"negative\" and \"end\"")) return;
    engine::SizeEmphasis emphasis;
    if (value.is_object()) {
        const ObjectReader object(value, "adm_guidance", { "positive", "negative", "end" }, warnings);
        emphasis.positive = numberOr(object, "positive", emphasis.positive, engine::kSmallestSizeFactor, engine::kLargestSizeFactor);
        emphasis.negative = numberOr(object, "negative", emphasis.negative, engine::kSmallestSizeFactor, engine::kLargestSizeFactor);
        emphasis.end = numberOr(object, "end", emphasis.end, 0, 1);
    }
    job.sizeEmphasis = emphasis;
}

void readScheduler(const Json& value, const std::string& field, JobDescription& job)
{
    if (value.is_string() && engine::findScheduler(value.get_ref<const std::string&>())) {
        job.scheduler = value.get<std::string>();
        return;
    }
    const std::vector<engine::SchedulerName> schedulers = engine::allSchedulers();
    std::vector<std::string_view> names;
    for (const auto& scheduler : schedulers) names.emplace_back(scheduler.name);
    const std::string given = value.is_string() ? value.get<std::string>() : std::string();
    refuseValue(value, field, "one of the names that `sfumato-cli schedulers` lists, the nearest is \"" + std::string(nearestName(given, names)) + "\"");
}

void readDevice(const Json& value, JobDescription& job)
{
    const std::string device = value.is_string() ? value.get<std::string>() : std::string();
    const std::string_view number = std::string_view(device).starts_with("cuda:") ? std::string_view(device).substr(5) : std::string_view();
    const bool isNumbered = !number.empty() && number.size() <= 2 && std::ranges::all_of(number, [](unsigned char digit) { return std::isdigit(digit) != 0; });
    if (device != "auto" && device != "cpu" && device != "cuda" && !isNumbered) refuseValue(value, "device", "\"auto\", \"cpu\", \"cuda\" or \"cuda:N\"");
    job.device = device;
}

using FieldReader = void (*)(const Json& value, const std::string& field, JobDescription& job, Warnings& warnings);

struct FieldRule {
    std::string_view name;
    FieldReader read;
};

// A scheduler, a mode, a size: everything that is one value. `v` is the value, `f` the field's name.
constexpr std::array kRules{
    FieldRule{ "mode", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.mode = readChoice(v, f, modeNames()); } },
    FieldRule{ "model", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.model = readPath(v, f); } },
    FieldRule{ "vae", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.vae = readPath(v, f); } },
    FieldRule{ "prediction_type", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.predictionType = readChoice(v, f, predictionTypeNames()); } },
    FieldRule{ "zero_terminal_snr", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.zeroTerminalSnr = readBool(v, f); } },
    FieldRule{ "refiner", [](const Json& v, const std::string&, JobDescription& job, Warnings& warnings) { readRefiner(v, job, warnings); } },
    FieldRule{ "prompt", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.prompt = readText(v, f); } },
    FieldRule{ "negative_prompt", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.negativePrompt = readText(v, f); } },
    FieldRule{ "image_url", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.imageUrl = readPictureReference(v, f); } },
    FieldRule{ "mask_url", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.maskUrl = readPictureReference(v, f); } },
    FieldRule{ "strength", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.strength = readNumber(v, f, 0.01, 1); } },
    FieldRule{ "image_size", [](const Json& v, const std::string&, JobDescription& job, Warnings& warnings) { readImageSize(v, job, warnings); } },
    FieldRule{ "preserve_aspect_ratio", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.preserveAspectRatio = readBool(v, f); } },
    FieldRule{ "num_images", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.imageCount = static_cast<int>(readInteger(v, f, 1, 8)); } },
    FieldRule{ "num_inference_steps", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.steps = static_cast<int>(readInteger(v, f, 1, JobDescription::kMostSteps)); } },
    FieldRule{ "guidance_scale", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.guidanceScale = readNumber(v, f, 1, 30); } },
    FieldRule{ "guidance_rescale", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.guidanceRescale = readNumber(v, f, 0, 1); } },
    FieldRule{ "guidance_interval", [](const Json& v, const std::string&, JobDescription& job, Warnings& warnings) { readGuidanceInterval(v, job, warnings); } },
    FieldRule{ "pag_scale", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.perturbed.scale = readNumber(v, f, 0, engine::kLargestPerturbation); } },
    FieldRule{ "pag_adaptive_scale", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.perturbed.adaptiveScale = readNumber(v, f, 0, 1); } },
    FieldRule{ "pag_layers", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { readPerturbedLayers(v, f, job); } },
    FieldRule{ "freeu", [](const Json& v, const std::string&, JobDescription& job, Warnings& warnings) { readFreeU(v, job, warnings); } },
    FieldRule{ "sharpness", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.sharpness = readNumber(v, f, 0, engine::kLargestSharpness); } },
    FieldRule{ "adaptive_guidance", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.adaptiveGuidance = readNumber(v, f, 0, 30); } },
    FieldRule{ "adm_guidance", [](const Json& v, const std::string&, JobDescription& job, Warnings& warnings) { readSizeEmphasis(v, job, warnings); } },
    FieldRule{ "compatibility", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.compatibility = readChoice(v, f, compatibilityNames()); } },
    FieldRule{ "noise_source", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.noiseOrigin = readChoice(v, f, noiseOriginNames()); } },
    FieldRule{ "eta_noise_seed_delta", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.etaNoiseSeedDelta = static_cast<std::uint64_t>(readInteger(v, f, 0, kMaxSeed)); } },
    FieldRule{ "seed", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.seed = static_cast<std::uint64_t>(readInteger(v, f, 0, kMaxSeed)); } },
    FieldRule{ "scheduler", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { readScheduler(v, f, job); } },
    FieldRule{ "loras", [](const Json& v, const std::string& f, JobDescription& job, Warnings& warnings) {
                  job.loras = readList<LoraReference>(v, f, { "path", "scale", "text_encoder_scale" }, warnings, readLora);
              } },
    FieldRule{ "embeddings", [](const Json& v, const std::string& f, JobDescription& job, Warnings& warnings) {
                  job.embeddings = readList<EmbeddingReference>(v, f, { "path", "token" }, warnings, readEmbedding);
              } },
    FieldRule{ "controls", [](const Json& v, const std::string& f, JobDescription& job, Warnings& warnings) {
                  job.controls = readList<ControlReference>(v, f, controlFields(), warnings, readControl);
              } },
    FieldRule{ "clip_skip", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.clipSkip = static_cast<int>(readInteger(v, f, 0, JobDescription::kMostClipSkip)); } },
    FieldRule{ "inpaint", [](const Json& v, const std::string&, JobDescription& job, Warnings& warnings) { readInpaint(v, job, warnings); } },
    FieldRule{ "look", [](const Json&, const std::string&, JobDescription&, Warnings&) {} }, // stands for other fields, see readLook
    FieldRule{ "expand_prompt", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.expandPrompt = readBool(v, f); } },
    FieldRule{ "enable_safety_checker", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.enableSafetyChecker = readBool(v, f); } },
    FieldRule{ "format", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.format = readChoice(v, f, outputFormatNames()); } },
    FieldRule{ "sync_mode", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.syncMode = readBool(v, f); } },
    FieldRule{ "track_id", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.trackId = readText(v, f); } },
    FieldRule{ "precision", [](const Json& v, const std::string& f, JobDescription& job, Warnings&) { job.precision = readChoice(v, f, precisionNames()); } },
    FieldRule{ "device", [](const Json& v, const std::string&, JobDescription& job, Warnings&) { readDevice(v, job); } },
};

bool isSide(std::string_view name) { return name == "width" || name == "height"; }

void warnIfUnknown(const std::string& name, Warnings& warnings)
{
    std::vector<std::string_view> known{ "width", "height" };
    for (const FieldName& field : jobFields()) {
        known.push_back(field.name);
        if (!field.alias.empty()) known.push_back(field.alias);
    }
    warnUnknown(name, nearestName(name, known), warnings);
}

// `width` and `height` stand for image_size; both or none.
void readSides(const Json& document, JobDescription& job)
{
    const auto given = [&](const char* name) { return document.contains(name) && !document[name].is_null(); };
    if (!given("width") && !given("height")) return;
    for (const auto& [name, other] : { std::pair{ "width", "height" }, std::pair{ "height", "width" } })
        if (!given(name))
            throw FieldFault{ name, std::string(name) + " is missing; " + other + " was given as " + shownValue(document[other]) + " and both are needed." };
    if (given("image_size")) throw FieldFault{ "width", "width was given beside image_size; one of them must be left out." };
    job.imageSize = Extent{ readSide(document["width"], "width"), readSide(document["height"], "height") };
}

// A look sets several fields; those that the job gives itself come after it.
void readLook(const Json& document, JobDescription& job)
{
    const auto found = document.find("look");
    if (found != document.end() && !found->is_null()) applyLook(job, readChoice(*found, "look", lookNames()));
}

ParsedJob readFields(const Json& document)
{
    ParsedJob parsed;
    readLook(document, parsed.job);
    std::vector<std::string> seen; // as they were given
    for (const auto& [name, value] : document.items()) {
        if (isSide(name)) continue;
        const std::string_view canonical = canonicalFieldName(name);
        const auto rule = std::ranges::find(kRules, canonical, &FieldRule::name);
        if (rule == kRules.end()) {
            warnIfUnknown(name, parsed.warnings);
            continue;
        }
        const auto earlier = std::ranges::find(seen, canonical, [](const std::string& given) { return canonicalFieldName(given); });
        if (earlier != seen.end()) throw FieldFault{ name, *earlier + " and " + name + " are the same field; one of them must be left out." };
        seen.push_back(name);
        if (!value.is_null()) rule->read(value, name, parsed.job, parsed.warnings);
    }
    readSides(document, parsed.job);
    return parsed;
}

Result<ParsedJob> readAllFields(const Json& document)
{
    if (!document.is_object())
        return Error{ ErrorCode::InvalidRequest, "The job was given as " + shownValue(document) + "; it must be a JSON object.", {} };
    try {
        return readFields(document);
    } catch (const FieldFault& fault) {
        return Error{ ErrorCode::InvalidRequest, fault.message, fault.field };
    }
}

} // namespace

Result<ParsedJob> readJob(const nlohmann::ordered_json& document)
{
    auto parsed = readAllFields(document);
    if (!parsed) return parsed;
    if (const auto valid = validateJob(parsed->job, parsed->warnings); !valid) return valid.error();
    return parsed;
}

Result<ParsedJob> parseJob(std::string_view text, std::string_view source)
{
    const auto document = parseJsonDocument(text, source);
    if (!document) return document.error();
    return readJob(*document);
}

Result<ParsedJob> parseRecipe(std::string_view text, std::string_view source)
{
    const auto document = parseJsonDocument(text, source);
    if (!document) return document.error();
    return readAllFields(*document);
}

} // namespace sfumato::workflow
