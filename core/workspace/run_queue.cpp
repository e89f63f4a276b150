// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/run_queue.h"

#include "core/base/file_path.h"
#include "core/document/io/picture_reader.h"
#include "core/imaging/resample.h"
#include "core/workspace/canvas_overlay.h"
#include "core/workspace/control_row.h"
#include "core/workspace/decoder_files.h"

#include <QElapsedTimer>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace sfumato::workspace {

struct RunQueue::Run {
    RunId id = 0;
    RunOrder order;
    bool isPreparing = false;
    std::optional<jobs::JobId> job;
    std::shared_ptr<const GenerationRun> prepared;
    int placing = 0; // images on the background thread
    QElapsedTimer sinceImage;
};

struct RunQueue::Preparation {
    Result<workflow::PreparedGeneration> prepared;
    std::vector<imaging::Raster> controlPictures;
};

namespace {

engine::ModelSource sourceOf(const RunOrder& order)
{
    engine::ModelSource source{ std::filesystem::path(order.modelPath.toStdU16String()), std::nullopt };
    if (!order.job.vae.empty()) source.vae = pathFromUtf8(order.job.vae);
    return source;
}

// The file, beside the model, that an error speaks of: the engine's sentences begin with the name of theirs.
std::string fileOf(const workflow::JobDescription& job, const Error& error)
{
    const auto isMeant = [&error](const std::string& path) { return !path.empty() && error.message.starts_with(fileNameIn(path) + ' '); };
    for (const workflow::LoraReference& lora : job.loras)
        if (isMeant(lora.path)) return lora.path;
    for (const workflow::EmbeddingReference& embedding : job.embeddings)
        if (isMeant(embedding.path)) return embedding.path;
    for (const workflow::ControlReference& control : job.controls)
        if (isMeant(control.model)) return control.model;
    return {};
}

// A model of the list by name or path, else the path as it is. Without a model: the list's refiner, where just one is known to be one.
std::optional<engine::ModelSource> refinerOf(const workflow::JobDescription& job, const ModelList& models)
{
    if (!job.refiner) return std::nullopt;
    const QString model = QString::fromStdString(job.refiner->model);
    const auto isRefiner = [](const ModelEntry& entry) { return entry.info && entry.info->family == engine::ModelFamily::SdxlRefiner; };
    const std::vector<ModelEntry>& all = models.entries();
    if (model.isEmpty() && std::ranges::count_if(all, isRefiner) != 1) return std::nullopt;
    const ModelEntry* entry = model.isEmpty() ? &*std::ranges::find_if(all, isRefiner) : models.find(model);
    return engine::ModelSource{ std::filesystem::path((entry ? entry->path : model).toStdU16String()), std::nullopt };
}

// The controls with their files; those whose pictures are not known yet are read here.
Result<std::vector<workflow::ControlInput>> readControls(const RunOrder& order)
{
    std::vector<workflow::ControlInput> inputs;
    for (std::size_t i = 0; i < order.job.controls.size(); ++i) {
        const workflow::ControlReference& control = order.job.controls[i];
        workflow::ControlInput input{ pathFromUtf8(control.model), pathFromUtf8(control.imageEncoder), order.controlPictures[i] };
        if (!input.picture && !control.imageUrl.empty()) {
            const Result<document::Picture> picture = document::readPicture(picturePath(control.imageUrl));
            if (!picture) return picture.error();
            input.picture = imaging::Raster::fromImage(picture->image.view());
        }
        inputs.push_back(std::move(input));
    }
    return inputs;
}

// The networks that a run needs beside its model. On the background thread.
Result<void> addCompanions(workflow::GenerationInputs& inputs, const CompanionLookup& companions)
{
    if (inputs.job.enableSafetyChecker && companions.safetyChecker) inputs.safetyChecker = companions.safetyChecker();
    for (std::size_t i = 0; i < inputs.controls.size() && companions.imageEncoder; ++i) {
        workflow::ControlInput& control = inputs.controls[i];
        if (inputs.job.controls[i].type != workflow::ControlType::Reference || !control.imageEncoder.empty()) continue;
        Result<std::filesystem::path> encoder = companions.imageEncoder(control.model);
        if (!encoder) return std::move(encoder).error();
        control.imageEncoder = std::move(*encoder);
    }
    return {};
}

QImage thumbnailOf(const workflow::Placement& placement, const workflow::PlacedResult& placed)
{
    const ImageBuffer shown = placed.picture.toImage(placement.crop.intersected(placed.picture.bounds()));
    const Result<ImageBuffer> small = imaging::resample(shown.view(), imaging::fittedExtent(shown.extent(), { kThumbnailSide, kThumbnailSide }));
    return small ? toQImage(small->view()) : QImage();
}

PlacedVariation place(jobs::JobId job, const GenerationRun& run, const std::shared_ptr<const engine::GeneratedImage>& image, double seconds)
{
    PlacedVariation variation{ job, image, seconds, workflow::placeResult(run.placement, image->pixels), {} };
    if (variation.placed) variation.thumbnail = thumbnailOf(run.placement, *variation.placed);
    return variation;
}

SessionState stateOf(engine::Stage stage)
{
    switch (stage) {
    case engine::Stage::Loading: return SessionState::LoadingModel;
    case engine::Stage::Encoding: return SessionState::Encoding;
    case engine::Stage::Sampling: return SessionState::Sampling;
    case engine::Stage::Decoding: return SessionState::Decoding;
    }
    return SessionState::Queued;
}

} // namespace

