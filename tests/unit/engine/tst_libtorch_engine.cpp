// The engine on the starter model: the same bytes again and again, cancelling, errors, tiles.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/create_engine.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <set>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

const std::filesystem::path kStarter = SFUMATO_SOURCE_DIR "/resources/models/starter/starter.safetensors";
const std::filesystem::path kVocabulary = SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt";

// Requests a stop when `when` says so; counts what it is told.
class StoppingObserver : public GenerationObserver {
public:
    std::function<bool(Stage, int step)> when = [](Stage, int) { return false; };
    std::stop_source stop;
    int steps = 0, previews = 0, images = 0;
    std::set<Stage> stages;

    void onStage(Stage stage, double) override
    {
        stages.insert(stage);
        check(stage, steps);
    }
    void onStep(const StepInfo&) override
    {
        ++steps;
        check(Stage::Sampling, steps);
    }
    void onPreview(int, const ImageBuffer&) override { ++previews; }
    void onImage(const GeneratedImage&) override { ++images; }

private:
    void check(Stage stage, int step)
    {
        if (when(stage, step)) stop.request_stop();
    }
};

GenerationRequest request(int steps = 3)
{
    GenerationRequest value;
    value.model.path = kStarter;
    value.prompt = "a red house on grass, a blue sky";
    value.size = { 64, 64 };
    value.sampling.scheduler = "euler_a";
    value.sampling.steps = steps;
    value.sampling.guidanceScale = 5.0;
    value.sampling.seed = 7;
    value.precision = Precision::Float32;
    return value;
}

GenerationRequest inpaintRequest()
{
    GenerationRequest value = request(4);
    value.mode = GenerationMode::Inpainting;
    value.image = ImageBuffer(value.size, PixelFormat::Rgb8);
    value.mask = ImageBuffer(value.size, PixelFormat::Gray8);
    for (int y = 0; y < value.size.height; ++y)
        for (int x = 0; x < value.size.width; ++x) {
            for (int c = 0; c < 3; ++c) value.image.row(y)[3 * x + c] = static_cast<std::uint8_t>(y < 32 ? 200 : 60 + 40 * c);
            value.mask.row(y)[x] = x > 16 && x < 48 && y > 16 && y < 52 ? 255 : 0;
        }
    value.sampling.strength = 0.9;
    return value;
}

double psnr(const ImageBuffer& a, const ImageBuffer& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.sizeInBytes(); ++i) sum += std::pow(static_cast<int>(a.bytes()[i]) - static_cast<int>(b.bytes()[i]), 2);
    return sum == 0 ? 99.0 : 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(a.sizeInBytes()) / sum);
}

} // namespace

class TstLibtorchEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_engine = makeEngine({});
        QVERIFY(m_engine);
        m_reference = run(request());
    }

    void model_isDescribedFromItsHeader()
    {
        const auto info = m_engine->describeModel({ kStarter, {} });
        QVERIFY2(info, info ? "" : info.error().message.c_str());
        QCOMPARE(info->family, ModelFamily::Sdxl);
        QCOMPARE(info->inputChannels, 4);
        QVERIFY(info->nativeSize.width >= 128 && info->hasVae && info->hasTextEncoders);
        QVERIFY(info->parameterCount > 1'000'000);
    }

    void sameRequest_givesTheSameBytes() { QVERIFY(run(request()).images[0].pixels == m_reference.images[0].pixels); }

    // Outside its interval guidance is as good as a scale of 1; inside it is what it is without one; partly it is neither.
    void guidanceInterval_runsTheConditionalBranchAloneOutside()
    {
        GenerationRequest outside = request(), alone = request(), everywhere = request(), partly = request();
        outside.sampling.guidanceLowest = 1000.0;
        alone.sampling.guidanceScale = 1.0;
        everywhere.sampling.guidanceHighest = 100.0;
        partly.sampling.guidanceHighest = 1.5;
        QVERIFY(run(outside).images[0].pixels == run(alone).images[0].pixels);
        QVERIFY(run(everywhere).images[0].pixels == m_reference.images[0].pixels);
        const ImageBuffer mixed = run(partly).images[0].pixels;
        QVERIFY(mixed != m_reference.images[0].pixels && mixed != run(alone).images[0].pixels);
    }

    void freshEngine_givesTheSameBytes()
    {
        const auto other = makeEngine({});
        NoObserver observer;
        const auto outcome = other->generate(request(), observer, {});
        QVERIFY(std::get<GenerationResult>(outcome).images[0].pixels == m_reference.images[0].pixels);
    }

    // What people count are steps, however many calls a sampler makes of each; the mask is blended in after every call.
    void stepsOfSeveralCalls_areReportedOnce_data()
    {
        QTest::addColumn<QByteArray>("scheduler");
        for (const char* name : { "heun", "dpm2_a", "dpmpp_sde_karras", "pndm", "restart" }) QTest::newRow(name) << QByteArray(name);
    }
    void stepsOfSeveralCalls_areReportedOnce()
    {
        QFETCH(QByteArray, scheduler);
        for (GenerationRequest value : { request(), inpaintRequest() }) {
            value.sampling.scheduler = scheduler.toStdString();
            value.sampling.strength = 0.9;
            value.previews = true;
            StoppingObserver observer;
            const auto outcome = m_engine->generate(value, observer, {});
            QVERIFY(std::holds_alternative<GenerationResult>(outcome));
            QCOMPARE(observer.steps, 3); // all of 3, and 3 of 4
            QCOMPARE(observer.previews, 2);
        }
    }

    void previews_changeNothing()
    {
        GenerationRequest value = request();
        value.previews = true;
        StoppingObserver observer;
        const auto outcome = m_engine->generate(value, observer, {});
        QVERIFY(std::get<GenerationResult>(outcome).images[0].pixels == m_reference.images[0].pixels);
        QCOMPARE(observer.previews, 2); // one after each step but the last
        QCOMPARE(observer.steps, 3);
        QCOMPARE(observer.images, 1);
    }

    void imageOfABatch_equalsAJobOfOne()
    {
        GenerationRequest batch = request();
        batch.sampling.imageCount = 3;
        const GenerationResult all = run(batch);
        QCOMPARE(all.images.size(), std::size_t{ 3 });
        for (int k = 0; k < 3; ++k) {
            GenerationRequest single = request();
            single.sampling.seed += static_cast<std::uint64_t>(k);
            const auto& image = all.images[static_cast<std::size_t>(k)];
            QCOMPARE(image.seed, single.sampling.seed);
            QVERIFY(run(single).images[0].pixels == image.pixels);
        }
        QVERIFY(!(all.images[0].pixels == all.images[1].pixels));
    }

    void stop_endsTheRunAndTheNextIsUnharmed_data()
    {
        QTest::addColumn<int>("stage");
        QTest::addColumn<int>("step");
        QTest::newRow("encoding") << static_cast<int>(Stage::Encoding) << 0;
        QTest::newRow("first step") << static_cast<int>(Stage::Sampling) << 1;
        QTest::newRow("second step") << static_cast<int>(Stage::Sampling) << 2;
        QTest::newRow("decoding") << static_cast<int>(Stage::Decoding) << 3;
    }
    void stop_endsTheRunAndTheNextIsUnharmed()
    {
        QFETCH(int, stage);
        QFETCH(int, step);
        StoppingObserver observer;
        observer.when = [&](Stage at, int done) { return static_cast<int>(at) == stage && done >= step; };
        const auto outcome = m_engine->generate(request(), observer, observer.stop.get_token());
        QVERIFY(std::holds_alternative<Cancelled>(outcome));
        QCOMPARE(observer.steps, step);
        QCOMPARE(observer.images, 0);
        QVERIFY(run(request()).images[0].pixels == m_reference.images[0].pixels);
    }

    void stopWhileLoading_leavesNoHalfModel()
    {
        m_engine->releaseModels();
        StoppingObserver observer;
        int reports = 0;
        observer.when = [&](Stage at, int) { return at == Stage::Loading && ++reports == 40; };
        QVERIFY(std::holds_alternative<Cancelled>(m_engine->generate(request(), observer, observer.stop.get_token())));
        QVERIFY(!observer.stages.contains(Stage::Encoding));
        QVERIFY(run(request()).images[0].pixels == m_reference.images[0].pixels);
    }

    void stopBeforeTheStart_doesNothing()
    {
        StoppingObserver observer;
        observer.stop.request_stop();
        QVERIFY(std::holds_alternative<Cancelled>(m_engine->generate(request(), observer, observer.stop.get_token())));
        QVERIFY(observer.stages.empty());
    }

    void everyPrecision_givesNearlyTheSamePicture_data()
    {
        QTest::addColumn<int>("precision");
        QTest::newRow("bfloat16") << static_cast<int>(Precision::BFloat16);
        QTest::newRow("float16") << static_cast<int>(Precision::Float16);
    }
    void everyPrecision_givesNearlyTheSamePicture()
    {
        QFETCH(int, precision);
        GenerationRequest value = inpaintRequest();
        const GenerationResult exact = run(value);
        value.precision = static_cast<Precision>(precision);
        const GenerationResult rounded = run(value);
        QVERIFY(rounded.precision != exact.precision);
        QVERIFY2(psnr(exact.images[0].pixels, rounded.images[0].pixels) > 25.0, "the two precisions differ too much");
    }

    void softMask_staysCloserToThePictureThanAHardOne()
    {
        GenerationRequest value = inpaintRequest();
        const double hard = psnr(run(value).images[0].pixels, value.image);
        for (std::size_t i = 0; i < value.mask.sizeInBytes(); ++i)
            if (value.mask.bytes()[i] == std::byte{ 255 }) value.mask.bytes()[i] = std::byte{ 90 };
        QVERIFY(psnr(run(value).images[0].pixels, value.image) > hard);
    }

    void shortMemory_decodesInTiles()
    {
        GenerationRequest value = request(1);
        value.size = { 576, 64 };
        const ImageBuffer whole = run(value).images[0].pixels;
        const auto small = makeEngine({ kVocabulary, 0, 1 });
        NoObserver observer;
        const auto outcome = small->generate(value, observer, {});
        const ImageBuffer& tiled = std::get<GenerationResult>(outcome).images[0].pixels;
        QVERIFY(!(tiled == whole));                                                           // it did work in tiles …
        QVERIFY2(psnr(tiled, whole) > 24.0, qPrintable(QString::number(psnr(tiled, whole)))); // … with no more than the tone shift of group norms per tile
    }

    void longPrompts_useMoreThanOneChunk()
    {
        GenerationRequest value = request(1);
        const ImageBuffer before = run(value).images[0].pixels;
        for (int i = 0; i < 40; ++i) value.prompt += ", a green tree on grass";
        QVERIFY(!(run(value).images[0].pixels == before));
    }

    void errors_areSentences_data()
    {
        QTest::addColumn<std::function<void(GenerationRequest&)>>("spoil");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, ErrorCode code, std::function<void(GenerationRequest&)> spoil) { QTest::newRow(name) << spoil << static_cast<int>(code); };
        row("no such file", ErrorCode::FileNotFound, [](auto& r) { r.model.path = "/nowhere/model.safetensors"; });
        row("not a model", ErrorCode::FileUnreadable, [](auto& r) { r.model.path = SFUMATO_SOURCE_DIR "/README.md"; });
        row("no such device", ErrorCode::InvalidRequest, [](auto& r) { r.device = "cuda:77"; });
        row("no such VAE", ErrorCode::FileNotFound, [](auto& r) { r.model.vae = "/nowhere/vae.safetensors"; });
    }
    void errors_areSentences()
    {
        QFETCH(std::function<void(GenerationRequest&)>, spoil);
        QFETCH(int, code);
        GenerationRequest value = request();
        spoil(value);
        NoObserver observer;
        const auto outcome = m_engine->generate(value, observer, {});
        const Error* error = std::get_if<Error>(&outcome);
        QVERIFY(error);
        QVERIFY2(static_cast<int>(error->code) == code, error->message.c_str());
        QVERIFY2(error->message.ends_with('.') || error->message.ends_with(')'), error->message.c_str());
        QVERIFY(run(request()).images[0].pixels == m_reference.images[0].pixels);
    }

    void devices_beginWithTheProcessor()
    {
        const auto devices = m_engine->devices();
        QVERIFY(!devices.empty());
        QCOMPARE(devices[0].name, std::string("cpu"));
        QVERIFY(devices[0].memoryInBytes > 0);
    }

private:
    class NoObserver : public GenerationObserver {
    };

    static std::unique_ptr<Engine> makeEngine(EngineOptions options)
    {
        options.vocabularyPath = kVocabulary;
        auto engine = createEngine(options);
        return engine ? std::move(engine).value() : nullptr;
    }

    GenerationResult run(const GenerationRequest& value)
    {
        NoObserver observer;
        auto outcome = m_engine->generate(value, observer, {});
        if (const auto* error = std::get_if<Error>(&outcome)) {
            qWarning("%s", error->message.c_str());
            return { { GeneratedImage{} }, {}, {}, {}, false, {}, {} };
        }
        return std::get<GenerationResult>(std::move(outcome));
    }

    std::unique_ptr<Engine> m_engine;
    GenerationResult m_reference;
};

QTEST_APPLESS_MAIN(TstLibtorchEngine)
#include "tst_libtorch_engine.moc"
