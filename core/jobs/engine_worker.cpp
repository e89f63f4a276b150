// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/engine_worker.h"

#include "core/jobs/mailbox.h"

#include <QElapsedTimer>
#include <QTimer>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

namespace sfumato::jobs {

namespace {

struct GenerateOrder {
    JobId id{};
    std::shared_ptr<const engine::GenerationRequest> request;
    std::stop_source stop;
};
struct ExpandOrder {
    ExpansionId id{};
    engine::ExpansionRequest request;
    std::stop_source stop;
};
struct DescribeOrder {
    engine::ModelSource source;
};
struct ListDevicesOrder { };
struct ReleaseOrder { };
using Order = std::variant<GenerateOrder, ExpandOrder, DescribeOrder, ListDevicesOrder, ReleaseOrder>;

// What can be stopped, and which of its kind it is.
using StoppableId = std::variant<JobId, ExpansionId>;

std::optional<std::pair<StoppableId, std::stop_source>> stoppable(const Order& order)
{
    if (const auto* generate = std::get_if<GenerateOrder>(&order)) return std::pair(StoppableId(generate->id), generate->stop);
    if (const auto* expand = std::get_if<ExpandOrder>(&order)) return std::pair(StoppableId(expand->id), expand->stop);
    return std::nullopt;
}

} // namespace

// The thread with what it shares with the GUI thread: waiting orders and previews on their way, each under the one mutex.
class EngineWorker::Thread {
public:
    Thread(EngineSource source, EngineWorker& worker);
    ~Thread();

    void order(Order order);
    void stop(const StoppableId& id);

private:
    class Observer;

    // On the engine thread.
    void run(const std::stop_token& stop);
    void execute(const GenerateOrder& order);
    void execute(const ExpandOrder& order);
    void execute(const DescribeOrder& order);
    void execute(const ListDevicesOrder& order);
    void execute(const ReleaseOrder& order);
    Result<engine::Engine*> ensureEngine();
    void offerPreview(JobId id, int imageIndex, const ImageBuffer& preview);

    // On the GUI thread.
    void deliverPreviews();
    void dropPreview(JobId id, int imageIndex);
    void dropPreviews(JobId id);

    EngineWorker& m_worker;
    EngineSource m_source;
    Mailbox m_mailbox;
    QTimer m_previewTimer;
    QElapsedTimer m_sincePreview;

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Order> m_orders;
    std::optional<std::pair<StoppableId, std::stop_source>> m_running;
    std::map<std::pair<JobId, int>, ImageBuffer> m_previews; // the latest of each image
    bool m_previewsAnnounced = false;

    std::unique_ptr<engine::Engine> m_engine; // engine thread only
    std::jthread m_thread;                    // last: it uses all of the above
};

class EngineWorker::Thread::Observer final : public engine::GenerationObserver {
public:
    Observer(Thread& thread, JobId id) : m_owner(thread), m_id(id) { }

    void onStage(engine::Stage stage, double fraction) override
    {
        m_owner.m_mailbox.post([worker = &m_owner.m_worker, id = m_id, stage, fraction] { Q_EMIT worker->stageChanged(id, stage, fraction); });
    }

    void onStep(const engine::StepInfo& info) override
    {
        m_owner.m_mailbox.post([worker = &m_owner.m_worker, id = m_id, info] { Q_EMIT worker->stepFinished(id, info); });
    }

    void onPreview(int imageIndex, const ImageBuffer& preview) override { m_owner.offerPreview(m_id, imageIndex, preview); }

    void onImage(const engine::GeneratedImage& image) override
    {
        m_owner.m_mailbox.post([owner = &m_owner, id = m_id, shared = std::make_shared<const engine::GeneratedImage>(image)] {
            owner->dropPreview(id, shared->index);
            Q_EMIT owner->m_worker.imageFinished(id, shared);
        });
    }

private:
    Thread& m_owner;
    JobId m_id;
};

EngineWorker::Thread::Thread(EngineSource source, EngineWorker& worker) : m_worker(worker), m_source(std::move(source))
{
    m_previewTimer.setSingleShot(true);
    QObject::connect(&m_previewTimer, &QTimer::timeout, &m_mailbox, [this] { deliverPreviews(); });
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

EngineWorker::Thread::~Thread()
{
    m_thread.request_stop();
    {
        const std::lock_guard lock(m_mutex);
        m_orders.clear();
        if (m_running) m_running->second.request_stop();
    }
    m_thread.join();
}

void EngineWorker::Thread::order(Order order)
{
    {
        const std::lock_guard lock(m_mutex);
        m_orders.push_back(std::move(order));
    }
    m_wake.notify_one();
}

void EngineWorker::Thread::stop(const StoppableId& id)
{
    const std::lock_guard lock(m_mutex);
    if (m_running && m_running->first == id) m_running->second.request_stop();
    for (const Order& order : m_orders)
        if (auto waiting = stoppable(order); waiting && waiting->first == id) waiting->second.request_stop();
}

void EngineWorker::Thread::run(const std::stop_token& stop)
{
    while (true) {
        std::optional<Order> order;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_orders.empty(); }) || stop.stop_requested()) break;
            order = std::move(m_orders.front());
            m_orders.pop_front();
            m_running = stoppable(*order);
        }
        std::visit([this](const auto& what) { execute(what); }, *order);
        const std::lock_guard lock(m_mutex);
        m_running.reset();
    }
    m_engine.reset();
}

