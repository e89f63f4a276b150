// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_json.h"
#include "core/workflow/recipe_text.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <random>

using namespace sfumato;
using namespace sfumato::workflow;
using Json = nlohmann::ordered_json;

namespace {

JobDescription jobOf(const std::string& text)
{
    const auto parsed = parseJob(text, "job.json");
    if (!parsed) qWarning() << parsed.error().message.c_str();
    return parsed ? parsed->job : JobDescription{};
}

QString firstWarning(const std::string& text)
{
    const auto parsed = parseJob(text, "job.json");
    if (!parsed || parsed->warnings.size() != 1) return QStringLiteral("(%1)").arg(parsed ? static_cast<int>(parsed->warnings.size()) : -1);
    return QString::fromStdString(parsed->warnings.front());
}

// A job with every field away from its default, as far as this version runs them.
JobDescription unusualJob()
{
    JobDescription job;
    job.mode = engine::GenerationMode::Inpainting;
    job.model = "/models/a b.safetensors";
    job.vae = "vae.safetensors";
    job.prompt = "a \"quoted\" (cat:1.2)\nüber 日本";
    job.negativePrompt = "bad";
    job.imageUrl = "data:image/png;base64,AAAA";
    job.maskUrl = "file:///tmp/mask.png";
    job.strength = 0.37;
    job.imageSize = Extent{ 640, 1536 };
    job.preserveAspectRatio = true;
    job.imageCount = 3;
    job.steps = 41;
    job.guidanceScale = 5.25;
    job.guidanceRescale = 0.7;
    job.guidanceInterval = GuidanceInterval{ 0.28, 5.42 };
    job.seed = 9223372036854775805ULL;
    job.scheduler = "euler_a";
    job.clipSkip = 2;
    job.inpaint = { InpaintArea::Whole, 48, 0, 12, InpaintFill::Noise, false };
    job.enableSafetyChecker = false;
    job.format = OutputFormat::Avif;
    job.syncMode = true;
    job.trackId = "order 7";
    job.precision = engine::Precision::BFloat16;
    job.device = "cuda:1";
    return job;
}

} // namespace

class TstJobJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaults_areThoseOfTheContract()
    {
        const JobDescription job = jobOf("{}");
        QVERIFY(job == JobDescription{});
        const Json json = jobToJson(job);
        QCOMPARE(static_cast<int>(json.size()), 42);
        QCOMPARE(json["mode"].get<std::string>(), std::string("text-to-image"));
        QCOMPARE(json["strength"].get<double>(), 0.95);
        QCOMPARE(json["num_images"].get<int>(), 1);
        QCOMPARE(json["num_inference_steps"].get<int>(), 25);
        QCOMPARE(json["guidance_scale"].get<double>(), 7.5);
        QVERIFY(json["seed"].is_null() && json["image_size"].is_null() && json["refiner"].is_null() && json["track_id"].is_null());
        QCOMPARE(json["scheduler"].get<std::string>(), std::string("dpmpp_2m_karras"));
        QCOMPARE(json["inpaint"].dump(),
            std::string(R"({"area":"masked","context":"auto","grow":"auto","feather":"auto","fill":"original","color_match":true})"));
        QCOMPARE(json["enable_safety_checker"].get<bool>(), true);
        QCOMPARE(json["format"].get<std::string>(), std::string("jpeg"));
    }

    void writing_thenReading_givesTheJob()
    {
        const JobDescription job = unusualJob();
        QVERIFY(jobOf(jobToText(job)) == job);
        JobDescription preset = jobOf("{}");
        preset.mode = engine::GenerationMode::TextToImage;
        preset.imageSize = SizePreset::Landscape169;
        QVERIFY(jobOf(jobToText(preset)) == preset);
    }

    void recipe_isReadWithoutItsPictures_andWithFieldsOfLaterVersions()
    {
        JobDescription job = unusualJob();
        job.imageUrl.clear();
        job.refiner = RefinerSettings{ "refiner.safetensors", 0.7 };
        job.vae = "vae.safetensors";
        job.predictionType = engine::PredictionType::Sample;
        job.zeroTerminalSnr = false;
        job.loras = { { "a.safetensors", 0.5, 0.25 }, { "b.safetensors", -1, std::nullopt } };
        job.embeddings = { { "e.safetensors", "token" }, { "f.safetensors", "" } };
        job.controls = { { "c.safetensors", ControlType::SoftEdge, "edge.png", 0.5, 0.1, 0.9, imaging::ControlPreprocessing{}, "" },
            { "u.safetensors", ControlType::Line, "", 1, 0, 1, imaging::ControlPreprocessing{ imaging::ControlPreprocessor::Canny, { 60, 120.5 } }, "" },
            { "ip.safetensors", ControlType::Reference, "face.png", 1, 0, 1, std::nullopt, "vit-h.safetensors" } };
        job.perturbed = { 3.0, 0.005, { "mid", "up_blocks.0" } };
        job.freeU = engine::FreeU{ 1.5, 1.6, 0.8, 0.3, 2 };
        job.sharpness = 2.5;
        job.adaptiveGuidance = 7.0;
        job.sizeEmphasis = engine::SizeEmphasis{ 1.4, 0.7, 0.25 };
        job.compatibility = engine::Compatibility::ComfyUi;
        job.noiseOrigin = engine::NoiseOrigin::Gpu;
        job.etaNoiseSeedDelta = 31337;
        job.expandPrompt = true;
        QVERIFY(!parseJob(jobToText(job), "job.json"));
        const auto recipe = parseRecipe(jobToText(job), "a.png");
        QVERIFY(recipe && recipe->warnings.empty());
        QVERIFY(recipe->job == job);
    }

    void aliases_standForTheirFields_data()
    {
        QTest::addColumn<QString>("aliased");
        QTest::addColumn<QString>("plain");
        const auto row = [](const char* aliased, const char* plain) { QTest::newRow(aliased) << QString::fromUtf8(aliased) << QString::fromUtf8(plain); };
        row(R"("model_id": "m")", R"("model": "m")");
        row(R"("init_image": "a.png")", R"("image_url": "a.png")");
        row(R"("init_image": "a.png", "mask_image": "m.png")", R"("image_url": "a.png", "mask_url": "m.png")");
        row(R"("prompt_strength": 0.5)", R"("strength": 0.5)");
        row(R"("samples": 2)", R"("num_images": 2)");
        row(R"("steps": 9)", R"("num_inference_steps": 9)");
        row(R"("sampler": "lcm")", R"("scheduler": "lcm")");
        row(R"("enhance_prompt": "no")", R"("expand_prompt": false)");
        row(R"("safety_checker": "no")", R"("enable_safety_checker": false)");
        row(R"("safety_checker": "yes")", R"("enable_safety_checker": true)");
        row(R"("width": 512, "height": "768")", R"("image_size": {"width": 512, "height": 768})");
        row(R"("num_inference_steps": "30")", R"("num_inference_steps": 30)");
        row(R"("num_inference_steps": 30.0)", R"("num_inference_steps": 30)");
        row(R"("guidance_scale": " 7 ")", R"("guidance_scale": 7)");
        row(R"("guidance_interval": {"lowest": "0.5"})", R"("guidance_interval": {"lowest": 0.5, "highest": 5000})");
        row(R"("guidance_interval": null)", R"("guidance_rescale": 0)");
        row(R"("pag_layers": "mid")", R"("pag_scale": 0)");
        row(R"("pag_applied_layers": ["up_blocks.0"])", R"("pag_layers": "up_blocks.0")");
        row(R"("freeu": true)", R"("freeu": {"b1": 1.3, "b2": 1.4, "s1": 0.9, "s2": 0.2, "version": 1})");
        row(R"("freeu": "no")", R"("freeu": null)");
        row(R"("adaptive_cfg": 7)", R"("adaptive_guidance": 7)");
        row(R"("adm_guidance": "yes")", R"("adm_guidance": {"positive": 1.5, "negative": 0.8, "end": 0.3})");
        row(R"("adm_guidance": false)", R"("sharpness": 0)");
        row(R"("compatibility": "forge")", R"("compatibility": "a1111")");
        row(R"("rng": "nv")", R"("noise_source": "gpu")");
        row(R"("ensd": 31337)", R"("eta_noise_seed_delta": 31337)");
        row(R"("seed": "12345678901234567")", R"("seed": 12345678901234567)");
        row(R"("seed": null)", R"("seed": null)");
        row(R"("sync_mode": "true")", R"("sync_mode": true)");
        row(R"("format": "jpg")", R"("format": "jpeg")");
        row(R"("refiner": false)", R"("refiner": null)");
        row(R"("prediction_type": null, "zero_terminal_snr": null)", R"("refiner": null)");
        row(R"("zero_terminal_snr": "yes")", R"("zero_terminal_snr": true)");
        row(R"("inpaint": {"context": "auto", "grow": "5"})", R"("inpaint": {"grow": 5})");
        row(R"("inpaint": {"context": null})", R"("inpaint": {})");
        row(R"("width": null, "height": null)", "\"prompt\": \"\"");
        row(R"("image_url": null)", "\"prompt\": \"\"");
    }

    void aliases_standForTheirFields()
    {
        QFETCH(QString, aliased);
        QFETCH(QString, plain);
        const auto left = parseJob("{" + aliased.toStdString() + "}", "job.json"), right = parseJob("{" + plain.toStdString() + "}", "job.json");
        for (const auto* parsed : { &left, &right })
            if (!*parsed) QFAIL(parsed->error().message.c_str());
        QVERIFY(left->job == right->job);
        QVERIFY(left->warnings.empty());
    }

    void controlTypes_knowThePublicNames()
    {
        const auto typeOf = [](const std::string& name) {
            const auto recipe = parseRecipe(R"({"controls": [{"model": "c", "type": ")" + name + R"(", "image_url": "i.png"}]})", "job.json");
            return recipe ? std::optional(recipe->job.controls.front().type) : std::nullopt;
        };
        QVERIFY(typeOf("openpose") == ControlType::Pose);
        QVERIFY(typeOf("canny") == ControlType::Line && typeOf("lineart") == ControlType::Line);
        QVERIFY(typeOf("hed") == ControlType::SoftEdge && typeOf("scribble") == ControlType::SoftEdge);
        QVERIFY(typeOf("segment") == ControlType::Segment && typeOf("reference") == ControlType::Reference);
    }

    void preprocess_isAWordANameOrAnObject_data()
    {
        using P = imaging::ControlPreprocessor;
        QTest::addColumn<QString>("fields");
        QTest::addColumn<std::optional<imaging::ControlPreprocessing>>("expected"); // empty: by type
        QTest::addColumn<QString>("written");
        const auto row = [](const char* fields, std::optional<imaging::ControlPreprocessing> expected, const char* written) {
            QTest::newRow(fields) << QString::fromUtf8(fields) << expected << QString::fromUtf8(written);
        };
        const auto plain = [](P preprocessor) { return imaging::ControlPreprocessing::withDefaults(preprocessor); };
        row(R"("type": "line")", std::nullopt, "true");
        row(R"("type": "canny", "preprocess": true)", std::nullopt, "true");
        row(R"("type": "depth", "preprocess": "yes")", std::nullopt, "true");
        row(R"("type": "lineart")", plain(P::LineArt), R"("lineart")");
        row(R"("type": "scribble", "preprocess": "true")", plain(P::Scribble), R"("scribble")");
        row(R"("type": "scribble", "preprocess": false)", imaging::ControlPreprocessing{}, "false");
        row(R"("type": "line", "preprocess": "none")", imaging::ControlPreprocessing{}, "false");
        row(R"("type": "soft_edge", "preprocess": "canny")", plain(P::Canny), R"("canny")");
        row(R"("type": "soft_edge", "preprocess": "scribble_xdog")", plain(P::Scribble), R"("scribble")");
        row(R"("type": "tile", "preprocess": {"name": "tile", "factor": "2.5"})", imaging::ControlPreprocessing{ P::Tile, { 2.5, 0 } }, R"({"name":"tile","factor":2.5})");
        row(R"("type": "line", "preprocess": {"name": "canny", "high": 150})", imaging::ControlPreprocessing{ P::Canny, { 100, 150 } },
            R"({"name":"canny","low":100.0,"high":150.0})");
    }

    void preprocess_isAWordANameOrAnObject()
    {
        QFETCH(QString, fields);
        QFETCH(std::optional<imaging::ControlPreprocessing>, expected);
        QFETCH(QString, written);
        const auto recipe = parseRecipe(R"({"controls": [{"model": "c", "image_url": "i.png", )" + fields.toStdString() + "}]}", "job.json");
        if (!recipe) QFAIL(recipe.error().message.c_str());
        QVERIFY(recipe->warnings.empty());
        QVERIFY(recipe->job.controls.front().preprocess == expected);
        QCOMPARE(QString::fromStdString(jobToJson(recipe->job)["controls"][0]["preprocess"].dump()), written);
        QVERIFY(parseRecipe(jobToText(recipe->job), "job.json")->job.controls == recipe->job.controls);
    }

    void preprocess_refusesWhatItDoesNotKnow()
    {
        const auto messageOf = [](const std::string& preprocess) {
            const auto recipe = parseRecipe(R"({"controls": [{"model": "c", "type": "line", "preprocess": )" + preprocess + "}]}", "job.json");
            return QString::fromStdString(recipe ? "" : recipe.error().message);
        };
        QVERIFY(messageOf("\"cany\"").startsWith(QLatin1String(R"(controls[0].preprocess was given as "cany"; it must be true, false, an object with "name", "none", "canny")")));
        QVERIFY(messageOf("3").contains(QLatin1String("controls[0].preprocess was given as 3")));
        QVERIFY(messageOf(R"({"low": 3})").contains(QLatin1String("must be an object with \"name\"")));
        QVERIFY(messageOf(R"({"name": "canny", "low": 300})").contains(QLatin1String("controls[0].preprocess.low was given as 300; it must be")));
        QVERIFY(messageOf(R"({"name": "hed"})").contains(QLatin1String("controls[0].preprocess.name was given as \"hed\"")));
        const auto unknown = parseRecipe(R"({"controls": [{"model": "c", "type": "line", "preprocess": {"name": "canny", "lw": 3}}]})", "job.json");
        QCOMPARE(unknown->warnings.front(), std::string("The field \"controls[0].preprocess.lw\" is unknown and was ignored; the nearest known field is \"controls[0].preprocess.low\"."));
    }

    void control_withoutAPicture_standsForTheJobsOwn()
    {
        const auto refused = parseJob(R"({"controls": [{"model": "c", "type": "line"}]})", "job.json");
        QCOMPARE(refused.error().detail, std::string("controls[0].image_url"));
        std::vector<std::string> warnings;
        const auto recipe = parseRecipe(R"({"mode": "text-to-image", "image_url": "a.png", "controls": [{"model": "c", "type": "line"}]})", "job.json");
        (void)validateJob(recipe->job, warnings);
        QVERIFY(warnings.empty()); // the picture has a use
        JobDescription embedded = recipe->job;
        embedded.seed = 1;
        embedded.controls.front().imageUrl = "data:image/png;base64,AAAA";
        QCOMPARE(parseRecipe(recipeJobText(embedded), "a.png")->job.controls.front().imageUrl, std::string("control1.png"));
    }

    void unknownField_isAWarning_naming_theNearest_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("warning");
        QTest::newRow("typing error") << QStringLiteral(R"({"promt": "x"})") << QStringLiteral(R"(The field "promt" is unknown and was ignored; the nearest known field is "prompt".)");
        QTest::newRow("near an alias") << QStringLiteral(R"({"step": 3})") << QStringLiteral(R"(The field "step" is unknown and was ignored; the nearest known field is "steps".)");
        QTest::newRow("inside an object") << QStringLiteral(R"({"inpaint": {"fil": "blur"}})")
                                          << QStringLiteral(R"(The field "inpaint.fil" is unknown and was ignored; the nearest known field is "inpaint.fill".)");
        QTest::newRow("picture without a use") << QStringLiteral(R"({"mode": "text-to-image", "image_url": "a.png"})") << QStringLiteral("image_url is not used because mode is \"text-to-image\".");
        QTest::newRow("mask without a use") << QStringLiteral(R"({"mode": "image-to-image", "image_url": "a.png", "mask_url": "m.png"})")
                                            << QStringLiteral("mask_url is not used because mode is \"image-to-image\".");
    }

    void unknownField_isAWarning_naming_theNearest()
    {
        QFETCH(QString, job);
        QFETCH(QString, warning);
        QCOMPARE(firstWarning(job.toStdString()), warning);
    }

    void set_replacesAField_underEachOfItsNames()
    {
        const auto after = [](const char* document, std::initializer_list<const char*> assignments) {
            Json json = Json::parse(document);
            for (const char* assignment : assignments)
                if (const auto set = setJobField(json, assignment); !set) return set.error().message;
            return json.dump();
        };
        QCOMPARE(after(R"({"steps": 5})", { "num_inference_steps=30" }), std::string(R"({"num_inference_steps":"30"})"));
        QCOMPARE(after(R"({"num_inference_steps": 5})", { "steps=30" }), std::string(R"({"num_inference_steps":"30"})"));
        QCOMPARE(after("{}", { "prompt=[1]=2" }), std::string(R"({"prompt":"[1]=2"})"));
        QCOMPARE(after("{}", { "prompt=null" }), std::string(R"({"prompt":"null"})"));
        QCOMPARE(after("{}", { "seed=null" }), std::string(R"({"seed":null})"));
        QCOMPARE(after("{}", { "inpaint.fill=blur", "inpaint.grow=3" }), std::string(R"({"inpaint":{"fill":"blur","grow":"3"}})"));
        QCOMPARE(after(R"({"image_size": "square"})", { "width=64", "height=64" }), std::string(R"({"width":"64","height":"64"})"));
        QCOMPARE(after(R"({"width": 64, "height": 64})", { "image_size={\"width\":8,\"height\":8}" }), std::string(R"({"image_size":{"width":8,"height":8}})"));
        QCOMPARE(after("{}", { "prompt" }), std::string("--set was given as \"prompt\"; it must be FIELD=VALUE."));
        QCOMPARE(after("{}", { "loras=[1" }), std::string("The value of --set loras could not be read as JSON: it is malformed at byte 3."));
    }

    void damagedJobs_endInAJobOrASentence()
    {
        JobDescription job = unusualJob();
        job.loras = { { "a.safetensors", 0.5, 0.25 } };
        job.controls = { { "c.safetensors", ControlType::Depth, "edge.png", 0.5, 0.1, 0.9, imaging::ControlPreprocessing::withDefaults(imaging::ControlPreprocessor::Blur), "" } };
        job.refiner = RefinerSettings{ "r", 0.5 };
        const std::string whole = jobToText(job);
        constexpr std::string_view kBytes = "{}[]\",:0-9.eE+tfn \\\xC3\xFF";
        std::mt19937 random(5);
        int read = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string damaged = whole;
            for (auto edits = 1 + random() % 3; edits > 0; --edits) {
                const std::size_t at = random() % damaged.size();
                if (random() % 2) damaged[at] = kBytes[random() % kBytes.size()];
                else
                    damaged.erase(at, random() % 12);
            }
            const auto parsed = parseRecipe(damaged, "job.json");
            if (parsed) ++read;
            else
                QVERIFY(!parsed.error().message.empty() && parsed.error().code == ErrorCode::InvalidRequest);
        }
        QVERIFY(read > 0);
    }

    void document_isReadStrictly_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("malformed at byte");
        QTest::newRow("cut short") << QByteArray("{\"prompt\": ") << QStringLiteral("malformed at byte");
        QTest::newRow("comment") << QByteArray("{} // x") << QStringLiteral("malformed at byte");
        QTest::newRow("trailing comma") << QByteArray("{\"prompt\": \"a\",}") << QStringLiteral("malformed at byte");
        QTest::newRow("two documents") << QByteArray("{} {}") << QStringLiteral("malformed at byte");
        QTest::newRow("not a number") << QByteArray("{\"seed\": NaN}") << QStringLiteral("malformed at byte");
        QTest::newRow("number out of range") << QByteArray("{\"seed\": 1e999}") << QStringLiteral("malformed at byte");
        QTest::newRow("broken UTF-8") << QByteArray("{\"prompt\": \"\xC3\"}") << QStringLiteral("malformed at byte");
        QTest::newRow("name twice") << QByteArray("{\"seed\": 1, \"seed\": 2}") << QStringLiteral("the name \"seed\" is given twice");
        QTest::newRow("name twice, inside") << QByteArray("{\"inpaint\": {\"grow\": 1, \"grow\": 2}}") << QStringLiteral("the name \"grow\" is given twice");
        QTest::newRow("too deep") << QByteArray(100'000, '[') << QStringLiteral("it nests deeper than 16 levels");
        QTest::newRow("too long") << "[" + QByteArray("0,").repeated(20'000) + "0]" << QStringLiteral("it has more than 10000 values");
    }

    void document_isReadStrictly()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        const auto parsed = parseJob(text.toStdString(), "job.json");
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidRequest);
        const QString message = QString::fromStdString(parsed.error().message);
        QVERIFY2(message.startsWith(QStringLiteral("job.json could not be read as JSON: ")) && message.contains(said), qPrintable(message));
    }
};

QTEST_APPLESS_MAIN(TstJobJson)
#include "tst_job_json.moc"
