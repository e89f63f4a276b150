// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/file_description.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sfumato;
using namespace sfumato::engine;
using namespace sfumato::engine::test;

namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

std::string qtSha256(const std::string& bytes)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(bytes), QCryptographicHash::Sha256).toHex().toStdString();
}

} // namespace

Q_DECLARE_METATYPE(std::vector<NamedShape>)

class TstFileDescription : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_root = m_folder.path().toStdString(); }
    void kind_isRecognised_data();
    void kind_isRecognised();
    void foreignFamily_isNamed_data();
    void foreignFamily_isNamed();
    void adapter_isSummarised_data();
    void adapter_isSummarised();
    void embedding_tellsVectorsAndFamily();
    void metadata_isRead();
    void tags_areCountedOverFolders();
    void sentences_areCountedByWord();
    void triggerWords_comeFromPhraseOrFolders();
    void oddMetadata_isHarmless();
    void hashes_areThoseOfTheWholeFileAndTheTensors();
    void hashing_canBeStopped();
    void malformedFile_isAnError();

private:
    Result<FileDescription> describeSparse(const std::vector<NamedShape>& tensors, const std::map<std::string, std::string>& metadata = {})
    {
        writeSparse(m_root / "file.safetensors", tensors, metadata);
        return describeFile(m_root / "file.safetensors");
    }

    QTemporaryDir m_folder;
    fs::path m_root;
};

