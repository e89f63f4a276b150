// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job_queue.h"

#include <algorithm>
#include <utility>

namespace sfumato::jobs {

namespace {

constexpr double kStepSmoothing = 0.3; // weight of the newest step's time

} // namespace

JobQueue::JobQueue(EngineSource source, QObject* parent) : QObject(parent), m_worker(std::make_unique<EngineWorker>(std::move(source)))
{
    connect(m_worker.get(), &EngineWorker::stageChanged, this, [this](JobId id, engine::Stage stage, double fraction) {
        Job* job = find(id);
        if (!job) return;
        job->progress.stage = stage;
        job->progress.stageFraction = fraction;
        Q_EMIT progressChanged(id);
    });
    connect(m_worker.get(), &EngineWorker::stepFinished, this, &JobQueue::noteStep);
    connect(m_worker.get(), &EngineWorker::previewReady, this, &JobQueue::previewReady);
    connect(m_worker.get(), &EngineWorker::imageFinished, this, [this](JobId id, const std::shared_ptr<const engine::GeneratedImage>& image) {
        if (Job* job = find(id)) job->images.push_back(image);
        Q_EMIT imageFinished(id, image);
    });
    connect(m_worker.get(), &EngineWorker::finished, this, &JobQueue::noteOutcome);
}

JobQueue::~JobQueue()
{
    m_worker->disconnect(this);
    m_worker.reset();
}

JobId JobQueue::enqueue(engine::GenerationRequest request)
{
    Job job;
    job.id = JobId{ ++m_lastId };
    job.request = std::make_shared<const engine::GenerationRequest>(std::move(request));
    const JobId id = job.id;
    m_jobs.push_back(std::move(job));
    Q_EMIT jobAdded(id);
    startNext();
    return id;
}

void JobQueue::cancel(JobId id)
{
    Job* job = find(id);
    if (!job || job->isOver()) return;
    if (job->state == JobState::Running) {
        m_worker->stop(id);
        return;
    }
    job->state = JobState::Cancelled;
    Q_EMIT stateChanged(id);
}

void JobQueue::cancelAll()
{
    std::vector<JobId> ids;
    for (const Job& job : m_jobs) {
        if (!job.isOver()) ids.push_back(job.id);
    }
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) cancel(*id);
}

void JobQueue::forget(JobId id)
{
    std::erase_if(m_jobs, [id](const Job& job) { return job.id == id && job.isOver(); });
}

const Job* JobQueue::job(JobId id) const
{
    const auto found = std::ranges::find(m_jobs, id, &Job::id);
    return found == m_jobs.end() ? nullptr : &*found;
}

std::optional<JobId> JobQueue::runningJob() const
{
    const auto found = std::ranges::find(m_jobs, JobState::Running, &Job::state);
    return found == m_jobs.end() ? std::nullopt : std::optional(found->id);
}

int JobQueue::waitingCount() const
{
    return static_cast<int>(std::ranges::count(m_jobs, JobState::Queued, &Job::state));
}

Job* JobQueue::find(JobId id)
{
    const auto found = std::ranges::find(m_jobs, id, &Job::id);
    return found == m_jobs.end() ? nullptr : &*found;
}

void JobQueue::startNext()
{
    if (runningJob()) return;
    const auto next = std::ranges::find(m_jobs, JobState::Queued, &Job::state);
    if (next == m_jobs.end()) return;
    next->state = JobState::Running;
    const JobId id = next->id;
    m_worker->generate(id, next->request);
    Q_EMIT stateChanged(id);
}

void JobQueue::noteStep(JobId id, const engine::StepInfo& step)
{
    Job* job = find(id);
    if (!job) return;
    JobProgress& progress = job->progress;
    progress.imageIndex = step.imageIndex;
    progress.step = step.step;
    progress.stepCount = step.stepCount;
    // The first step pays for warming up; the time left is told from the second on.
    if (step.step == 2) progress.secondsPerStep = step.seconds;
    else if (step.step > 2)
        progress.secondsPerStep += kStepSmoothing * (step.seconds - progress.secondsPerStep);
    Q_EMIT progressChanged(id);
}

void JobQueue::noteOutcome(JobId id, const engine::GenerationOutcome& outcome)
{
    if (Job* job = find(id)) {
        if (const auto* result = std::get_if<engine::GenerationResult>(&outcome)) {
            job->state = JobState::Finished;
            job->timings = result->timings;
            job->device = result->device;
            job->precision = result->precision;
            job->loras = result->loras;
            job->warnings = result->warnings;
        } else if (const auto* error = std::get_if<Error>(&outcome)) {
            job->state = JobState::Failed;
            job->error = *error;
        } else {
            job->state = JobState::Cancelled;
        }
        Q_EMIT stateChanged(id);
    }
    startNext();
}

} // namespace sfumato::jobs
