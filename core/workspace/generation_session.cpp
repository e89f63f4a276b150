// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/generation_session.h"

#include "core/document/commands.h"
#include "core/imaging/resample.h"
#include "core/workflow/editor_defaults.h"
#include "core/workflow/steps.h"
#include "core/workspace/decoder_files.h"
#include "core/workspace/keep_command.h"
#include "core/workspace/model_override.h"
#include "core/workspace/recipe.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace sfumato::workspace {

namespace {

// Memory a result adds to what the run's picture holds already.
std::size_t ownBytes(const workflow::Placement& placement, const workflow::PlacedResult& placed)
{
    if (placement.base.isEmpty()) return placed.picture.sizeInBytes();
    const auto tiles = imaging::replacedTiles(placement.base, placed.picture).size();
    return tiles * imaging::kTileSize * imaging::kTileSize * static_cast<std::size_t>(bytesPerPixel(placed.picture.format()));
}

Variation pendingVariation(jobs::JobId job, int imageIndex, const std::shared_ptr<const GenerationRun>& run)
{
    Variation variation;
    variation.job = job;
    variation.imageIndex = imageIndex;
    variation.seed = *run->job.seed + static_cast<std::uint64_t>(imageIndex);
    variation.run = run;
    variation.stepCount = run->stepsThatRun;
    return variation;
}

} // namespace

GenerationSession::GenerationSession(jobs::JobQueue& queue, ModelList& models, const AppSettings& settings, QObject* parent)
    : QObject(parent), m_models(models), m_appSettings(settings), m_job(workflow::editorDefaults()),
      m_results(static_cast<std::size_t>(settings.resultBudgetInBytes)), m_runs(queue, models)
{
    connect(&m_gallery, &GalleryModel::hiddenChanged, this, [this](int row) {
        if (row == selectedRow()) refreshOverlay();
    });
    connect(&m_runs, &RunQueue::queued, this, &GenerationSession::addRows);
    connect(&m_runs, &RunQueue::placed, this, &GenerationSession::addResult);
    connect(&m_runs, &RunQueue::ended, this, &GenerationSession::noteRunEnd);
    connect(&m_runs, &RunQueue::changed, this, &GenerationSession::noteProgress);
    connect(&queue, &jobs::JobQueue::previewReady, this, &GenerationSession::showPreview);
    connect(&queue, &jobs::JobQueue::progressChanged, this, [this, &queue](jobs::JobId job) { showStep(job, queue.job(job)->progress); });
    const auto modelsChanged = [this] {
        settleFrame();
        refreshBlocker();
    };
    connect(&models, &ModelList::described, this, modelsChanged);
    connect(&models, &ModelList::modelReset, this, modelsChanged);
    refreshBlocker();
    refreshState();
}

void GenerationSession::setJob(const workflow::JobDescription& job)
{
    if (job == m_job) return;
    m_job = job;
    rest(SessionState::Ready);
    settleFrame();
    refreshBlocker();
    Q_EMIT jobChanged();
}

engine::GenerationMode GenerationSession::mode() const
{
    return workflow::effectiveMode(m_job, m_document != nullptr, m_document && !m_document->mask().isBlank());
}

workflow::JobDescription GenerationSession::presentJob() const
{
    const ModelEntry* model = m_models.find(m_appSettings.model);
    workflow::JobDescription job = withUsedEmbeddings(m_job, m_embeddings, model && model->info ? model->info->family : engine::ModelFamily::Unknown);
    job.mode = mode();
    job.expandPrompt = false; // what the artist took of an expansion is in the prompt
    return job;
}