RunQueue::RunQueue(jobs::JobQueue& queue, ModelList& models, QObject* parent) : QObject(parent), m_queue(queue), m_models(models)
{
    connect(&queue, &jobs::JobQueue::stateChanged, this, &RunQueue::noteJobState);
    connect(&queue, &jobs::JobQueue::progressChanged, this, &RunQueue::changed);
    connect(&queue, &jobs::JobQueue::imageFinished, this, &RunQueue::noteImage);
    connect(&models, &ModelList::described, this, &RunQueue::noteDescribed);
}

RunQueue::~RunQueue() = default;

void RunQueue::add(RunOrder order)
{
    const RunId id = ++m_lastId;
    auto run = std::make_unique<Run>();
    run->id = id;
    run->order = std::move(order);
    const QString modelPath = run->order.modelPath;
    m_runs.emplace(id, std::move(run));
    const ModelEntry* model = m_models.find(modelPath);
    if (!model) {
        end(id, { std::nullopt, jobs::JobState::Failed, Error{ ErrorCode::FileNotFound, "The model \"" + modelPath.toStdString() + "\" is not among the known models.", modelPath.toStdString() }, {}, {}, 0, {} });
        return;
    }
    if (model->info) prepare(id);
    else
        m_models.describe(model->path);
    Q_EMIT changed();
}

void RunQueue::stopFirst()
{
    if (!m_runs.empty()) stop(m_runs.begin()->first);
}

void RunQueue::stopAll()
{
    std::vector<RunId> ids;
    for (const auto& [id, run] : m_runs) ids.push_back(id);
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) stop(*id);
}

SessionState RunQueue::state() const
{
    if (m_runs.empty()) return SessionState::Ready;
    const Run& run = *m_runs.begin()->second;
    if (!run.job) return run.isPreparing ? SessionState::Queued : SessionState::LoadingModel;
    const jobs::Job* job = m_queue.job(*run.job);
    if (!job || job->isOver()) return SessionState::Decoding;
    return job->state == jobs::JobState::Queued ? SessionState::Queued : stateOf(job->progress.stage);
}

jobs::JobProgress RunQueue::progress() const
{
    if (m_runs.empty() || !m_runs.begin()->second->job) return {};
    const jobs::Job* job = m_queue.job(*m_runs.begin()->second->job);
    return job ? job->progress : jobs::JobProgress{};
}

RunQueue::Run* RunQueue::findRun(jobs::JobId job)
{
    const auto found = std::ranges::find_if(m_runs, [job](const auto& entry) { return entry.second->job == job; });
    return found == m_runs.end() ? nullptr : found->second.get();
}

