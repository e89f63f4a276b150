// Which files are recognised as made for few steps, what is advised for them, and what is said of settings that do not suit them.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/scheduler_names.h"
#include "core/engine/io/kinds/few_step_recognition.h"
#include "core/engine/io/file_description.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sfumato;
using namespace sfumato::engine;
using namespace sfumato::engine::test;

namespace fs = std::filesystem;

namespace {

// "lightning 4 1 euler_trailing"; empty for no advice.
QByteArray adviceText(const std::optional<FewStepAdvice>& advice)
{
    if (!advice) return {};
    const std::string_view method = fewStepMethodName(advice->method);
    return QByteArray(method.data(), static_cast<qsizetype>(method.size())) + ' ' + QByteArray::number(advice->steps) + ' ' + QByteArray::number(advice->guidance) + ' '
        + QByteArray::fromStdString(advice->scheduler) + (advice->predictsSample ? " sample" : "");
}

std::vector<NamedShape> withGuidance(std::vector<NamedShape> tensors, const std::string& name)
{
    tensors.push_back({ name, { 320, 256 } });
    return tensors;
}

const std::vector<NamedShape> kLora{ { "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight", { 64, 2048 } },
    { "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight", { 640, 64 } } };

} // namespace

class TstFewSteps : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_root = m_folder.path().toStdString(); }
    void names_tellMethodAndSteps_data();
    void names_tellMethodAndSteps();
    void advice_namesASchedulerAndSuitsItself_data() { names_tellMethodAndSteps_data(); }
    void advice_namesASchedulerAndSuitsItself();
    void tensorsMetadataAndConfigs_areRead();
    void misfits_areNamed_data();
    void misfits_areNamed();
    void sentence_namesWhatDoesNotFit();

private:
    QTemporaryDir m_folder;
    fs::path m_root;
};

void TstFewSteps::names_tellMethodAndSteps_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isAdapter");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* path, bool isAdapter, const char* expected) { QTest::addRow("%s %s", isAdapter ? "LoRA" : "model", path) << QByteArray(path) << isAdapter << QByteArray(expected); };
    row("sdxl_lightning_4step_lora.safetensors", true, "lightning 4 1 euler_trailing");
    row("sdxl_lightning_8step.safetensors", false, "lightning 8 1 euler_trailing");
    row("sdxl_lightning_2step_unet.safetensors", false, "lightning 2 1 euler_trailing");
    row("sdxl_lightning_1step_x0.safetensors", false, "lightning 1 1 euler_trailing sample");
    row("dreamshaperXL_lightningDPMSDE.safetensors", false, "lightning 6 1 euler_trailing");
    row("juggernautXL_v9Rdphoto2Lightning.safetensors", false, "lightning 6 1 euler_trailing");
    row("RealVisXL_V4.0_Lightning.safetensors", false, "lightning 6 1 euler_trailing");
    row("sd_xl_turbo_1.0_fp16.safetensors", false, "turbo 4 1 euler_a_trailing");
    row("dreamshaperXL_v21TurboDPMSDE.safetensors", false, "turbo 4 1 euler_a_trailing");
    row("sdxl_turbo_lora.safetensors", true, "turbo 4 1 euler_a_trailing");
    row("lcm-lora-sdxl/pytorch_lora_weights.safetensors", true, "lcm 4 1 lcm");
    row("LCM_LoRA_Weights_SD15.safetensors", true, "lcm 4 1 lcm");
    row("LCM_Dreamshaper_v7_4k.safetensors", false, "lcm 4 1 lcm");
    row("Hyper-SDXL-4steps-lora.safetensors", true, "hyper 4 1 ddim_trailing");
    row("Hyper-SDXL-8steps-CFG-lora.safetensors", true, "hyper 8 5 ddim_trailing");
    row("Hyper-SD15-12steps-CFG-lora.safetensors", true, "hyper 12 5 ddim_trailing");
    row("Hyper-SDXL-1step-lora.safetensors", true, "hyper 1 1 tcd_eta1");
    row("Hyper-SDXL-1step-Unet.safetensors", false, "hyper 1 1 lcm_hyper");
    row("realvisxl_hyper.safetensors", false, "hyper 8 1 ddim_trailing");
    row("tcd-sdxl-lora/pytorch_lora_weights.safetensors", true, "tcd 4 1 tcd");
    row("dmd2_sdxl_4step_lora_fp16.safetensors", true, "dmd2 4 1 lcm_trailing");
    row("dmd2_sdxl_4step_unet_fp16.safetensors", false, "dmd2 4 1 lcm_trailing");
    row("SDXL-Lightning", false, "lightning 6 1 euler_trailing"); // a folder
    for (const char* ordinary : { "sd_xl_base_1.0.safetensors", "juggernautXL_v9.safetensors", "hyperrealism_v3.safetensors", "hyper_realistic.safetensors", "hypernetwork.safetensors", "turbocharged.safetensors",
             "model.safetensors", "dmd2_sdxl_1step_unet_fp16.safetensors", "", "step.safetensors", "a\xCC\x88\xFF.safetensors" })
        row(ordinary, false, "");
    for (const char* effect : { "lightning_effect.safetensors", "purple-lightning-v2.safetensors", "turbo car.safetensors", "hyper_detail.safetensors" }) row(effect, true, "");
}

