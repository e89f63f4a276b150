// Image encoders, safety checkers and IP-Adapters, by the names that the programs of the field give them.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/ip_adapter_file.h"
#include "core/engine/io/image_encoder_files.h"
#include "core/engine/io/names/weight_names.h"
#include "safetensors_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sfumato;
using namespace sfumato::engine;
using test::NamedShape;

namespace {

// As many of an encoder's tensors as tell what it is; two layers.
std::vector<NamedShape> encoder(const std::string& prefix, std::int64_t width, std::int64_t projection)
{
    std::vector<NamedShape> shapes{ { prefix + "vision_model.embeddings.class_embedding", { width } },
        { prefix + "vision_model.embeddings.patch_embedding.weight", { width, 3, 14, 14 } }, { prefix + "vision_model.embeddings.position_ids", { 1, 257 }, Dtype::I64 },
        { prefix + "vision_model.pre_layrnorm.weight", { width } }, { "visual_projection.weight", { projection, width } } };
    for (const char* layer : { "0", "1" }) shapes.push_back({ prefix + "vision_model.encoder.layers." + layer + ".mlp.fc1.weight", { 4 * width, width } });
    return shapes;
}

std::vector<NamedShape> openClip(std::int64_t width, std::int64_t projection)
{
    return { { "visual.class_embedding", { width } }, { "visual.conv1.weight", { width, 3, 14, 14 } }, { "visual.positional_embedding", { 257, width } }, { "visual.ln_pre.bias", { width } },
        { "visual.ln_post.weight", { width } }, { "visual.proj", { width, projection } }, { "visual.transformer.resblocks.0.attn.in_proj_weight", { 3 * width, width } },
        { "visual.transformer.resblocks.1.mlp.c_fc.bias", { 4 * width } }, { "transformer.resblocks.0.ln_1.weight", { 64 } }, { "token_embedding.weight", { 10, 64 } }, { "logit_scale", {} } };
}

std::vector<NamedShape> ipAdapter(std::vector<NamedShape> projection, std::int64_t context)
{
    for (const char* number : { "3", "1", "13" }) {
        projection.push_back({ std::string("ip_adapter.") + number + ".to_k_ip.weight", { 320 + std::stoi(number), context } });
        projection.push_back({ std::string("ip_adapter.") + number + ".to_v_ip.weight", { 320 + std::stoi(number), context } });
    }
    return projection;
}

const MappedTensor* find(const ImageEncoderFiles& files, const std::string& name)
{
    const auto found = std::ranges::find(files.tensors, name, &MappedTensor::name);
    return found == files.tensors.end() ? nullptr : &*found;
}

} // namespace

class TstImageEncoderFiles : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path write(const std::string& name, const std::vector<NamedShape>& tensors) const
    {
        const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / name;
        std::filesystem::create_directories(path.parent_path());
        test::writeSparse(path, tensors);
        return path;
    }

