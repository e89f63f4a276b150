// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job_queue.h"
#include "tests/support/fake_engine.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <set>
#include <thread>
#include <vector>

using namespace sfumato;
using jobs::Job;
using jobs::JobId;
using jobs::JobQueue;
using jobs::JobState;
using sfumato::testing::FakeEngineProbe;
using sfumato::testing::fakeEngineSource;
using sfumato::testing::FakeScript;

namespace {

engine::GenerationRequest request(int images = 1, int steps = 4)
{
    engine::GenerationRequest request;
    request.size = { 64, 64 };
    request.prompt = "a boat";
    request.sampling.seed = 5;
    request.sampling.steps = steps;
    request.sampling.imageCount = images;
    return request;
}

JobState stateOf(const JobQueue& queue, JobId id)
{
    return queue.job(id)->state;
}

} // namespace

class TstJobQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void job_runsAndReportsInOrder();
    void jobs_runOneAfterTheOther();
    void cancelQueued_isImmediateAndNeverRuns();
    void cancelRunning_endsAsCancelled_data();
    void cancelRunning_endsAsCancelled();
    void cancelAfterTheEnd_changesNothing();
    void cancelledBatch_keepsFinishedImages();
    void failure_isAValueAndTheNextJobRuns();
    void factoryFailure_failsTheJobAndIsTriedAgain();
    void forget_dropsOnlyWhatIsOver();
    void previews_areCoalesced();
    void timeLeft_isMeasuredFromTheSecondStep();
    void shutdownWhileRunning_joins_data();
    void shutdownWhileRunning_joins();
    void describeAndDevices_areAnswered();
    void thousandStartCancelRounds();
};

void TstJobQueue::job_runsAndReportsInOrder()
{
    const auto probe = std::make_shared<FakeEngineProbe>();
    {
        JobQueue queue(fakeEngineSource({}, probe));
        QSignalSpy states(&queue, &JobQueue::stateChanged);
        std::vector<int> images;
        connect(&queue, &JobQueue::imageFinished, this,
            [&images](JobId, const std::shared_ptr<const engine::GeneratedImage>& image) { images.push_back(image->index); });
        const JobId id = queue.enqueue(request(3));
        QCOMPARE(stateOf(queue, id), JobState::Running);
        QTRY_COMPARE(stateOf(queue, id), JobState::Finished);
        const Job& job = *queue.job(id);
        QCOMPARE(images, (std::vector<int>{ 0, 1, 2 }));
        QCOMPARE(job.images.size(), std::size_t{ 3 });
        QCOMPARE(job.images[2]->seed, std::uint64_t{ 7 });
        QVERIFY(job.images[1]->pixels == sfumato::testing::fakePicture(*job.request, 1));
        QCOMPARE(job.progress.step, 4);
        QCOMPARE(job.progress.stage, engine::Stage::Decoding);
        QCOMPARE(job.device, std::string("cpu"));
        QCOMPARE(states.count(), 2);
    }
    QCOMPARE(probe->enginesMade.load(), 1);
    QCOMPARE(probe->enginesAlive.load(), 0);
    QCOMPARE(probe->calledFromWrongThread.load(), 0);
}

void TstJobQueue::jobs_runOneAfterTheOther()
{
    const auto probe = std::make_shared<FakeEngineProbe>();
    JobQueue queue(fakeEngineSource({}, probe));
    std::set<JobId> ids;
    int mostRunning = 0;
    connect(&queue, &JobQueue::stateChanged, this, [&] {
        int running = 0;
        for (const Job& job : queue.jobs()) running += job.state == JobState::Running;
        mostRunning = std::max(mostRunning, running);
    });
    for (int i = 0; i < 10; ++i) ids.insert(queue.enqueue(request()));
    QCOMPARE(ids.size(), std::size_t{ 10 });
    QCOMPARE(queue.waitingCount(), 9);
    QTRY_VERIFY(!queue.runningJob() && queue.waitingCount() == 0);
    QCOMPARE(mostRunning, 1);
    QCOMPARE(probe->generations.load(), 10);
    QCOMPARE(probe->enginesMade.load(), 1);
}

void TstJobQueue::cancelQueued_isImmediateAndNeverRuns()
{
    const auto probe = std::make_shared<FakeEngineProbe>();
    FakeScript script;
    script.holdAt = engine::Stage::Sampling;
    JobQueue queue(fakeEngineSource(script, probe));
    const JobId first = queue.enqueue(request());
    const JobId second = queue.enqueue(request());
    queue.cancel(second);
    QCOMPARE(stateOf(queue, second), JobState::Cancelled);
    probe->release();
    QTRY_COMPARE(stateOf(queue, first), JobState::Finished);
    QCOMPARE(probe->generations.load(), 1);
}

