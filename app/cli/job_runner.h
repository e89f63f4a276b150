// JobRunner: runs jobs one after the other on one engine, from JSON to written pictures. The engine is made for the first job that needs it and keeps its model.
// Thread: one at a time, which becomes the engine's. Owner: the command line.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/job_report.h"
#include "app/cli/output_files.h"
#include "app/companion_models.h"
#include "app/install_paths.h"
#include "core/base/result.h"
#include "core/engine/api/engine.h"
#include "core/workflow/prepare_generation.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

namespace sfumato::app {

using EngineSource = std::function<Result<std::unique_ptr<engine::Engine>>()>;

class JobRunner {
public:
    JobRunner(EngineSource source, InstallPaths paths, OutputFiles files) : m_source(std::move(source)), m_paths(std::move(paths)), m_companions(m_paths), m_files(std::move(files)) { }

    // Everything that can be checked is checked before the engine is made. Relative paths of the job are looked up below `baseFolders`.
    [[nodiscard]] JobReport run(const nlohmann::ordered_json& document, const std::vector<std::filesystem::path>& baseFolders, engine::GenerationObserver& observer,
        std::stop_token stop);

private:
    using Outcome = std::variant<JobSuccess, engine::Cancelled, JobFailure>;

    [[nodiscard]] Outcome runJob(const nlohmann::ordered_json& document, const std::vector<std::filesystem::path>& baseFolders,
        engine::GenerationObserver& observer, const std::stop_token& stop);
    [[nodiscard]] Outcome generate(const workflow::GenerationInputs& inputs, engine::GenerationObserver& observer, const std::stop_token& stop);
    [[nodiscard]] engine::ExpansionOutcome expand(const workflow::JobDescription& job, const std::stop_token& stop);
    [[nodiscard]] Result<engine::Engine*> engine();
    [[nodiscard]] Result<ReportedImage> deliver(const workflow::PreparedGeneration& prepared, const engine::GeneratedImage& image, const std::string& modelTitle,
        std::vector<std::string>& warnings);

    EngineSource m_source;
    InstallPaths m_paths;
    CompanionModels m_companions;
    OutputFiles m_files;
    std::unique_ptr<engine::Engine> m_engine;
};

} // namespace sfumato::app
