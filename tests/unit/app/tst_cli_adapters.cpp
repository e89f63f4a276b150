// LoRAs and embeddings of a job, through the program, with the engine and the starter model.
// SPDX-License-Identifier: Apache-2.0
#include "cli_process.h"

#include "core/engine/io/model_files.h"
#include "core/engine/io/safetensors_writer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace sfumato;
using testing::CliResult;
using testing::runCli;

namespace {

// Numbers without meaning, different everywhere.
std::vector<float> numbers(std::size_t count, float gain)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = gain * std::sin(0.37F * static_cast<float>(i % 1'000'003));
    return values;
}

struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    float gain = 1;
};

void write(const QString& path, const std::vector<Tensor>& tensors)
{
    std::vector<std::vector<float>> values;
    std::vector<engine::TensorToWrite> entries;
    for (const Tensor& tensor : tensors) {
        std::size_t count = 1;
        for (const std::int64_t side : tensor.shape) count *= static_cast<std::size_t>(side);
        values.push_back(numbers(count, tensor.gain));
        entries.push_back({ tensor.name, engine::Dtype::F32, tensor.shape, std::as_bytes(std::span(values.back())) });
    }
    QVERIFY(engine::writeSafetensors(path.toStdString(), entries));
}

} // namespace

class TstCliAdapters : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    CliResult run(const QByteArray& fields)
    {
        return runCli({ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out"), QStringLiteral("out"), QStringLiteral("--overwrite") }, m_folder.path(),
            R"({"prompt": "a sfumo house", "steps": 2, "seed": 3, "format": "png", "image_size": "square_hd")" + fields + '}');
    }
    QByteArray picture() const
    {
        QFile file(m_folder.filePath(QStringLiteral("out/1.png")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    // The pixels alone: the recipe differs between jobs.
    QByteArray pixels() const
    {
        const QByteArray file = picture();
        QByteArray data;
        for (qsizetype at = file.indexOf("IDAT"); at >= 0; at = file.indexOf("IDAT", at + 4)) {
            quint32 length = 0;
            for (int i = 0; i < 4; ++i) length = length << 8U | static_cast<quint8>(file[at - 4 + i]);
            data += file.mid(at + 4, length);
        }
        return data;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto files = engine::ModelFiles::open({ SFUMATO_SOURCE_DIR "/resources/models/starter/starter.safetensors", {} });
        QVERIFY(files);
        const auto shapeOf = [&](engine::Component component, const char* name) { return std::ranges::find(files->tensors(component), name, &engine::MappedTensor::name)->shape; };
        const auto value = shapeOf(engine::Component::Unet, "mid_block.attentions.0.transformer_blocks.0.attn2.to_v.weight");
        const std::string layer = "lora_unet_middle_block_1_transformer_blocks_0_attn2_to_v";
        write(m_folder.filePath(QStringLiteral("some.safetensors")), { { layer + ".lora_down.weight", { 4, value[1] } }, { layer + ".lora_up.weight", { value[0], 4 } }, { "lora_unet_elsewhere.lora_down.weight", { 4, 8 } }, { "lora_unet_elsewhere.lora_up.weight", { 8, 4 } } });
        write(m_folder.filePath(QStringLiteral("foreign.safetensors")), { { "lora_unet_elsewhere.lora_down.weight", { 4, 8 } }, { "lora_unet_elsewhere.lora_up.weight", { 8, 4 } } });
        const auto first = shapeOf(engine::Component::TextEncoder, "text_model.embeddings.token_embedding.weight"), second = shapeOf(engine::Component::TextEncoder2, "text_model.embeddings.token_embedding.weight");
        write(m_folder.filePath(QStringLiteral("sfumo.safetensors")), { { "clip_l", { 2, first[1] } }, { "clip_g", { 2, second[1] } } });
        write(m_folder.filePath(QStringLiteral("other.safetensors")), { { "emb_params", { 2, 700 } } });
    }

    void aLoraChangesThePicture_andIsReported()
    {
        QCOMPARE(run({}).exitCode, 0);
        const QByteArray plain = pixels();
        QVERIFY(!plain.isEmpty());
        const auto result = run(R"(, "loras": [{"path": "some.safetensors", "scale": 1.5}])");
        const auto json = result.json();
        QCOMPARE(json["status"].get<std::string>(), std::string("success"));
        QCOMPARE(json["loras"].dump(), std::string(R"([{"path":"some.safetensors","applied_layers":1,"total_layers":2,"unmatched":["lora_unet_elsewhere"]}])"));
        QVERIFY(pixels() != plain);
        QVERIFY(picture().contains("<lora:some:1.5>")); // as other programs read it
        QCOMPARE(run(R"(, "loras": [{"path": "some.safetensors", "scale": 0}])").exitCode, 0);
        QVERIFY(pixels() == plain);
    }

    void inspect_countsWhatALoraWouldApplyTo()
    {
        const auto inspect = [this](const QStringList& more) {
            return runCli(QStringList{ QStringLiteral("inspect"), QStringLiteral("some.safetensors"), QStringLiteral("--json"), QStringLiteral("--no-hash") } + more, m_folder.path());
        };
        const auto result = inspect({ QStringLiteral("--model"), QStringLiteral("starter") });
        QCOMPARE(result.exitCode, 0);
        auto json = result.json();
        QCOMPARE(json["kind"].get<std::string>(), std::string("lora"));
        json["applies_to"].erase("model");
        QCOMPARE(json["applies_to"].dump(), std::string(R"({"applied_layers":1,"total_layers":2,"unmatched":["lora_unet_elsewhere"]})"));
        QVERIFY(!inspect({}).json().contains("applies_to"));
        const auto missing = inspect({ QStringLiteral("--model"), QStringLiteral("no-such-model") });
        QCOMPARE(missing.exitCode, 1);
        QVERIFY(missing.messages.contains("model was given as \"no-such-model\""));
    }

    void linesOfOneRun_doNotLeakIntoEachOther()
    {
        const QByteArray line = R"({"prompt": "a tree", "steps": 2, "seed": 3, "format": "png", "image_size": "square_hd")";
        const auto result = runCli({ QStringLiteral("run"), QStringLiteral("jobs.jsonl"), QStringLiteral("--out"), QStringLiteral("lines") }, [&] {
            QFile file(m_folder.filePath(QStringLiteral("jobs.jsonl")));
            if (file.open(QIODevice::WriteOnly)) file.write(line + "}\n" + line + R"(, "loras": [{"path": "some.safetensors"}]})" "\n" + line + "}\n");
            return m_folder.path(); }());
        QCOMPARE(result.exitCode, 0);
        const auto bytes = [this](int number) {
            QFile file(m_folder.filePath(QStringLiteral("lines/%1.png").arg(number)));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QVERIFY(bytes(1) == bytes(3));
        QVERIFY(bytes(1) != bytes(2));
    }

    void whatCannotBeApplied_isRefused_data()
    {
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("missing file") << QByteArray(R"(, "loras": [{"path": "some.safetensors"}, {"path": "none.safetensors"}])") << QStringLiteral("loras[1].path")
                                      << QStringLiteral("loras[1].path was given as \"none.safetensors\"; there is no such file.");
        QTest::newRow("no layer fits") << QByteArray(R"(, "loras": [{"path": "foreign.safetensors"}])") << QString()
                                       << QStringLiteral("foreign.safetensors does not fit starter.safetensors: none of its 1 layers can be applied (\"lora_unet_elsewhere\": the model has no such layer).");
        QTest::newRow("not a LoRA") << QByteArray(R"(, "loras": [{"path": "sfumo.safetensors"}])") << QString()
                                    << QStringLiteral("sfumo.safetensors holds no LoRA: none of its tensors has a name that LoRAs and their relatives use.");
        QTest::newRow("missing embedding") << QByteArray(R"(, "embeddings": [{"path": "none"}])") << QStringLiteral("embeddings[0].path")
                                           << QStringLiteral("embeddings[0].path was given as \"none\"; there is no such file.");
        QTest::newRow("another model's embedding") << QByteArray(R"(, "embeddings": [{"path": "other.safetensors"}])") << QString()
                                                   << QStringLiteral("other.safetensors is an embedding for another base model; this model's text encoders need vectors of ");
        QTest::newRow("not an embedding") << QByteArray(R"(, "embeddings": [{"path": "some.safetensors"}])") << QString() << QStringLiteral("some.safetensors is no embedding: it holds the tensor ");
    }

    void whatCannotBeApplied_isRefused()
    {
        QFETCH(QByteArray, fields);
        QFETCH(QString, field);
        QFETCH(QString, sentence);
        const auto result = run(fields);
        QCOMPARE(result.exitCode, 1);
        const auto json = result.json();
        const QString message = QString::fromStdString(json["error"]["message"].get<std::string>());
        QVERIFY2(message.startsWith(sentence), qPrintable(message));
        if (!field.isEmpty()) QCOMPARE(QString::fromStdString(json["error"]["field"].get<std::string>()), field);
    }

    void anEmbeddingStandsForItsWord()
    {
        QCOMPARE(run({}).exitCode, 0);
        const QByteArray plain = pixels();
        const auto result = run(R"(, "embeddings": [{"path": "sfumo.safetensors"}])");
        QVERIFY2(result.exitCode == 0, result.output.constData());
        const QByteArray named = pixels();
        QVERIFY(named != plain);
        QCOMPARE(run(R"(, "embeddings": [{"path": "sfumo.safetensors", "token": "unused"}])").exitCode, 0);
        QVERIFY(pixels() == plain);
        QCOMPARE(run(R"(, "embeddings": [{"path": "sfumo.safetensors", "token": "house"}])").exitCode, 0);
        QVERIFY(pixels() != plain && pixels() != named);
    }
};

QTEST_GUILESS_MAIN(TstCliAdapters)
#include "tst_cli_adapters.moc"
