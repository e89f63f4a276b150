// Recipes of other programs as jobs.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/recipes/foreign_recipe.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <random>

using namespace sfumato;
using namespace sfumato::workflow;
using engine::Compatibility;
using engine::NoiseOrigin;
using namespace std::string_view_literals;

namespace {

QList<QJsonObject> recorded(const char* rule)
{
    QList<QJsonObject> cases;
    QFile file(QStringLiteral(SFUMATO_SOURCE_DIR "/tests/data/recipes_foreign.jsonl"));
    if (!file.open(QIODevice::ReadOnly)) return cases;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        if (object[QStringLiteral("rule")].toString() == QLatin1String(rule)) cases.append(object);
    }
    return cases;
}

constexpr std::string_view kGraph = R"json({
 "3": {"class_type": "KSampler", "inputs": {"seed": 156680208700286, "steps": 24, "cfg": 6.5, "sampler_name": "dpmpp_2m_sde_gpu", "scheduler": "karras", "denoise": 0.65,
   "model": ["11", 0], "positive": ["20", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
 "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sdxl\\base.safetensors"}},
 "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 832, "height": 1216, "batch_size": 2}},
 "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["30", 0], "clip": ["12", 0]}},
 "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["12", 0]}},
 "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
 "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0], "filename_prefix": "x"}},
 "10": {"class_type": "LoraLoader", "inputs": {"lora_name": "styles/ink.safetensors", "strength_model": 0.8, "strength_clip": 0.5, "model": ["4", 0], "clip": ["4", 1]}},
 "11": {"class_type": "LoraLoaderModelOnly", "inputs": {"lora_name": "speed.safetensors", "strength_model": 1, "model": ["10", 0]}},
 "12": {"class_type": "CLIPSetLastLayer", "inputs": {"stop_at_clip_layer": -2, "clip": ["10", 1]}},
 "20": {"class_type": "ConditioningSetArea", "inputs": {"conditioning": ["6", 0], "strength": NaN}},
 "30": {"class_type": "PrimitiveString", "inputs": {"value": "a (cat:1.2)"}},
 "40": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 3, "cfg": 1, "sampler_name": "euler", "scheduler": "normal", "denoise": 1}}
})json";

} // namespace

