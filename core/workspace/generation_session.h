// GenerationSession: the settings of the open document, its runs, previews and variations: generate, look, decide.
// Thread: GUI. Owner: Workspace. Heavy work is in the pool and on the engine thread; no method waits.
//
// generate() copies mask, picture and settings, so the artist may go on at once. A finished variation is shown in place when none is being looked at.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/document.h"
#include "core/jobs/background_tasks.h"
#include "core/jobs/job_queue.h"
#include "core/workflow/context_area.h"
#include "core/workspace/canvas_overlay.h"
#include "core/workspace/gallery_model.h"
#include "core/workspace/model_list.h"
#include "core/workspace/notice.h"

#include <QPointer>

#include <map>

namespace sfumato::workspace {

// What the window shows; the states of the interaction design 9.10 that a session can be in.
enum class SessionState { Empty, Ready, Queued, LoadingModel, Encoding, Sampling, Decoding, Reviewing, Stopped, Error };

// Why Generate cannot be pressed now; the window says it in the button.
enum class GenerateBlocker { None, NoModel, NoPicture, MaskEmpty, NoStepsRun };

class GenerationSession : public QObject {
    Q_OBJECT

public:
    GenerationSession(jobs::JobQueue& queue, ModelList& models, const AppSettings& settings, QObject* parent = nullptr);
    ~GenerationSession() override;

    // The panel's values. image, mask and model of the job are not used: they are the document's and the model list's.
    [[nodiscard]] const workflow::JobDescription& job() const noexcept { return m_job; }
    void setJob(const workflow::JobDescription& job);
    // What Generate would do now.
    [[nodiscard]] engine::GenerationMode mode() const;
    [[nodiscard]] GenerateBlocker blocker() const;
    // The part of the picture the model would see; empty unless the mode is inpainting.
    [[nodiscard]] const std::optional<workflow::ContextFrame>& frame() const noexcept { return m_frame; }

    // Queues a run of job().imageCount variations; does nothing while blocked.
    void generate();
    // The present variation's run again, or the last one, with new seeds and the settings it had; tiles are appended.
    void retry();
    // Stops the running run, or the next one waiting. Finished variations stay.
    void stop();
    void stopAll();

    [[nodiscard]] SessionState state() const noexcept { return m_state; }
    // Of the running job; a value-initialised one otherwise.
    [[nodiscard]] jobs::JobProgress progress() const;
    // Runs that are waiting or running.
    [[nodiscard]] int pendingRuns() const;

    [[nodiscard]] GalleryModel& gallery() noexcept { return m_gallery; }
    // −1: none. A variation on its way shows its preview.
    [[nodiscard]] int selectedRow() const;
    void selectVariation(int row);
    // Puts the selected finished variation on the picture as one undo step and ends the review.
    void keep();
    // Drops the selected variation from the strip (stopping it if it is on its way) and shows the next finished one.
    void discard();

    // What the canvas draws over the picture; empty image: nothing.
    [[nodiscard]] const CanvasOverlay& overlay() const noexcept { return m_overlay; }

    // Called by Workspace.
    void setDocument(document::Document* document);
    void setAppSettings(const AppSettings& settings);

Q_SIGNALS:
    void jobChanged();
    void frameChanged();
    void blockerChanged();
    void stateChanged();
    void progressChanged();
    void selectionChanged();
    void overlayChanged(const sfumato::Bounds& dirty);
    void noticed(const sfumato::workspace::Notice& notice);
    // A picture was kept while no document is open.
    void pictureMade(const sfumato::imaging::Raster& picture, const std::string& recipe);

private:
    struct Run;

    Run* findRun(jobs::JobId job);
    void begin(workflow::JobDescription job, const std::optional<imaging::Raster>& picture, const std::optional<imaging::Mask>& mask);
    void prepareRun(std::uint64_t runId);
    void prepareWaitingRuns(const QString& modelPath);
    void enqueueRun(std::uint64_t runId, Result<workflow::PreparedGeneration> prepared);
    void failRun(std::uint64_t runId, const Error& error);
    void stopRun(Run& run);
    void noteJobState(jobs::JobId job);
    void noteProgress(jobs::JobId job);
    void notePreview(jobs::JobId job, int imageIndex, const ImageBuffer& preview);
    void noteImage(jobs::JobId job, const std::shared_ptr<const engine::GeneratedImage>& image);
    void addResult(jobs::JobId job, const std::shared_ptr<const engine::GeneratedImage>& image, double seconds, Result<workflow::PlacedResult> placed);
    void removePendingRows(jobs::JobId job);
    void removeRow(int row);
    void closeRun(std::uint64_t runId);
    void setOverlay(CanvasOverlay overlay);
    void refreshOverlay();
    void refreshFrame(bool resetFrame);
    void refreshState();
    void noteDocumentChange(const document::DocumentChange& change);

    jobs::JobQueue& m_queue;
    ModelList& m_models;
    AppSettings m_appSettings;
    QPointer<document::Document> m_document;
    workflow::JobDescription m_job;
    std::optional<workflow::ContextFrame> m_frame;
    std::map<std::uint64_t, std::unique_ptr<Run>> m_runs; // by order
    std::uint64_t m_lastRunId = 0;
    std::shared_ptr<const GenerationRun> m_lastRun;
    GalleryModel m_gallery;
    jobs::ResultHistory m_results;
    std::optional<std::pair<jobs::JobId, int>> m_selected; // job and image index
    std::map<std::pair<jobs::JobId, int>, ImageBuffer> m_previews; // the latest of each variation on its way
    CanvasOverlay m_overlay;
    SessionState m_state = SessionState::Empty;
    SessionState m_rest = SessionState::Ready; // what to show when nothing runs: Ready, Stopped or Error
    GenerateBlocker m_blocker = GenerateBlocker::NoModel;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato::workspace