// What Generate would run now; nothing blocks it.
RunOrder GenerationSession::presentOrder() const
{
    const ModelEntry& model = *m_models.find(m_appSettings.model);
    RunOrder order{ workflow::withSeed(presentJob()), std::nullopt, std::nullopt, {}, model.path, m_appSettings.showsPreviews, {}, {} };
    order.job.model = (model.isInstalled ? model.name : model.path).toStdString();
    order.job.device = m_appSettings.device.toStdString();
    order.job.enableSafetyChecker = m_appSettings.hidesFlagged;
    order.decoderFolders = decoderFolders(m_appSettings);
    applyModelOverride(order.job, m_appSettings, model.path);
    if (m_document && order.job.mode != engine::GenerationMode::TextToImage) order.picture = m_document->picture();
    if (order.job.mode == engine::GenerationMode::Inpainting) order.mask = m_document->mask();
    for (const workflow::ControlReference& control : order.job.controls) {
        const bool isCanvas = control.imageUrl.empty() && m_document;
        order.controlPictures.push_back(isCanvas ? std::optional(m_document->picture()) : std::nullopt);
    }
    return order;
}

void GenerationSession::generate()
{
    if (m_blocker != GenerateBlocker::None) return;
    settleFrame();
    begin(presentOrder());
}

void GenerationSession::compareLora(const std::vector<workflow::LoraReference>& loras, std::size_t compared, const QString& name)
{
    if (m_blocker != GenerateBlocker::None) return;
    settleFrame();
    const RunOrder present = presentOrder();
    for (const double weight : kComparedLoraWeights) {
        RunOrder order = present;
        order.job.imageCount = 1;
        order.job.loras = loras;
        order.job.loras[compared].scale = weight;
        if (weight == 0) order.job.loras.erase(order.job.loras.begin() + static_cast<std::ptrdiff_t>(compared));
        order.label = QStringLiteral("%1 %2").arg(name, QLocale().toString(weight, 'f', 1));
        begin(std::move(order));
    }
}

void GenerationSession::retry()
{
    const Variation* selected = m_gallery.at(selectedRow());
    const std::shared_ptr<const GenerationRun> run = selected ? selected->run : m_lastRun;
    if (!run) return;
    RunOrder order{ run->job, run->picture, run->mask, {}, run->modelPath, m_appSettings.showsPreviews, run->label, decoderFolders(m_appSettings) };
    order.controlPictures.assign(run->controlPictures.begin(), run->controlPictures.end());
    order.job.seed = workflow::randomSeed();
    begin(std::move(order));
}

void GenerationSession::begin(RunOrder order)
{
    rest(SessionState::Ready);
    const Variation* shown = m_gallery.at(selectedRow());
    if (shown && shown->isFinished()) select(std::nullopt);
    m_runs.add(std::move(order));
}

void GenerationSession::stop()
{
    m_runs.stopFirst();
}

void GenerationSession::stopAll()
{
    m_runs.stopAll();
}

int GenerationSession::selectedRow() const
{
    return m_selected ? m_gallery.rowOf(m_selected->first, m_selected->second) : -1;
}

void GenerationSession::selectVariation(int row)
{
    const Variation* variation = m_gallery.at(row);
    select(variation ? std::optional(VariationKey(variation->job, variation->imageIndex)) : std::nullopt);
}

void GenerationSession::select(std::optional<VariationKey> key)
{
    if (key == m_selected) return;
    const auto pin = [this](bool pinned) {
        const Variation* variation = m_gallery.at(selectedRow());
        if (variation && variation->result) m_results.setPinned(*variation->result, pinned);
    };
    pin(false);
    m_selected = key;
    pin(true);
    refreshOverlay();
    refreshState();
    Q_EMIT selectionChanged();
}

// The picture of the document after keeping a variation.
imaging::Raster GenerationSession::pictureWith(const Variation& variation) const
{
    const workflow::Placement& placement = variation.run->placement;
    const imaging::Raster& made = variation.placed->picture;
    if (!m_document) return made;
    const imaging::Raster& present = m_document->picture();
    const bool sameShape = made.extent() == present.extent() && made.format() == present.format();
    if (sameShape) return workflow::laidOver(present, placement, *variation.placed);
    // A reworked picture that was not asked for in another size only had its sides rounded for the model.
    const bool wasRounded = variation.run->job.mode == engine::GenerationMode::ImageToImage && !variation.run->job.imageSize;
    if (!wasRounded) return made;
    const Result<ImageBuffer> resized = imaging::resample(made.toImage().view(), present.extent());
    return resized ? imaging::Raster::fromImage(resized->view()) : made;
}

