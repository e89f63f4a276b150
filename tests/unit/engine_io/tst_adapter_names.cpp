// Names of LoRA layers: every layer of the published UNets under every naming scheme finds its weight.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_file.h"
#include "core/engine/io/adapters/adapter_targets.h"
#include "core/engine/io/adapters/embedding_file.h"
#include "core/engine/io/names/weight_names.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace sfumato;
using namespace sfumato::engine;
using test::NamedShape;

namespace {

std::string withoutSuffix(std::string name)
{
    for (const std::string_view suffix : { ".weight", ".bias" })
        if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    return name;
}

std::string flattened(std::string name)
{
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

} // namespace

class TstAdapterNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyUnetLayer_underEveryScheme_data();
    void everyUnetLayer_underEveryScheme();
    void textEncoderLayers_underEveryScheme();
    void oneFile_mayMixSchemes();
    void suffixes_tellTheRole_data();
    void suffixes_tellTheRole();
    void layers_areTakenApart();
    void peftMetadata_givesTheScale();
    void filesWithoutAdapters_areRefused();
    void embeddings_findTheirEncoder();

private:
    std::filesystem::path path(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }
    ModelFiles open(const std::vector<NamedShape>& tensors) const;

    QTemporaryDir m_folder;
};

ModelFiles TstAdapterNames::open(const std::vector<NamedShape>& tensors) const
{
    test::writeSparse(path("model.safetensors"), tensors);
    return ModelFiles::open({ path("model.safetensors"), {} }).value();
}

void TstAdapterNames::everyUnetLayer_underEveryScheme_data()
{
    QTest::addColumn<QByteArray>("unet");
    QTest::addColumn<int>("nameColumn");
    for (const char* unet : { "unet_sdxl_base", "unet_sdxl_refiner", "unet_sd15" }) {
        QTest::addRow("%s, single file", unet) << QByteArray(unet) << 0;
        QTest::addRow("%s, diffusers names", unet) << QByteArray(unet) << 1;
    }
}

void TstAdapterNames::everyUnetLayer_underEveryScheme()
{
    QFETCH(QByteArray, unet);
    QFETCH(int, nameColumn);
    std::vector<NamedShape> tensors = test::tensorsOf(unet.toStdString(), static_cast<std::size_t>(nameColumn), 2);
    for (NamedShape& tensor : tensors)
        if (nameColumn == 1) tensor.name.insert(0, "unet.");
    const ModelFiles files = open(tensors);
    const AdapterTargets targets(files);
    int layers = 0;
    for (const std::vector<std::string>& row : test::weightNameRows(unet.toStdString())) {
        const std::string single = withoutSuffix(row[0].substr(std::string_view("model.diffusion_model.").size())), diffusers = withoutSuffix(row[1]);
        const AdapterTarget expected{ Component::Unet, diffusers };
        std::vector<std::string> names{ "lora_unet_" + flattened(single), "lora_unet_" + flattened(diffusers), "lycoris_" + flattened(diffusers), "unet." + diffusers, diffusers,
            "base_model.model." + diffusers, "diffusion_model." + single, "model.diffusion_model." + single };
        if (diffusers.ends_with("attn1.to_q")) names.push_back("unet." + diffusers.substr(0, diffusers.size() - 4) + "processor.to_q");
        if (diffusers.ends_with("attn2.to_out.0")) names.push_back(diffusers.substr(0, diffusers.size() - 8) + "processor.to_out");
        for (const std::string& name : names) {
            const AdapterTarget* const target = targets.find(name);
            QVERIFY2(target && *target == expected, (name + " for " + diffusers).c_str());
        }
        ++layers;
    }
    QVERIFY(layers > 600);
    QVERIFY(!targets.find("lora_unet_input_blocks_99_1_proj_in"));
    QVERIFY(!targets.find(""));
}

void TstAdapterNames::textEncoderLayers_underEveryScheme()
{
    std::vector<NamedShape> tensors = test::tensorsOf("unet_sdxl_base", 1, 2);
    for (NamedShape& tensor : tensors) tensor.name.insert(0, "unet.");
    for (const auto& [prefix, width] : { std::pair<std::string, std::int64_t>{ "text_encoder.", 768 }, { "text_encoder_2.", 1280 } }) {
        tensors.push_back({ prefix + "text_model.embeddings.token_embedding.weight", { 49408, width } });
        tensors.push_back({ prefix + "text_model.encoder.layers.3.self_attn.q_proj.weight", { width, width } });
        tensors.push_back({ prefix + "text_projection.weight", { width, width } });
    }
    const Result<ModelFiles> files = (test::writeSparse(path("model.safetensors"), tensors), ModelFiles::open({ path("model.safetensors"), {} }));
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    const AdapterTargets targets(*files);
    const std::string query = "text_model.encoder.layers.3.self_attn.q_proj";
    for (const auto& [component, names] : { std::pair{ Component::TextEncoder, std::vector<std::string>{ "lora_te1_text_model_encoder_layers_3_self_attn_q_proj", "text_encoder." + query, "text_encoders.clip_l.transformer." + query, "text_encoder.text_model.encoder.layers.3.self_attn.to_q", "text_encoder.encoder.layers.3.self_attn.q_proj" } },
             std::pair{ Component::TextEncoder2, std::vector<std::string>{ "lora_te2_text_model_encoder_layers_3_self_attn_q_proj", "text_encoder_2." + query, "text_encoders.clip_g.transformer." + query } } }) {
        for (const std::string& name : names) {
            const AdapterTarget* const target = targets.find(name);
            QVERIFY2(target && *target == (AdapterTarget{ component, query }), name.c_str());
        }
    }
    QVERIFY(!targets.find("lora_te_text_model_encoder_layers_3_self_attn_q_proj")); // of a model with one encoder
    QVERIFY(targets.find("lora_te2_text_projection"));
}

