// Model folders, variants, shards, separate VAEs, markers and configs.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sfumato;
using namespace sfumato::engine;
using namespace sfumato::engine::test;

namespace fs = std::filesystem;

namespace {

std::vector<NamedShape> unetTensors(Dtype dtype = Dtype::F16) { return tensorsOf("unet_sdxl_base", 1, 2, dtype); }

std::vector<NamedShape> vaeTensors(Dtype dtype = Dtype::F32)
{
    std::vector<NamedShape> tensors = tensorsOf("vae_kl_f8", 1, 2, dtype);
    for (NamedShape& tensor : tensors) {
        if (tensor.name.find("attentions") != std::string::npos && tensor.shape.size() == 4) tensor.shape.resize(2);
    }
    return tensors;
}

std::vector<NamedShape> clipTensors(Dtype dtype = Dtype::F16) { return tensorsOf("clip_l", 2, 3, dtype); }

// A text encoder with a projection, under transformers names.
std::vector<NamedShape> projectedTensors()
{
    std::vector<NamedShape> tensors = clipTensors();
    tensors.push_back({ "text_projection.weight", { 1280, 768 } });
    return tensors;
}

const char* const kUnetConfig = R"({"_class_name":"UNet2DConditionModel","attention_head_dim":[5,10,20],"num_attention_heads":null,"block_out_channels":[320,640,1280],"sample_size":128})";

} // namespace

class TstModelFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void folder_isReadWithItsConfigs();
    void variant_followsPreference_data();
    void variant_followsPreference();
    void shards_areJoined_data();
    void shards_areJoined();
    void brokenFolder_isRefused_data();
    void brokenFolder_isRefused();
    void missingParts_areStates();
    void refinerFolder_mayCallItsEncoderEitherName();
    void unetFolder_isAModelWithoutTheRest();
    void separateVae_replacesTheModels_data();
    void separateVae_replacesTheModels();
    void separateVae_ofTheWrongKindIsRefused();
    void markers_setThePrediction_data();
    void markers_setThePrediction();
    void metadata_givesTitleAndSize();
    void halfStoredFloat8_keepsItsPrecisionAndHint();
    void loadingOrder_readsForwards();

private:
    void writeFolder();
    [[nodiscard]] fs::path inRoot(const char* name) const { return m_root / name; }
    [[nodiscard]] Result<ModelFiles> openRoot(VariantPreference preference = VariantPreference::Half) const { return ModelFiles::open({ m_root, {} }, preference); }

    QTemporaryDir m_folder;
    fs::path m_root;
};

void TstModelFiles::init()
{
    m_root = fs::path(m_folder.path().toStdString()) / "my model";
    fs::remove_all(m_root);
    fs::create_directory(m_root);
}

void TstModelFiles::writeFolder()
{
    for (const char* part : { "unet", "vae", "text_encoder", "text_encoder_2", "scheduler" }) fs::create_directory(m_root / part);
    writeSparse(inRoot("unet/diffusion_pytorch_model.safetensors"), unetTensors());
    writeSparse(inRoot("vae/diffusion_pytorch_model.safetensors"), vaeTensors());
    writeSparse(inRoot("text_encoder/model.safetensors"), clipTensors());
    writeSparse(inRoot("text_encoder_2/model.safetensors"), projectedTensors());
    writeBytes(inRoot("unet/config.json"), kUnetConfig);
    writeBytes(inRoot("vae/config.json"), R"({"scaling_factor":0.4643,"force_upcast":false,"latents_mean":null})");
    writeBytes(inRoot("text_encoder/config.json"), R"({"hidden_act":"quick_gelu","num_attention_heads":12})");
    writeBytes(inRoot("text_encoder_2/config.json"), R"({"hidden_act":"gelu","num_attention_heads":20})");
    writeBytes(inRoot("scheduler/scheduler_config.json"), R"({"_class_name":"EulerDiscreteScheduler","prediction_type":"v_prediction","rescale_betas_zero_snr":true})");
    writeBytes(inRoot("model_index.json"), R"({"_class_name":"StableDiffusionXLPipeline","force_zeros_for_empty_prompt":false,"unet":["diffusers","UNet2DConditionModel"]})");
}