void GenerationSession::keep()
{
    const int row = selectedRow();
    const Variation* selected = m_gallery.at(row);
    if (!selected || !selected->isFinished() || selected->isHidden) return;
    const imaging::Raster picture = pictureWith(*selected);
    const std::string recipe = recipeOf(*selected);
    const VariationKey key(selected->job, selected->imageIndex);
    select(std::nullopt);
    if (!m_document) {
        noteKept(key, true);
        Q_EMIT pictureMade(picture, recipe);
        return;
    }
    auto change = std::make_unique<document::ApplyResultCommand>(*m_document, m_document->backgroundLayer(), picture, recipe, tr("Keep variation"));
    m_document->push(std::make_unique<KeepCommand>(*m_document, std::move(change), [session = QPointer(this), key](bool isKept) {
        if (session) session->noteKept(key, isKept);
    }));
}

void GenerationSession::noteKept(const VariationKey& key, bool isKept)
{
    const int row = m_gallery.rowOf(key.first, key.second);
    if (row < 0) return; // it left the strip since
    Variation variation = *m_gallery.at(row);
    variation.timesKept += isKept ? 1 : -1;
    m_gallery.replace(row, std::move(variation));
}

void GenerationSession::discard()
{
    const int row = selectedRow();
    const Variation* variation = m_gallery.at(row);
    if (!variation || !variation->isFinished()) return;
    m_results.remove(*variation->result);
    removeRow(row);
    selectVariation(std::min(row, m_gallery.rowCount() - 1));
}

void GenerationSession::setDocument(document::Document* document, Strip strip)
{
    if (m_document) {
        m_document->disconnect(this);
        m_document->undoStack().disconnect(this);
    }
    m_document = document;
    if (strip == Strip::Clear) {
        m_runs.stopAll();
        m_gallery.clear();
        m_results.clear();
        m_previews.clear();
        m_lastRun.reset();
        select(std::nullopt);
    }
    if (m_document) {
        connect(m_document, &document::Document::changed, this, &GenerationSession::noteDocumentChange);
        connect(&m_document->undoStack(), &QUndoStack::indexChanged, this, [this] { refreshFrame(m_frame); });
        m_document->undoStack().setBudgetInBytes(m_appSettings.undoBudgetInBytes);
    }
    rest(SessionState::Ready);
    settleFrame();
    refreshBlocker();
    refreshState();
}

void GenerationSession::setAppSettings(const AppSettings& settings)
{
    const bool filterChanged = settings.hidesFlagged != m_appSettings.hidesFlagged;
    m_appSettings = settings;
    for (int row = 0; filterChanged && row < m_gallery.rowCount(); ++row) m_gallery.setHidden(row, settings.hidesFlagged && m_gallery.at(row)->isFlagged);
    if (m_document) m_document->undoStack().setBudgetInBytes(settings.undoBudgetInBytes);
    settleFrame();
    refreshBlocker();
}

void GenerationSession::addRows(jobs::JobId job, const std::shared_ptr<const GenerationRun>& run, int imageCount)
{
    m_lastRun = run;
    for (int i = 0; i < imageCount; ++i) m_gallery.append(pendingVariation(job, i, run));
    if (!m_selected) select(VariationKey(job, 0));
}

void GenerationSession::showPreview(jobs::JobId job, int imageIndex, const ImageBuffer& preview)
{
    const int row = m_gallery.rowOf(job, imageIndex);
    const Variation* present = m_gallery.at(row);
    if (!present || present->isFinished()) return;
    Variation variation = *present;
    variation.thumbnail = toQImage(preview.view());
    m_gallery.replace(row, std::move(variation));
    const VariationKey key(job, imageIndex);
    m_previews[key] = preview;
    if (m_selected == key) refreshOverlay();
}