void TstAdapterNames::oneFile_mayMixSchemes()
{
    const ModelFiles files = open(test::tensorsOf("unet_sdxl_base", 0, 2));
    const AdapterTargets targets(files);
    test::writeSparse(path("mixed.safetensors"),
        { { "lora_unet_input_blocks_4_1_proj_in.lora_down.weight", { 4, 640 } }, { "lora_unet_input_blocks_4_1_proj_in.lora_up.weight", { 640, 4 } },
            { "lora_unet_down_blocks_1_attentions_1_proj_in.lora_down.weight", { 4, 640 } }, { "lora_unet_down_blocks_1_attentions_1_proj_in.lora_up.weight", { 640, 4 } },
            { "unet.mid_block.attentions.0.proj_in.lora_A.weight", { 4, 1280 } }, { "unet.mid_block.attentions.0.proj_in.lora_B.weight", { 1280, 4 } } });
    const auto adapter = AdapterFile::open(path("mixed.safetensors"));
    QVERIFY(adapter);
    std::set<std::string> found;
    for (const AdapterLayer& layer : adapter->layers()) {
        const AdapterTarget* const target = targets.find(layer.name);
        QVERIFY2(target, layer.name.c_str());
        const auto weight = std::ranges::find(files.tensors(Component::Unet), target->parameter + ".weight", &MappedTensor::name);
        QCOMPARE(adapterMisfit(layer, weight->shape), std::string());
        found.insert(target->parameter);
    }
    QCOMPARE(found, (std::set<std::string>{ "down_blocks.1.attentions.0.proj_in", "down_blocks.1.attentions.1.proj_in", "mid_block.attentions.0.proj_in" }));
}

void TstAdapterNames::suffixes_tellTheRole_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("layer");
    QTest::addColumn<int>("role");
    const auto row = [](const char* name, const char* layer, AdapterRole role) { QTest::newRow(name) << QByteArray(name) << QByteArray(layer) << static_cast<int>(role); };
    row("lora_unet_x.lora_down.weight", "lora_unet_x", AdapterRole::Down);
    row("unet.x.to_q.lora_A.default.weight", "unet.x.to_q", AdapterRole::Down);
    row("unet.x.attn1.processor.to_q_lora.up.weight", "unet.x.attn1.processor.to_q", AdapterRole::Up);
    row("text_encoder.q_proj.lora_linear_layer.down.weight", "text_encoder.q_proj", AdapterRole::Down);
    row("x.lora_magnitude_vector.default.weight", "x", AdapterRole::Magnitude);
    row("x.w_norm", "x", AdapterRole::Diff);
    row("x.weight", "x", AdapterRole::Ia3Weight);
    row("x.alpha", "x", AdapterRole::Alpha);
}

void TstAdapterNames::suffixes_tellTheRole()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, layer);
    QFETCH(int, role);
    const std::string text = name.toStdString(); // the parts are views of it
    const auto parsed = parseAdapterName(text);
    QVERIFY(parsed);
    QCOMPARE(std::string(parsed->layer), layer.toStdString());
    QCOMPARE(static_cast<int>(parsed->role), role);
    QVERIFY(!parseAdapterName("model.diffusion_model.out.2.bias"));
    QVERIFY(!parseAdapterName(".alpha"));
}

void TstAdapterNames::layers_areTakenApart()
{
    test::writeSparse(path("parts.safetensors"), { { "a.lora_down.weight", { 4, 8 } }, { "a.lora_up.weight", { 8, 4 } }, { "b.lora_down.weight", { 4, 8 } }, { "c.oft_blocks", { 2, 4, 4 } }, { "d.oft_blocks", { 2, 2, 4, 4 } }, { "e.weight", { 8 } }, { "e.on_input", {}, Dtype::I64 }, { "f.weight", { 8 } }, { "stray", { 3 } }, { "bundle_emb.word.clip_l", { 2, 768 } }, { "bundle_emb.word.clip_g", { 2, 1280 } } });
    const auto adapter = AdapterFile::open(path("parts.safetensors"));
    QVERIFY(adapter);
    std::vector<AdapterKind> kinds;
    for (const AdapterLayer& layer : adapter->layers()) kinds.push_back(layer.kind);
    using enum AdapterKind;
    QCOMPARE(kinds, (std::vector{ Lora, None, Oft, Boft, Ia3, None }));
    QCOMPARE(adapter->strayNames(), std::vector<std::string>{ "stray" });
    const auto bundled = EmbeddingFile::bundledWith(*adapter);
    QCOMPARE(bundled.size(), std::size_t(1));
    QCOMPARE(bundled.front().word, std::string("word"));
    QCOMPARE(embeddingPart(bundled.front(), false, 1280, 768).vectors, 2);
    QCOMPARE(adapterMisfit(adapter->layers()[0], { 8, 8 }), std::string());
    QCOMPARE(adapterMisfit(adapter->layers()[0], { 8, 9 }), std::string("its change is 8 × 8, the weight 8 × 9"));
    QVERIFY(!adapterMisfit(adapter->layers()[1], { 8, 8 }).empty());
    QCOMPARE(adapterMisfit(adapter->layers()[2], { 9, 8 }), std::string("it turns 8 outputs, the weight has 9"));
}

