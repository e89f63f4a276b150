// SPDX-License-Identifier: Apache-2.0
#include "app/cli/job_runner.h"

#include "app/cli/picture_source.h"
#include "core/document/io/picture_reader.h"
#include "core/document/io/picture_writer.h"
#include "core/workflow/job_json.h"
#include "tests/support/fake_engine.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <fstream>

using namespace sfumato;
using namespace sfumato::app;
using Json = nlohmann::ordered_json;

namespace {

ImageBuffer meadow(Extent extent)
{
    ImageBuffer image(extent, PixelFormat::Rgb8);
    for (int y = 0; y < extent.height; ++y)
        for (int i = 0; i < extent.width * 3; ++i) image.row(y)[i] = static_cast<std::uint8_t>((i * 3 + y * 5) % 251);
    return image;
}

// White in the middle.
ImageBuffer spot(Extent extent)
{
    ImageBuffer mask(extent, PixelFormat::Gray8);
    for (int y = extent.height / 3; y < extent.height / 2; ++y)
        for (int x = extent.width / 3; x < extent.width / 2; ++x) mask.row(y)[x] = 255;
    return mask;
}

} // namespace

class TstJobRunner : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    InstallPaths m_paths;
    std::shared_ptr<sfumato::testing::FakeEngineProbe> m_probe;
    std::stop_source m_stop;

    std::filesystem::path root() const { return m_folder->path().toStdString(); }
    std::filesystem::path out() const { return root() / "out"; }
    QStringList outputs() const { return QDir(QString::fromStdString(out().string())).entryList(QDir::Files | QDir::Hidden, QDir::Name); }

    JobRunner runner(sfumato::testing::FakeScript script = {})
    {
        script.modelInfo.nativeSize = { 128, 128 };
        script.modelInfo.title = "Fake";
        return { sfumato::testing::fakeEngineSource(script, m_probe), m_paths, OutputFiles(out(), document::ExistingFile::Keep) };
    }

    Json run(JobRunner& runner, const char* job)
    {
        engine::GenerationObserver silent;
        return reportToJson(runner.run(Json::parse(job), { {}, root() }, silent, m_stop.get_token()));
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_paths = installPathsOf(root() / "bin" / "sfumato-cli");
        m_probe = std::make_shared<sfumato::testing::FakeEngineProbe>();
        m_stop = {};
        QVERIFY(QDir().mkpath(QString::fromStdString(m_paths.installedModels.string())));
        QFile model(QString::fromStdString((m_paths.installedModels / "starter.safetensors").string()));
        QVERIFY(model.open(QIODevice::WriteOnly));
        QVERIFY(document::writePicture(root() / "meadow.png", meadow({ 200, 150 }).view(), {}));
        QVERIFY(document::writePicture(root() / "mask.png", spot({ 200, 150 }).view(), {}));
    }

    void textToImage_writesEachPicture_withItsRecipe()
    {
        JobRunner jobs = runner();
        const Json report = run(jobs, R"({"prompt": "a cat", "seed": 7, "num_images": 2, "image_size": "square_hd", "format": "png", "track_id": "t", "promt": 1})");
        QCOMPARE(report["status"].get<std::string>(), std::string("success"));
        QCOMPARE(outputs(), (QStringList{ QStringLiteral("1.png"), QStringLiteral("2.png") }));
        QCOMPARE(report["images"].size(), std::size_t{ 2 });
        const Json& second = report["images"][1];
        QCOMPARE(second["url"].get<std::string>(), (out() / "2.png").string());
        QCOMPARE(second["seed"].get<int>(), 8);
        QCOMPARE(second["width"].get<int>(), 128);
        QCOMPARE(second["content_type"].get<std::string>(), std::string("image/png"));
        QCOMPARE(report["track_id"].get<std::string>(), std::string("t"));
        QCOMPARE(report["warnings"].size(), std::size_t{ 1 });
        QCOMPARE(report["job"]["model"].get<std::string>(), std::string("starter"));
        QCOMPARE(report["job"]["image_size"].dump(), std::string(R"({"width":128,"height":128})"));

        const auto picture = document::readPicture(out() / "2.png");
        QVERIFY(picture);
        QVERIFY2(picture->recipe.parameters.starts_with("a cat\nSteps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 8, Size: 128x128, Model: Fake"),
            picture->recipe.parameters.c_str());
        const auto recipe = workflow::parseRecipe(picture->recipe.job, "2.png");
        QVERIFY(recipe && recipe->job.seed == 8U && recipe->job.imageCount == 1);
    }

    void expandPrompt_runsAndEchoesTheExpandedPrompt()
    {
        m_paths.promptExpansion = root() / "expanders";
        std::filesystem::create_directories(m_paths.promptExpansion / "mine");
        std::ofstream(m_paths.promptExpansion / "mine" / "config.json") << "{}";
        JobRunner jobs = runner();
        const Json report = run(jobs, R"({"prompt": "a cat", "expand_prompt": "yes", "seed": 7, "image_size": "square_hd", "format": "png"})");
        QCOMPARE(report["status"].get<std::string>(), std::string("success"));
        QCOMPARE(report["prompt"].get<std::string>(), std::string("a cat, soft light 7"));
        QCOMPARE(report["original_prompt"].get<std::string>(), std::string("a cat"));
        QCOMPARE(report["job"]["prompt"].get<std::string>(), std::string("a cat, soft light 7"));
        QCOMPARE(report["job"]["expand_prompt"].get<bool>(), false); // so that the job, run again, is the same
        const auto picture = document::readPicture(out() / "1.png");
        QVERIFY(picture && picture->recipe.parameters.starts_with("a cat, soft light 7\n"));
        const auto recipe = workflow::parseRecipe(picture->recipe.job, "1.png");
        QVERIFY(recipe && recipe->job.prompt == "a cat, soft light 7" && !recipe->job.expandPrompt);
        // The pixels are those of the echoed job.
        const Json again = run(jobs, report["job"].dump().c_str());
        QVERIFY(!again.contains("original_prompt"));
        const auto first = document::readPicture(out() / "1.png"), second = document::readPicture(out() / "2.png");
        QVERIFY(first && second && std::equal(first->image.bytes(), first->image.bytes() + first->image.sizeInBytes(), second->image.bytes()));
    }

    void expandPrompt_saysWhereItLooks_whenNothingIsInstalled()
    {
        m_paths.promptExpansion = root() / "expanders";
        JobRunner jobs = runner();
        const Json report = run(jobs, R"({"prompt": "a cat", "expand_prompt": true})");
        QCOMPARE(report["status"].get<std::string>(), std::string("failure"));
        QCOMPARE(report["error"]["field"].get<std::string>(), std::string("expand_prompt"));
        const std::string message = report["error"]["message"].get<std::string>();
        QVERIFY2(message.find((root() / "expanders").string()) != std::string::npos, message.c_str());
        QCOMPARE(m_probe->enginesMade.load(), 0);
    }

    void expandPrompt_endsTheJob_whenTheModelCannotBeUsed()
    {
        m_paths.promptExpansion = root() / "expanders";
        std::filesystem::create_directories(m_paths.promptExpansion);
        std::ofstream(m_paths.promptExpansion / "config.json") << "{}";
        JobRunner jobs = runner({ .expansionFailure = Error{ ErrorCode::FileUnreadable, "expanders/model.safetensors is cut short.", {} } });
        const Json report = run(jobs, R"({"prompt": "a cat", "expand_prompt": true})");
        QCOMPARE(report["error"]["field"].get<std::string>(), std::string("expand_prompt"));
        QCOMPARE(report["error"]["message"].get<std::string>(), std::string("expanders/model.safetensors is cut short."));
        QVERIFY(outputs().isEmpty());
    }

    void inpaint_keepsEveryUnpaintedPixel()
    {
        JobRunner jobs = runner();
        const Json report = run(jobs, R"({"prompt": "x", "image_url": "meadow.png", "mask_url": "mask.png", "format": "png", "seed": 1})");
        QCOMPARE(report["status"].get<std::string>(), std::string("success"));
        QCOMPARE(report["job"]["mode"].get<std::string>(), std::string("inpaint"));
        const auto picture = document::readPicture(out() / "1.png");
        QVERIFY(picture && picture->image.extent() == (Extent{ 200, 150 }));
        const ImageBuffer before = meadow({ 200, 150 }), mask = spot({ 200, 150 });
        int changed = 0;
        for (int y = 0; y < 150; ++y)
            for (int x = 0; x < 200; ++x) {
                const bool differs = std::memcmp(picture->image.row(y) + x * 4, before.row(y) + x * 3, 3) != 0;
                QVERIFY(!differs || mask.row(y)[x] > 0);
                changed += differs;
            }
        QVERIFY(changed > 0);
    }

    void theSameJobAgain_givesTheSameBytes()
    {
        JobRunner jobs = runner();
        const Json first = run(jobs, R"({"prompt": "x", "image_url": "meadow.png", "mask_url": "mask.png", "format": "png"})");
        QCOMPARE(first["status"].get<std::string>(), std::string("success"));
        const Json second = run(jobs, first["job"].dump().c_str());
        QCOMPARE(second["status"].get<std::string>(), std::string("success"));
        const auto one = document::readPicture(out() / "1.png"), two = document::readPicture(out() / "2.png");
        QVERIFY(one && two && one->image == two->image);
        QVERIFY(first["job"] == second["job"]);
        QCOMPARE(m_probe->enginesMade.load(), 1);
    }

    void syncMode_carriesThePicture_andWritesNothing()
    {
        JobRunner jobs = runner();
        const Json report = run(jobs, R"({"prompt": "x", "sync_mode": true, "format": "webp", "seed": "3"})");
        QCOMPARE(report["status"].get<std::string>(), std::string("success"));
        const std::string uri = report["images"][0]["url"].get<std::string>();
        QVERIFY(uri.starts_with("data:image/webp;base64,"));
        QVERIFY(loadJobPicture(uri, "image_url", {}));
        QVERIFY(!QDir(QString::fromStdString(out().string())).exists());
    }

    void failures_comeBeforeAnEngineIsMade_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("message");
        QTest::newRow("field") << QStringLiteral(R"({"steps": 0})") << QStringLiteral("invalid_request") << QStringLiteral("steps")
                               << QStringLiteral("steps was given as 0; it must be a whole number from 1 to 150.");
        QTest::newRow("picture") << QStringLiteral(R"({"image_url": "gone.png"})") << QStringLiteral("file_not_found") << QStringLiteral("image_url")
                                 << QStringLiteral("image_url was given as \"gone.png\"; there is no such file.");
        QTest::newRow("model") << QStringLiteral(R"({"model": "none"})") << QStringLiteral("file_not_found") << QStringLiteral("model")
                               << QStringLiteral("model was given as \"none\"; it must be the path of a .safetensors file or of a diffusers folder, or an installed model (starter).");
        QTest::newRow("refiner") << QStringLiteral(R"({"refiner": {"model": "none.safetensors"}})") << QStringLiteral("file_not_found") << QStringLiteral("refiner")
                                 << QStringLiteral("refiner was given as \"none.safetensors\"; it must be the path of a .safetensors file or of a diffusers folder, or an installed model (starter).");
    }

    void failures_comeBeforeAnEngineIsMade()
    {
        QFETCH(QString, job);
        QFETCH(QString, code);
        QFETCH(QString, field);
        QFETCH(QString, message);
        JobRunner jobs = runner();
        const Json report = run(jobs, job.toUtf8().constData());
        QCOMPARE(report["status"].get<std::string>(), std::string("failure"));
        QCOMPARE(QString::fromStdString(report["error"]["code"].get<std::string>()), code);
        QCOMPARE(QString::fromStdString(report["error"]["field"].get<std::string>()), field);
        QCOMPARE(QString::fromStdString(report["error"]["message"].get<std::string>()), message);
        QCOMPARE(m_probe->enginesMade.load(), 0);
    }

    void refinerWithoutAModel_needsAnInstalledOne()
    {
        JobRunner jobs = runner();
        const Json report = run(jobs, R"({"refiner": true})");
        QCOMPARE(report["error"]["field"].get<std::string>(), std::string("refiner"));
        QVERIFY(report["error"]["message"].get<std::string>().starts_with("refiner was given without a model, and none of the installed models is an SDXL refiner; "));
        QCOMPARE(m_probe->enginesMade.load(), 0);
    }

    void engineFailure_isReported_andWritesNothing()
    {
        sfumato::testing::FakeScript script;
        script.failure = Error{ ErrorCode::OutOfDeviceMemory, "The device ran out of memory.", {} };
        JobRunner jobs = runner(script);
        const Json report = run(jobs, R"({"prompt": "x", "track_id": "t"})");
        QCOMPARE(report.dump(), std::string(R"({"status":"failure","error":{"code":"out_of_device_memory","message":"The device ran out of memory."},"track_id":"t"})"));
        QVERIFY(outputs().isEmpty());
    }

    void stop_cancels_andWritesNothing()
    {
        JobRunner jobs = runner();
        m_stop.request_stop();
        QCOMPARE(run(jobs, R"({"prompt": "x"})").dump(), std::string(R"({"status":"cancelled"})"));
        QVERIFY(outputs().isEmpty());
    }
};

QTEST_APPLESS_MAIN(TstJobRunner)
#include "tst_job_runner.moc"