void TstFileDescription::kind_isRecognised_data()
{
    QTest::addColumn<std::vector<NamedShape>>("tensors");
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("family");
    QTest::addColumn<QByteArray>("variant");
    const auto row = [](const char* name, std::vector<NamedShape> tensors, const char* kind, const char* family, const char* variant = "") {
        QTest::newRow(name) << std::move(tensors) << QByteArray(kind) << QByteArray(family) << QByteArray(variant);
    };
    std::vector<NamedShape> checkpoint = tensorsOf("unet_sdxl_base", 0, 2);
    row("UNet", checkpoint, "unet", "SDXL");
    const std::vector<NamedShape> vae = tensorsOf("vae_kl_f8", 0, 2);
    checkpoint.insert(checkpoint.end(), vae.begin(), vae.end());
    row("UNet and VAE", checkpoint, "checkpoint", "SDXL");
    row("refiner UNet", tensorsOf("unet_sdxl_refiner", 1, 2), "unet", "SDXL refiner");
    row("SD 1.5 UNet", tensorsOf("unet_sd15", 0, 2), "unet", "SD 1.x");
    row("SD 1.5 inpainting UNet", tensorsOf("unet_sd15_inpaint", 0, 2), "unet", "SD 1.x", "inpainting");
    row("SDXL inpainting UNet, diffusers names", tensorsOf("unet_sdxl_inpaint", 1, 2), "unet", "SDXL", "inpainting");
    row("SD 2 UNet", { { "model.diffusion_model.input_blocks.0.0.weight", { 320, 4, 3, 3 } }, { "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", { 320, 1024 } }, { "model.diffusion_model.out.2.weight", { 4, 320, 3, 3 } } }, "unet", "SD 2.x");
    row("VAE", vae, "vae", "unknown");
    row("VAE, diffusers names", tensorsOf("vae_kl_f8", 1, 2), "vae", "unknown");
    row("VAE of another family", { { "decoder.conv_in.weight", { 512, 16, 3, 3 } }, { "encoder.conv_in.weight", { 128, 3, 3, 3 } } }, "vae", "unknown", "16 latent channels");
    row("CLIP-L", tensorsOf("clip_l", 2, 3), "text_encoder", "unknown", "CLIP-L");
    row("bigG", tensorsOf("openclip_bigg", 0, 3), "text_encoder", "unknown", "OpenCLIP ViT-bigG");
    row("T5", { { "encoder.block.0.layer.0.SelfAttention.q.weight", { 4096, 4096 } }, { "shared.weight", { 32128, 4096 } } }, "text_encoder", "unknown", "T5-XXL");
    row("ControlNet", tensorsOf("controlnet_sdxl", 0, 2), "controlnet", "SDXL");
    row("ControlNet, other names", tensorsOf("controlnet_sdxl", 1, 2), "controlnet", "SDXL");
    row("ControlNet, small", { { "controlnet_cond_embedding.conv_in.weight", { 16, 3, 3, 3 } }, { "add_embedding.linear_1.weight", { 1280, 2816 } }, { "conv_in.weight", { 320, 4, 3, 3 } } }, "controlnet", "SDXL", "small");
    row("ControlNet, SD 1.5 with prefix", { { "control_model.input_hint_block.0.weight", { 16, 3, 3, 3 } }, { "control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", { 320, 768 } } }, "controlnet", "SD 1.x");
    row("ControlNet Union", tensorsOf("controlnet_union_promax_sdxl", 0, 1), "controlnet_union", "SDXL", "8 tasks (ProMax)");
    row("Control-LoRA", { { "lora_controlnet", {} }, { "input_hint_block.0.weight", { 16, 3, 3, 3 } }, { "input_blocks.4.1.transformer_blocks.0.attn2.to_k.down", { 128, 2048 } } }, "control_lora", "SDXL");
    row("LLLite", { { "lllite_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.conditioning1.0.weight", { 16, 3, 4, 4 } } }, "control_lllite", "SDXL");
    row("T2I-Adapter", tensorsOf("t2i_adapter_sdxl", 0, 1), "t2i_adapter", "SDXL", "full");
    row("T2I-Adapter, original", { { "conv_in.weight", { 320, 192, 3, 3 } }, { "body.0.block1.weight", { 320, 320, 3, 3 } } }, "t2i_adapter", "SD 1.x", "full");
    row("T2I-Adapter, grey", { { "adapter.conv_in.weight", { 320, 64, 3, 3 } }, { "adapter.body.0.resnets.0.block1.weight", { 320, 320, 3, 3 } } }, "t2i_adapter", "SD 1.x", "full, grey picture");
    row("IP-Adapter", tensorsOf("ip_adapter_sdxl", 0, 1), "ip_adapter", "SDXL", "plain, for ViT-bigG");
    row("IP-Adapter plus", { { "image_proj.latents", { 1, 16, 768 } }, { "image_proj.proj_in.weight", { 768, 1280 } }, { "ip_adapter.1.to_k_ip.weight", { 320, 768 } } }, "ip_adapter", "SD 1.x", "plus, for ViT-H");
    row("TAESD", tensorsOf("taesd", 0, 2), "taesd", "unknown", "encoder and decoder");
    row("TAESD, original", tensorsOf("taesd", 1, 2), "taesd", "unknown", "encoder and decoder");
    row("TAESD, decoder alone", { { "1.weight", { 64, 4, 3, 3 } }, { "3.conv.0.weight", { 64, 64, 3, 3 } }, { "19.weight", { 3, 64, 3, 3 } } }, "taesd", "unknown", "decoder");
    row("TAESD, encoder alone", { { "0.weight", { 64, 3, 3, 3 } }, { "1.conv.0.weight", { 64, 64, 3, 3 } }, { "14.weight", { 4, 64, 3, 3 } } }, "taesd", "unknown", "encoder");
    row("image encoder", { { "vision_model.embeddings.class_embedding", { 1280 } } }, "image_encoder", "unknown", "ViT-H");
    row("safety checker", { { "vision_model.vision_model.embeddings.class_embedding", { 1024 } }, { "visual_projection.weight", { 768, 1024 } }, { "concept_embeds", { 17, 768 } }, { "special_care_embeds", { 3, 768 } } }, "safety_checker", "unknown");
    row("GPT-2", { { "transformer.wte.weight", { 50257, 768 } }, { "transformer.h.0.attn.c_attn.weight", { 768, 2304 } }, { "transformer.h.1.attn.c_attn.weight", { 768, 2304 } } }, "language_model", "unknown", "2 layers, 50257 tokens");
    row("GPT-2 without prefix", { { "wte.weight", { 50257, 768 } }, { "h.0.attn.c_attn.weight", { 768, 2304 } } }, "language_model", "unknown", "1 layers, 50257 tokens");
    row("upscaler", { { "conv_first.weight", { 64, 3, 3, 3 } }, { "body.0.rdb1.conv1.weight", { 32, 64, 3, 3 } } }, "upscaler", "unknown");
    row("upscaler, old names", { { "model.0.weight", { 64, 3, 3, 3 } }, { "model.1.sub.0.RDB1.conv1.0.weight", { 32, 64, 3, 3 } } }, "upscaler", "unknown");
    row("upscaler, compact", { { "body.0.weight", { 64, 3, 3, 3 } }, { "body.1.weight", { 64 } }, { "body.2.weight", { 64, 64, 3, 3 } } }, "upscaler", "unknown");
    row("embedding in its training layout", { { "emb_params", { 4, 768 } } }, "embedding", "SD 1.x");
    row("LoRA with a name of its own", { { "diffusion_model.input_blocks.1.1.proj_in.diff", { 320, 320 } } }, "lora", "unknown");
    row("embeddings bundled", { { "bundle_emb.sks.clip_l", { 2, 768 } } }, "lora", "unknown");
    row("unknown", { { "a", { 2 } } }, "unknown", "unknown");
    row("nothing", {}, "unknown", "unknown");
}

