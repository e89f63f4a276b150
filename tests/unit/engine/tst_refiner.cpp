// Two models in one run: what is in memory when, progress, refusals, and that none of it shows in the picture. The pictures themselves: parity_pipelines.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/engine_error.h"
#include "core/engine/pipeline/added_condition.h"
#include "core/engine/runtime/create_engine.h"
#include "core/engine/runtime/request_check.h"
#include "tests/parity/pipeline_models.h"

#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <functional>
#include <memory>
#include <vector>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

const std::filesystem::path kVocabulary = SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt";
constexpr std::uint64_t kNoRoom = 1; // byte: two models never fit

double psnr(const ImageBuffer& a, const ImageBuffer& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.sizeInBytes(); ++i) sum += std::pow(static_cast<int>(a.bytes()[i]) - static_cast<int>(b.bytes()[i]), 2);
    return sum == 0 ? 99.0 : 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(a.sizeInBytes()) / sum);
}

// Counts what it is told; requests a stop when `when` says so.
class RecordingObserver : public GenerationObserver {
public:
    std::function<bool(const RecordingObserver&)> when = [](const RecordingObserver&) { return false; };
    std::stop_source stop;
    int loads = 0, encodings = 0, previews = 0;
    std::vector<StepInfo> steps;
    std::vector<int> images;

    void onStage(Stage stage, double fraction) override
    {
        loads += stage == Stage::Loading && fraction == 0;
        encodings += stage == Stage::Encoding;
        check();
    }
    void onStep(const StepInfo& info) override
    {
        steps.push_back(info);
        check();
    }
    void onPreview(int, const ImageBuffer&) override { ++previews; }
    void onImage(const GeneratedImage& image) override { images.push_back(image.index); }

private:
    void check()
    {
        if (when(*this)) stop.request_stop();
    }
};

} // namespace