private Q_SLOTS:
    void transformersFile_isRead()
    {
        const auto files = ImageEncoderFiles::open(write("h.safetensors", encoder("", 1280, 1024)));
        QVERIFY(files);
        QCOMPARE(files->width, 1280);
        QCOMPARE(files->projection, 1024);
        QCOMPARE(files->layers, 2);
        QCOMPARE(files->heads, 16);
        QCOMPARE(files->activation, std::string("gelu"));
        QVERIFY(!files->isSafetyChecker);
        QVERIFY(!find(*files, "vision_model.embeddings.position_ids"));
    }

    void openClipFile_isReadUnderTheSameNames()
    {
        const auto files = ImageEncoderFiles::open(write("bigg.safetensors", openClip(1664, 1280)));
        QVERIFY(files);
        QCOMPARE(files->width, 1664);
        QCOMPARE(files->projection, 1280);
        QCOMPARE(files->heads, 16);
        const MappedTensor* projection = find(*files, "visual_projection.weight");
        QVERIFY(projection && projection->transpose);
        const MappedTensor* value = find(*files, "vision_model.encoder.layers.0.self_attn.v_proj.weight");
        QVERIFY(value && value->rowBegin == 2 * 1664 && value->rowCount == 1664);
        QVERIFY(find(*files, "vision_model.embeddings.position_embedding.weight") && find(*files, "vision_model.pre_layrnorm.bias") && find(*files, "vision_model.encoder.layers.1.mlp.fc1.bias"));
        QVERIFY(std::ranges::none_of(files->tensors, [](const MappedTensor& tensor) { return tensor.name.find("resblocks") != std::string::npos; })); // the text encoder's
    }

    void safetyChecker_isToldByItsConcepts()
    {
        std::vector<NamedShape> shapes = encoder("vision_model.", 1024, 768);
        const auto half = ImageEncoderFiles::open(write("half.safetensors", shapes));
        QVERIFY(half && !half->isSafetyChecker);
        for (const NamedShape& concept_ : { NamedShape{ "concept_embeds", { 17, 768 } }, { "concept_embeds_weights", { 17 } }, { "special_care_embeds", { 3, 768 } }, { "special_care_embeds_weights", { 3 } } }) shapes.push_back(concept_);
        const auto files = ImageEncoderFiles::open(write("checker.safetensors", shapes));
        QVERIFY(files && files->isSafetyChecker);
        QCOMPARE(files->activation, std::string("quick_gelu"));
        QVERIFY(find(*files, "vision_model.embeddings.class_embedding") && find(*files, "concept_embeds_weights"));
    }

    void config_hasTheLastWord()
    {
        const std::filesystem::path path = write("image_encoder/model.safetensors", encoder("", 96, 80));
        test::writeBytes(path.parent_path() / "config.json", R"({"hidden_act": "quick_gelu", "num_attention_heads": 3})");
        const auto alone = ImageEncoderFiles::open(path);
        QVERIFY(alone && alone->heads == 1);
        const auto files = ImageEncoderFiles::open(path.parent_path());
        QVERIFY(files);
        QCOMPARE(files->heads, 3);
        QCOMPARE(files->activation, std::string("quick_gelu"));
        test::writeBytes(path.parent_path() / "config.json", R"({"hidden_act": "quick_gelu", "vision_config": {"hidden_act": "gelu", "num_attention_heads": 6}})");
        const auto whole = ImageEncoderFiles::open(path.parent_path());
        QVERIFY(whole && whole->heads == 6 && whole->activation == "gelu");
    }

    void otherFiles_areNamed()
    {
        const auto lora = ImageEncoderFiles::open(write("lora.safetensors", { { "lora_unet_mid_block_attentions_0_proj_in.lora_down.weight", { 4, 8 } } }));
        QVERIFY(!lora);
        QCOMPARE(lora.error().message, std::string("lora.safetensors is a LoRA, not a CLIP image encoder: it must hold a vision_model with visual_projection.weight, or OpenCLIP's visual."));
        const auto adapter = IpAdapterFile::open(write("h2.safetensors", encoder("", 64, 32)));
        QVERIFY(!adapter);
        QCOMPARE(adapter.error().message, std::string("h2.safetensors is an image encoder, not an IP-Adapter: it holds no image_proj."));
    }

    void ipAdapters_areToldApart_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::newRow("plain") << static_cast<int>(IpAdapterKind::Plain) << QStringLiteral("image_proj.proj.weight") << QStringLiteral("image_proj.norm.weight");
        QTest::newRow("plus") << static_cast<int>(IpAdapterKind::Plus) << QStringLiteral("image_proj.proj_in.weight") << QStringLiteral("image_proj.latents");
        QTest::newRow("full face") << static_cast<int>(IpAdapterKind::FullFace) << QStringLiteral("image_proj.proj.0.weight") << QStringLiteral("image_proj.proj.3.weight");
    }

    void ipAdapters_areToldApart()
    {
        QFETCH(int, kind);
        QFETCH(QString, first);
        QFETCH(QString, second);
        const auto adapter = IpAdapterFile::open(write("adapter.safetensors", ipAdapter({ { first.toStdString(), { 8, 1280 } }, { second.toStdString(), { 8 } } }, 2048)));
        QVERIFY(adapter);
        QCOMPARE(static_cast<int>(adapter->kind), kind);
        QCOMPARE(adapter->imageWidth, 1280);
        QCOMPARE(adapter->family, ModelFamily::Sdxl);
        QCOMPARE(adapter->projection.size(), std::size_t{ 2 });
        QCOMPARE(adapter->layers.size(), std::size_t{ 3 });
        for (std::size_t i = 0; i < 3; ++i) QCOMPARE(adapter->layers[i].key->shape[0], 320 + std::vector<std::int64_t>({ 1, 3, 13 })[i]); // by number, not by place
    }

    void faceId_isRefused()
    {
        const auto adapter = IpAdapterFile::open(write("face.safetensors", ipAdapter({ { "image_proj.proj.0.weight", { 8, 512 } }, { "image_proj.norm.weight", { 8 } } }, 768)));
        QVERIFY(!adapter);
        QVERIFY(adapter.error().message.find("face recognition") != std::string::npos);
    }

    void halfAnIpAdapter_isDamaged()
    {
        const auto adapter = IpAdapterFile::open(write("half.safetensors", { { "image_proj.proj.weight", { 8, 1280 } }, { "ip_adapter.1.to_k_ip.weight", { 320, 768 } } }));
        QVERIFY(!adapter);
        QVERIFY(adapter.error().message.find("damaged") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TstImageEncoderFiles)
#include "tst_image_encoder_files.moc"