void TstModelFiles::folder_isReadWithItsConfigs()
{
    writeFolder();
    const Result<ModelFiles> files = openRoot();
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QVERIFY(files->info().family == ModelFamily::Sdxl);
    QCOMPARE(files->info().title, std::string("my model"));
    QCOMPARE(files->info().nativeSize, (Extent{ 1024, 1024 }));
    QVERIFY(files->info().prediction == PredictionType::VPrediction && files->info().zeroTerminalSnr);
    QVERIFY(files->checkComplete());
    const ModelHints& hints = files->hints();
    QVERIFY((hints.attentionHeads == std::vector<std::int64_t>{ 5, 10, 20 }));
    QCOMPARE(hints.vaeScalingFactor, 0.4643);
    QVERIFY(!hints.vaeForceUpcast && !hints.forceZerosForEmptyPrompt);
    QVERIFY((hints.textHeads == std::array<std::int64_t, 2>{ 12, 20 }));
    QCOMPARE(files->tensors(Component::Unet).size(), std::size_t(1680));
    QCOMPARE(files->tensors(Component::Vae).size(), std::size_t(248));
    QCOMPARE(files->tensors(Component::TextEncoder2).size(), std::size_t(197));
    QCOMPARE(files->fileName(Component::Unet), std::string("unet/diffusion_pytorch_model.safetensors"));
    QCOMPARE(files->fileName(Component::TextEncoder2), std::string("text_encoder_2/model.safetensors"));
}

void TstModelFiles::variant_followsPreference_data()
{
    QTest::addColumn<QStringList>("present");
    QTest::addColumn<bool>("half");
    QTest::addColumn<QString>("chosen");
    const QString plain = QStringLiteral("diffusion_pytorch_model.safetensors"), fp16 = QStringLiteral("diffusion_pytorch_model.fp16.safetensors"),
                  bf16 = QStringLiteral("diffusion_pytorch_model.bf16.safetensors"), fp32 = QStringLiteral("diffusion_pytorch_model.fp32.safetensors");
    QTest::newRow("both, half") << QStringList{ plain, fp16 } << true << fp16;
    QTest::newRow("both, full") << QStringList{ plain, fp16 } << false << plain;
    QTest::newRow("fp16 alone, full") << QStringList{ fp16 } << false << fp16;
    QTest::newRow("plain alone, half") << QStringList{ plain } << true << plain;
    QTest::newRow("bf16 and plain, half") << QStringList{ bf16, plain } << true << bf16;
    QTest::newRow("fp32 and bf16, full") << QStringList{ fp32, bf16 } << false << fp32;
}

void TstModelFiles::variant_followsPreference()
{
    QFETCH(QStringList, present);
    QFETCH(bool, half);
    QFETCH(QString, chosen);
    fs::create_directory(m_root / "unet");
    for (const QString& name : present) writeSparse(m_root / "unet" / name.toStdString(), unetTensors());
    const Result<ModelFiles> files = openRoot(half ? VariantPreference::Half : VariantPreference::Float32);
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QCOMPARE(QString::fromStdString(files->fileName(Component::Unet)), QStringLiteral("unet/") + chosen);
}

void TstModelFiles::shards_areJoined_data()
{
    QTest::addColumn<QByteArray>("index");
    QTest::addColumn<QByteArray>("shard");
    QTest::newRow("plain") << QByteArray("diffusion_pytorch_model.safetensors.index.json") << QByteArray("diffusion_pytorch_model-0000%1-of-00002.safetensors");
    QTest::newRow("variant before the extension") << QByteArray("diffusion_pytorch_model.fp16.safetensors.index.json")
                                                  << QByteArray("diffusion_pytorch_model.fp16-0000%1-of-00002.safetensors");
    QTest::newRow("variant after the index") << QByteArray("diffusion_pytorch_model.safetensors.index.fp16.json")
                                             << QByteArray("diffusion_pytorch_model-0000%1-of-00002.fp16.safetensors");
}

