// RunQueue: runs from order to placed variations: what is the model, prepare, queue, generate, place.
// Thread: GUI; preparing and placing happen on a background thread, generating on the engine thread. Owner: GenerationSession.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "core/jobs/job_queue.h"
#include "core/workflow/place_result.h"
#include "core/workspace/companion_lookup.h"
#include "core/workspace/model_list.h"
#include "core/workspace/session_state.h"

#include <QImage>

#include <map>
#include <memory>
#include <vector>

namespace sfumato::workspace {

inline constexpr int kThumbnailSide = 192; // pixels, the longest side at most

// One run: what all its variations share. Immutable.
struct GenerationRun {
    workflow::JobDescription job; // as decided, see PreparedGeneration::job
    workflow::Placement placement;
    std::optional<imaging::Raster> picture; // the document's when the run began
    std::optional<imaging::Mask> mask;
    std::vector<imaging::Raster> controlPictures; // of job.controls, in order
    QString modelPath;
    int stepsThatRun = 0;
    QString label; // what sets it apart from its neighbours, for the strip; usually empty
};

struct RunOrder {
    workflow::JobDescription job; // with a seed
    std::optional<imaging::Raster> picture;
    std::optional<imaging::Mask> mask;
    std::vector<std::optional<imaging::Raster>> controlPictures; // of job.controls, in order; empty: to be read from the file that the control names
    QString modelPath;                                           // of the model list
    bool previews = true;
    QString label;
    QStringList decoderFolders; // where a small decoder for previews may be found
};

struct PlacedVariation {
    jobs::JobId job{};
    std::shared_ptr<const engine::GeneratedImage> image;
    double seconds = 0.0; // since the one before it, or since sampling began
    Result<workflow::PlacedResult> placed;
    QImage thumbnail;
};

struct RunEnd {
    std::optional<jobs::JobId> job;                    // empty when it ended before it was queued
    jobs::JobState outcome = jobs::JobState::Finished; // Finished, Cancelled or Failed
    std::optional<Error> error;
    std::vector<std::string> warnings;
    std::vector<engine::LoraReport> loras; // of a finished run
    int finishedSteps = 0;                 // of the picture it was at
    std::string file;                      // of the job, beside its model: the LoRA, embedding or control that the error speaks of; empty for none
};

class RunQueue : public QObject {
    Q_OBJECT

public:
    RunQueue(jobs::JobQueue& queue, ModelList& models, QObject* parent = nullptr);
    ~RunQueue() override;

    // What later runs look for beside their model.
    void setCompanions(CompanionLookup companions) { m_companions = std::move(companions); }
    void add(RunOrder order);
    // Stops the run that is under way, or the next one; ended() follows.
    void stopFirst();
    void stopAll();

    // Queued … Decoding for the first run; Ready when there is none.
    [[nodiscard]] SessionState state() const;
    [[nodiscard]] jobs::JobProgress progress() const;
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_runs.size()); }

Q_SIGNALS:
    void changed(); // state, progress or count
    void queued(sfumato::jobs::JobId job, const std::shared_ptr<const sfumato::workspace::GenerationRun>& run, int imageCount);
    void placed(const sfumato::workspace::PlacedVariation& variation);
    // Comes after every placed() of the run.
    void ended(const sfumato::workspace::RunEnd& end);

private:
    struct Run;
    using RunId = std::uint32_t;

    Run* findRun(jobs::JobId job);
    void prepare(RunId id);
    struct Preparation;
    void enqueue(RunId id, const Preparation& preparation);
    void stop(RunId id);
    void noteDescribed(const QString& modelPath);
    void noteImage(jobs::JobId job, const std::shared_ptr<const engine::GeneratedImage>& image);
    void noteJobState(jobs::JobId job);
    void endIfDone(RunId id);
    void end(RunId id, RunEnd how);

    jobs::JobQueue& m_queue;
    ModelList& m_models;
    CompanionLookup m_companions;
    std::map<RunId, std::unique_ptr<Run>> m_runs; // in order
    RunId m_lastId = 0;
    jobs::BackgroundTasks m_tasks; // last: its tasks use the above
};

} // namespace sfumato::workspace
