// BackgroundTasks: pure functions on values in the global thread pool, their results back on the GUI thread.
// Thread: GUI (construct, run, destroy). Owner: whoever needs the results.
//
// run(task, receive): `task` runs in the pool and returns a value; `receive` gets it on the GUI thread. Neither runs after the object is destroyed:
// tasks that have not begun are dropped, the destructor waits for one that is running.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/mailbox.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace sfumato::jobs {

class BackgroundTasks {
public:
    BackgroundTasks();
    BackgroundTasks(const BackgroundTasks&) = delete;
    BackgroundTasks& operator=(const BackgroundTasks&) = delete;
    ~BackgroundTasks();

    template <typename Task, typename Receive>
    void run(Task task, Receive receive)
    {
        using Value = decltype(task());
        start([this, task = std::move(task), receive = std::move(receive)]() mutable {
            auto value = std::make_shared<Value>(task());
            m_mailbox->post([value = std::move(value), receive = std::move(receive)]() mutable { receive(std::move(*value)); });
        });
    }

private:
    void start(std::function<void()> task);
    void runNext();

    std::unique_ptr<Mailbox> m_mailbox;
    std::mutex m_mutex;
    std::condition_variable m_idle;
    std::deque<std::function<void()>> m_waiting;
    int m_scheduled = 0; // pool entries that have not returned
};

} // namespace sfumato::jobs
