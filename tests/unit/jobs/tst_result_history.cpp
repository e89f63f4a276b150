// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/result_history.h"

#include <QTest>

using namespace sfumato;
using jobs::JobId;
using jobs::ResultHistory;
using jobs::ResultId;

namespace {

constexpr std::size_t kImageBytes = 100 * 100 * 3;

std::shared_ptr<const engine::GeneratedImage> image()
{
    return std::make_shared<const engine::GeneratedImage>(engine::GeneratedImage{ 0, 1, ImageBuffer({ 100, 100 }, PixelFormat::Rgb8) });
}

} // namespace

class TstResultHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void underBudget_keepsEverything();
    void overBudget_dropsOldestUnpinned();
    void newest_staysHoweverLarge();
    void removeAndClear();
};

void TstResultHistory::underBudget_keepsEverything()
{
    ResultHistory history(10 * kImageBytes);
    for (int i = 0; i < 10; ++i) QVERIFY(history.add(JobId{ 1 }, image()).dropped.empty());
    QCOMPARE(history.results().size(), std::size_t{ 10 });
    QCOMPARE(history.sizeInBytes(), 10 * kImageBytes);
}

void TstResultHistory::overBudget_dropsOldestUnpinned()
{
    ResultHistory history(3 * kImageBytes);
    const ResultId first = history.add(JobId{ 1 }, image()).id;
    const ResultId second = history.add(JobId{ 1 }, image()).id;
    const ResultId third = history.add(JobId{ 1 }, image()).id;
    history.setPinned(first, true);
    const auto added = history.add(JobId{ 2 }, image(), kImageBytes);
    QCOMPARE(added.dropped, (std::vector<ResultId>{ second, third }));
    QVERIFY(history.find(first));
    QVERIFY(!history.find(second));
    QVERIFY(history.find(added.id));
    QCOMPARE(history.sizeInBytes(), 3 * kImageBytes);
}

void TstResultHistory::newest_staysHoweverLarge()
{
    ResultHistory history(1);
    const ResultId first = history.add(JobId{ 1 }, image()).id;
    const auto second = history.add(JobId{ 1 }, image());
    QCOMPARE(second.dropped, (std::vector<ResultId>{ first }));
    QCOMPARE(history.results().size(), std::size_t{ 1 });
}

void TstResultHistory::removeAndClear()
{
    ResultHistory history(10 * kImageBytes);
    const ResultId first = history.add(JobId{ 1 }, image()).id;
    const ResultId second = history.add(JobId{ 1 }, image()).id;
    history.remove(first);
    QVERIFY(!history.find(first));
    QVERIFY(history.find(second));
    history.clear();
    QVERIFY(history.results().empty());
    QVERIFY(history.add(JobId{ 1 }, image()).id > second);
}

QTEST_GUILESS_MAIN(TstResultHistory)
#include "tst_result_history.moc"