void TstFewSteps::names_tellMethodAndSteps()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, isAdapter);
    QFETCH(QByteArray, expected);
    FewStepEvidence evidence;
    evidence.path = path.toStdString();
    evidence.isAdapter = isAdapter;
    QCOMPARE(adviceText(recogniseFewSteps(evidence, {})), expected);
}

void TstFewSteps::advice_namesASchedulerAndSuitsItself()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, isAdapter);
    FewStepEvidence evidence;
    evidence.path = path.toStdString();
    evidence.isAdapter = isAdapter;
    const auto advice = recogniseFewSteps(evidence, {});
    if (!advice) return;
    QVERIFY(findScheduler(advice->scheduler).has_value());
    QVERIFY(fits(*advice, { advice->steps, advice->guidance, advice->scheduler }));
    QVERIFY(!fits(*advice, { 25, 7.5, "dpmpp_2m_karras" }));
}

void TstFewSteps::tensorsMetadataAndConfigs_areRead()
{
    const auto describe = [this](const char* name, const std::vector<NamedShape>& tensors, const std::map<std::string, std::string>& metadata = {}) {
        writeSparse(m_root / name, tensors, metadata);
        const Result<FileDescription> description = describeFile(m_root / name);
        return description ? adviceText(description->fewSteps) : QByteArray::fromStdString(description.error().message);
    };
    const std::vector<NamedShape> unet = tensorsOf("unet_sdxl_base", 0, 2);
    QCOMPARE(describe("a.safetensors", unet), QByteArray());
    QCOMPARE(describe("b.safetensors", withGuidance(unet, "model.diffusion_model.time_embed.cond_proj.weight")), QByteArray("lcm 4 8 lcm"));
    QCOMPARE(describe("lightning.safetensors", withGuidance(tensorsOf("unet_sdxl_base", 1, 2), "time_embedding.cond_proj.weight")), QByteArray("lcm 4 8 lcm"));
    QCOMPARE(describe("c.safetensors", unet, { { "modelspec.title", "My merge, Lightning 4 steps" } }), QByteArray("lightning 4 1 euler_trailing"));
    QCOMPARE(describe("c2.safetensors", unet, { { "ss_sd_model_name", "sdxl_lightning_4step.safetensors" } }), QByteArray()); // what it was trained on
    QCOMPARE(describe("d.safetensors", kLora, { { "ss_output_name", "Hyper-SDXL-2steps-lora" } }), QByteArray("hyper 2 1 ddim_trailing"));
    QCOMPARE(describe("e.safetensors", kLora), QByteArray());

    const fs::path folder = m_root / "folder";
    fs::create_directories(folder / "unet");
    fs::create_directories(folder / "scheduler");
    writeSparse(folder / "unet/diffusion_pytorch_model.safetensors", tensorsOf("unet_sdxl_base", 1, 2));
    const auto withScheduler = [&](const char* config) {
        writeBytes(folder / "scheduler/scheduler_config.json", config);
        const Result<FileDescription> description = describeFile(folder);
        return description ? adviceText(description->fewSteps) : QByteArray::fromStdString(description.error().message);
    };
    QCOMPARE(withScheduler(R"({"_class_name": "LCMScheduler"})"), QByteArray("lcm 4 1 lcm"));
    QCOMPARE(withScheduler(R"({"_class_name": "TCDScheduler"})"), QByteArray("tcd 4 1 tcd"));
    QCOMPARE(withScheduler(R"({"_class_name": "EulerAncestralDiscreteScheduler", "timestep_spacing": "trailing"})"), QByteArray("turbo 4 1 euler_a_trailing"));
    QCOMPARE(withScheduler(R"({"_class_name": "EulerAncestralDiscreteScheduler", "timestep_spacing": "trailing", "prediction_type": "v_prediction", "rescale_betas_zero_snr": true})"), QByteArray());
    QCOMPARE(withScheduler(R"({"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading"})"), QByteArray());
}