class TstRefiner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_engine = makeEngine(0);
        QVERIFY(m_engine);
    }

    void swappedModels_giveTheSamePictures()
    {
        GenerationRequest value = request();
        value.sampling.scheduler = "euler_a";
        value.sampling.imageCount = 3;
        RecordingObserver together, apart;
        const GenerationResult both = run(*m_engine, value, together);
        const auto engine = makeEngine(kNoRoom);
        const GenerationResult swapped = run(*engine, value, apart);
        QCOMPARE(both.images.size(), std::size_t{ 3 });
        QCOMPARE(swapped.images.size(), std::size_t{ 3 });
        for (std::size_t k = 0; k < 3; ++k) QVERIFY(both.images[k].pixels == swapped.images[k].pixels);
        QVERIFY(together.images == (std::vector{ 0, 1, 2 }) && apart.images == together.images);
        // Beside each other each picture is finished before the next; otherwise the models change places once.
        QCOMPARE(together.steps[static_cast<std::size_t>(value.sampling.steps)].imageIndex, 1);
        QCOMPARE(apart.steps.back().imageIndex, 2);
        QCOMPARE(together.steps.size(), apart.steps.size());
        QCOMPARE(apart.loads, 2);

        GenerationRequest second = value;
        second.sampling.imageCount = 1;
        second.sampling.seed += 1;
        QVERIFY(run(*m_engine, second).images[0].pixels == both.images[1].pixels);
    }

    // The base model finishes its step; the refiner begins with a whole one.
    void samplersOfSeveralCalls_handOverBetweenSteps()
    {
        for (const char* name : { "heun", "dpm2_a", "dpmpp_sde", "pndm" }) {
            GenerationRequest value = request();
            value.sampling.scheduler = name;
            RecordingObserver observer;
            const GenerationResult result = run(*m_engine, value, observer);
            QCOMPARE(result.images.size(), std::size_t{ 1 });
            QCOMPARE(static_cast<int>(observer.steps.size()), value.sampling.steps);
            QCOMPARE(observer.steps.back().step, observer.steps.back().stepCount);
        }
    }

    void memoryHoldsTheModelsOfTheLastRequest()
    {
        const auto loadsOf = [](Engine& engine, const GenerationRequest& value) {
            RecordingObserver observer;
            static_cast<void>(run(engine, value, observer));
            return observer.loads;
        };
        const auto engine = makeEngine(0);
        GenerationRequest plain = request();
        plain.refiner.reset();
        QCOMPARE(loadsOf(*engine, request()), 2);
        QCOMPARE(loadsOf(*engine, request()), 0);
        QCOMPARE(loadsOf(*engine, plain), 0); // the base is there; the refiner goes
        QCOMPARE(loadsOf(*engine, request()), 1);
        GenerationRequest other = request();
        other.model.path = model("folder");
        QCOMPARE(loadsOf(*engine, other), 1); // the refiner stays beside another base
        const auto small = makeEngine(kNoRoom);
        QCOMPARE(loadsOf(*small, request()), 2);
        QCOMPARE(loadsOf(*small, request()), 2);
    }

    void progress_countsTheStepsOfBoth_data()
    {
        QTest::addColumn<QString>("scheduler");
        QTest::newRow("one call a step") << QStringLiteral("euler");
        QTest::newRow("two calls a step") << QStringLiteral("heun");
        QTest::newRow("own noise") << QStringLiteral("dpmpp_sde_karras");
    }
    void progress_countsTheStepsOfBoth()
    {
        QFETCH(QString, scheduler);
        GenerationRequest value = imageRequest(0.6);
        value.sampling.scheduler = scheduler.toStdString();
        value.previews = true;
        RecordingObserver observer;
        const GenerationResult result = run(*m_engine, value, observer);
        QCOMPARE(observer.steps.size(), std::size_t{ 6 });
        for (std::size_t k = 0; k < observer.steps.size(); ++k) {
            QCOMPARE(observer.steps[k].step, static_cast<int>(k) + 1);
            QCOMPARE(observer.steps[k].stepCount, 6);
        }
        QCOMPARE(observer.previews, 5);
        QCOMPARE(observer.encodings, 2);
        value.previews = false;
        QVERIFY(run(*m_engine, value).images[0].pixels == result.images[0].pixels);
    }

    void halfPrecision_staysCloseToTheExactPicture_data()
    {
        QTest::addColumn<int>("precision");
        QTest::addColumn<bool>("isSd15");
        QTest::newRow("two models, bfloat16") << static_cast<int>(Precision::BFloat16) << false;
        QTest::newRow("two models, float16") << static_cast<int>(Precision::Float16) << false;
        QTest::newRow("SD 1.5, bfloat16") << static_cast<int>(Precision::BFloat16) << true;
        QTest::newRow("SD 1.5, float16") << static_cast<int>(Precision::Float16) << true;
    }
    void halfPrecision_staysCloseToTheExactPicture()
    {
        QFETCH(int, precision);
        QFETCH(bool, isSd15);
        GenerationRequest value = imageRequest(0.5);
        if (isSd15) {
            value.model.path = model("sd1-single");
            value.refiner.reset();
        }
        const GenerationResult exact = run(*m_engine, value);
        value.precision = static_cast<Precision>(precision);
        const GenerationResult rounded = run(*m_engine, value);
        QVERIFY(rounded.precision != exact.precision);
        const double similarity = psnr(exact.images[0].pixels, rounded.images[0].pixels);
        QVERIFY2(similarity > 25.0, qPrintable(QString::number(similarity)));
    }

    void strengthBelowTheSwitch_isTheRefinerAlone()
    {
        GenerationRequest both = imageRequest(0.3);
        both.refiner->switchAt = 0.1;
        GenerationRequest alone = both;
        alone.model = { model("refiner"), test::starterPath() }; // with the base model's autoencoder
        alone.refiner.reset();
        QVERIFY(run(*m_engine, both).images[0].pixels == run(*m_engine, alone).images[0].pixels);
    }

    void refinerWithoutAStep_isAWarning()
    {
        GenerationRequest value = request();
        value.sampling.steps = 4;
        value.sampling.scheduler = "euler_trailing";
        value.refiner->switchAt = 0.9;
        const GenerationResult result = run(*m_engine, value);
        QCOMPARE(result.warnings.size(), std::size_t{ 1 });
        QCOMPARE(result.warnings[0], std::string("The refiner had nothing to do: none of the 4 steps lies after its switch_at."));
        value.refiner.reset();
        QVERIFY(run(*m_engine, value).images[0].pixels == result.images[0].pixels);
    }

    void stopBetweenTheModels_leavesTheNextRunUnharmed_data()
    {
        QTest::addColumn<quint64>("budget");
        QTest::newRow("beside each other") << quint64{ 0 };
        QTest::newRow("one after the other") << quint64{ kNoRoom };
    }
    void stopBetweenTheModels_leavesTheNextRunUnharmed()
    {
        QFETCH(quint64, budget);
        const auto engine = makeEngine(budget);
        const ImageBuffer expected = run(*m_engine, request()).images[0].pixels;
        for (const int encodings : { 1, 2 }) {
            RecordingObserver observer;
            observer.when = [encodings](const RecordingObserver& seen) { return seen.encodings == encodings; };
            QVERIFY(std::holds_alternative<Cancelled>(engine->generate(request(), observer, observer.stop.get_token())));
            QVERIFY(observer.images.empty());
        }
        QVERIFY(run(*engine, request()).images[0].pixels == expected);
    }

    void wrongModels_areRefusedBeforeLoading_data()
    {
        QTest::addColumn<std::function<void(GenerationRequest&)>>("spoil");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* field, const char* words, std::function<void(GenerationRequest&)> spoil) {
            QTest::newRow(name) << spoil << QString::fromUtf8(field) << QString::fromUtf8(words);
        };
        row("refiner from text", "mode", "needs a picture to begin with", [](auto& r) { r.model.path = model("refiner"), r.refiner.reset(); });
        row("refiner of SD 1.5", "refiner", "only an SDXL model can hand over", [](auto& r) { r.model.path = model("sd1-single"); });
        row("refiner of a refiner", "refiner", "only an SDXL model can hand over", [](auto& r) { r = imageRequest(0.5), r.model.path = model("refiner"); });
        row("SD 1.5 as refiner", "refiner", "of the family SD 1.x; it must be an SDXL refiner or another SDXL model.", [](auto& r) { r.refiner->model.path = model("sd1-single"); });
        row("inpainting model as refiner", "refiner", "9 input channels; it must have 4.", [](auto& r) { r.refiner->model.path = model("folder-inpaint"); });
        row("switch at 0", "refiner.switch_at", "is 0; it must be more than 0 and less than 1.", [](auto& r) { r.refiner->switchAt = 0; });
        row("switch at 1", "refiner.switch_at", "is 1; it must be more than 0 and less than 1.", [](auto& r) { r.refiner->switchAt = 1; });
        row("no such refiner", "/nowhere/refiner.safetensors", "refiner.safetensors", [](auto& r) { r.refiner->model.path = "/nowhere/refiner.safetensors"; });
    }
    void wrongModels_areRefusedBeforeLoading()
    {
        QFETCH(std::function<void(GenerationRequest&)>, spoil);
        QFETCH(QString, field);
        QFETCH(QString, words);
        GenerationRequest value = request();
        spoil(value);
        RecordingObserver observer;
        const auto outcome = makeEngine(0)->generate(value, observer, {});
        const Error* error = std::get_if<Error>(&outcome);
        QVERIFY(error);
        const QString message = QString::fromStdString(error->message);
        QVERIFY2(message.contains(words) && message.endsWith(QLatin1Char('.')), qPrintable(message));
        QCOMPARE(QString::fromStdString(error->detail), field);
        QCOMPARE(observer.loads, 0);
    }

    void sizeNumbers_areInTheReferencesOrder()
    {
        const SizeConditioning sizes{ { 640, 480 }, 16, 8, { 1280, 960 } }; // extents are width × height, the numbers height first
        QVERIFY(sizeNumbers(sizes) == (std::vector<float>{ 480, 640, 16, 8, 960, 1280 }));
        QVERIFY(scoredSizeNumbers(sizes, 2.5) == (std::vector<float>{ 480, 640, 16, 8, 2.5F }));
        const c10::InferenceMode inference;
        const at::Tensor pooled = at::zeros({ 1, 64 }, at::kFloat);
        QCOMPARE(addedCondition(pooled, scoredSizeNumbers(sizes, 6.0), 64 + 5 * 32).size(1), std::int64_t{ 224 });
        QVERIFY_THROWS_EXCEPTION(EngineException, static_cast<void>(addedCondition(pooled, sizeNumbers(sizes), 64 + 5 * 32)));
    }