void EngineWorker::Thread::execute(const GenerateOrder& order)
{
    auto outcome = std::make_shared<engine::GenerationOutcome>(engine::Cancelled{});
    if (!order.stop.stop_requested()) {
        m_mailbox.post([worker = &m_worker, id = order.id] { Q_EMIT worker->started(id); });
        const Result<engine::Engine*> engine = ensureEngine();
        if (engine) {
            Observer observer(*this, order.id);
            *outcome = (*engine)->generate(*order.request, observer, order.stop.get_token());
        } else {
            *outcome = engine.error();
        }
    }
    m_mailbox.post([this, id = order.id, outcome] {
        dropPreviews(id);
        Q_EMIT m_worker.finished(id, *outcome);
    });
}

void EngineWorker::Thread::execute(const ExpandOrder& order)
{
    engine::ExpansionOutcome outcome = engine::Cancelled{};
    if (!order.stop.stop_requested()) {
        const Result<engine::Engine*> engine = ensureEngine();
        if (engine) outcome = (*engine)->expandPrompt(order.request, order.stop.get_token());
        else
            outcome = engine.error();
    }
    m_mailbox.post([worker = &m_worker, id = order.id, outcome = std::move(outcome)] { Q_EMIT worker->promptExpanded(id, outcome); });
}

void EngineWorker::Thread::execute(const DescribeOrder& order)
{
    const Result<engine::Engine*> engine = ensureEngine();
    const Result<engine::ModelInfo> info = engine ? (*engine)->describeModel(order.source) : Result<engine::ModelInfo>(engine.error());
    m_mailbox.post([worker = &m_worker, source = order.source, info] { Q_EMIT worker->modelDescribed(source, info); });
}

void EngineWorker::Thread::execute(const ListDevicesOrder&)
{
    const Result<engine::Engine*> engine = ensureEngine();
    m_mailbox.post([worker = &m_worker, devices = engine ? (*engine)->devices() : std::vector<engine::DeviceInfo>{}] { Q_EMIT worker->devicesListed(devices); });
}

void EngineWorker::Thread::execute(const ReleaseOrder&)
{
    if (m_engine) m_engine->releaseModels();
}

Result<engine::Engine*> EngineWorker::Thread::ensureEngine()
{
    if (!m_engine) {
        Result<std::unique_ptr<engine::Engine>> made = m_source();
        if (!made) return made.error();
        m_engine = std::move(*made);
    }
    return m_engine.get();
}

void EngineWorker::Thread::offerPreview(JobId id, int imageIndex, const ImageBuffer& preview)
{
    {
        const std::lock_guard lock(m_mutex);
        m_previews[{ id, imageIndex }] = preview;
        if (std::exchange(m_previewsAnnounced, true)) return;
    }
    m_mailbox.post([this] {
        const qint64 elapsed = m_sincePreview.isValid() ? m_sincePreview.elapsed() : kPreviewIntervalMs;
        if (elapsed >= kPreviewIntervalMs) deliverPreviews();
        else
            m_previewTimer.start(static_cast<int>(kPreviewIntervalMs - elapsed));
    });
}

void EngineWorker::Thread::deliverPreviews()
{
    std::map<std::pair<JobId, int>, ImageBuffer> previews;
    {
        const std::lock_guard lock(m_mutex);
        previews.swap(m_previews);
        m_previewsAnnounced = false;
    }
    m_sincePreview.start();
    for (const auto& [key, preview] : previews) Q_EMIT m_worker.previewReady(key.first, key.second, preview);
}

void EngineWorker::Thread::dropPreview(JobId id, int imageIndex)
{
    const std::lock_guard lock(m_mutex);
    m_previews.erase({ id, imageIndex });
}

void EngineWorker::Thread::dropPreviews(JobId id)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_previews, [id](const auto& entry) { return entry.first.first == id; });
}

EngineWorker::EngineWorker(EngineSource source, QObject* parent) : QObject(parent), m_thread(std::make_unique<Thread>(std::move(source), *this)) { }

EngineWorker::~EngineWorker() = default;

void EngineWorker::generate(JobId id, std::shared_ptr<const engine::GenerationRequest> request)
{
    m_thread->order(GenerateOrder{ id, std::move(request), std::stop_source{} });
}

void EngineWorker::stop(JobId id)
{
    m_thread->stop(id);
}

void EngineWorker::expandPrompt(ExpansionId id, const engine::ExpansionRequest& request)
{
    m_thread->order(ExpandOrder{ id, request, std::stop_source{} });
}

void EngineWorker::stopExpansion(ExpansionId id)
{
    m_thread->stop(id);
}

void EngineWorker::describeModel(const engine::ModelSource& source)
{
    m_thread->order(DescribeOrder{ source });
}

void EngineWorker::listDevices()
{
    m_thread->order(ListDevicesOrder{});
}

void EngineWorker::releaseModels()
{
    m_thread->order(ReleaseOrder{});
}

} // namespace sfumato::jobs
