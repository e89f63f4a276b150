// SPDX-License-Identifier: Apache-2.0
#include "app/cli/job_report.h"

#include "core/workflow/job_json.h"
#include "core/workflow/job_names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato::app {

namespace {

using Json = nlohmann::ordered_json;

double milliseconds(double seconds) { return std::round(seconds * 1000) / 1000; }

bool isJobField(std::string_view detail)
{
    const std::string_view name = detail.substr(0, detail.find_first_of(".["));
    if (name == "width" || name == "height") return true;
    return std::ranges::any_of(workflow::jobFields(), [&](const workflow::FieldName& field) { return field.name == name || (!name.empty() && field.alias == name); });
}

Json imagesToJson(const std::vector<ReportedImage>& images)
{
    Json list = Json::array();
    for (const ReportedImage& image : images)
        list.push_back({ { "url", image.url }, { "width", image.size.width }, { "height", image.size.height }, { "content_type", image.contentType },
            { "seed", image.seed }, { "has_nsfw_concepts", image.isFlagged } });
    return list;
}

// Under the paths of the job.
Json lorasToJson(const JobSuccess& success)
{
    Json list = Json::array();
    for (std::size_t index = 0; index < success.loras.size(); ++index) {
        const engine::LoraReport& lora = success.loras[index];
        const std::string path = index < success.job.loras.size() ? success.job.loras[index].path : lora.path.string();
        list.push_back({ { "path", path }, { "applied_layers", lora.appliedLayers }, { "total_layers", lora.totalLayers }, { "unmatched", lora.unmatched } });
    }
    return list;
}

Json toJson(const JobSuccess& success)
{
    const engine::Timings& timings = success.timings;
    Json json{ { "status", "success" } };
    json["images"] = imagesToJson(success.images);
    json["seed"] = *success.job.seed;
    json["prompt"] = success.job.prompt;
    if (!success.originalPrompt.empty()) json["original_prompt"] = success.originalPrompt;
    json["timings"] = { { "load", milliseconds(timings.load) }, { "encode", milliseconds(timings.encode) }, { "denoise", milliseconds(timings.denoise) },
        { "decode", milliseconds(timings.decode) }, { "total", milliseconds(timings.total) } };
    if (!success.loras.empty()) json["loras"] = lorasToJson(success);
    json["track_id"] = success.job.trackId ? Json(*success.job.trackId) : Json(nullptr);
    json["safety_checker_ran"] = success.safetyCheckerRan;
    json["warnings"] = success.warnings;
    json["job"] = workflow::jobToJson(success.job);
    return json;
}

Json toJson(const JobFailure& failure)
{
    Json error{ { "code", errorCodeName(failure.error.code) }, { "message", failure.error.message } };
    if (!failure.field.empty()) error["field"] = failure.field;
    if (!failure.path.empty()) error["path"] = failure.path;
    return { { "status", "failure" }, { "error", std::move(error) } };
}

Json toJson(const engine::Cancelled&) { return { { "status", "cancelled" } }; }

} // namespace

JobFailure JobFailure::of(Error error)
{
    std::string detail = error.detail;
    if (isJobField(detail)) return { std::move(error), std::move(detail), {} };
    return { std::move(error), {}, std::move(detail) };
}

nlohmann::ordered_json reportToJson(const JobReport& report)
{
    Json json = std::visit([](const auto& outcome) { return toJson(outcome); }, report.outcome);
    if (report.trackId && !json.contains("track_id")) json["track_id"] = *report.trackId;
    return json;
}

} // namespace sfumato::app
