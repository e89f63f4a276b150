// Controls in a run: what is in memory when, windows and sums, refusals, cancelling. The pictures themselves: parity_pipelines.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/control/control_net.h"
#include "core/engine/models/control/t2i_adapter.h"
#include "core/engine/models/unet_additions.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/weights.h"
#include "core/engine/pipeline/controls/control.h"
#include "core/engine/runtime/create_engine.h"
#include "tests/parity/control_models.h"
#include "tests/parity/pipeline_models.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <vector>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

const std::filesystem::path kVocabulary = SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt";
constexpr Extent kSize{ 64, 72 };

class CountingObserver : public GenerationObserver {
public:
    std::function<bool(int steps)> stopsAfter = [](int) { return false; };
    std::stop_source stop;
    int loads = 0, steps = 0;

    void onStage(Stage stage, double fraction) override { loads += stage == Stage::Loading && fraction == 0; }
    void onStep(const StepInfo&) override
    {
        if (stopsAfter(++steps)) stop.request_stop();
    }
};

ImageBuffer stripes(int period)
{
    ImageBuffer image(kSize, PixelFormat::Rgb8);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < 3 * kSize.width; ++x) image.row(y)[x] = (y + x / 3) / period % 2 == 0 ? 255 : 0;
    return image;
}

std::filesystem::path model(const std::string& name);
std::filesystem::path controlModel(const std::string& name);

ControlReference control(const std::string& name, double weight = 0.7, ControlType type = ControlType::Line, int period = 8)
{
    return { controlModel(name), {}, type, stripes(period), weight, 0.0, 1.0 };
}

GenerationRequest request(std::vector<ControlReference> controls)
{
    GenerationRequest value;
    value.model.path = model("folder");
    value.prompt = "a house";
    value.size = kSize;
    value.sampling.scheduler = "euler";
    value.sampling.steps = 4;
    value.sampling.guidanceScale = 3.0;
    value.precision = Precision::Float32;
    value.device = "cpu";
    value.controls = std::move(controls);
    return value;
}

double psnr(const ImageBuffer& a, const ImageBuffer& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.sizeInBytes(); ++i) sum += std::pow(static_cast<int>(a.bytes()[i]) - static_cast<int>(b.bytes()[i]), 2);
    return sum == 0 ? 99.0 : 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(a.sizeInBytes()) / sum);
}

QTemporaryDir& work()
{
    static QTemporaryDir folder;
    return folder;
}

std::filesystem::path model(const std::string& name) { return test::pipelineModelPath(name, work().path().toStdString()); }

std::filesystem::path controlModel(const std::string& name) { return test::controlModelPath(name, std::filesystem::path(work().path().toStdString()) / "controls"); }

} // namespace

