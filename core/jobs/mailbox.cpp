// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/mailbox.h"

#include <QCoreApplication>
#include <QEvent>

#include <memory>
#include <utility>

namespace sfumato::jobs {

Mailbox::Mailbox(QObject* parent) : QObject(parent) { }

Mailbox::~Mailbox() = default;

void Mailbox::post(Letter letter)
{
    // The event is posted under the lock, so that whatever this thread did before happens before the delivery, by our own lock and not only by one inside Qt
    // that no thread sanitizer sees.
    const std::lock_guard lock(m_mutex);
    m_letters.push_back(std::move(letter));
    if (m_letters.size() == 1) QCoreApplication::postEvent(this, std::make_unique<QEvent>(QEvent::User).release()); // the event queue owns it
}

void Mailbox::customEvent(QEvent*)
{
    std::vector<Letter> letters;
    {
        const std::lock_guard lock(m_mutex);
        letters.swap(m_letters);
    }
    for (Letter& letter : letters) letter();
}

} // namespace sfumato::jobs
