// JobReport: how a job ended, and its JSON: the one line of standard output that a job gives. The form is that of docs/job.md, section 3.
// Thread: any, pure values.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/base/geometry.h"
#include "core/engine/api/engine.h"
#include "core/workflow/job_description.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sfumato::app {

struct ReportedImage {
    std::string url; // path as it was written, or a data: URI
    Extent size;
    std::string contentType;
    std::uint64_t seed = 0;
    bool isFlagged = false; // by the safety checker
};

struct JobSuccess {
    workflow::JobDescription job; // every default filled
    std::vector<ReportedImage> images;
    engine::Timings timings;
    bool safetyCheckerRan = false;
    std::vector<engine::LoraReport> loras; // in the job's order
    std::vector<std::string> warnings;
    std::string originalPrompt; // as it was given, where it was expanded; else empty
};

struct JobFailure {
    Error error;
    std::string field; // of the job; may be empty
    std::string path;  // file; may be empty

    // Field and path out of the error's detail.
    [[nodiscard]] static JobFailure of(Error error);
};

struct JobReport {
    std::variant<JobSuccess, engine::Cancelled, JobFailure> outcome;
    std::optional<std::string> trackId;
};

[[nodiscard]] nlohmann::ordered_json reportToJson(const JobReport& report);

} // namespace sfumato::app
