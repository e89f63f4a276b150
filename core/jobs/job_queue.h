// JobQueue: the jobs of one program run, one at a time on the engine.
// Thread: GUI. Owner: the workspace. Cost of every method: constant or a pass over the jobs.
//
// Jobs that are over are kept, with their pictures, until forget().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/engine_worker.h"

#include <deque>

namespace sfumato::jobs {

class JobQueue : public QObject {
    Q_OBJECT

public:
    explicit JobQueue(EngineSource source, QObject* parent = nullptr);
    // Cancels everything and joins the engine thread; no signal is sent.
    ~JobQueue() override;

    // Appends a job. Ids grow and are never used again.
    JobId enqueue(engine::GenerationRequest request);
    // A waiting job is cancelled at once; a running one stops at the engine's next check. A job that is over, or an unknown id, is left as it is.
    void cancel(JobId id);
    void cancelAll();
    // Drops a job that is over.
    void forget(JobId id);

    // Null for an unknown id. Valid until the next call.
    [[nodiscard]] const Job* job(JobId id) const;
    [[nodiscard]] const std::deque<Job>& jobs() const noexcept { return m_jobs; }
    [[nodiscard]] std::optional<JobId> runningJob() const;
    [[nodiscard]] int waitingCount() const;

    [[nodiscard]] EngineWorker& worker() noexcept { return *m_worker; }

Q_SIGNALS:
    void jobAdded(sfumato::jobs::JobId id);
    void stateChanged(sfumato::jobs::JobId id);
    void progressChanged(sfumato::jobs::JobId id);
    void previewReady(sfumato::jobs::JobId id, int imageIndex, const sfumato::ImageBuffer& preview);
    void imageFinished(sfumato::jobs::JobId id, const std::shared_ptr<const sfumato::engine::GeneratedImage>& image);

private:
    [[nodiscard]] Job* find(JobId id);
    void startNext();
    void noteStep(JobId id, const engine::StepInfo& step);
    void noteOutcome(JobId id, const engine::GenerationOutcome& outcome);

    std::deque<Job> m_jobs;
    std::uint32_t m_lastId = 0;
    std::unique_ptr<EngineWorker> m_worker;
};

} // namespace sfumato::jobs
