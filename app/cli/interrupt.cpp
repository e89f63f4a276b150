// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interrupt.h"

#include <csignal>
#include <ctime>
#include <unistd.h>

namespace sfumato::app {

namespace {

constexpr long kPollNanoseconds = 50'000'000;

sigset_t stopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : { SIGINT, SIGTERM, SIGHUP }) sigaddset(&signals, signal);
    return signals;
}

// A thread waits for the signals instead of a handler, because request_stop may lock.
void listen(const std::stop_token& ended, std::stop_source stop)
{
    const sigset_t signals = stopSignals();
    const timespec interval{ 0, kPollNanoseconds };
    while (!ended.stop_requested()) {
        if (sigtimedwait(&signals, nullptr, &interval) < 0) continue;
        if (stop.stop_requested()) _exit(kInterruptedExitCode);
        stop.request_stop();
    }
}

} // namespace

Interruption::Interruption()
{
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_listener = std::jthread([stop = m_stop](const std::stop_token& ended) { listen(ended, stop); });
}

Interruption::~Interruption()
{
    m_listener.request_stop();
    m_listener.join();
    const sigset_t signals = stopSignals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

} // namespace sfumato::app
