// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/few_step_offer.h"

#include "core/base/file_path.h"
#include "core/library/file_facts.h"
#include "core/workspace/workspace.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace sfumato::workspace {

namespace {

// The settings that an offer sets, from one job to another; a LoRA that is not there any more is left out.
void copySettings(const workflow::JobDescription& from, workflow::JobDescription& to, const std::string& lora)
{
    to.steps = from.steps;
    to.guidanceScale = from.guidanceScale;
    to.scheduler = from.scheduler;
    to.predictionType = from.predictionType;
    const auto source = std::ranges::find(from.loras, lora, &workflow::LoraReference::path);
    const auto target = std::ranges::find(to.loras, lora, &workflow::LoraReference::path);
    if (source != from.loras.end() && target != to.loras.end()) *target = *source;
}

} // namespace

FewStepOffer::FewStepOffer(Workspace& workspace, QObject* parent) : QObject(parent), m_workspace(workspace)
{
    connect(&workspace.session(), &GenerationSession::jobChanged, this, &FewStepOffer::lookUpLoras);
    connect(&workspace, &Workspace::appSettingsChanged, this, &FewStepOffer::refresh);
    connect(&workspace.models(), &ModelList::described, this, &FewStepOffer::refresh);
    connect(&workspace.models(), &QAbstractItemModel::modelReset, this, &FewStepOffer::refresh);
    lookUpLoras();
}

void FewStepOffer::lookUpLoras()
{
    for (const workflow::LoraReference& lora : m_workspace.session().job().loras) {
        if (!m_loras.try_emplace(lora.path).second) continue;
        m_tasks.run([path = lora.path] { return library::fewStepAdviceOf(pathFromUtf8(path)); },
            [this, path = lora.path](std::optional<engine::FewStepAdvice> advice) {
                m_loras[path] = std::move(advice);
                refresh();
            });
    }
    refresh();
}

std::optional<FewStepOffer::Source> FewStepOffer::find() const
{
    const std::vector<workflow::LoraReference>& loras = m_workspace.session().job().loras;
    for (auto lora = loras.rbegin(); lora != loras.rend(); ++lora) {
        const auto known = m_loras.find(lora->path);
        if (lora->scale != 0 && known != m_loras.end() && known->second) return Source{ QFileInfo(QString::fromStdString(lora->path)).completeBaseName(), *known->second, lora->path };
    }
    const ModelEntry* model = m_workspace.models().find(m_workspace.appSettings().model);
    if (!model || !model->info || !model->info->fewSteps) return std::nullopt;
    return Source{ model->name, *model->info->fewSteps, {} };
}

void FewStepOffer::refresh()
{
    m_source = find();
    Q_EMIT changed();
}

bool FewStepOffer::isFitting() const
{
    if (!m_source) return true;
    const workflow::JobDescription& job = m_workspace.session().job();
    const bool readsRight = !m_source->advice.predictsSample || job.predictionType == engine::PredictionType::Sample;
    return readsRight && engine::fits(m_source->advice, { job.steps, job.guidanceScale, job.scheduler });
}

const FewStepOffer::Source* FewStepOffer::taken() const
{
    if (!m_followed) return nullptr;
    workflow::JobDescription wanted = m_workspace.session().job();
    copySettings(m_followed->after, wanted, m_followed->source.lora);
    return wanted == m_workspace.session().job() ? &m_followed->source : nullptr;
}

void FewStepOffer::follow()
{
    if (!m_source) return;
    workflow::JobDescription before = m_workspace.session().job(), job = before;
    if (taken()) copySettings(m_followed->before, before, m_followed->source.lora);
    job.steps = m_source->advice.steps;
    job.guidanceScale = m_source->advice.guidance;
    job.scheduler = m_source->advice.scheduler;
    if (m_source->advice.predictsSample) job.predictionType = engine::PredictionType::Sample;
    const auto lora = std::ranges::find(job.loras, m_source->lora, &workflow::LoraReference::path);
    if (lora != job.loras.end()) *lora = { lora->path, 1.0, std::nullopt };
    m_followed = Followed{ *m_source, before, job };
    m_workspace.session().setJob(job);
    Q_EMIT changed();
}

void FewStepOffer::takeBack()
{
    if (!taken()) return;
    workflow::JobDescription job = m_workspace.session().job();
    const Followed followed = *std::exchange(m_followed, std::nullopt);
    copySettings(followed.before, job, followed.source.lora);
    m_workspace.session().setJob(job);
    Q_EMIT changed();
}

} // namespace sfumato::workspace