void GenerationSession::showStep(jobs::JobId job, const jobs::JobProgress& progress)
{
    const int row = m_gallery.rowOf(job, progress.imageIndex);
    const Variation* present = m_gallery.at(row);
    if (!present || present->isFinished() || present->step == progress.step) return;
    Variation variation = *present;
    variation.step = progress.step;
    m_gallery.replace(row, std::move(variation));
}

void GenerationSession::addResult(const PlacedVariation& placed)
{
    const int row = m_gallery.rowOf(placed.job, placed.image->index);
    const Variation* present = m_gallery.at(row);
    if (!present) return; // another document was opened
    const VariationKey key(placed.job, placed.image->index);
    m_previews.erase(key);
    if (!placed.placed || placed.placed->outsideDifferences > 0) {
        Notice notice{ Notice::Topic::Generate, Notice::Severity::Error, std::nullopt, {}, 0 };
        if (!placed.placed) notice.error = placed.placed.error();
        else
            notice = { Notice::Topic::SealBroken, Notice::Severity::Error, std::nullopt, {}, placed.placed->outsideDifferences };
        removeRow(row);
        Q_EMIT noticed(notice);
        return;
    }
    Variation variation = *present;
    variation.placed = std::make_shared<const workflow::PlacedResult>(*placed.placed);
    variation.thumbnail = placed.thumbnail;
    variation.seconds = placed.seconds;
    variation.seed = placed.image->seed;
    variation.isFlagged = placed.image->isFlagged;
    variation.isHidden = variation.isFlagged && m_appSettings.hidesFlagged;
    const bool isHidden = variation.isHidden;
    variation.step = variation.stepCount;
    const auto added = m_results.add(placed.job, placed.image, ownBytes(variation.run->placement, *variation.placed));
    variation.result = added.id;
    m_gallery.replace(row, std::move(variation));
    if (m_selected == key) m_results.setPinned(added.id, true);
    dropResults(added.dropped);
    const Variation* shown = m_gallery.at(selectedRow());
    if (!shown || !shown->isFinished()) select(key);
    if (m_selected == key) refreshOverlay();
    refreshState();
    if (isHidden) Q_EMIT noticed({ Notice::Topic::ResultHidden, Notice::Severity::Information, std::nullopt, {}, 0 });
}

void GenerationSession::noteRunEnd(const RunEnd& end)
{
    if (end.job) {
        for (int row = m_gallery.rowCount() - 1; row >= 0; --row) {
            const Variation* variation = m_gallery.at(row);
            if (variation->job == *end.job && !variation->isFinished()) removeRow(row);
        }
    }
    if (!end.loras.empty()) Q_EMIT lorasApplied(end.loras);
    for (const std::string& warning : end.warnings) {
        Q_EMIT noticed({ Notice::Topic::GenerateWarning, Notice::Severity::Warning, Error{ ErrorCode::Internal, warning, {} }, {}, 0 });
    }
    if (end.outcome == jobs::JobState::Failed) {
        rest(SessionState::Error);
        Q_EMIT noticed({ Notice::Topic::Generate, Notice::Severity::Error, end.error, QString::fromStdString(end.file), 0 });
    } else if (end.outcome == jobs::JobState::Cancelled) {
        rest(SessionState::Stopped);
        Q_EMIT noticed({ Notice::Topic::Stopped, Notice::Severity::Information, std::nullopt, {}, end.finishedSteps });
    }
}

void GenerationSession::noteProgress()
{
    refreshState();
    Q_EMIT progressChanged();
}

void GenerationSession::dropResults(const std::vector<jobs::ResultId>& dropped)
{
    for (const jobs::ResultId id : dropped) {
        const int row = m_gallery.rowOf(id);
        if (row >= 0) removeRow(row);
    }
    if (!dropped.empty()) {
        Q_EMIT noticed({ Notice::Topic::ResultsDropped, Notice::Severity::Information, std::nullopt, {}, static_cast<std::int64_t>(dropped.size()) });
    }
}

