// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/lora_stack_model.h"
#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QPoint>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <random>
#include <set>

using namespace sfumato;
using sfumato::testing::FakeEngineProbe;
using sfumato::testing::FakeScript;
using workspace::LoraStackModel;

namespace {

const QString kInk = QStringLiteral("/loras/ink-wash.safetensors"), kClay = QStringLiteral("/loras/clay.v2.safetensors"), kFog = QStringLiteral("/loras/fog.safetensors");

// A workspace with one model, and its stack.
struct Bench {
    explicit Bench(FakeScript script = {})
    {
        QFile model(folder.filePath(QStringLiteral("starter.safetensors")));
        if (!model.open(QIODevice::WriteOnly)) qFatal("The temporary folder cannot be written.");
        script.modelInfo.nativeSize = { 128, 128 };
        workspace::AppSettings settings;
        settings.installedModelsFolder = folder.path();
        space = std::make_unique<workspace::Workspace>(sfumato::testing::fakeEngineSource(script), settings);
        stack = std::make_unique<LoraStackModel>(space->session());
        tester = std::make_unique<QAbstractItemModelTester>(stack.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }

    workspace::GenerationSession& session() { return space->session(); }

    // "ink-wash:0.8, clay.v2:1"
    QString job()
    {
        QStringList parts;
        for (const workflow::LoraReference& lora : session().job().loras) parts.append(QStringLiteral("%1:%2").arg(QFileInfo(QString::fromStdString(lora.path)).completeBaseName()).arg(lora.scale));
        return parts.join(QStringLiteral(", "));
    }

    void setPrompt(const char* prompt)
    {
        workflow::JobDescription job = session().job();
        job.prompt = prompt;
        session().setJob(job);
    }

    QTemporaryDir folder;
    std::unique_ptr<workspace::Workspace> space;
    std::unique_ptr<LoraStackModel> stack;
    std::unique_ptr<QAbstractItemModelTester> tester;
};

} // namespace

class TstLoraStack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rows_areTheJobs();
    void eyeAndSolo_leaveRowsOutOfTheJob();
    void triggers_comeAndLeaveWithTheirLora();
    void jobFromElsewhere_becomesTheStack();
    void reports_tellWhatWasApplied();
    void compare_runsFiveWeightsWithOneSeed();
    void randomEdits_keepJobAndStackTheSame();
};

void TstLoraStack::rows_areTheJobs()
{
    Bench bench;
    LoraStackModel& stack = *bench.stack;
    QCOMPARE(stack.add(kInk, 0.8), 0);
    QCOMPARE(stack.add(kClay, 9.0), 1);
    QCOMPARE(stack.add(kFog, 0.5, {}, 0), 0);
    QCOMPARE(bench.job(), QStringLiteral("fog:0.5, ink-wash:0.8, clay.v2:4"));
    QCOMPARE(stack.add(kInk, 0.3), 1); // keeps weight and place
    QCOMPARE(bench.job(), QStringLiteral("fog:0.5, ink-wash:0.8, clay.v2:4"));
    stack.move(0, 2);
    QCOMPARE(bench.job(), QStringLiteral("ink-wash:0.8, clay.v2:4, fog:0.5"));
    stack.move(2, 1);
    stack.setWeight(0, -0.4);
    QCOMPARE(bench.job(), QStringLiteral("ink-wash:-0.4, fog:0.5, clay.v2:4"));
    stack.setTextEncoderWeight(1, 0.25);
    QCOMPARE(*bench.session().job().loras[1].textEncoderScale, 0.25);
    stack.setTextEncoderWeight(1, std::nullopt);
    QVERIFY(!bench.session().job().loras[1].textEncoderScale);
    stack.remove(0);
    QCOMPARE(bench.job(), QStringLiteral("fog:0.5, clay.v2:4"));
    QCOMPARE(stack.index(1).data().toString(), QStringLiteral("clay.v2"));
    QCOMPARE(stack.rowOf(QStringLiteral("/loras/sub/../fog.safetensors")), 0);
    QCOMPARE(stack.rowOf(kInk), -1);
}

