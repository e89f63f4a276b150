// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/control_preview.h"

#include "core/document/io/picture_reader.h"
#include "core/workflow/resolution_plan.h"
#include "core/workflow/work_mask.h"
#include "core/workspace/workspace.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

namespace sfumato::workspace {

namespace {

constexpr int kPauseMs = 120; // longer than the pauses between two moves of a slider

} // namespace

// Everything that a preview depends on.
struct ControlPreviews::Question {
    workflow::ControlReference control; // with the values that change nothing at their defaults
    workflow::ControlArea area;
    std::optional<imaging::Raster> canvas;
    std::optional<imaging::Mask> mask;
    std::optional<workflow::ContextArea> context;
    std::uint64_t revision = 0;                       // of the document, where canvas or mask are used
    std::filesystem::file_time_type fileChanged = {}; // of the picture file

    // Rasters are told apart by the revision.
    [[nodiscard]] bool isSameAs(const Question& other) const
    {
        return control == other.control && area == other.area && canvas.has_value() == other.canvas.has_value() && mask.has_value() == other.mask.has_value()
            && context == other.context && revision == other.revision && fileChanged == other.fileChanged;
    }
};

// The picture file that was read last: parameters change more often than files.
struct ControlPreviews::Cache {
    std::filesystem::path path;
    std::filesystem::file_time_type changed;
    ImageBuffer picture;
};

namespace {

Result<ImageBuffer> maskFor(const imaging::Mask& mask, const workflow::ContextArea& context)
{
    Result<workflow::SampledMask> sampled = workflow::sampledMask(mask.toImage(context.crop), context, true);
    if (!sampled) return sampled.error();
    return std::move(sampled->atWorkSize);
}

} // namespace

ControlPreviews::ControlPreviews(Workspace& workspace, const ControlStackModel& controls, QObject* parent)
    : QObject(parent), m_workspace(workspace), m_controls(controls), m_cache(std::make_shared<Cache>())
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kPauseMs);
    connect(&m_timer, &QTimer::timeout, this, &ControlPreviews::refresh);
    connect(&controls, &QAbstractItemModel::dataChanged, this, &ControlPreviews::schedule);
    for (const auto signal : { &QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved }) connect(&controls, signal, this, &ControlPreviews::reset);
    connect(&controls, &QAbstractItemModel::rowsMoved, this, &ControlPreviews::reset);
    connect(&controls, &QAbstractItemModel::modelReset, this, &ControlPreviews::reset);
    connect(&workspace.session(), &GenerationSession::jobChanged, this, &ControlPreviews::schedule);
    connect(&workspace.session(), &GenerationSession::frameChanged, this, &ControlPreviews::schedule);
    const auto watchDocument = [this] {
        if (document::Document* document = m_workspace.document()) connect(document, &document::Document::changed, this, &ControlPreviews::schedule);
        schedule();
    };
    connect(&workspace, &Workspace::documentReplaced, this, watchDocument);
    watchDocument();
    reset();
}

ControlPreviews::~ControlPreviews() = default;

void ControlPreviews::setActive(bool isActive)
{
    m_isActive = isActive;
    schedule();
}

const ControlPreview& ControlPreviews::at(int row) const { return m_shown[static_cast<std::size_t>(row)].preview; }

void ControlPreviews::schedule()
{
    if (m_isActive) m_timer.start();
}

// Rows came, went or moved: what is made already is kept by what it shows.
void ControlPreviews::reset()
{
    std::vector<Shown> before = std::exchange(m_shown, std::vector<Shown>(static_cast<std::size_t>(m_controls.rowCount())));
    for (int row = 0; row < m_controls.rowCount(); ++row) {
        const std::shared_ptr<const Question> question = questionOf(m_controls.at(row));
        const auto known = std::ranges::find_if(before, [&](const Shown& shown) { return question && shown.question && shown.question->isSameAs(*question); });
        if (known != before.end()) m_shown[static_cast<std::size_t>(row)] = *known;
        Q_EMIT changed(row);
    }
    schedule();
}

