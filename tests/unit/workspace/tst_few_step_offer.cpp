// The offer of a few-step model's settings: when it is made, that it changes nothing by itself, and that it is taken back whole.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"
#include "core/workspace/few_step_offer.h"
#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace sfumato;
using sfumato::testing::FakeScript;
using workspace::FewStepOffer;

namespace {

const engine::FewStepAdvice kLightning{ engine::FewStepMethod::Lightning, 4, 4, 4, 1.0, 1.0, 2.0, "euler_trailing" };

struct Bench {
    explicit Bench(std::optional<engine::FewStepAdvice> advice)
    {
        QFile model(folder.filePath(QStringLiteral("model.safetensors")));
        if (!model.open(QIODevice::WriteOnly)) qFatal("The temporary folder cannot be written.");
        FakeScript script;
        script.modelInfo.fewSteps = std::move(advice);
        workspace::AppSettings settings;
        settings.installedModelsFolder = folder.path();
        space = std::make_unique<workspace::Workspace>(sfumato::testing::fakeEngineSource(script), settings);
        offer = std::make_unique<FewStepOffer>(*space);
        space->describeModelInUse();
    }

    // A LoRA that changes one layer, under this name.
    std::string writeLora(const char* name)
    {
        const std::string path = folder.filePath(QString::fromUtf8(name)).toStdString();
        const std::array<float, 8> values{ 1, 2, 3, 4, 5, 6, 7, 8 };
        const auto bytes = std::as_bytes(std::span(values));
        const std::string layer = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q.";
        const std::vector<engine::TensorToWrite> tensors{ { layer + "lora_down.weight", engine::Dtype::F32, { 2, 4 }, bytes }, { layer + "lora_up.weight", engine::Dtype::F32, { 4, 2 }, bytes } };
        if (!engine::writeSafetensors(path, tensors)) qFatal("The LoRA cannot be written.");
        return path;
    }

    void change(const std::function<void(workflow::JobDescription&)>& edit)
    {
        workflow::JobDescription job = this->job();
        edit(job);
        space->session().setJob(job);
    }
    const workflow::JobDescription& job() { return space->session().job(); }

    QTemporaryDir folder;
    std::unique_ptr<workspace::Workspace> space;
    std::unique_ptr<FewStepOffer> offer;
};

} // namespace

class TstFewStepOffer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ordinaryModel_offersNothing()
    {
        Bench bench(std::nullopt);
        QTRY_VERIFY(bench.space->models().entries().front().info.has_value());
        QVERIFY(!bench.offer->source());
        QVERIFY(bench.offer->isFitting() && !bench.offer->taken());
        const workflow::JobDescription before = bench.job();
        bench.offer->follow();
        bench.offer->takeBack();
        QCOMPARE(bench.job(), before);
    }

    void model_isOfferedFollowedAndTakenBack()
    {
        Bench bench(kLightning);
        const workflow::JobDescription before = bench.job();
        QTRY_VERIFY(bench.offer->source().has_value());
        QCOMPARE(bench.offer->source()->advice, kLightning);
        QVERIFY(!bench.offer->isFitting());
        QCOMPARE(bench.job(), before); // nothing by itself

        bench.offer->follow();
        QCOMPARE(bench.job().steps, 4);
        QCOMPARE(bench.job().guidanceScale, 1.0);
        QCOMPARE(bench.job().scheduler, std::string("euler_trailing"));
        QVERIFY(bench.offer->isFitting() && bench.offer->taken());
        bench.change([](workflow::JobDescription& job) { job.prompt = "a boat"; }); // other settings do not end it
        QVERIFY(bench.offer->taken());
        bench.offer->takeBack();
        workflow::JobDescription expected = before;
        expected.prompt = "a boat";
        QCOMPARE(bench.job(), expected);
        QVERIFY(!bench.offer->isFitting() && !bench.offer->taken());

        bench.offer->follow();
        bench.change([](workflow::JobDescription& job) { job.steps = 5; }); // the artist went on from there
        QVERIFY(!bench.offer->taken() && !bench.offer->isFitting());
    }

    void oneStepModel_isReadAsWhatItGives()
    {
        engine::FewStepAdvice advice{ engine::FewStepMethod::Lightning, 1, 1, 1, 1.0, 1.0, 2.0, "euler_trailing" };
        advice.predictsSample = true;
        Bench bench(advice);
        QTRY_VERIFY(bench.offer->source().has_value());
        bench.change([](workflow::JobDescription& job) { job.steps = 1, job.guidanceScale = 1, job.scheduler = "euler_trailing"; });
        QVERIFY(!bench.offer->isFitting());
        bench.offer->follow();
        QVERIFY(bench.job().predictionType == engine::PredictionType::Sample);
        bench.offer->takeBack();
        QVERIFY(!bench.job().predictionType);
    }

    void lora_comesBeforeTheModelAndGetsItsWeight()
    {
        Bench bench(kLightning);
        const std::string ordinary = bench.writeLora("ink.safetensors"), hyper = bench.writeLora("Hyper-SDXL-8steps-lora.safetensors");
        bench.change([&](workflow::JobDescription& job) { job.loras = { { hyper, 0.8, 0.2 }, { ordinary, 0.6, std::nullopt } }; });
        QTRY_VERIFY(bench.offer->source() && !bench.offer->source()->lora.empty());
        QCOMPARE(bench.offer->source()->name, QStringLiteral("Hyper-SDXL-8steps-lora"));
        bench.offer->follow();
        QCOMPARE(bench.job().steps, 8);
        QCOMPARE(bench.job().loras[0], (workflow::LoraReference{ hyper, 1.0, std::nullopt }));
        QCOMPARE(bench.job().loras[1].scale, 0.6);
        bench.offer->takeBack();
        QCOMPARE(bench.job().loras[0], (workflow::LoraReference{ hyper, 0.8, 0.2 }));
        bench.change([](workflow::JobDescription& job) { job.loras[0].scale = 0; }); // without effect: the model counts
        QTRY_VERIFY(bench.offer->source() && bench.offer->source()->lora.empty());
    }

    void settings_areTakenBackAfterTheirSourceIsGone()
    {
        Bench bench(std::nullopt);
        const workflow::JobDescription before = bench.job();
        const std::string hyper = bench.writeLora("Hyper-SDXL-8steps-lora.safetensors"), lightning = bench.writeLora("sdxl_lightning_4step_lora.safetensors");
        bench.change([&](workflow::JobDescription& job) { job.loras = { { hyper, 0.8, std::nullopt } }; });
        QTRY_VERIFY(bench.offer->source().has_value());
        bench.offer->follow();
        bench.change([](workflow::JobDescription& job) { job.loras.clear(); });
        QVERIFY(!bench.offer->source());
        QVERIFY(bench.offer->taken());
        QCOMPARE(bench.offer->taken()->lora, hyper);

        bench.change([&](workflow::JobDescription& job) { job.loras = { { lightning, 0.8, std::nullopt } }; }); // another takes over
        QTRY_VERIFY(bench.offer->source() && bench.offer->source()->lora == lightning);
        QVERIFY(!bench.offer->isFitting());
        bench.offer->follow();
        QCOMPARE(bench.job().steps, 4);
        bench.change([](workflow::JobDescription& job) { job.loras.clear(); });
        bench.offer->takeBack();
        QCOMPARE(bench.job(), before); // of before the first
        QVERIFY(!bench.offer->taken());
    }
};

QTEST_GUILESS_MAIN(TstFewStepOffer)
#include "tst_few_step_offer.moc"
