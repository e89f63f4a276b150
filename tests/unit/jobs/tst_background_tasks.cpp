// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/background_tasks.h"

#include <QTest>
#include <QThread>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace sfumato;

class TstBackgroundTasks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void result_arrivesOnTheCallersThread();
    void manyTasks_allArrive();
    void destruction_dropsWhatIsLeft();
    void mailbox_deliversInOrderFromManyThreads();
};

void TstBackgroundTasks::result_arrivesOnTheCallersThread()
{
    jobs::BackgroundTasks tasks;
    QThread* const here = QThread::currentThread();
    std::atomic<bool> ranElsewhere = false;
    int received = 0;
    tasks.run(
        [&ranElsewhere, here] {
            ranElsewhere = QThread::currentThread() != here;
            return 42;
        },
        [&received, here](int value) {
            if (QThread::currentThread() == here) received = value;
        });
    QCOMPARE(received, 0);
    QTRY_COMPARE(received, 42);
    QVERIFY(ranElsewhere);
}

void TstBackgroundTasks::manyTasks_allArrive()
{
    jobs::BackgroundTasks tasks;
    std::int64_t sum = 0;
    int count = 0;
    for (int i = 0; i < 500; ++i) {
        tasks.run([i] { return i; },
            [&](int value) {
                sum += value;
                ++count;
            });
    }
    QTRY_COMPARE(count, 500);
    QCOMPARE(sum, std::int64_t{ 500 * 499 / 2 });
}

void TstBackgroundTasks::destruction_dropsWhatIsLeft()
{
    std::atomic<int> started = 0;
    int received = 0;
    {
        jobs::BackgroundTasks tasks;
        for (int i = 0; i < 100; ++i) {
            tasks.run(
                [&started] {
                    ++started;
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                    return 0;
                },
                [&received](int) { ++received; });
        }
    }
    const int startedAtEnd = started;
    QTest::qWait(30);
    QCOMPARE(started.load(), startedAtEnd);
    QVERIFY(startedAtEnd < 100);
    QCOMPARE(received, 0);
}

void TstBackgroundTasks::mailbox_deliversInOrderFromManyThreads()
{
    constexpr int kSenders = 4;
    constexpr int kLetters = 2000;
    jobs::Mailbox mailbox;
    std::vector<std::vector<int>> received(kSenders);
    int count = 0;
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < kSenders; ++sender) {
        senders.emplace_back([&mailbox, &received, &count, sender] {
            for (int i = 0; i < kLetters; ++i) {
                mailbox.post([&received, &count, sender, i] {
                    received[static_cast<std::size_t>(sender)].push_back(i);
                    ++count;
                });
            }
        });
    }
    QTRY_COMPARE(count, kSenders * kLetters);
    for (const auto& letters : received) QVERIFY(std::is_sorted(letters.begin(), letters.end()));
}

QTEST_GUILESS_MAIN(TstBackgroundTasks)
#include "tst_background_tasks.moc"
