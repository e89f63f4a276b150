// GenerationSession: the settings of the open document, its runs, previews and variations: generate, look, decide.
// Thread: GUI. Owner: Workspace. Heavy work is on a background thread and on the engine thread; no method waits.
//
// generate() copies mask, picture and settings, so the artist may go on at once. A finished variation is shown in place when none is being looked at.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/document.h"
#include "core/workspace/canvas_overlay.h"
#include "core/workspace/gallery_model.h"
#include "core/workspace/prompt/known_embedding.h"
#include "core/workspace/notice.h"
#include "core/workspace/run_queue.h"

#include <QPointer>

#include <array>
#include <map>

namespace sfumato::workspace {

inline constexpr std::array kComparedLoraWeights{ 0.0, 0.4, 0.8, 1.0, 1.2 };

class GenerationSession : public QObject {
    Q_OBJECT

public:
    GenerationSession(jobs::JobQueue& queue, ModelList& models, const AppSettings& settings, QObject* parent = nullptr);
    ~GenerationSession() override = default;

    // The panel's values. image, mask and model of the job are not used: they are the document's and the model list's.
    [[nodiscard]] const workflow::JobDescription& job() const noexcept { return m_job; }
    void setJob(const workflow::JobDescription& job);
    // What Generate would do now.
    [[nodiscard]] engine::GenerationMode mode() const;
    [[nodiscard]] GenerateBlocker blocker() const noexcept { return m_blocker; }
    // The part of the picture the model would see; empty unless the mode is inpainting. It follows strokes at pen-up, steadily (workflow::steadyFrame), and settles on generate().
    [[nodiscard]] const std::optional<workflow::ContextFrame>& frame() const noexcept { return m_frame; }

    // Queues a run of job().imageCount variations; does nothing while blocked.
    void generate();
    // The present variation's run again, or the last one, with new seeds and the settings it had; tiles are appended.
    void retry();
    // One picture at each of kComparedLoraWeights for loras[compared], with one seed for all and what the panel says otherwise; at 0 the LoRA is left out.
    // `name` is its name for people. Does nothing while blocked.
    void compareLora(const std::vector<workflow::LoraReference>& loras, std::size_t compared, const QString& name);
    // Stops the running run, or the next one waiting. Finished variations stay.
    void stop();
    void stopAll();

    [[nodiscard]] SessionState state() const noexcept { return m_state; }
    // Of the running job; a value-initialised one otherwise.
    [[nodiscard]] jobs::JobProgress progress() const { return m_runs.progress(); }
    // Runs that are waiting or running.
    [[nodiscard]] int pendingRuns() const noexcept { return m_runs.count(); }

    [[nodiscard]] GalleryModel& gallery() noexcept { return m_gallery; }
    // −1: none. A variation on its way shows its preview.
    [[nodiscard]] int selectedRow() const;
    void selectVariation(int row);
    // Puts the selected finished variation on the picture as one undo step and ends the review. A hidden one must be shown first.
    void keep();
    // Drops the selected finished variation from the strip and shows its neighbour.
    void discard();

    // What the canvas draws over the picture; empty image: nothing.
    [[nodiscard]] const CanvasOverlay& overlay() const noexcept { return m_overlay; }

    enum class Strip { Clear,
        CarryOn };

Q_SIGNALS:
    void jobChanged();
    void frameChanged();
    void blockerChanged();
    void stateChanged();
    void progressChanged();
    void selectionChanged();
    void overlayChanged(const sfumato::Bounds& dirty);
    void noticed(const sfumato::workspace::Notice& notice);
    // A run is finished: what each of its LoRAs did.
    void lorasApplied(const std::vector<sfumato::engine::LoraReport>& reports);
    // A picture was kept while no document is open.
    void pictureMade(const sfumato::imaging::Raster& picture, const std::string& recipe);

private:
    friend class Workspace; // it alone hands in documents and settings
    // Another document ends the present one's runs and clears the strip; a picture kept from nothing carries it on.
    void setDocument(document::Document* document, Strip strip = Strip::Clear);
    void setAppSettings(const AppSettings& settings);
    void setCompanions(const CompanionLookup& companions) { m_runs.setCompanions(companions); }
    void setKnownEmbeddings(std::vector<KnownEmbedding> known) { m_embeddings = std::move(known); }
    // The job as a run gets it: with its mode and the known embeddings that its prompts hold.
    [[nodiscard]] workflow::JobDescription presentJob() const;

    using VariationKey = std::pair<jobs::JobId, int>; // job and image index

    [[nodiscard]] RunOrder presentOrder() const;
    void begin(RunOrder order);
    void addRows(jobs::JobId job, const std::shared_ptr<const GenerationRun>& run, int imageCount);
    void showPreview(jobs::JobId job, int imageIndex, const ImageBuffer& preview);
    void showStep(jobs::JobId job, const jobs::JobProgress& progress);
    void addResult(const PlacedVariation& placed);
    void noteRunEnd(const RunEnd& end);
    void noteProgress();
    void dropResults(const std::vector<jobs::ResultId>& dropped);
    void removeRow(int row);
    void select(std::optional<VariationKey> key);
    [[nodiscard]] imaging::Raster pictureWith(const Variation& variation) const;
    void noteKept(const VariationKey& key, bool isKept);
    void refreshOverlay();
    void settleFrame();
    void refreshFrame(std::optional<workflow::ContextFrame> present);
    void refreshBlocker();
    void refreshState();
    void rest(SessionState state);
    void noteDocumentChange(const document::DocumentChange& change);

    ModelList& m_models;
    AppSettings m_appSettings;
    QPointer<document::Document> m_document;
    workflow::JobDescription m_job;
    std::vector<KnownEmbedding> m_embeddings;
    std::optional<workflow::ContextFrame> m_frame;
    std::shared_ptr<const GenerationRun> m_lastRun;
    GalleryModel m_gallery;
    jobs::ResultHistory m_results;
    std::optional<VariationKey> m_selected;
    std::map<VariationKey, ImageBuffer> m_previews; // the latest of each variation on its way
    CanvasOverlay m_overlay;
    SessionState m_state = SessionState::Empty;
    SessionState m_rest = SessionState::Ready; // what to show when nothing runs: Ready, Stopped or Error
    GenerateBlocker m_blocker = GenerateBlocker::NoModel;
    RunQueue m_runs;
};

} // namespace sfumato::workspace