class TstForeignRecipe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parameters_areTakenApartAsA1111Does()
    {
        const auto cases = recorded("a1111_infotext");
        QCOMPARE(cases.size(), 7);
        for (const QJsonObject& one : cases) {
            const QJsonObject expected = one[QStringLiteral("output")].toObject(), fields = expected[QStringLiteral("fields")].toObject();
            const ParametersText text = splitParameters(one[QStringLiteral("input")].toString().toStdString());
            QCOMPARE(QString::fromStdString(text.prompt), expected[QStringLiteral("prompt")].toString());
            QCOMPARE(QString::fromStdString(text.negativePrompt), expected[QStringLiteral("negative")].toString());
            QCOMPARE(static_cast<qsizetype>(text.fields.size()), fields.size());
            for (const auto& [name, value] : text.fields) QCOMPARE(QString::fromStdString(value), fields[QString::fromStdString(name)].toString());
        }
    }

    void networkTags_areTakenOut()
    {
        const auto cases = recorded("a1111_extra_networks");
        QCOMPARE(cases.size(), 8);
        for (const QJsonObject& one : cases) {
            std::string prompt = one[QStringLiteral("input")].toString().toStdString();
            const QJsonArray expected = one[QStringLiteral("output")].toObject()[QStringLiteral("tags")].toArray();
            const auto tags = takeNetworkTags(prompt);
            QCOMPARE(QString::fromStdString(prompt), one[QStringLiteral("output")].toObject()[QStringLiteral("rest")].toString());
            QCOMPARE(static_cast<qsizetype>(tags.size()), expected.size());
            for (qsizetype i = 0; i < expected.size(); ++i) {
                QStringList parts{ QString::fromStdString(tags[static_cast<std::size_t>(i)].kind) };
                for (const std::string& argument : tags[static_cast<std::size_t>(i)].arguments) parts << QString::fromStdString(argument);
                QCOMPARE(parts, expected[i].toVariant().toStringList());
            }
        }
    }

    void a1111_becomesAJob()
    {
        const auto parsed = jobFromParameters("a cat <lora:ink:0.5:0.8> <lora:soft:0.7><hypernet:h:1>\nNegative prompt: bad\nSteps: 30, Sampler: DPM++ 2M SDE, Schedule type: Karras, CFG scale: 5.5, Seed: 4000000000, "
                                              "Size: 832x1216, Model hash: 45dee52b01, Model: \"my, model\", Denoising strength: 0.4, Clip skip: 2, ENSD: 31337, RNG: CPU, Version: v1.10.1");
        QVERIFY(parsed);
        const JobDescription& job = parsed->job;
        QCOMPARE(job.compatibility, Compatibility::A1111);
        QCOMPARE(job.prompt, std::string("a cat  "));
        QCOMPARE(job.negativePrompt, std::string("bad"));
        QVERIFY((job.loras == std::vector<LoraReference>{ { "ink.safetensors", 0.8, 0.5 }, { "soft.safetensors", 0.7, std::nullopt } }));
        QCOMPARE(job.scheduler, std::string("dpmpp_2m_sde_karras"));
        QCOMPARE(job.steps, 30);
        QCOMPARE(job.guidanceScale, 5.5);
        QVERIFY(job.seed == std::uint64_t{ 4000000000 });
        QVERIFY(job.imageSize == ImageSize(Extent{ 832, 1216 }));
        QCOMPARE(job.model, std::string("my, model.safetensors"));
        QCOMPARE(job.strength, 0.4);
        QCOMPARE(job.clipSkip, 1);
        QCOMPARE(job.noiseOrigin, NoiseOrigin::Cpu);
        QCOMPARE(job.etaNoiseSeedDelta, std::uint64_t{ 31337 });
        QCOMPARE(parsed->warnings.size(), std::size_t{ 1 }); // the hypernetwork
        QVERIFY(parseJob(jobToText([&] { JobDescription known = job; known.strength = 0.95; return known; }()), "job.json"));
    }

    void a1111_schedulesFollowTheSampler_data()
    {
        QTest::addColumn<QString>("fields");
        QTest::addColumn<QString>("scheduler");
        const auto row = [](const char* fields, const char* scheduler) { QTest::newRow(fields) << QString::fromLatin1(fields) << QString::fromLatin1(scheduler); };
        row("Sampler: Euler a", "euler_a");
        row("Sampler: Euler a, Schedule type: Automatic", "euler_a");
        row("Sampler: DPM++ 2M", "dpmpp_2m_karras");
        row("Sampler: DPM++ 2M Karras", "dpmpp_2m_karras");
        row("Sampler: DPM++ 2M SDE Exponential", "dpmpp_2m_sde_exponential");
        row("Sampler: DPM++ 3M SDE, Schedule type: Automatic", "dpmpp_3m_sde_exponential");
        row("Sampler: DPM++ 2M, Schedule type: Uniform", "dpmpp_2m_normal");
        row("Sampler: DPM++ 2M, Schedule type: SGM Uniform", "dpmpp_2m_sgm_uniform");
        row("Sampler: DPM++ SDE, Schedule type: Align Your Steps", "dpmpp_sde_ays");
        row("Sampler: DDIM", "ddim");
        row("Sampler: Restart", "restart");
        row("Sampler: UniPC", "unipc");
    }
    void a1111_schedulesFollowTheSampler()
    {
        QFETCH(QString, fields);
        QFETCH(QString, scheduler);
        const auto parsed = jobFromParameters("x\nSteps: 20, " + fields.toStdString() + ", Seed: 1, Size: 512x512");
        QVERIFY(parsed && parsed->warnings.empty());
        QCOMPARE(QString::fromStdString(parsed->job.scheduler), scheduler);
    }

    void comfyGraph_becomesAJob()
    {
        const auto parsed = jobFromComfyGraph(kGraph);
        QVERIFY(parsed);
        const JobDescription& job = parsed->job;
        QCOMPARE(job.compatibility, Compatibility::ComfyUi);
        QCOMPARE(job.prompt, std::string("a (cat:1.2)"));
        QCOMPARE(job.negativePrompt, std::string("blurry"));
        QVERIFY(job.seed == std::uint64_t{ 156680208700286 });
        QCOMPARE(job.steps, 24);
        QCOMPARE(job.guidanceScale, 6.5);
        QCOMPARE(job.scheduler, std::string("dpmpp_2m_sde_karras"));
        QCOMPARE(job.noiseOrigin, NoiseOrigin::Gpu);
        QCOMPARE(job.strength, 0.65);
        QCOMPARE(job.model, std::string("base.safetensors"));
        QVERIFY((job.loras == std::vector<LoraReference>{ { "ink.safetensors", 0.8, 0.5 }, { "speed.safetensors", 1.0, 0.0 } }));
        QVERIFY(job.imageSize == ImageSize(Extent{ 832, 1216 }));
        QCOMPARE(job.imageCount, 2);
        QCOMPARE(job.clipSkip, 1);
    }

    void advancedSampler_isRead()
    {
        const auto parsed = jobFromComfyGraph(R"({"1": {"class_type": "KSamplerAdvanced", "inputs": {"noise_seed": 7, "steps": 20, "cfg": 8, "sampler_name": "euler_ancestral", "scheduler": "ddim_uniform", "start_at_step": 0, "end_at_step": 10000}}})");
        QVERIFY(parsed);
        QVERIFY(parsed->job.seed == std::uint64_t{ 7 });
        QCOMPARE(parsed->job.scheduler, std::string("euler_a_normal"));
        QCOMPARE(parsed->warnings.size(), std::size_t{ 1 }); // the schedule
    }

    void circularAndForeignGraphs_areNoJobs()
    {
        QVERIFY(!jobFromComfyGraph("{}"));
        QVERIFY(!jobFromComfyGraph("[]"));
        QVERIFY(!jobFromComfyGraph("{\"1\": {\"class_type\": \"SaveImage\", \"inputs\": {\"images\": [\"1\", 0]}}}"));
        const auto parsed = jobFromComfyGraph(R"({"1": {"class_type": "KSampler", "inputs": {"positive": ["2", 0], "model": ["2", 0], "seed": ["2", 0]}}, "2": {"class_type": "Loop", "inputs": {"conditioning": ["2", 0], "model": ["2", 0], "seed": ["2", 0]}}})");
        QVERIFY(parsed && parsed->job.prompt.empty() && !parsed->job.seed);
    }

    void fooocus_becomesAJob()
    {
        const auto parsed = jobFromFooocus(R"json({"prompt": "a fox", "negative_prompt": "bad", "steps": 30, "resolution": "(1152, 896)", "guidance_scale": 4, "sharpness": 2.5, "adm_guidance": "(1.4, 0.9, 0.25)",
            "base_model": "juggernaut.safetensors", "seed": "123456789", "sampler": "dpmpp_2m_sde_gpu", "scheduler": "karras", "clip_skip": 2, "lora_combined_1": "offset.safetensors : 0.1", "version": "Fooocus v2.5.5"})json");
        QVERIFY(parsed);
        const JobDescription& job = parsed->job;
        QCOMPARE(job.compatibility, Compatibility::ComfyUi);
        QCOMPARE(job.sharpness, 2.5);
        QCOMPARE(job.adaptiveGuidance, 7.0);
        QVERIFY(job.sizeEmphasis == (engine::SizeEmphasis{ 1.4, 0.9, 0.25 }));
        QVERIFY(job.imageSize == ImageSize(Extent{ 1152, 896 }));
        QVERIFY(job.seed == std::uint64_t{ 123456789 });
        QCOMPARE(job.scheduler, std::string("dpmpp_2m_sde_karras"));
        QVERIFY((job.loras == std::vector<LoraReference>{ { "offset.safetensors", 0.1, std::nullopt } }));
    }

    void
    ourOwnRecipe_comesFirst()
    {
        JobDescription job;
        job.prompt = "ours";
        job.seed = 1;
        const std::string text = jobToText(job);
        const auto parsed = jobFromPicture({ text, "theirs\nSteps: 20, Sampler: Euler, Seed: 2", kGraph });
        QVERIFY(parsed && parsed->job.prompt == "ours" && parsed->job.compatibility == Compatibility::Diffusers);
        const auto a1111 = jobFromPicture({ {}, "theirs\nSteps: 20, Sampler: Euler, Seed: 2", kGraph });
        QVERIFY(a1111 && a1111->job.compatibility == Compatibility::A1111);
        const auto graph = jobFromPicture({ {}, {}, kGraph });
        QVERIFY(graph && graph->job.compatibility == Compatibility::ComfyUi);
        QVERIFY(!jobFromPicture({ {}, "just words", {} }));
    }

    void valuesNoJobMayHold_areBroughtIntoRange()
    {
        const auto a1111 = jobFromParameters("<lora:ink:1e30:-500><lora:soft:0.5>\nSteps: 1e300, Sampler: Euler, Seed: 1, Size: 99999999999999999999x1, Clip skip: 1e99, CFG scale: 1e9, Model: a\0b"sv);
        QVERIFY(a1111);
        QVERIFY((a1111->job.loras == std::vector<LoraReference>{ { "ink.safetensors", -100.0, 100.0 }, { "soft.safetensors", 0.5, std::nullopt } }));
        QCOMPARE(a1111->job.steps, JobDescription::kMostSteps);
        QCOMPARE(a1111->job.clipSkip, JobDescription::kMostClipSkip);
        QVERIFY(a1111->job.imageSize == ImageSize(Extent{ 4096, 64 }));
        QCOMPARE(a1111->job.model, std::string("ab.safetensors"));
        QCOMPARE(QString::fromStdString(a1111->warnings.front()), QStringLiteral("The weight -500 of ink.safetensors was made -100; from -100 to 100 are allowed."));
        QCOMPARE(a1111->warnings.size(), std::size_t{ 2 });

        std::string many;
        for (int i = 0; i < 70; ++i) many += "<lora:l" + std::to_string(i) + ":1>";
        const auto crowd = jobFromParameters(many + "\nSteps: 20, Sampler: Euler, Seed: 1");
        QVERIFY(crowd);
        QCOMPARE(crowd->job.loras.size(), kMostEntries);
        QCOMPARE(crowd->warnings.size(), std::size_t{ 1 });

        for (const auto* parsed : { &*a1111, &*crowd }) QVERIFY(parseRecipe(jobToText(parsed->job), "again"));
    }

    void everyText_isAccepted()
    {
        std::mt19937 random(5);
        const std::string sources[] = { std::string(kGraph), "a <lora:x:1> b\nNegative prompt: c\nSteps: 20, Sampler: \"Euler\", Size: 512x512, Seed: 2", R"json({"prompt": "x", "base_model": "y", "seed": "1", "resolution": "(1, 2)"})json" };
        constexpr std::string_view kSigns = "\"\\:,<>{}[]()x1\n\xff";
        for (int i = 0; i < 6000; ++i) {
            std::string text = sources[random() % 3];
            for (int change = 0; change < 4; ++change) text[random() % text.size()] = kSigns[random() % kSigns.size()];
            if (random() % 2 == 0) text.resize(random() % text.size());
            static_cast<void>(jobFromPicture({ {}, text, text }));
            static_cast<void>(jobFromComfyGraph(text));
            static_cast<void>(jobFromFooocus(text));
        }
    }
};

QTEST_APPLESS_MAIN(TstForeignRecipe)
#include "tst_foreign_recipe.moc"