private:
    static std::filesystem::path model(const char* name) { return test::pipelineModelPath(name, m_work->path().toStdString()); }

    static std::unique_ptr<Engine> makeEngine(std::uint64_t memoryBudget)
    {
        auto engine = createEngine({ kVocabulary, 1, memoryBudget });
        return engine ? std::move(engine).value() : nullptr;
    }

    static GenerationRequest request()
    {
        GenerationRequest value;
        value.model.path = test::starterPath();
        value.refiner = RefinerReference{ { model("refiner"), {} }, 0.6 };
        value.prompt = "a red house on grass, a blue sky";
        value.size = { 64, 64 };
        value.sampling.scheduler = "euler";
        value.sampling.steps = 6;
        value.sampling.guidanceScale = 5.0;
        value.sampling.seed = 7;
        value.precision = Precision::Float32;
        value.device = "cpu";
        return value;
    }

    static GenerationRequest imageRequest(double strength)
    {
        GenerationRequest value = request();
        value.mode = GenerationMode::ImageToImage;
        value.image = ImageBuffer(value.size, PixelFormat::Rgb8);
        for (int y = 0; y < value.size.height; ++y)
            for (int x = 0; x < value.size.width; ++x)
                for (int c = 0; c < 3; ++c) value.image.row(y)[3 * x + c] = static_cast<std::uint8_t>(40 * c + 2 * (y > 32 ? x : y));
        value.sampling.steps = 10;
        value.sampling.strength = strength;
        return value;
    }

    static GenerationResult run(Engine& engine, const GenerationRequest& value, GenerationObserver& observer)
    {
        auto outcome = engine.generate(value, observer, {});
        if (const auto* error = std::get_if<Error>(&outcome)) {
            qWarning("%s", error->message.c_str());
            return { { GeneratedImage{} }, {}, {}, {}, false, {}, {} };
        }
        return std::get<GenerationResult>(std::move(outcome));
    }
    static GenerationResult run(Engine& engine, const GenerationRequest& value)
    {
        RecordingObserver observer;
        return run(engine, value, observer);
    }

    inline static const std::unique_ptr<QTemporaryDir> m_work = std::make_unique<QTemporaryDir>();
    std::unique_ptr<Engine> m_engine;
};

QTEST_APPLESS_MAIN(TstRefiner)
#include "tst_refiner.moc"