void TstJobQueue::cancelRunning_endsAsCancelled_data()
{
    QTest::addColumn<int>("stage");
    QTest::newRow("loading") << static_cast<int>(engine::Stage::Loading);
    QTest::newRow("encoding") << static_cast<int>(engine::Stage::Encoding);
    QTest::newRow("sampling") << static_cast<int>(engine::Stage::Sampling);
    QTest::newRow("decoding") << static_cast<int>(engine::Stage::Decoding);
}

void TstJobQueue::cancelRunning_endsAsCancelled()
{
    QFETCH(int, stage);
    const auto probe = std::make_shared<FakeEngineProbe>();
    FakeScript script;
    script.holdAt = static_cast<engine::Stage>(stage);
    JobQueue queue(fakeEngineSource(script, probe));
    const JobId id = queue.enqueue(request());
    // The stage is told before the engine holds there.
    QTRY_VERIFY(probe->generations.load() == 1 && queue.job(id)->progress.stage == *script.holdAt);
    queue.cancel(id);
    QTRY_COMPARE(stateOf(queue, id), JobState::Cancelled);
    QVERIFY(!queue.job(id)->error);
    QCOMPARE(probe->stopsSeen.load(), 1);
    probe->release();
    const JobId next = queue.enqueue(request());
    QTRY_COMPARE(stateOf(queue, next), JobState::Finished);
}

void TstJobQueue::cancelAfterTheEnd_changesNothing()
{
    JobQueue queue(fakeEngineSource());
    const JobId id = queue.enqueue(request());
    QTRY_COMPARE(stateOf(queue, id), JobState::Finished);
    queue.cancel(id);
    queue.cancel(JobId{ 999 });
    QCOMPARE(stateOf(queue, id), JobState::Finished);
    QVERIFY(!queue.job(JobId{ 999 }));
}

void TstJobQueue::cancelledBatch_keepsFinishedImages()
{
    FakeScript script;
    script.stepTime = std::chrono::milliseconds(2);
    JobQueue queue(fakeEngineSource(script));
    const JobId id = queue.enqueue(request(8, 20));
    connect(&queue, &JobQueue::imageFinished, this, [&queue](JobId job) { queue.cancel(job); });
    QTRY_COMPARE(stateOf(queue, id), JobState::Cancelled);
    const auto images = queue.job(id)->images.size();
    QVERIFY(images >= 1 && images < 8);
}

void TstJobQueue::failure_isAValueAndTheNextJobRuns()
{
    FakeScript script;
    script.failure = Error{ ErrorCode::OutOfDeviceMemory, "The device has no memory left.", "cuda:0" };
    script.failureAfterImages = 1;
    JobQueue queue(fakeEngineSource(script));
    const JobId failing = queue.enqueue(request(2));
    const JobId next = queue.enqueue(request(1));
    QTRY_COMPARE(stateOf(queue, next), JobState::Finished);
    QCOMPARE(stateOf(queue, failing), JobState::Failed);
    QCOMPARE(queue.job(failing)->error->code, ErrorCode::OutOfDeviceMemory);
    QCOMPARE(queue.job(failing)->images.size(), std::size_t{ 1 });
}

void TstJobQueue::factoryFailure_failsTheJobAndIsTriedAgain()
{
    int tries = 0;
    JobQueue queue([&tries]() -> Result<std::unique_ptr<engine::Engine>> {
        if (++tries == 1) return Error{ ErrorCode::FileNotFound, "The engine module is missing.", "libsfumato_engine.so" };
        return fakeEngineSource()();
    });
    const JobId first = queue.enqueue(request());
    QTRY_COMPARE(stateOf(queue, first), JobState::Failed);
    QCOMPARE(queue.job(first)->error->detail, std::string("libsfumato_engine.so"));
    const JobId second = queue.enqueue(request());
    QTRY_COMPARE(stateOf(queue, second), JobState::Finished);
}

void TstJobQueue::forget_dropsOnlyWhatIsOver()
{
    const auto probe = std::make_shared<FakeEngineProbe>();
    FakeScript script;
    script.holdAt = engine::Stage::Sampling;
    JobQueue queue(fakeEngineSource(script, probe));
    const JobId id = queue.enqueue(request());
    queue.forget(id);
    QVERIFY(queue.job(id));
    probe->release();
    QTRY_COMPARE(stateOf(queue, id), JobState::Finished);
    queue.forget(id);
    QVERIFY(!queue.job(id));
}

void TstJobQueue::previews_areCoalesced()
{
    FakeScript script;
    script.stepTime = std::chrono::milliseconds(1);
    JobQueue queue(fakeEngineSource(script));
    std::vector<qint64> times;
    QElapsedTimer clock;
    clock.start();
    bool imageIsDone = false;
    bool cameLate = false;
    connect(&queue, &JobQueue::imageFinished, this, [&] { imageIsDone = true; });
    connect(&queue, &JobQueue::previewReady, this, [&](JobId, int, const ImageBuffer& preview) {
        QCOMPARE(preview.extent(), (Extent{ 8, 8 }));
        cameLate = cameLate || imageIsDone;
        times.push_back(clock.elapsed());
    });
    engine::GenerationRequest withPreviews = request(1, 150);
    withPreviews.previews = true;
    const JobId id = queue.enqueue(withPreviews);
    QTRY_COMPARE(stateOf(queue, id), JobState::Finished);
    QTest::qWait(2 * jobs::kPreviewIntervalMs);
    QVERIFY(!times.empty());
    QVERIFY(!cameLate);
    for (std::size_t i = 1; i < times.size(); ++i) QVERIFY(times[i] - times[i - 1] >= jobs::kPreviewIntervalMs - 10);
}

