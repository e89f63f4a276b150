// Two threads write one number without any lock, one of them started by Qt. Under the thread sanitizer this program must fail: it proves that the suppressions for
// Qt's own threads hide none of our accesses.
// SPDX-License-Identifier: Apache-2.0
#include <QThread>

#include <cstdio>
#include <memory>

namespace {

int shared = 0; // NOLINT: the race is the point

} // namespace

int main()
{
    const std::unique_ptr<QThread> thread(QThread::create([] { ++shared; }));
    thread->start();
    ++shared;
    thread->wait();
    std::printf("%d\n", shared);
    return 0;
}