void TstFileDescription::kind_isRecognised()
{
    QFETCH(std::vector<NamedShape>, tensors);
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, family);
    QFETCH(QByteArray, variant);
    const Result<FileDescription> description = describeSparse(tensors);
    QVERIFY2(description, description ? "" : description.error().message.c_str());
    QCOMPARE(QByteArray::fromStdString(std::string(fileKindName(description->kind))), kind);
    QCOMPARE(QByteArray::fromStdString(std::string(modelFamilyName(description->family))), family);
    QCOMPARE(QByteArray::fromStdString(description->variant), variant);
    QVERIFY2(description->foreignFamily.empty(), description->foreignFamily.c_str());
    QCOMPARE(description->tensorCount, std::uint64_t(tensors.size()));
    QVERIFY(!fileKindPhrase(description->kind).empty());
}

void TstFileDescription::foreignFamily_isNamed_data()
{
    QTest::addColumn<std::vector<NamedShape>>("tensors");
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("family");
    const auto row = [](const char* name, const char* kind, const char* family, std::initializer_list<const char*> names) {
        std::vector<NamedShape> tensors;
        for (const char* one : names) tensors.push_back({ one, { 8, 8 } });
        QTest::newRow(name) << std::move(tensors) << QByteArray(kind) << QByteArray(family);
    };
    row("Flux", "unet", "Flux", { "double_blocks.0.img_attn.qkv.weight" });
    row("Flux, diffusers", "unet", "Flux", { "single_transformer_blocks.0.proj_mlp.weight", "transformer_blocks.0.attn.add_q_proj.weight" });
    row("Flux, whole", "checkpoint", "Flux", { "model.diffusion_model.double_blocks.0.img_attn.qkv.weight", "vae.decoder.conv_in.weight" });
    row("Chroma", "unet", "Chroma", { "distilled_guidance_layer.in_proj.weight", "double_blocks.0.img_attn.qkv.weight" });
    row("Hunyuan Video", "unet", "Hunyuan Video", { "double_blocks.0.img_attn.qkv.weight", "txt_in.individual_token_refiner.blocks.0.norm1.weight" });
    row("SD 3", "unet", "SD 3", { "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight" });
    row("SD 3, diffusers", "unet", "SD 3", { "transformer_blocks.0.attn.add_q_proj.weight" });
    row("Qwen-Image", "unet", "Qwen-Image", { "transformer_blocks.0.attn.add_q_proj.weight", "transformer_blocks.0.img_mlp.net.0.proj.weight" });
    row("Wan", "unet", "Wan", { "blocks.0.cross_attn.o.weight" });
    row("AuraFlow", "unet", "AuraFlow", { "double_layers.0.attn.w1q.weight" });
    row("Stable Cascade", "unet", "Stable Cascade", { "clip_txt_mapper.weight" });
    row("PixArt", "unet", "PixArt", { "blocks.0.cross_attn.kv_linear.weight" });
    row("Kolors", "unet", "Kolors", { "conv_in.weight", "conv_out.weight", "encoder_hid_proj.weight" });
    row("LoRA for Flux", "lora", "Flux", { "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight" });
    row("LoRA for SD 3", "lora", "SD 3", { "transformer.transformer_blocks.0.attn.add_q_proj.lora_A.weight" });
    row("LoRA for Wan", "lora", "Wan", { "diffusion_model.blocks.3.cross_attn.o.lora_A.weight" });
    row("LoRA for Qwen-Image", "lora", "Qwen-Image", { "transformer.transformer_blocks.7.img_mlp.net.2.lora_A.weight" });
    row("ControlNet for Flux", "controlnet", "Flux", { "controlnet_blocks.0.weight", "single_transformer_blocks.0.proj_mlp.weight" });
}

