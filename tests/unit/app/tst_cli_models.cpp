// What the program says of a model made for few steps, and what a job may say of a model, through the program, with the engine and the starter model.
// SPDX-License-Identifier: Apache-2.0
#include "cli_process.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sfumato;
using testing::CliResult;
using testing::runCli;

class TstCliModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    CliResult run(const QByteArray& fields)
    {
        return runCli({ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out"), QStringLiteral("out"), QStringLiteral("--overwrite") }, m_folder.path(),
            R"({"model": "sdxl_lightning_4step.safetensors", "prompt": "a red house", "seed": 3, "format": "png", "image_size": {"width": 64, "height": 64})" + fields + '}');
    }
    // The pixels alone: the recipe differs between jobs.
    [[nodiscard]] QByteArray pixels() const
    {
        QFile file(m_folder.filePath(QStringLiteral("out/1.png")));
        if (!file.open(QIODevice::ReadOnly)) return {};
        const QByteArray bytes = file.readAll();
        return bytes.mid(bytes.indexOf("IDAT"));
    }

private Q_SLOTS:
    void initTestCase()
    {
        // The starter under a name that speaks of few steps: nothing else is known of such files either.
        QVERIFY(QFile::link(QStringLiteral(SFUMATO_SOURCE_DIR "/resources/models/starter/starter.safetensors"), m_folder.filePath(QStringLiteral("sdxl_lightning_4step.safetensors"))));
    }

    void inspect_showsTheSettingsForFewSteps()
    {
        const auto result = runCli({ QStringLiteral("inspect"), QStringLiteral("sdxl_lightning_4step.safetensors"), QStringLiteral("--json"), QStringLiteral("--no-hash") }, m_folder.path());
        QCOMPARE(result.exitCode, 0);
        const auto settings = result.json()["few_steps"];
        QCOMPARE(settings["method"].get<std::string>(), std::string("lightning"));
        QCOMPARE(settings["num_inference_steps"].get<int>(), 4);
        QCOMPARE(settings["guidance_scale"].get<double>(), 1.0);
        QCOMPARE(settings["scheduler"].get<std::string>(), std::string("euler_trailing"));
    }

    void aJob_isWarnedOfUnfittingSettingsOnly()
    {
        const auto unfitting = run(R"(, "steps": 3)").json();
        QCOMPARE(unfitting["status"].get<std::string>(), std::string("success"));
        QCOMPARE(unfitting["warnings"].size(), std::size_t{ 1 });
        QCOMPARE(unfitting["warnings"][0].get<std::string>(),
            std::string("sdxl_lightning_4step.safetensors is a few-step model (Lightning) and ran with num_inference_steps 3 and guidance_scale 7.5; it was made for num_inference_steps 4 and guidance_scale 1 to 2."));
        QCOMPARE(unfitting["job"]["num_inference_steps"].get<int>(), 3); // and nothing was changed
        const auto fitting = run(R"(, "steps": 4, "guidance_scale": 1, "scheduler": "euler_trailing")").json();
        QCOMPARE(fitting["status"].get<std::string>(), std::string("success"));
        QVERIFY(fitting["warnings"].empty());
    }

    void parametrisation_canBeTold()
    {
        const QByteArray settings = R"(, "steps": 4, "guidance_scale": 1, "scheduler": "euler_trailing")";
        QCOMPARE(run(settings).exitCode, 0);
        const QByteArray plain = pixels();
        const auto told = run(settings + R"(, "prediction_type": "v_prediction", "zero_terminal_snr": true)");
        QCOMPARE(told.exitCode, 0);
        QVERIFY(!plain.isEmpty() && pixels() != plain);
        QCOMPARE(told.json()["job"]["prediction_type"].get<std::string>(), std::string("v_prediction"));
        QCOMPARE(told.json()["job"]["zero_terminal_snr"].get<bool>(), true);
        QCOMPARE(run(settings + R"(, "prediction_type": "epsilon", "zero_terminal_snr": false)").exitCode, 0);
        QCOMPARE(pixels(), plain); // what the file says itself
        const auto refused = run(R"(, "prediction_type": "noise")").json();
        QCOMPARE(refused["error"]["field"].get<std::string>(), std::string("prediction_type"));
    }

    void foreignVae_isRefusedByName()
    {
        const auto refused = run(R"(, "vae": "sdxl_lightning.safetensors")").json();
        QCOMPARE(refused["error"]["field"].get<std::string>(), std::string("vae"));
    }
};

QTEST_GUILESS_MAIN(TstCliModels)
#include "tst_cli_models.moc"