void TstModelFiles::shards_areJoined()
{
    QFETCH(QByteArray, index);
    QFETCH(QByteArray, shard);
    fs::create_directory(m_root / "unet");
    std::vector<NamedShape> halves[2];
    std::string map;
    const std::vector<NamedShape> tensors = unetTensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const std::size_t half = i % 2;
        halves[half].push_back(tensors[i]);
        map += (map.empty() ? "\"" : ",\"") + tensors[i].name + "\":\"" + QString::fromLatin1(shard).arg(half + 1).toStdString() + '"';
    }
    for (std::size_t half = 0; half < 2; ++half) writeSparse(m_root / "unet" / QString::fromLatin1(shard).arg(half + 1).toStdString(), halves[half]);
    writeBytes(m_root / "unet" / index.toStdString(), R"({"metadata":{"total_size":5134927368},"weight_map":{)" + map + "}}");
    const Result<ModelFiles> files = openRoot();
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QCOMPARE(files->tensors(Component::Unet).size(), std::size_t(1680));
    QCOMPARE(files->unmapped(Component::Unet).size(), std::size_t(0));
    QCOMPARE(files->fileName(Component::Unet), "unet/" + index.toStdString());
    QCOMPARE(files->info().parameterCount, std::uint64_t(2'567'463'684));

    fs::remove(m_root / "unet" / QString::fromLatin1(shard).arg(2).toStdString());
    const Result<ModelFiles> incomplete = openRoot();
    QVERIFY(!incomplete);
    QVERIFY(incomplete.error().code == ErrorCode::FileNotFound);
    QVERIFY(incomplete.error().message.starts_with(QString::fromLatin1(shard).arg(2).toStdString() + " does not exist"));
}

void TstModelFiles::brokenFolder_isRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char* name, const char* file, const char* content, const char* message) {
        QTest::newRow(name) << QByteArray(file) << QByteArray(content) << QByteArray(message);
    };
    row("config is no JSON", "unet/config.json", "{", "unet/config.json is not valid JSON");
    row("config twice the same name", "vae/config.json", R"({"a":1,"a":2})", "\"a\" given twice");
    row("scheduler predicts flows", "scheduler/scheduler_config.json", R"({"prediction_type":"flow_prediction"})", "my model asks for the prediction type \"flow_prediction\"");
    row("scheduler of EDM", "scheduler/scheduler_config.json", R"({"_class_name":"EDMEulerScheduler"})", "EDM noise levels");
    row("latents normalised by channel", "vae/config.json", R"({"latents_mean":[0,0,0,0]})", "Playground");
    row("weights damaged", "vae/diffusion_pytorch_model.safetensors", "damaged", "diffusion_pytorch_model.safetensors is damaged");
    row("weights a web page", "text_encoder/model.safetensors", "<!doctype html>", "model.safetensors is a web page");
    row("index without a map", "unet/diffusion_pytorch_model.fp16.safetensors.index.json", "{}", "no weight_map");
    row("index that leaves its folder", "unet/diffusion_pytorch_model.fp16.safetensors.index.json", R"({"weight_map":{"a":"../vae/diffusion_pytorch_model.safetensors"}})", "something else than a file beside it");
    row("index with an absolute path", "unet/diffusion_pytorch_model.fp16.safetensors.index.json", R"({"weight_map":{"a":"/etc/passwd"}})", "something else than a file beside it");
    row("index that lies", "unet/diffusion_pytorch_model.fp16.safetensors.index.json", R"({"weight_map":{"absent":"diffusion_pytorch_model.safetensors"}})", "which lacks it");
    row("UNet of another family", "unet/diffusion_pytorch_model.fp16.safetensors", "", "is empty");
}

void TstModelFiles::brokenFolder_isRefused()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, message);
    writeFolder();
    writeBytes(m_root / file.toStdString(), content.toStdString());
    const Result<ModelFiles> files = openRoot();
    QVERIFY(!files);
    QVERIFY2(files.error().message.find(message.toStdString()) != std::string::npos, files.error().message.c_str());
    QVERIFY(files.error().message.ends_with('.') && files.error().message.find('\n') == std::string::npos);
}

