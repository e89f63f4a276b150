// Runs with networks that look at pictures: what the engine says of them, and that they change nothing they should not.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/ops.h"
#include "core/engine/runtime/create_engine.h"
#include "tests/parity/image_prompts.h"
#include "tests/parity/pipeline_models.h"
#include "tests/parity/vision_models.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

constexpr char kVocabulary[] = SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt";

// A folder with a checker of the tiny encoder; `threshold` is that of every concept: −2 is below every cosine, 2 above.
void writeChecker(const std::filesystem::path& folder, float threshold)
{
    std::filesystem::create_directories(folder);
    const ClipVisionConfig config = test::visionConfig("vision-l");
    std::vector<std::pair<std::string, at::Tensor>> values;
    for (const test::NamedShape& entry : test::visionShapes(config)) values.emplace_back((entry.name.starts_with("vision_model.") ? "vision_model." : "") + entry.name, test::syntheticWeight(entry.name, entry.shape));
    for (const auto& [name, count] : { std::pair{ "special_care_embeds", 3 }, { "concept_embeds", 17 } }) {
        values.emplace_back(name, test::syntheticInput(name, { count, config.projection }));
        values.emplace_back(std::string(name) + "_weights", at::full({ count }, threshold, at::kFloat));
    }
    std::vector<TensorToWrite> tensors;
    for (const auto& [name, value] : values) tensors.push_back({ name, Dtype::F32, value.sizes().vec(), { static_cast<const std::byte*>(value.const_data_ptr()), value.nbytes() } });
    if (!writeSafetensors(folder / "model.safetensors", tensors)) qFatal("The temporary folder cannot be written.");
    std::ofstream(folder / "config.json") << R"({"vision_config": {"hidden_act": "quick_gelu", "num_attention_heads": 4}})";
}

class CountingObserver : public GenerationObserver {
public:
    int flagged = 0;
    std::stop_source stop;
    bool stopsAtDecoding = false;

    void onImage(const GeneratedImage& image) override { flagged += image.isFlagged; }
    void onStage(Stage stage, double) override
    {
        if (stopsAtDecoding && stage == Stage::Decoding) stop.request_stop();
    }
};

} // namespace