void TstJobQueue::timeLeft_isMeasuredFromTheSecondStep()
{
    FakeScript script;
    script.stepTime = std::chrono::milliseconds(3);
    JobQueue queue(fakeEngineSource(script));
    std::vector<double> seconds;
    connect(&queue, &JobQueue::progressChanged, this, [&](JobId job) {
        const jobs::JobProgress& progress = queue.job(job)->progress;
        if (progress.step > 0 && progress.stage == engine::Stage::Sampling) seconds.push_back(progress.secondsPerStep);
    });
    const JobId id = queue.enqueue(request());
    QTRY_COMPARE(stateOf(queue, id), JobState::Finished);
    QCOMPARE(seconds.size(), std::size_t{ 4 });
    QCOMPARE(seconds[0], 0.0);
    QCOMPARE(seconds[3], 0.003);
}

void TstJobQueue::shutdownWhileRunning_joins_data()
{
    cancelRunning_endsAsCancelled_data();
}

void TstJobQueue::shutdownWhileRunning_joins()
{
    QFETCH(int, stage);
    const auto probe = std::make_shared<FakeEngineProbe>();
    FakeScript script;
    script.holdAt = static_cast<engine::Stage>(stage);
    auto queue = std::make_unique<JobQueue>(fakeEngineSource(script, probe));
    for (int i = 0; i < 3; ++i) queue->enqueue(request());
    QTRY_COMPARE(probe->generations.load(), 1);
    QSignalSpy states(queue.get(), &JobQueue::stateChanged);
    queue.reset();
    QCOMPARE(states.count(), 0);
    QCOMPARE(probe->enginesAlive.load(), 0);
    QCOMPARE(probe->generations.load(), 1);
    QCOMPARE(probe->calledFromWrongThread.load(), 0);
}

void TstJobQueue::describeAndDevices_areAnswered()
{
    FakeScript script;
    script.modelInfo.title = "Starter";
    JobQueue queue(fakeEngineSource(script));
    QString title;
    std::size_t devices = 0;
    connect(&queue.worker(), &jobs::EngineWorker::modelDescribed, this, [&](const engine::ModelSource&, const Result<engine::ModelInfo>& info) {
        if (info) title = QString::fromStdString(info->title);
    });
    connect(&queue.worker(), &jobs::EngineWorker::devicesListed, this, [&](const std::vector<engine::DeviceInfo>& found) { devices = found.size(); });
    queue.worker().describeModel({ "/models/a.safetensors", std::nullopt });
    queue.worker().listDevices();
    queue.worker().releaseModels();
    QTRY_COMPARE(devices, std::size_t{ 1 });
    QCOMPARE(title, QStringLiteral("Starter"));
}

// Meant for the thread sanitizer: starts, stops at every moment, waits and queues in between.
void TstJobQueue::thousandStartCancelRounds()
{
    const auto probe = std::make_shared<FakeEngineProbe>();
    int finished = 0;
    int cancelled = 0;
    {
        JobQueue queue(fakeEngineSource({}, probe));
        engine::GenerationRequest small = request(2, 3);
        small.size = { 64, 64 };
        small.previews = true;
        for (int round = 0; round < 1000; ++round) {
            const JobId id = queue.enqueue(small);
            if (round % 3 == 1) QCoreApplication::processEvents();
            if (round % 7 == 2) std::this_thread::sleep_for(std::chrono::microseconds(50 * (round % 11)));
            if (round % 5 != 4) queue.cancel(id);
            if (round % 10 == 9) QTRY_VERIFY_WITH_TIMEOUT(!queue.runningJob() && queue.waitingCount() == 0, 20000);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!queue.runningJob() && queue.waitingCount() == 0, 20000);
        for (const Job& job : queue.jobs()) {
            finished += job.state == JobState::Finished;
            cancelled += job.state == JobState::Cancelled;
            QVERIFY(job.state != JobState::Finished || job.images.size() == 2);
        }
    }
    QCOMPARE(finished + cancelled, 1000);
    QVERIFY(finished >= 200);
    QVERIFY(cancelled > 0);
    QCOMPARE(probe->enginesAlive.load(), 0);
    QCOMPARE(probe->calledFromWrongThread.load(), 0);
}

QTEST_GUILESS_MAIN(TstJobQueue)
#include "tst_job_queue.moc"