class TstControls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto made = createEngine({ kVocabulary, 1, 0 });
        QVERIFY(made);
        m_engine = std::move(*made);
    }

    void controlsStayInMemory_untilARequestLacksThem()
    {
        const auto loadsOf = [&](std::vector<ControlReference> controls) {
            CountingObserver observer;
            static_cast<void>(picture(request(std::move(controls)), observer));
            return observer.loads;
        };
        QCOMPARE(loadsOf({}), 1);
        QCOMPARE(loadsOf({ control("cn-xl") }), 1);
        QCOMPARE(loadsOf({ control("cn-xl") }), 0);
        QCOMPARE(loadsOf({ control("cn-xl", 0.2), control("cn-xl", 0.5, ControlType::Depth) }), 0); // one network for both
        QCOMPARE(loadsOf({ control("cn-xl-small"), control("cn-xl") }), 1);
        QCOMPARE(loadsOf({}), 0);
        QCOMPARE(loadsOf({ control("cn-xl") }), 1);
        std::filesystem::last_write_time(controlModel("cn-xl") / "diffusion_pytorch_model.safetensors", std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
        std::filesystem::last_write_time(controlModel("cn-xl"), std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
        QCOMPARE(loadsOf({ control("cn-xl") }), 1); // another file now
        m_engine->releaseModels();
        QCOMPARE(loadsOf({ control("cn-xl") }), 2);
    }

    void controlLora_isMadeAnewForAnotherModel()
    {
        GenerationRequest value = request({ control("cn-xl-lora") });
        CountingObserver first, again, other;
        static_cast<void>(picture(value, first));
        static_cast<void>(picture(value, again));
        value.model.path = model("folder-v");
        static_cast<void>(picture(value, other));
        QCOMPARE(again.loads, 0);
        QCOMPARE(other.loads, 2);
    }

    void withoutEffect_thePictureIsThePlainOne()
    {
        const ImageBuffer plain = picture(request({}));
        QVERIFY(picture(request({ control("cn-xl", 0.0) })) == plain);
        ControlReference late = control("cn-xl");
        late.start = 0.9; // none of four steps begins there
        QVERIFY(picture(request({ late })) == plain);
        QVERIFY(!(picture(request({ control("cn-xl") })) == plain));
    }

    void severalAddUp_inAnyOrder()
    {
        const ControlReference net = control("cn-xl", 0.3), small = control("cn-xl-small", 0.3, ControlType::Depth, 16), adapter = control("t2i-xl", 0.5);
        const ImageBuffer both = picture(request({ net, adapter }));
        QVERIFY(picture(request({ adapter, net })) == both);
        QVERIFY(!(picture(request({ net })) == both));
        QVERIFY(!(picture(request({ adapter })) == both));
        QVERIFY(picture(request({ net, small })) == picture(request({ small, net })));
    }

    void window_isTheReferencesRule()
    {
        ControlReference reference = control("cn-xl", 0.7);
        reference.start = 0.25;
        reference.end = 0.75;
        const ControlWindow window(reference);
        const at::Tensor none;
        std::vector<double> weights;
        for (int call = 0; call < 4; ++call) weights.push_back(window.weightAt({ none, 0, none, none, true, call, 4 }));
        QVERIFY(weights == (std::vector{ 0.0, 0.7, 0.7, 0.0 }));
    }

    void batchImage_equalsItsOwnJob()
    {
        GenerationRequest value = request({ control("union", 0.6), control("union", 0.4, ControlType::Depth) });
        value.sampling.scheduler = "euler_a";
        value.sampling.imageCount = 2;
        const auto outcome = m_engine->generate(value, m_observer, {});
        const auto* result = std::get_if<GenerationResult>(&outcome);
        QVERIFY(result && result->images.size() == 2);
        value.sampling.imageCount = 1;
        value.sampling.seed += 1;
        QVERIFY(picture(value) == result->images[1].pixels);
    }

    void refiner_isNotControlled()
    {
        GenerationRequest value = request({ control("cn-xl") });
        value.refiner = RefinerReference{ { model("refiner"), {} }, 0.6 };
        const ImageBuffer together = picture(value);
        auto small = createEngine({ kVocabulary, 1, 1 }); // one byte: the models change places
        QVERIFY(small);
        const auto outcome = (*small)->generate(value, m_observer, {});
        const auto* result = std::get_if<GenerationResult>(&outcome);
        QVERIFY(result);
        QVERIFY(result->images.front().pixels == together);
        value.controls.front().start = 0.6; // only where the refiner runs
        const ImageBuffer late = picture(value);
        value.controls.clear();
        QVERIFY(picture(value) == late);
    }

    void halfPrecision_staysClose_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : { "cn-xl", "union", "t2i-xl", "cn-xl-small" }) QTest::newRow(name) << QString::fromLatin1(name);
    }
    void halfPrecision_staysClose()
    {
        QFETCH(QString, name);
        GenerationRequest value = request({ control(name.toStdString(), 0.4) });
        const ImageBuffer exact = picture(value);
        value.precision = Precision::BFloat16;
        const double similarity = psnr(exact, picture(value));
        QVERIFY2(similarity > 25.0, qPrintable(QString::number(similarity)));
    }

    void stop_leavesTheNextRunUnharmed()
    {
        const GenerationRequest value = request({ control("cn-xl"), control("t2i-xl") });
        const ImageBuffer expected = picture(value);
        CountingObserver observer;
        observer.stopsAfter = [](int steps) { return steps == 2; };
        QVERIFY(std::holds_alternative<Cancelled>(m_engine->generate(value, observer, observer.stop.get_token())));
        QCOMPARE(observer.steps, 2);
        QVERIFY(picture(value) == expected);
    }

    void networks_stopBeforeTheNextBlock()
    {
        const c10::InferenceMode inference;
        const Weights weights(test::controlSources("cn-xl"), "cn-xl", {});
        const ControlNet network(weights, detectUnetEncoder(weights, { 1, 2, 3 }));
        std::stop_source stop;
        stop.request_stop();
        const at::Tensor sample = at::zeros({ 1, 4, 8, 8 }), context = at::zeros({ 1, 77, 192 }), added = at::zeros({ 1, 256 });
        QVERIFY_THROWS_EXCEPTION(CancelledException, static_cast<void>(network.forward(sample, 10.0, context, added, {}, stop.get_token())));
        std::vector<WeightSource> sources = test::controlSources("t2i-xl");
        for (WeightSource& source : sources) source.name = source.name.substr(8);
        const T2iAdapter adapter(Weights(std::move(sources), "t2i-xl", {}));
        QVERIFY_THROWS_EXCEPTION(CancelledException, static_cast<void>(adapter.forward(at::zeros({ 1, 3, 64, 64 }), stop.get_token())));
    }

    void adapter_takesAnySize()
    {
        const c10::InferenceMode inference;
        std::vector<WeightSource> sources = test::controlSources("t2i-xl");
        for (WeightSource& source : sources) source.name = source.name.substr(8);
        const T2iAdapter adapter(Weights(std::move(sources), "t2i-xl", {}));
        const std::vector<at::Tensor> features = adapter.forward(at::zeros({ 1, 3, 72, 88 }), {});
        // As the UNet halves 9 × 11 latents: 5 × 6, then 3 × 3.
        QVERIFY(features[0].sizes() == at::IntArrayRef({ 1, 32, 5, 6 }));
        QVERIFY(features[3].sizes() == at::IntArrayRef({ 1, 96, 3, 3 }));
        QCOMPARE(picture(request({ control("t2i-xl") })).extent(), kSize); // 72 is no multiple of 16
    }

    void additions_sumPositionByPosition()
    {
        const c10::InferenceMode inference;
        UnetAdditions sum, more;
        more.skips = { {}, at::full({ 1, 2, 1, 1 }, 2.0) };
        more.middle = at::full({ 1, 2 }, 3.0);
        accumulate(sum, more);
        accumulate(sum, more);
        QVERIFY(!sum.skips[0].defined());
        QVERIFY(at::equal(sum.skips[1], at::full({ 1, 2, 1, 1 }, 4.0)));
        QVERIFY(at::equal(more.middle, at::full({ 1, 2 }, 3.0))); // what was added is unharmed
        scale(sum, 0.5);
        QVERIFY(at::equal(sum.middle, more.middle));
    }

    void wrongControls_areRefusedBeforeLoading_data()
    {
        QTest::addColumn<std::function<void(GenerationRequest&)>>("spoil");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* words, std::function<void(GenerationRequest&)> spoil) { QTest::newRow(name) << spoil << QString::fromUtf8(words); };
        row("ControlNet of SD 1.5", "a ControlNet for SD 1.x models; the model \"folder\" is of the family SDXL.", [](auto& r) { r.controls = { control("cn-sd1") }; });
        row("adapter of SD 1.5", "a T2I-Adapter for SD 1.x models", [](auto& r) { r.controls = { control("t2i-light") }; });
        row("ControlNet of SDXL", "a ControlNet for SDXL models", [](auto& r) { r.model.path = model("sd1-folder"); });
        row("other widths", "the width of its prompts is 192", [](auto& r) { r.model.path = test::starterPath(); });
        row("task it does not have", "with 6 tasks; \"tile\" is not among them.", [](auto& r) { r.controls = { control("union", 1.0, ControlType::Tile) }; });
        row("reference", "the type \"reference\" needs an IP-Adapter.", [](auto& r) { r.controls.front().type = ControlType::Reference; });
        row("another kind of file", "is a checkpoint, not a control model; it must be a ControlNet", [](auto& r) { r.controls.front().model = test::starterPath(); });
        row("no such file", "nowhere.safetensors", [](auto& r) { r.controls.front().model = "/nowhere.safetensors"; });
        row("picture of another size", "A control picture is 8×8; the engine needs 8-bit RGB of 64×72.", [](auto& r) { r.controls.front().image = ImageBuffer({ 8, 8 }, PixelFormat::Rgb8); });
        row("weight", "controls.weight is -1; allowed are 0 to 100.", [](auto& r) { r.controls.front().weight = -1; });
        row("window", "controls.end is 0.2; allowed are 0.5 to 1.", [](auto& r) { r.controls.front().start = 0.5, r.controls.front().end = 0.2; });
    }
    void wrongControls_areRefusedBeforeLoading()
    {
        QFETCH(std::function<void(GenerationRequest&)>, spoil);
        QFETCH(QString, words);
        GenerationRequest value = request({ control("cn-xl") });
        spoil(value);
        auto fresh = createEngine({ kVocabulary, 1, 0 });
        QVERIFY(fresh);
        CountingObserver observer;
        const auto outcome = (*fresh)->generate(value, observer, {});
        const Error* error = std::get_if<Error>(&outcome);
        QVERIFY(error);
        const QString message = QString::fromStdString(error->message);
        QVERIFY2(message.contains(words) && message.endsWith(QLatin1Char('.')), qPrintable(message));
        QCOMPARE(observer.loads, 0);
    }

private:
    ImageBuffer picture(const GenerationRequest& value, GenerationObserver& observer)
    {
        auto outcome = m_engine->generate(value, observer, {});
        if (const auto* error = std::get_if<Error>(&outcome)) {
            qWarning("%s", error->message.c_str());
            return {};
        }
        return std::get<GenerationResult>(std::move(outcome)).images.front().pixels;
    }
    ImageBuffer picture(const GenerationRequest& value) { return picture(value, m_observer); }

    GenerationObserver m_observer;
    std::unique_ptr<Engine> m_engine;
};

QTEST_APPLESS_MAIN(TstControls)
#include "tst_controls.moc"
