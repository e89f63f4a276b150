// EngineWorker: the one engine thread. It creates, uses and destroys the Engine; nothing else ever touches it.
// Thread: GUI for every method and signal. Owner: JobQueue (or a test).
//
// The engine is made by the factory when it is first needed, so constructing a worker costs a thread and nothing more; a factory that failed is asked again by the next order.
// Orders run one after the other. Reports are posted to the GUI thread in order; previews are coalesced: the latest wins, at most ten a second, none after its image is finished.
// Destroying the worker requests a stop, waits for the engine to reach its next stop check (one network block), destroys the engine on its own thread and joins.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/job.h"

#include <QObject>

#include <functional>

namespace sfumato::jobs {

using EngineSource = std::function<Result<std::unique_ptr<engine::Engine>>()>; // called on the engine thread

inline constexpr int kPreviewIntervalMs = 100;

enum class ExpansionId : std::uint32_t {};

class EngineWorker : public QObject {
    Q_OBJECT

public:
    explicit EngineWorker(EngineSource source, QObject* parent = nullptr);
    ~EngineWorker() override;

    // Runs a request; ends with exactly one finished(). The stop source of a running request is its own.
    void generate(JobId id, std::shared_ptr<const engine::GenerationRequest> request);
    // Asks the request to stop, waiting or running; finished() follows with Cancelled unless it was done already.
    void stop(JobId id);
    // Expands a prompt between the runs; ends with exactly one promptExpanded().
    void expandPrompt(ExpansionId id, const engine::ExpansionRequest& request);
    void stopExpansion(ExpansionId id);
    // Reads headers; answered by modelDescribed().
    void describeModel(const engine::ModelSource& source);
    // Answered by devicesListed().
    void listDevices();
    // Drops loaded weights.
    void releaseModels();

Q_SIGNALS:
    void started(sfumato::jobs::JobId id);
    void stageChanged(sfumato::jobs::JobId id, sfumato::engine::Stage stage, double fraction);
    void stepFinished(sfumato::jobs::JobId id, const sfumato::engine::StepInfo& step);
    void previewReady(sfumato::jobs::JobId id, int imageIndex, const sfumato::ImageBuffer& preview);
    void imageFinished(sfumato::jobs::JobId id, const std::shared_ptr<const sfumato::engine::GeneratedImage>& image);
    // The images of a GenerationResult were all announced by imageFinished before.
    void finished(sfumato::jobs::JobId id, const sfumato::engine::GenerationOutcome& outcome);
    void promptExpanded(sfumato::jobs::ExpansionId id, const sfumato::engine::ExpansionOutcome& outcome);
    void modelDescribed(const sfumato::engine::ModelSource& source, const sfumato::Result<sfumato::engine::ModelInfo>& info);
    void devicesListed(const std::vector<sfumato::engine::DeviceInfo>& devices);

private:
    class Thread;
    std::unique_ptr<Thread> m_thread;
};

} // namespace sfumato::jobs