void TstModelFiles::missingParts_areStates()
{
    const Result<ModelFiles> empty = openRoot();
    QVERIFY(!empty);
    QVERIFY2(empty.error().message.starts_with("my model is a folder without a model"), empty.error().message.c_str());
    writeFolder();
    fs::remove_all(m_root / "text_encoder_2");
    fs::remove(inRoot("vae/diffusion_pytorch_model.safetensors"));
    const Result<ModelFiles> files = openRoot();
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QVERIFY(!files->has(Component::Vae) && !files->info().hasVae && !files->info().hasTextEncoders && files->has(Component::TextEncoder));
    const Result<void> complete = files->checkComplete();
    QVERIFY(!complete);
    QVERIFY2(complete.error().message.find("it has no second text encoder (OpenCLIP bigG) and VAE.") != std::string::npos, complete.error().message.c_str());
    writeBytes(inRoot("vae/diffusion_pytorch_model.bin"), "\x80\x02}.");
    const Result<ModelFiles> pickled = openRoot();
    QVERIFY(!pickled);
    QVERIFY2(pickled.error().message.starts_with("diffusion_pytorch_model.bin can hold programs"), pickled.error().message.c_str());
}

void TstModelFiles::refinerFolder_mayCallItsEncoderEitherName()
{
    for (const char* name : { "text_encoder", "text_encoder_2" }) {
        fs::remove_all(m_root);
        fs::create_directories(m_root / "unet");
        fs::create_directories(m_root / name);
        writeSparse(inRoot("unet/diffusion_pytorch_model.safetensors"), tensorsOf("unet_sdxl_refiner", 1, 2));
        writeSparse(m_root / name / "model.safetensors", projectedTensors());
        writeBytes(m_root / name / "config.json", R"({"hidden_act":"gelu","num_attention_heads":20})");
        writeBytes(inRoot("model_index.json"), R"({"requires_aesthetics_score":true,"force_zeros_for_empty_prompt":false})");
        const Result<ModelFiles> files = openRoot();
        QVERIFY2(files, files ? "" : files.error().message.c_str());
        QVERIFY(files->info().family == ModelFamily::SdxlRefiner);
        QVERIFY(!files->has(Component::TextEncoder) && files->info().hasTextEncoders);
        QCOMPARE(files->tensors(Component::TextEncoder2).size(), std::size_t(197));
        QCOMPARE(files->hints().textHeads[1], std::int64_t(20));
        QVERIFY(files->hints().requiresAestheticsScore);
    }
}

void TstModelFiles::unetFolder_isAModelWithoutTheRest()
{
    writeSparse(inRoot("diffusion_pytorch_model.safetensors"), unetTensors());
    writeBytes(inRoot("config.json"), kUnetConfig);
    const Result<ModelFiles> files = openRoot();
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QCOMPARE(files->fileName(Component::Unet), std::string("diffusion_pytorch_model.safetensors"));
    QVERIFY(!files->has(Component::Vae) && !files->has(Component::TextEncoder));
    QCOMPARE(files->hints().attentionHeads.size(), std::size_t(3));
    writeSparse(inRoot("diffusion_pytorch_model.safetensors"), vaeTensors());
    QVERIFY(!openRoot());
}

void TstModelFiles::separateVae_replacesTheModels_data()
{
    QTest::addColumn<QByteArray>("kind");
    for (const char* kind : { "bare", "prefixed", "diffusers names", "folder", "pipeline folder", "checkpoint" }) QTest::newRow(kind) << QByteArray(kind);
}