void GenerationSession::removeRow(int row)
{
    const Variation* variation = m_gallery.at(row);
    const VariationKey key(variation->job, variation->imageIndex);
    m_previews.erase(key);
    const bool wasSelected = m_selected == key;
    m_gallery.removeAt(row);
    if (wasSelected) select(std::nullopt);
}

void GenerationSession::refreshOverlay()
{
    CanvasOverlay overlay;
    const Variation* variation = m_gallery.at(selectedRow());
    if (variation && variation->isFinished()) {
        overlay = variation->isHidden ? veiledOverlay(variation->run->placement, *variation->placed) : variationOverlay(variation->run->placement, *variation->placed);
    } else if (variation) {
        const auto preview = m_previews.find(*m_selected);
        if (preview != m_previews.end()) overlay = previewOverlay(variation->run->placement, preview->second);
    }
    const Bounds dirty = m_overlay.bounds.united(overlay.bounds);
    m_overlay = std::move(overlay);
    if (!dirty.isEmpty()) Q_EMIT overlayChanged(dirty);
}

// The frame as the rule gives it, which is what a run uses.
void GenerationSession::settleFrame()
{
    refreshFrame(std::nullopt);
}

void GenerationSession::refreshFrame(std::optional<workflow::ContextFrame> present)
{
    std::optional<workflow::ContextFrame> frame;
    const bool isMasked = m_job.inpaint.area == workflow::InpaintArea::Masked && !m_job.imageSize;
    if (m_document && isMasked && mode() == engine::GenerationMode::Inpainting && !m_document->mask().isBlank()) {
        const ModelEntry* model = m_models.find(m_appSettings.model);
        const Bounds painted = m_document->mask().paintedBounds();
        const Extent extent = m_document->extent();
        const workflow::ContextQuery query{ extent, painted, m_job.strength, model && model->info ? model->info->nativeSize : engine::ModelInfo{}.nativeSize,
            workflow::automaticReach(extent, painted, m_job.strength), m_job.inpaint.grow, m_job.inpaint.feather,
            m_job.inpaint.context };
        frame = workflow::steadyFrame(present, query);
    }
    const bool isSame = frame.has_value() == m_frame.has_value() && (!frame || frame->area == m_frame->area);
    m_frame = frame;
    if (!isSame) Q_EMIT frameChanged();
}

void GenerationSession::refreshBlocker()
{
    const auto found = [this] {
        const engine::GenerationMode present = mode();
        if (!m_models.find(m_appSettings.model)) return GenerateBlocker::NoModel;
        if (present != engine::GenerationMode::TextToImage && !m_document) return GenerateBlocker::NoPicture;
        if (present == engine::GenerationMode::Inpainting && m_document->mask().isBlank()) return GenerateBlocker::MaskEmpty;
        if (workflow::stepsThatRun(present, m_job) < 1) return GenerateBlocker::NoStepsRun;
        return GenerateBlocker::None;
    }();
    if (found == m_blocker) return;
    m_blocker = found;
    Q_EMIT blockerChanged();
}

void GenerationSession::refreshState()
{
    SessionState state = m_runs.state();
    const Variation* shown = m_gallery.at(selectedRow());
    if (m_runs.count() == 0) {
        if (shown && shown->isFinished()) state = SessionState::Reviewing;
        else if (m_rest != SessionState::Ready)
            state = m_rest;
        else
            state = m_document ? SessionState::Ready : SessionState::Empty;
    }
    if (state == m_state) return;
    m_state = state;
    Q_EMIT stateChanged();
}

void GenerationSession::rest(SessionState state)
{
    m_rest = state;
    refreshState();
}

void GenerationSession::noteDocumentChange(const document::DocumentChange& change)
{
    if (change.kind == document::DocumentChange::Kind::Name) return;
    if (change.kind == document::DocumentChange::Kind::Mask) {
        // Painting leaves the review; the strip stays.
        const Variation* shown = m_gallery.at(selectedRow());
        if (shown && shown->isFinished()) select(std::nullopt);
    }
    rest(SessionState::Ready);
    refreshBlocker();
}

} // namespace sfumato::workspace