void RunQueue::prepare(RunId id)
{
    Run& run = *m_runs.at(id);
    run.isPreparing = true;
    workflow::GenerationInputs inputs{ run.order.job, run.order.picture, run.order.mask, sourceOf(run.order), *m_models.find(run.order.modelPath)->info,
        workflow::loraReferences(run.order.job, pathFromUtf8), workflow::embeddingReferences(run.order.job, pathFromUtf8), refinerOf(run.order.job, m_models) };
    m_tasks.run([inputs = std::move(inputs), order = run.order, companions = m_companions]() mutable -> Preparation {
        Result<std::vector<workflow::ControlInput>> controls = readControls(order);
        if (!controls) return { controls.error(), {} };
        inputs.controls = std::move(*controls);
        if (const Result<void> added = addCompanions(inputs, companions); !added) return { added.error(), {} };
        Preparation preparation{ workflow::prepareGeneration(inputs), {} };
        const QStringList folders = order.previews ? order.decoderFolders : QStringList();
        if (preparation.prepared) preparation.prepared->request.previewDecoder = std::filesystem::path(previewDecoderFor(inputs.modelInfo.family, findDecoderFiles(folders).small).toStdU16String());
        for (const workflow::ControlInput& control : inputs.controls) preparation.controlPictures.push_back(control.picture.value_or(imaging::Raster()));
        return preparation; },
        [this, id](const Preparation& preparation) { enqueue(id, preparation); });
}

void RunQueue::enqueue(RunId id, const Preparation& preparation)
{
    const Result<workflow::PreparedGeneration>& prepared = preparation.prepared;
    const auto found = m_runs.find(id);
    if (found == m_runs.end()) return; // stopped meanwhile
    Run& run = *found->second;
    if (!prepared) {
        end(id, { std::nullopt, jobs::JobState::Failed, prepared.error(), {}, {}, 0, {} });
        return;
    }
    run.prepared = std::make_shared<const GenerationRun>(
        GenerationRun{ prepared->job, prepared->placement, run.order.picture, run.order.mask, preparation.controlPictures, run.order.modelPath, prepared->stepsThatRun, run.order.label });
    engine::GenerationRequest request = prepared->request;
    request.previews = run.order.previews;
    run.job = m_queue.enqueue(std::move(request));
    run.sinceImage.start();
    Q_EMIT queued(*run.job, run.prepared, run.order.job.imageCount);
    Q_EMIT changed();
}

void RunQueue::stop(RunId id)
{
    const Run& run = *m_runs.at(id);
    if (run.job) m_queue.cancel(*run.job);
    else
        end(id, { std::nullopt, jobs::JobState::Cancelled, std::nullopt, {}, {}, 0, {} });
}

void RunQueue::noteDescribed(const QString& modelPath)
{
    const ModelEntry* model = m_models.find(modelPath);
    std::vector<RunId> waiting;
    for (const auto& [id, run] : m_runs) {
        if (!run->isPreparing && m_models.find(run->order.modelPath) == model) waiting.push_back(id);
    }
    for (const RunId id : waiting) {
        if (model && model->info) prepare(id);
        else
            end(id, { std::nullopt, jobs::JobState::Failed, model ? model->error : std::nullopt, {}, {}, 0, {} });
    }
    Q_EMIT changed();
}

void RunQueue::noteImage(jobs::JobId job, const std::shared_ptr<const engine::GeneratedImage>& image)
{
    Run* run = findRun(job);
    if (!run) return;
    ++run->placing;
    const double seconds = static_cast<double>(run->sinceImage.restart()) / 1000.0;
    m_tasks.run([job, prepared = run->prepared, image, seconds] { return place(job, *prepared, image, seconds); },
        [this, id = run->id](const PlacedVariation& variation) {
            const auto found = m_runs.find(id);
            if (found == m_runs.end()) return;
            --found->second->placing;
            Q_EMIT placed(variation);
            endIfDone(id);
        });
}

void RunQueue::noteJobState(jobs::JobId job)
{
    Run* run = findRun(job);
    if (!run) return;
    const jobs::Job* present = m_queue.job(job);
    if (present && present->state == jobs::JobState::Running) run->sinceImage.start();
    endIfDone(run->id);
    Q_EMIT changed();
}

void RunQueue::endIfDone(RunId id)
{
    const auto found = m_runs.find(id);
    if (found == m_runs.end() || !found->second->job || found->second->placing > 0) return;
    const jobs::Job* job = m_queue.job(*found->second->job);
    if (job && job->isOver()) end(id, { job->id, job->state, job->error, job->warnings, job->loras, job->progress.step, {} });
}

void RunQueue::end(RunId id, RunEnd how)
{
    if (how.error) how.file = fileOf(m_runs.at(id)->order.job, *how.error);
    m_runs.erase(id);
    if (how.job) m_queue.forget(*how.job);
    Q_EMIT ended(how);
    Q_EMIT changed();
}

} // namespace sfumato::workspace