void TstFewSteps::misfits_areNamed_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("scheduler");
    QTest::addColumn<bool>("fits");
    const auto row = [](const char* file, const char* scheduler, bool fits) { QTest::addRow("%s with %s", file, scheduler) << QByteArray(file) << QByteArray(scheduler) << fits; };
    row("sdxl_lightning_4step", "euler_sgm_uniform", true);
    row("sdxl_lightning_4step", "dpmpp_sde_karras", true);
    row("sdxl_lightning_4step", "euler", false);
    row("sdxl_lightning_4step", "lcm", false);
    row("lcm-lora-sdxl", "lcm_trailing", true);
    row("lcm-lora-sdxl", "euler_trailing", false);
    row("dmd2_sdxl_4step", "lcm", false);
    row("Hyper-SDXL-8steps-lora", "tcd", true);
    row("Hyper-SDXL-1step-Unet", "lcm", false);
    row("sdxl_lightning_4step", "lcm_hyper", false);
}

void TstFewSteps::misfits_areNamed()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, scheduler);
    FewStepEvidence evidence;
    evidence.path = file.toStdString();
    const auto advice = recogniseFewSteps(evidence, {});
    QVERIFY(advice);
    QTEST(fitsScheduler(*advice, scheduler.toStdString()), "fits");
}

void TstFewSteps::sentence_namesWhatDoesNotFit()
{
    FewStepEvidence evidence;
    evidence.path = "sdxl_lightning_4step.safetensors";
    const FewStepAdvice advice = recogniseFewSteps(evidence, {}).value();
    QCOMPARE(misfitSentence("a.safetensors", advice, { 4, 1.0, "euler_trailing" }), std::string());
    QCOMPARE(misfitSentence("a.safetensors", advice, { 25, 7.5, "dpmpp_2m" }),
        std::string("a.safetensors is a few-step model (Lightning) and ran with num_inference_steps 25, guidance_scale 7.5 and scheduler dpmpp_2m; it was made for num_inference_steps 4, guidance_scale 1 to 2 and "
                    "scheduler euler_trailing."));
    QCOMPARE(misfitSentence("a.safetensors", advice, { 5, 1.0, "euler_trailing" }), std::string("a.safetensors is a few-step model (Lightning) and ran with num_inference_steps 5; it was made for num_inference_steps 4."));
}

QTEST_APPLESS_MAIN(TstFewSteps)
#include "tst_few_steps.moc"
