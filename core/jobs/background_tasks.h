// BackgroundTasks: pure functions on values on one thread of their own, one after the other, their results back on the GUI thread.
// Thread: GUI (construct, run, destroy). Owner: whoever needs the results.
//
// run(task, receive): `task` runs on the background thread and returns a value; `receive` gets it on the GUI thread, in the order of the calls. Neither runs after the
// object is destroyed: tasks that have not begun are dropped, the destructor waits for one that is running.
// Differs: a standard thread instead of Qt's global pool, whose own locks no thread sanitizer sees; what is handed over here is checked by it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/mailbox.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
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
            m_mailbox.post([value = std::move(value), receive = std::move(receive)]() mutable { receive(std::move(*value)); });
        });
    }

private:
    void start(std::function<void()> task);
    void work(const std::stop_token& stop);

    Mailbox m_mailbox;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<std::function<void()>> m_waiting;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace sfumato::jobs
