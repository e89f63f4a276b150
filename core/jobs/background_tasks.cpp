// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/background_tasks.h"

#include <QThreadPool>

namespace sfumato::jobs {

BackgroundTasks::BackgroundTasks() : m_mailbox(std::make_unique<Mailbox>()) {}

BackgroundTasks::~BackgroundTasks()
{
    std::unique_lock lock(m_mutex);
    m_waiting.clear();
    m_idle.wait(lock, [this] { return m_scheduled == 0; });
}

void BackgroundTasks::start(std::function<void()> task)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back(std::move(task));
    ++m_scheduled;
    QThreadPool::globalInstance()->start([this] { runNext(); });
}

void BackgroundTasks::runNext()
{
    std::function<void()> task;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_waiting.empty()) {
            task = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
    }
    if (task) task();
    task = nullptr;
    const std::lock_guard lock(m_mutex);
    if (--m_scheduled == 0) m_idle.notify_all();
}

} // namespace sfumato::jobs