void TstModelFiles::separateVae_replacesTheModels()
{
    QFETCH(QByteArray, kind);
    writeFolder();
    const fs::path other = m_root.parent_path() / "other";
    fs::remove_all(other);
    fs::path vae = other;
    std::vector<NamedShape> tensors = tensorsOf("vae_kl_f8", 0, 2);
    if (kind == "folder" || kind == "pipeline folder") {
        const fs::path at = kind == "folder" ? other : other / "vae";
        fs::create_directories(at);
        writeSparse(at / "diffusion_pytorch_model.fp16.safetensors", vaeTensors(Dtype::F16));
        writeBytes(at / "config.json", R"({"scaling_factor":0.25,"force_upcast":false})");
    } else {
        fs::create_directories(other);
        vae = other / "sdxl_vae.safetensors";
        if (kind == "diffusers names") tensors = vaeTensors();
        if (kind == "checkpoint") {
            const std::vector<NamedShape> unet = tensorsOf("unet_sdxl_base", 0, 2);
            tensors.insert(tensors.end(), unet.begin(), unet.end());
        }
        if (kind == "bare") {
            for (NamedShape& tensor : tensors) tensor.name.erase(0, std::string_view("first_stage_model.").size());
            tensors.push_back({ "loss.logvar", {} });
        }
        writeSparse(vae, tensors);
    }
    const Result<ModelFiles> files = ModelFiles::open({ m_root, vae });
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QCOMPARE(files->tensors(Component::Vae).size(), std::size_t(248));
    QCOMPARE(files->unmapped(Component::Vae).size(), std::size_t(0));
    QVERIFY(files->fileName(Component::Vae).find(kind.endsWith("folder") ? "diffusion_pytorch_model.fp16.safetensors" : "sdxl_vae.safetensors") != std::string::npos);
    QVERIFY(files->tensors(Component::Vae).front().file->path().string().starts_with(other.string()));
    // Not the factor of the VAE that was replaced.
    QCOMPARE(files->hints().vaeScalingFactor, kind.endsWith("folder") ? 0.25 : 0.13025);
    QCOMPARE(files->hints().vaeForceUpcast, !kind.endsWith("folder"));
}

void TstModelFiles::separateVae_ofTheWrongKindIsRefused()
{
    writeFolder();
    const fs::path wrong = m_root / "wrong.safetensors";
    writeSparse(wrong, clipTensors());
    const Result<ModelFiles> text = ModelFiles::open({ m_root, wrong });
    QVERIFY(!text);
    QCOMPARE(text.error().message, std::string("wrong.safetensors is a text encoder, not a VAE."));
    std::vector<NamedShape> encoder = vaeTensors();
    std::erase_if(encoder, [](const NamedShape& tensor) { return tensor.name.starts_with("decoder."); });
    writeSparse(wrong, encoder);
    const Result<ModelFiles> half = ModelFiles::open({ m_root, wrong });
    QVERIFY(!half);
    QVERIFY(half.error().code == ErrorCode::UnsupportedModel);
    QVERIFY(!ModelFiles::open({ m_root, m_root / "absent.safetensors" }));
}

void TstModelFiles::markers_setThePrediction_data()
{
    QTest::addColumn<QStringList>("markers");
    QTest::addColumn<QString>("named");
    QTest::addColumn<QString>("sidecar");
    QTest::addColumn<bool>("velocity");
    QTest::addColumn<bool>("zeroTerminal");
    const QString none;
    const QString velocityYaml = QStringLiteral("model:\n  params:\n    parameterization: \"v\"\n");
    QTest::newRow("nothing") << QStringList{} << none << none << false << false;
    QTest::newRow("v_pred") << QStringList{ QStringLiteral("v_pred") } << none << none << true << false;
    QTest::newRow("v_pred and ztsnr") << QStringList{ QStringLiteral("v_pred"), QStringLiteral("ztsnr") } << none << none << true << true;
    QTest::newRow("ztsnr alone") << QStringList{ QStringLiteral("ztsnr") } << none << none << false << false;
    QTest::newRow("ModelSpec v") << QStringList{} << QStringLiteral("v") << none << true << false;
    QTest::newRow("ModelSpec epsilon") << QStringList{} << QStringLiteral("epsilon") << none << false << false;
    QTest::newRow("sidecar v") << QStringList{} << none << velocityYaml << true << false;
    QTest::newRow("sidecar without it") << QStringList{} << none << QStringLiteral("model: {}\n") << false << false;
    QTest::newRow("sidecar against ModelSpec") << QStringList{} << QStringLiteral("epsilon") << velocityYaml << true << false;
}

