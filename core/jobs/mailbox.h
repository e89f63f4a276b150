// Mailbox: hands values from any thread to the thread the mailbox lives in, in order.
// Thread: post() from any; deliveries on the mailbox's own thread (the GUI thread), from its event loop. Owner: whoever receives.
//
// Letters wait in a queue under a lock and one event wakes the receiver, so a busy sender costs one event, not one a letter.
// Letters not delivered when the mailbox is destroyed are dropped. Senders must be gone by then.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <functional>
#include <mutex>
#include <vector>

namespace sfumato::jobs {

class Mailbox : public QObject {
    Q_OBJECT

public:
    using Letter = std::function<void()>;

    explicit Mailbox(QObject* parent = nullptr);
    ~Mailbox() override;

    // Runs `letter` later on the mailbox's thread.
    void post(Letter letter);

protected:
    void customEvent(QEvent* event) override;

private:
    std::mutex m_mutex;
    std::vector<Letter> m_letters;
};

} // namespace sfumato::jobs
