// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/background_tasks.h"

namespace sfumato::jobs {

BackgroundTasks::BackgroundTasks() : m_thread([this](const std::stop_token& stop) { work(stop); }) { }

BackgroundTasks::~BackgroundTasks()
{
    m_thread.request_stop();
    m_thread.join();
}

void BackgroundTasks::start(std::function<void()> task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void BackgroundTasks::work(const std::stop_token& stop)
{
    while (true) {
        std::function<void()> task;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_waiting.empty(); }) || stop.stop_requested()) return;
            task = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        task();
    }
}

} // namespace sfumato::jobs
