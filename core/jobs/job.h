// Job: one generation on its way through the queue, as a plain value.
// Thread: any, pure value; the queue's own are on the GUI thread. Images already reported stay with a job that is cancelled or fails later.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sfumato::jobs {

enum class JobId : std::uint32_t {};

enum class JobState { Queued,
    Running,
    Finished,
    Cancelled,
    Failed };

struct JobProgress {
    engine::Stage stage = engine::Stage::Loading;
    double stageFraction = 0.0; // of loading, 0..1
    int imageIndex = 0;
    int step = 0;                // finished, of this image
    int stepCount = 0;           // 0 until the first step
    double secondsPerStep = 0.0; // smoothed over the last steps; 0 until the second
};

struct Job {
    JobId id{};
    JobState state = JobState::Queued;
    std::shared_ptr<const engine::GenerationRequest> request;
    JobProgress progress;
    std::vector<std::shared_ptr<const engine::GeneratedImage>> images; // as they finish
    engine::Timings timings;                                           // when finished
    std::string device;                                                // when finished
    std::string precision;
    std::vector<engine::LoraReport> loras; // when finished
    std::vector<std::string> warnings;
    std::optional<Error> error; // when failed

    [[nodiscard]] bool isOver() const noexcept { return state != JobState::Queued && state != JobState::Running; }
};

} // namespace sfumato::jobs