void TstAdapterNames::peftMetadata_givesTheScale()
{
    const std::vector<NamedShape> tensors{ { "unet.a.to_q.lora_A.weight", { 4, 8 } }, { "unet.a.to_q.lora_B.weight", { 8, 4 } }, { "unet.b.to_k.lora_A.weight", { 16, 8 } }, { "unet.b.to_k.lora_B.weight", { 8, 16 } } };
    const auto scales = [&](const std::string& metadata) {
        test::writeSparse(path("peft.safetensors"), tensors, { { "lora_adapter_metadata", metadata } });
        std::vector<double> all;
        const auto adapter = AdapterFile::open(path("peft.safetensors"));
        for (const AdapterLayer& layer : adapter->layers()) all.push_back(layer.scale.value_or(-1));
        return all;
    };
    QCOMPARE(scales(R"({"unet.lora_alpha": 8, "unet.r": 4})"), (std::vector{ 2.0, 0.5 }));
    QCOMPARE(scales(R"({"unet.lora_alpha": 8, "unet.use_rslora": true})"), (std::vector{ 4.0, 2.0 }));
    QCOMPARE(scales(R"({"unet.lora_alpha": 8, "unet.alpha_pattern": {"b.to_k": 16}})"), (std::vector{ 2.0, 1.0 }));
    QCOMPARE(scales(R"({"text_encoder.lora_alpha": 8})"), (std::vector{ -1.0, -1.0 }));
    QCOMPARE(scales("not JSON"), (std::vector{ -1.0, -1.0 }));
}

void TstAdapterNames::filesWithoutAdapters_areRefused()
{
    test::writeSparse(path("plain.safetensors"), { { "some.weight", { 4, 8 } }, { "other", { 2 } } });
    const auto adapter = AdapterFile::open(path("plain.safetensors"));
    QVERIFY(!adapter);
    QCOMPARE(adapter.error().message, std::string("plain.safetensors holds no LoRA: none of its tensors has a name that LoRAs and their relatives use."));
    QCOMPARE(AdapterFile::open(path("absent.safetensors")).error().code, ErrorCode::FileNotFound);
}

void TstAdapterNames::embeddings_findTheirEncoder()
{
    const auto part = [this](const std::vector<NamedShape>& tensors, bool isFirst, std::int64_t width, std::int64_t other) {
        test::writeSparse(path("word.safetensors"), tensors);
        const auto embedding = EmbeddingFile::open(path("word.safetensors"));
        return embedding ? embeddingPart(*embedding, isFirst, width, other) : EmbeddingPart{ nullptr, -1, -1 };
    };
    const std::vector<NamedShape> pair{ { "clip_l", { 3, 768 } }, { "clip_g", { 3, 1280 } } };
    QCOMPARE(part(pair, true, 768, 1280).vectors, 3);
    QCOMPARE(part(pair, false, 1280, 768).vectors, 3);
    QCOMPARE(part({ { "emb_params", { 2, 768 } } }, true, 768, 0).vectors, 2);
    QVERIFY(!part({ { "emb_params", { 2, 768 } } }, false, 1280, 768).entry); // an SD 1.5 embedding lacks bigG's half
    QCOMPARE(part({ { "<cat>", { 768 } } }, true, 768, 0).vectors, 1);
    QCOMPARE(part({ { "both", { 4, 2048 } } }, false, 1280, 768).firstColumn, 768);
    QCOMPARE(part({ { "both", { 4, 2048 } } }, true, 768, 1280).firstColumn, 0);
    QVERIFY(!part(pair, true, 1024, 0).entry);
    QCOMPARE(part({ { "a", { 2, 768 } }, { "b", { 2, 768 } } }, true, 768, 0).vectors, -1); // refused
    QCOMPARE(part({ { "a", { 2, 3, 768 } } }, true, 768, 0).vectors, -1);
    test::writeSparse(path("word.safetensors"), pair);
    QCOMPARE(EmbeddingFile::open(path("word.safetensors"))->word, std::string("word"));
    QCOMPARE(EmbeddingFile::open(path("word.safetensors"), "<other>")->word, std::string("<other>"));
}

QTEST_GUILESS_MAIN(TstAdapterNames)
#include "tst_adapter_names.moc"
