// Job JSON: the one parser, validator and writer of jobs for window, command line and picture recipes. The fields are those of docs/job.md.
// Thread: any, pure functions.
//
// Reading is strict about form (RFC 8259, UTF-8, no name given twice, nesting at most kMaxJobDepth) and types, lenient where public services are:
// numbers and booleans may be strings, aliases stand for their fields, null stands for the default. An unknown field is a warning that names the nearest
// known one. Every error is InvalidRequest; its message is one sentence that names the field, what was given and what is allowed, its detail is the field.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/workflow/job_description.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sfumato::workflow {

inline constexpr int kMaxJobDepth = 16;

struct ParsedJob {
    JobDescription job;
    std::vector<std::string> warnings; // one sentence each
};

// JSON text as a document. `source` names it in messages: "job.json", "standard input".
[[nodiscard]] Result<nlohmann::ordered_json> parseJsonDocument(std::string_view text, std::string_view source);

// A job from a document, with every range checked, and validateJob.
[[nodiscard]] Result<ParsedJob> readJob(const nlohmann::ordered_json& document);
[[nodiscard]] Result<ParsedJob> parseJob(std::string_view text, std::string_view source);

// A job out of a picture file: its fields alone, since its pictures may be gone.
[[nodiscard]] Result<ParsedJob> parseRecipe(std::string_view text, std::string_view source);

// What one field cannot tell: pictures that the mode needs, strength of the mode, seeds of all images, and what this version does not run yet. Warnings are appended.
[[nodiscard]] Result<void> validateJob(const JobDescription& job, std::vector<std::string>& warnings);

// Sets a field in a job document: "steps=30", "inpaint.fill=blur", "image_size={\"width\":512,\"height\":768}". A field of text takes the value as it stands;
// elsewhere a value that begins like a JSON object or list, or is null, is read as JSON. Whatever named the same field before is removed.
//   errors  InvalidRequest when there is no "=" or no name, or the JSON is malformed
[[nodiscard]] Result<void> setJobField(nlohmann::ordered_json& document, std::string_view assignment);

// Every field of a job, defaults included, under its own name and in the order of docs/job.md. readJob(jobToJson(job)) is the job again, with the mode it runs in.
[[nodiscard]] nlohmann::ordered_json jobToJson(const JobDescription& job);
// The same on one line, as recipes carry it.
[[nodiscard]] std::string jobToText(const JobDescription& job);

// The names of values in JSON.
[[nodiscard]] std::string_view modeName(engine::GenerationMode mode) noexcept;      // "text-to-image", …
[[nodiscard]] std::string_view outputFormatName(OutputFormat format) noexcept;      // "jpeg", …
[[nodiscard]] std::string_view precisionName(engine::Precision precision) noexcept; // "auto", "float32", …

} // namespace sfumato::workflow