void TstFileDescription::foreignFamily_isNamed()
{
    QFETCH(std::vector<NamedShape>, tensors);
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, family);
    const Result<FileDescription> description = describeSparse(tensors);
    QVERIFY2(description, description ? "" : description.error().message.c_str());
    QCOMPARE(QByteArray::fromStdString(std::string(fileKindName(description->kind))), kind);
    QCOMPARE(QByteArray::fromStdString(description->foreignFamily), family);
}

void TstFileDescription::adapter_isSummarised_data()
{
    QTest::addColumn<std::vector<NamedShape>>("tensors");
    QTest::addColumn<QByteArray>("algorithms");
    QTest::addColumn<int>("rankMin");
    QTest::addColumn<int>("rankMax");
    QTest::addColumn<int>("modules");
    QTest::addColumn<QByteArray>("family");
    const auto row = [](const char* name, std::vector<NamedShape> tensors, const char* algorithms, int rankMin, int rankMax, int modules, const char* family) {
        QTest::newRow(name) << std::move(tensors) << QByteArray(algorithms) << rankMin << rankMax << modules << QByteArray(family);
    };
    const std::string k = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k";
    const std::string q = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q";
    row("kohya", { { k + ".lora_down.weight", { 32, 2048 } }, { k + ".lora_up.weight", { 640, 32 } }, { k + ".alpha", {} } }, "lora", 32, 32, 1, "SDXL");
    row("kohya SD 1.5", { { "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight", { 4, 768 } }, { "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight", { 8, 768 } } },
        "lora", 4, 8, 2, "SD 1.x");
    row("kohya with convolutions", { { k + ".lora_down.weight", { 16, 2048 } }, { "lora_unet_input_blocks_1_0_in_layers_2.lora_down.weight", { 4, 320, 3, 3 } } }, "locon,lora", 4, 16, 2, "SDXL");
    row("second text encoder alone", { { "lora_te2_text_model_encoder_layers_31_mlp_fc2.lora_down.weight", { 8, 5120 } } }, "lora", 8, 8, 1, "SDXL");
    row("PEFT", { { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight", { 64, 2048 } }, { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_B.weight", { 640, 64 } } },
        "lora", 64, 64, 1, "SDXL");
    row("old diffusers", { { "down_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.down.weight", { 4, 2048 } }, { "down_blocks.1.attentions.0.transformer_blocks.0.attn2.processor.to_k_lora.up.weight", { 640, 4 } } },
        "lora", 4, 4, 1, "SDXL");
    row("LoHa", { { k + ".hada_w1_a", { 640, 8 } }, { k + ".hada_w1_b", { 8, 2048 } }, { k + ".hada_w2_a", { 640, 8 } }, { k + ".hada_w2_b", { 8, 2048 } } }, "loha", 8, 8, 1, "SDXL");
    row("LoKr, full", { { k + ".lokr_w1", { 8, 8 } }, { k + ".lokr_w2", { 80, 256 } } }, "lokr", 0, 0, 1, "unknown");
    row("LoKr, factored", { { k + ".lokr_w1", { 8, 8 } }, { k + ".lokr_w2_a", { 80, 4 } }, { k + ".lokr_w2_b", { 4, 256 } } }, "lokr", 4, 4, 1, "unknown");
    row("DoRA", { { q + ".lora_down.weight", { 16, 640 } }, { q + ".lora_up.weight", { 640, 16 } }, { q + ".dora_scale", { 640, 1 } } }, "dora,lora", 16, 16, 1, "unknown");
    row("OFT", { { q + ".oft_blocks", { 20, 32, 32 } } }, "oft", 0, 0, 1, "unknown");
    row("BOFT", { { q + ".oft_blocks", { 4, 20, 32, 32 } } }, "boft", 0, 0, 1, "unknown");
    row("difference and norm", { { q + ".diff", { 640, 640 } }, { "lora_unet_out_0.w_norm", { 320 } } }, "full,norm", 0, 0, 2, "unknown");
}