void ControlPreviews::refresh()
{
    if (!m_isActive || m_isBusy) return;
    for (std::size_t row = 0; row < m_shown.size(); ++row) {
        Shown& shown = m_shown[row];
        const std::shared_ptr<const Question> question = questionOf(m_controls.at(static_cast<int>(row)));
        if (!question) {
            if (std::exchange(shown, Shown()).question) Q_EMIT changed(static_cast<int>(row));
            continue;
        }
        const bool isSame = shown.question && shown.question->isSameAs(*question);
        if (isSame && shown.isMade) continue;
        shown.question = question;
        shown.isMade = false;
        make(question);
        return;
    }
}

void ControlPreviews::make(const std::shared_ptr<const Question>& question)
{
    m_isBusy = true;
    m_tasks.run([question, cache = m_cache]() -> ControlPreview {
        const auto fault = [](const Error& error) { return ControlPreview{ {}, QString::fromStdString(error.message) }; };
        ImageBuffer mask;
        if (question->mask) {
            Result<ImageBuffer> made = maskFor(*question->mask, *question->context);
            if (!made) return fault(made.error());
            mask = std::move(*made);
        }
        if (!question->canvas) {
            const std::filesystem::path path = picturePath(question->control.imageUrl);
            if (cache->path != path || cache->changed != question->fileChanged || cache->picture.isEmpty()) {
                Result<document::Picture> read = document::readPicture(path);
                if (!read) return fault(read.error());
                *cache = { path, question->fileChanged, std::move(read->image) };
            }
        }
        const ImageBuffer canvas = question->canvas ? question->canvas->toImage() : ImageBuffer();
        const Result<ImageBuffer> seen = workflow::controlPicture(question->control, question->canvas ? canvas.view() : cache->picture.view(), question->area, mask);
        if (!seen) return fault(seen.error());
        return { toQImage(seen->view()), {} }; },
        [this, question](const ControlPreview& preview) { take(question, preview); });
}

void ControlPreviews::take(const std::shared_ptr<const Question>& question, const ControlPreview& preview)
{
    m_isBusy = false;
    for (std::size_t row = 0; row < m_shown.size(); ++row) {
        if (m_shown[row].question != question) continue;
        m_shown[row].preview = preview;
        m_shown[row].isMade = true;
        Q_EMIT changed(static_cast<int>(row));
    }
    refresh();
}

std::shared_ptr<const ControlPreviews::Question> ControlPreviews::questionOf(const ControlRow& row) const
{
    const bool hasPicture = row.isFromCanvas ? m_workspace.document() != nullptr : !row.control.imageUrl.empty();
    auto question = std::make_shared<Question>();
    question->area = presentControlArea(m_workspace);
    if (!hasPicture || question->area.work.isEmpty()) return nullptr;
    question->control.type = row.control.type;
    question->control.imageUrl = row.control.imageUrl;
    question->control.preprocess = workflow::effectivePreprocessing(row.control);
    const document::Document* document = m_workspace.document();
    std::error_code ignored;
    if (row.isFromCanvas) question->canvas = document->picture();
    else
        question->fileChanged = std::filesystem::last_write_time(picturePath(row.control.imageUrl), ignored);
    const auto& frame = m_workspace.session().frame();
    if (row.control.type == engine::ControlType::Inpaint && frame) {
        question->mask = document->mask();
        question->context = frame->area;
    }
    if (document && (question->canvas || question->mask)) question->revision = document->revision();
    return question;
}

workflow::ControlArea presentControlArea(Workspace& workspace)
{
    const GenerationSession& session = workspace.session();
    const document::Document* document = workspace.document();
    if (session.mode() == engine::GenerationMode::Inpainting && session.frame()) return { document->extent(), session.frame()->area.crop, session.frame()->area.workSize };
    const ModelEntry* model = workspace.models().find(workspace.appSettings().model);
    const Extent native = model && model->info ? model->info->nativeSize : engine::ModelInfo{}.nativeSize;
    const bool isNew = session.mode() == engine::GenerationMode::TextToImage || !document;
    const Extent base = isNew ? native : document->extent();
    const Extent output = session.job().imageSize ? workflow::imageSizeExtent(*session.job().imageSize, native) : base;
    const Extent work = workflow::roundedExtent(output);
    // An inpainting of the whole picture keeps the picture's own size; everything else is finished at the size it is worked on at.
    const bool keepsSize = session.mode() == engine::GenerationMode::Inpainting;
    return { keepsSize ? output : work, Bounds::ofExtent(keepsSize ? output : work), work };
}

} // namespace sfumato::workspace