void TstLoraStack::eyeAndSolo_leaveRowsOutOfTheJob()
{
    Bench bench;
    LoraStackModel& stack = *bench.stack;
    for (const QString& path : { kInk, kClay, kFog }) stack.add(path, 1.0);
    stack.setOn(1, false);
    QCOMPARE(bench.job(), QStringLiteral("ink-wash:1, fog:1"));
    QCOMPARE(stack.rowCount(), 3);
    stack.solo(2);
    QCOMPARE(bench.job(), QStringLiteral("fog:1"));
    stack.solo(0);
    QCOMPARE(bench.job(), QStringLiteral("ink-wash:1"));
    stack.solo(0);
    QCOMPARE(bench.job(), QStringLiteral("fog:1")); // as before the last solo
    stack.setOn(1, true);
    stack.solo(1);
    stack.solo(1);
    QCOMPARE(bench.job(), QStringLiteral("clay.v2:1, fog:1"));
    stack.solo(1);
    stack.setWeight(1, 0.5); // no switch: the way back stays
    stack.solo(1);
    QCOMPARE(bench.job(), QStringLiteral("clay.v2:0.5, fog:1"));
    QCOMPARE(stack.active(0).size(), std::size_t{ 3 });
    stack.add(kInk, 0.2); // switched on again
    QCOMPARE(bench.job(), QStringLiteral("ink-wash:1, clay.v2:0.5, fog:1"));
}

void TstLoraStack::triggers_comeAndLeaveWithTheirLora()
{
    Bench bench;
    LoraStackModel& stack = *bench.stack;
    bench.setPrompt("a house, clay pot");
    stack.add(kInk, 0.8, { QStringLiteral("ink wash"), QStringLiteral("sumi") });
    stack.add(kClay, 0.8, { QStringLiteral("clay pot"), QStringLiteral("sumi") });
    stack.toggleTrigger(0, QStringLiteral("ink wash"), 7);
    stack.toggleTrigger(0, QStringLiteral("sumi"), 100);
    QCOMPARE(bench.session().job().prompt, std::string("a house, ink wash, clay pot, sumi"));
    stack.toggleTrigger(0, QStringLiteral("sumi"), 0);
    QCOMPARE(bench.session().job().prompt, std::string("a house, ink wash, clay pot"));
    bench.setPrompt("a house, (ink wash:1.2), clay pot, fog");
    stack.remove(1); // "clay pot" was typed, not inserted
    QCOMPARE(bench.session().job().prompt, std::string("a house, (ink wash:1.2), clay pot, fog"));
    stack.remove(0);
    QCOMPARE(bench.session().job().prompt, std::string("a house, clay pot, fog"));
    QVERIFY(bench.session().job().loras.empty());
}

void TstLoraStack::jobFromElsewhere_becomesTheStack()
{
    Bench bench;
    LoraStackModel& stack = *bench.stack;
    stack.add(kInk, 0.8, { QStringLiteral("ink wash") });
    stack.add(kClay, 0.6);
    stack.setOn(1, false);
    workflow::JobDescription job = bench.session().job();
    job.loras = { { kFog.toStdString(), 0.3, 0.1 }, { kInk.toStdString(), 1.1, std::nullopt } };
    bench.session().setJob(job);
    QCOMPARE(stack.rowCount(), 3);
    QCOMPARE(stack.at(0).path(), kFog);
    QCOMPARE(stack.at(1).triggerWords, QStringList{ QStringLiteral("ink wash") });
    QCOMPARE(stack.at(1).lora.scale, 1.1);
    QVERIFY(!stack.at(2).isOn);
    QCOMPARE(stack.at(2).path(), kClay);
    QCOMPARE(bench.session().job(), job);
    QSignalSpy reset(&stack, &QAbstractItemModel::modelReset);
    bench.setPrompt("another prompt"); // nothing of the stack's
    QCOMPARE(reset.count(), 0);
}