class TstVisionRuns : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Engine> m_engine;

    std::filesystem::path path(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }

    GenerationRequest request() const
    {
        GenerationRequest value;
        value.model.path = test::pipelineModelPath("folder", m_folder.path().toStdString());
        value.prompt = "a red house on grass";
        value.size = { 64, 64 };
        value.sampling.scheduler = "euler_a";
        value.sampling.steps = 3;
        value.sampling.guidanceScale = 5.0;
        value.sampling.seed = 7;
        value.sampling.imageCount = 2;
        value.precision = Precision::Float32;
        value.device = "cpu";
        return value;
    }

    GenerationResult run(const GenerationRequest& value)
    {
        GenerationObserver observer;
        GenerationOutcome outcome = m_engine->generate(value, observer, {});
        if (const auto* error = std::get_if<Error>(&outcome)) qWarning("%s", error->message.c_str());
        return std::holds_alternative<GenerationResult>(outcome) ? std::get<GenerationResult>(std::move(outcome)) : GenerationResult{};
    }

    std::string sentenceOf(const GenerationRequest& value)
    {
        GenerationObserver observer;
        const GenerationOutcome outcome = m_engine->generate(value, observer, {});
        const auto* error = std::get_if<Error>(&outcome);
        return error ? error->message : std::string();
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto created = createEngine({ kVocabulary, 1, 0 });
        QVERIFY(created);
        m_engine = std::move(*created);
        writeChecker(path("strict"), -2.0F);
        writeChecker(path("lenient"), 2.0F);
    }

    void checker_flagsAndChangesNothing()
    {
        GenerationRequest value = request();
        const GenerationResult plain = run(value);
        QVERIFY(!plain.safetyCheckerRan && !plain.images.front().isFlagged);
        for (const bool isStrict : { true, false }) {
            value.safetyChecker = path(isStrict ? "strict" : "lenient");
            CountingObserver observer;
            const GenerationOutcome outcome = m_engine->generate(value, observer, {});
            const auto* result = std::get_if<GenerationResult>(&outcome);
            QVERIFY(result && result->safetyCheckerRan);
            QCOMPARE(observer.flagged, isStrict ? 2 : 0);
            for (std::size_t i = 0; i < 2; ++i) {
                QCOMPARE(result->images[i].isFlagged, isStrict);
                QVERIFY(result->images[i].pixels == plain.images[i].pixels);
            }
        }
    }

    void checkerThatIsNone_endsInASentence()
    {
        GenerationRequest value = request();
        value.safetyChecker = path("nowhere");
        QVERIFY(!sentenceOf(value).empty());
        const std::filesystem::path encoder = path("encoder.safetensors");
        test::writeSet(encoder, "vision-l", test::visionShapes(test::visionConfig("vision-l")));
        value.safetyChecker = encoder;
        QCOMPARE(sentenceOf(value), std::string("encoder.safetensors is an image encoder, not a safety checker: concept_embeds is not in it."));
        QVERIFY(!run(request()).images.empty()); // the engine goes on
    }

    void pictureOfNoWeight_isNone()
    {
        const GenerationResult plain = run(request());
        GenerationRequest value = request();
        value.controls = test::imagePrompts("plus,0.8,0,1,50x80", value.model.path, m_folder.path().toStdString());
        const GenerationResult guided = run(value);
        QVERIFY(!guided.images.empty() && !(guided.images.front().pixels == plain.images.front().pixels));
        value.controls.front().weight = 0;
        QVERIFY(run(value).images.front().pixels == plain.images.front().pixels);
        value.controls.front().weight = 0.8;
        value.controls.front().end = 0.2; // shorter than a step of three
        QVERIFY(run(value).images.front().pixels == plain.images.front().pixels);
        value.controls.front().end = 1;
        QVERIFY(run(value).images.back().pixels == guided.images.back().pixels); // what the encoder made of the picture is kept
    }

    void pictureWithTheWrongParts_endsInASentence()
    {
        const std::filesystem::path work = m_folder.path().toStdString();
        GenerationRequest value = request();
        value.controls = test::imagePrompts("plain,0.8,0,1,50x80", value.model.path, work);
        const std::string adapter = value.controls.front().model.filename().string();
        ControlReference& control = value.controls.front();
        control.imageEncoder.clear();
        QCOMPARE(sentenceOf(value), adapter + " is an IP-Adapter, which needs a CLIP image encoder; image_encoder must name one.");
        test::writeSet(path("other.safetensors"), "vision-l", test::visionShapes(test::visionConfig("vision-l")));
        control.imageEncoder = path("other.safetensors");
        QCOMPARE(sentenceOf(value), adapter + " is an IP-Adapter, which reads an embedding of width 80; the image encoder other.safetensors gives 48.");
        control.imageEncoder = test::imageEncoderPath(work);
        control.model = test::ipAdapterPath("plain", 7, test::pipelineModelPath("sd1-folder", work), work);
        QVERIFY(sentenceOf(value).find("for another model") != std::string::npos);
        QVERIFY(!run(request()).images.empty()); // the engine goes on
    }

    void stopWhileLooking_isACancel()
    {
        GenerationRequest value = request();
        value.safetyChecker = path("strict");
        CountingObserver observer;
        observer.stopsAtDecoding = true;
        QVERIFY(std::holds_alternative<Cancelled>(m_engine->generate(value, observer, observer.stop.get_token())));
        QCOMPARE(observer.flagged, 0);
    }
};

QTEST_APPLESS_MAIN(TstVisionRuns)
#include "tst_vision_runs.moc"
