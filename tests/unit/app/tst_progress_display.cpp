// SPDX-License-Identifier: Apache-2.0
#include "app/cli/progress_display.h"

#include <QByteArray>
#include <QTest>

#include <cstdlib>
#include <memory>

using namespace sfumato;
using namespace sfumato::app;

namespace {

// What a display writes during `act`.
template <typename Act>
QByteArray written(ProgressStyle style, Act act)
{
    char* buffer = nullptr;
    std::size_t size = 0;
    std::FILE* const stream = open_memstream(&buffer, &size);
    {
        ProgressDisplay display(stream, style);
        act(display);
    }
    std::fclose(stream);
    const QByteArray text(buffer, static_cast<qsizetype>(size));
    std::free(buffer);
    return text;
}

void runTwoSteps(ProgressDisplay& display)
{
    display.beginJob(1);
    for (const double fraction : { 0.0, 0.04, 0.5, 1.0 }) display.onStage(engine::Stage::Loading, fraction);
    display.onStage(engine::Stage::Encoding, 0);
    display.onStage(engine::Stage::Sampling, 0);
    display.onStep({ 0, 1, 2, 2.0 });
    display.onStep({ 0, 2, 2, 2.0 });
    display.onStage(engine::Stage::Decoding, 0);
}

} // namespace

class TstProgressDisplay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_sayOneThingEach()
    {
        QCOMPARE(written(ProgressStyle::Lines, runTwoSteps), QByteArray("loading 0 %\nloading 50 %\nloading 100 %\nencoding\nstep 1/2, 2.0 s a step, 2.0 s left\n"
                                                                        "step 2/2, 2.0 s a step, 0.0 s left\ndecoding\n"));
    }

    void secondModel_isShownLoading()
    {
        const QByteArray text = written(ProgressStyle::Lines, [](ProgressDisplay& display) {
            display.beginJob(1);
            for (const double fraction : { 0.0, 0.0, 0.9, 0.0, 0.0, 0.5 }) display.onStage(engine::Stage::Loading, fraction);
        });
        QCOMPARE(text, QByteArray("loading 0 %\nloading 90 %\nloading 0 %\nloading 50 %\n"));
    }

    void lines_countImages()
    {
        const QByteArray text = written(ProgressStyle::Lines, [](ProgressDisplay& display) {
            display.beginJob(3);
            display.onStep({ 1, 5, 10, 60.0 });
        });
        QCOMPARE(text, QByteArray("image 2/3, step 5/10, 60.0 s a step, 15:00 min left\n"));
    }

    void bar_isRedrawn_andTakenOff()
    {
        const QByteArray text = written(ProgressStyle::Bar, runTwoSteps);
        QVERIFY(!text.contains('\n'));
        QVERIFY(text.contains("\r\033[K[############............] step 1/2, 2.0 s a step, 2.0 s left"));
        QVERIFY(text.endsWith("\r\033[K"));
    }

    void quiet_isQuiet() { QCOMPARE(written(ProgressStyle::None, runTwoSteps), QByteArray()); }
};

QTEST_APPLESS_MAIN(TstProgressDisplay)
#include "tst_progress_display.moc"