void TstLoraStack::reports_tellWhatWasApplied()
{
    FakeScript script;
    script.loras = { { kInk.toStdString(), 612, 722, { "lora_unet_odd" }, {} }, { kFog.toStdString(), 10, 10, {}, {} } };
    Bench bench(script);
    LoraStackModel& stack = *bench.stack;
    stack.add(kInk, 0.8);
    stack.add(kClay, 0.8);
    QVERIFY(!stack.index(0).data(LoraStackModel::AppliedRole).isValid());
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    QCOMPARE(stack.index(0).data(LoraStackModel::AppliedRole).toPoint(), QPoint(612, 722));
    QCOMPARE(stack.index(0).data(LoraStackModel::UnmatchedRole).toStringList(), QStringList{ QStringLiteral("lora_unet_odd") });
    QVERIFY(!stack.index(1).data(LoraStackModel::AppliedRole).isValid());
    stack.clearReports();
    QVERIFY(!stack.index(0).data(LoraStackModel::AppliedRole).isValid());
}

void TstLoraStack::compare_runsFiveWeightsWithOneSeed()
{
    Bench bench;
    LoraStackModel& stack = *bench.stack;
    stack.add(kInk, 0.7);
    stack.add(kClay, 0.5);
    stack.setOn(1, false); // compared all the same
    bench.session().compareLora(stack.active(1), 1, stack.at(1).name());
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    const workspace::GalleryModel& gallery = bench.session().gallery();
    QCOMPARE(gallery.rowCount(), 5);
    std::set<std::uint64_t> seeds;
    QStringList weights;
    for (int row = 0; row < 5; ++row) {
        const workspace::Variation& variation = *gallery.at(row);
        QVERIFY(variation.isFinished());
        seeds.insert(variation.seed);
        const auto& loras = variation.run->job.loras;
        QCOMPARE(loras.front().scale, 0.7);
        weights.append(loras.size() == 2 ? QString::number(loras[1].scale) : QStringLiteral("without"));
    }
    QCOMPARE(seeds.size(), std::size_t{ 1 });
    QCOMPARE(weights, QStringList({ QStringLiteral("without"), QStringLiteral("0.4"), QStringLiteral("0.8"), QStringLiteral("1"), QStringLiteral("1.2") }));
    QCOMPARE(gallery.index(3).data(workspace::GalleryModel::LabelRole).toString(), QStringLiteral("clay.v2 1.0"));
    QCOMPARE(bench.job(), QStringLiteral("ink-wash:0.7")); // the panel stays as it was
}

void TstLoraStack::randomEdits_keepJobAndStackTheSame()
{
    Bench bench;
    LoraStackModel& stack = *bench.stack;
    std::mt19937 random(11);
    const auto any = [&random](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
    for (int i = 0; i < 600; ++i) {
        const int rows = stack.rowCount();
        if (rows == 0 || any(4) == 0) stack.add(QStringLiteral("/loras/%1.safetensors").arg(any(12)), any(30) / 10.0, {}, any(rows + 1));
        else
            switch (any(5)) {
            case 0: stack.remove(any(rows)); break;
            case 1: stack.move(any(rows), any(rows)); break;
            case 2: stack.setWeight(any(rows), any(80) / 10.0 - 4); break;
            case 3: stack.setOn(any(rows), any(2) == 0); break;
            default: stack.solo(any(rows)); break;
            }
        QVERIFY(bench.session().job().loras == stack.active());
    }
    while (stack.rowCount() > 0) stack.remove(0);
    QVERIFY(bench.session().job().loras.empty());
}

QTEST_GUILESS_MAIN(TstLoraStack)
#include "tst_lora_stack.moc"