void TstModelFiles::markers_setThePrediction()
{
    QFETCH(QStringList, markers);
    QFETCH(QString, named);
    QFETCH(QString, sidecar);
    QFETCH(bool, velocity);
    QFETCH(bool, zeroTerminal);
    std::vector<NamedShape> tensors = tensorsOf("unet_sdxl_base", 0, 2);
    for (const QString& marker : markers) tensors.push_back({ marker.toStdString(), { 0 } });
    writeSparse(inRoot("model.safetensors"), tensors, named.isEmpty() ? std::map<std::string, std::string>{} : std::map<std::string, std::string>{ { "modelspec.prediction_type", named.toStdString() } });
    if (!sidecar.isEmpty()) writeBytes(inRoot("model.yaml"), sidecar.toStdString());
    const Result<ModelFiles> files = ModelFiles::open({ inRoot("model.safetensors"), {} });
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QCOMPARE(files->hints().prediction == PredictionType::VPrediction, velocity);
    QCOMPARE(files->info().prediction == PredictionType::VPrediction, velocity);
    QCOMPARE(files->hints().zeroTerminalSnr, zeroTerminal);
    QCOMPARE(files->unmapped(Component::Unet).size() + files->strayNames().size(), std::size_t(0));
}

void TstModelFiles::metadata_givesTitleAndSize()
{
    const fs::path path = inRoot("file name.safetensors");
    writeSparse(path, tensorsOf("unet_sd15", 0, 2));
    QCOMPARE(ModelFiles::open({ path, {} })->info().title, std::string("file name"));
    writeSparse(path, tensorsOf("unet_sd15", 0, 2), { { "modelspec.title", "Tiny <b>model</b>" }, { "modelspec.resolution", "768x640" }, { "modelspec.description", "About it" } });
    const Result<ModelFiles> files = ModelFiles::open({ path, {} });
    QCOMPARE(files->info().title, std::string("Tiny <b>model</b>"));
    QCOMPARE(files->info().description, std::string("About it"));
    QCOMPARE(files->info().nativeSize, (Extent{ 768, 640 }));
    for (const char* odd : { "", "x", "1024", "1024x", "0x0", "-64x64", "99999x99999", "1024x1024x3", "1024 x 1024" }) {
        writeSparse(path, tensorsOf("unet_sd15", 0, 2), { { "modelspec.resolution", odd } });
        QCOMPARE(ModelFiles::open({ path, {} })->info().nativeSize, (Extent{ 512, 512 }));
    }
}

void TstModelFiles::halfStoredFloat8_keepsItsPrecisionAndHint()
{
    std::vector<NamedShape> tensors = tensorsOf("unet_sdxl_base", 0, 2);
    for (NamedShape& tensor : tensors) {
        if (tensor.shape.size() > 1) tensor.dtype = Dtype::F8E4M3;
    }
    tensors.push_back({ "model.diffusion_model.scaled_fp8", { 2 }, Dtype::F8E4M3 });
    tensors.push_back({ "model.diffusion_model.input_blocks.4.1.proj_in.scale_weight", {}, Dtype::F32 });
    writeSparse(inRoot("fp8.safetensors"), tensors);
    const Result<ModelFiles> files = ModelFiles::open({ inRoot("fp8.safetensors"), {} });
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QCOMPARE(files->info().precision, std::string("F8_E4M3"));
    QVERIFY(files->hints().scaledFloat8);
    const auto isScale = [](const MappedTensor& tensor) { return tensor.name == "down_blocks.1.attentions.0.proj_in.scale_weight"; };
    QVERIFY(std::any_of(files->tensors(Component::Unet).begin(), files->tensors(Component::Unet).end(), isScale));
    QCOMPARE(files->unmapped(Component::Unet).size(), std::size_t(0));
    for (std::size_t i = 0; i < tensors.size(); i += 2) tensors[i].dtype = Dtype::F32;
    writeSparse(inRoot("fp8.safetensors"), tensors);
    QCOMPARE(ModelFiles::open({ inRoot("fp8.safetensors"), {} })->info().precision, std::string("mixed"));
}

void TstModelFiles::loadingOrder_readsForwards()
{
    std::vector<NamedShape> tensors = tensorsOf("unet_sd15", 0, 2);
    std::reverse(tensors.begin(), tensors.end());
    writeSparse(inRoot("model.safetensors"), tensors);
    const Result<ModelFiles> files = ModelFiles::open({ inRoot("model.safetensors"), {} });
    QVERIFY(files);
    std::uint64_t at = 0;
    for (const MappedTensor& tensor : files->tensors(Component::Unet)) {
        QVERIFY(tensor.entry->begin >= at);
        at = tensor.entry->begin;
    }
}

QTEST_APPLESS_MAIN(TstModelFiles)
#include "tst_model_files.moc"