void TstFileDescription::adapter_isSummarised()
{
    QFETCH(std::vector<NamedShape>, tensors);
    QFETCH(QByteArray, algorithms);
    QFETCH(int, rankMin);
    QFETCH(int, rankMax);
    QFETCH(int, modules);
    QFETCH(QByteArray, family);
    const Result<FileDescription> description = describeSparse(tensors);
    QVERIFY(description);
    QVERIFY(description->kind == FileKind::Lora);
    QByteArrayList found;
    for (const std::string& algorithm : description->algorithms) found << QByteArray::fromStdString(algorithm);
    QCOMPARE(found.join(','), algorithms);
    QCOMPARE(description->rankMin, rankMin);
    QCOMPARE(description->rankMax, rankMax);
    QCOMPARE(description->moduleCount, std::uint64_t(modules));
    QCOMPARE(QByteArray::fromStdString(std::string(modelFamilyName(description->family))), family);
    const bool hasText = std::any_of(tensors.begin(), tensors.end(), [](const NamedShape& tensor) { return tensor.name.starts_with("lora_te"); });
    QCOMPARE(description->changesTextEncoders, hasText);
}

void TstFileDescription::embedding_tellsVectorsAndFamily()
{
    const Result<FileDescription> xl = describeSparse({ { "clip_l", { 5, 768 } }, { "clip_g", { 5, 1280 } } });
    QVERIFY(xl->kind == FileKind::Embedding && xl->family == ModelFamily::Sdxl);
    QCOMPARE(xl->vectorCount, 5);
    const Result<FileDescription> one = describeSparse({ { "<my-token>", { 768 } } });
    QVERIFY(one->kind == FileKind::Embedding && one->family == ModelFamily::Sd1);
    QCOMPARE(one->vectorCount, 1);
}

void TstFileDescription::metadata_isRead()
{
    const Result<FileDescription> description = describeSparse(
        { { "lora_unet_mid_block_proj.lora_down.weight", { 8, 8 } } },
        { { "modelspec.title", "Ink wash" }, { "ss_output_name", "ink_v2" }, { "modelspec.author", "A. Painter" }, { "modelspec.license", "CC0" }, { "ss_sd_model_name", "base.safetensors" },
            { "ss_base_model_version", "sdxl_base_v1-0" }, { "modelspec.description", "<b>Loose</b> brushwork" } });
    QCOMPARE(description->title, std::string("Ink wash"));
    QCOMPARE(description->author, std::string("A. Painter"));
    QCOMPARE(description->license, std::string("CC0"));
    QCOMPARE(description->baseModel, std::string("base.safetensors"));
    QCOMPARE(description->description, std::string("<b>Loose</b> brushwork"));
    QVERIFY(description->family == ModelFamily::Sdxl);
    QCOMPARE(description->metadata.size(), std::size_t(7));
    QCOMPARE(description->precision, std::string("F16"));
    QCOMPARE(description->parameterCount, std::uint64_t(64));
}

void TstFileDescription::tags_areCountedOverFolders()
{
    const Result<FileDescription> description = describeSparse(
        { { "a.lora_down.weight", { 8, 8 } } },
        { { "ss_tag_frequency", R"({"10_ink":{"ink wash":12," river ":3,"":9},"5_more":{"river":10,"boat":2,"bad":"x","negative":-4}})" } });
    const std::vector<TagCount>& tags = description->trainingTags;
    QVERIFY(tags.size() >= 3);
    QCOMPARE(tags[0].tag, std::string("river"));
    QCOMPARE(tags[0].count, std::int64_t(13));
    QCOMPARE(tags[1].tag, std::string("ink wash"));
    QCOMPARE(tags[2].tag, std::string("boat"));
    QVERIFY(std::none_of(tags.begin(), tags.end(), [](const TagCount& tag) { return tag.tag.empty() || tag.count < 0; }));
    std::string many = "{\"f\":{";
    for (int i = 0; i < 5000; ++i) many += (i > 0 ? ",\"t" : "\"t") + std::to_string(i) + "\":" + std::to_string(i);
    const Result<FileDescription> capped = describeSparse({ { "a.lora_down.weight", { 8, 8 } } }, { { "ss_tag_frequency", many + "}}" } });
    QCOMPARE(capped->trainingTags.size(), FileDescription::kMaxTags);
    QCOMPARE(capped->trainingTags.front().tag, std::string("t4999"));
}

void TstFileDescription::sentences_areCountedByWord()
{
    const Result<FileDescription> description = describeSparse(
        { { "a.lora_down.weight", { 8, 8 } } }, { { "ss_tag_frequency", R"({"1_x":{"a painting of a river in fog.":2,"the river at night, an old painter's boat":1}})" } });
    const std::vector<TagCount>& tags = description->trainingTags;
    QCOMPARE(tags.front().tag, std::string("river"));
    QCOMPARE(tags.front().count, std::int64_t(3));
    const auto has = [&](std::string_view word) { return std::any_of(tags.begin(), tags.end(), [&](const TagCount& tag) { return tag.tag == word; }); };
    QVERIFY(has("painter's") && has("fog") && !has("of") && !has("a") && !has("fog."));
}

void TstFileDescription::triggerWords_comeFromPhraseOrFolders()
{
    const std::vector<NamedShape> lora{ { "a.lora_down.weight", { 8, 8 } } };
    QVERIFY((describeSparse(lora, { { "modelspec.trigger_phrase", "inkwash, river ,inkwash" }, { "ssmd_keywords", "fog" } })->triggerWords == Names{ "inkwash", "river", "fog" }));
    QVERIFY((describeSparse(lora, { { "ss_dataset_dirs", R"({"10_sks dog":{"n_repeats":10,"img_count":5},"reg":{},"3":{}})" } })->triggerWords == Names{ "sks dog" }));
    QVERIFY(describeSparse(lora, { { "ss_dataset_dirs", R"({"10_x":{}})" }, { "ss_tag_frequency", R"({"10_x":{"tag":1}})" } })->triggerWords.empty());
}

void TstFileDescription::oddMetadata_isHarmless()
{
    for (const char* odd : { "", "{", "[]", "null", "{\"a\":1}", "{\"a\":{\"b\":{}}}", "{\"a\":{\"x\":9223372036854775807,\"y\":1e300}}", "not json at all" }) {
        const Result<FileDescription> description = describeSparse({ { "a.lora_down.weight", { 8, 8 } } }, { { "ss_tag_frequency", odd }, { "ss_dataset_dirs", odd }, { "modelspec.resolution", odd } });
        QVERIFY(description);
    }
}

void TstFileDescription::hashes_areThoseOfTheWholeFileAndTheTensors()
{
    const fs::path path = m_root / "hashed.safetensors";
    // Larger than one piece of reading, so that the header and the tensors meet inside it and pieces follow.
    const std::string data(20'000'003, 'h');
    const std::string header = R"({"a":{"dtype":"U8","shape":[20000003],"data_offsets":[0,20000003]}} )";
    const std::string whole = fileBytes(header, data);
    writeBytes(path, whole);
    double last = 0;
    int calls = 0;
    const Result<FileDescription> description = describeFile(path, { true, [&](double share) { QVERIFY(share > last); last = share; ++calls; }, {} });
    QVERIFY(description);
    QCOMPARE(description->sha256, qtSha256(whole));
    QCOMPARE(description->autoV2, qtSha256(whole).substr(0, 10));
    QCOMPARE(description->autoV3, qtSha256(data).substr(0, 12));
    QCOMPARE(last, 1.0);
    QCOMPARE(calls, 3);
    QVERIFY(describeFile(path)->sha256.empty());
}

void TstFileDescription::hashing_canBeStopped()
{
    const fs::path path = m_root / "hashed.safetensors";
    std::stop_source stop;
    const Result<FileDescription> description = describeFile(path, { true, [&](double) { stop.request_stop(); }, stop.get_token() });
    QVERIFY(description);
    QVERIFY(description->sha256.empty() && description->autoV2.empty() && description->autoV3.empty());
}

void TstFileDescription::malformedFile_isAnError()
{
    writeBytes(m_root / "bad.safetensors", "PK\x03\x04 and more");
    const Result<FileDescription> description = describeFile(m_root / "bad.safetensors");
    QVERIFY(!description);
    QVERIFY(description.error().message.starts_with("bad.safetensors is a zip archive"));
    QVERIFY(!describeFile(m_root / "absent.safetensors"));
    QVERIFY(!describeFile(m_root));
}

QTEST_APPLESS_MAIN(TstFileDescription)
#include "tst_file_description.moc"
