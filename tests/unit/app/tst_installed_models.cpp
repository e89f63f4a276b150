// SPDX-License-Identifier: Apache-2.0
#include "app/engine_module.h"
#include "app/installed_models.h"
#include "core/engine/io/safetensors_writer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <span>
#include <string>
#include <vector>

using namespace sfumato;
using namespace sfumato::app;

class TstInstalledModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    InstallPaths m_paths;

    std::filesystem::path root() const { return m_folder.path().toStdString(); }

    void touch(const std::filesystem::path& path)
    {
        QDir().mkpath(QString::fromStdString(path.parent_path().string()));
        QFile file(QString::fromStdString(path.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }

    // As much of a refiner as tells it: first and last layer, cross-attention, an added condition, and the second text encoder alone.
    static bool writeRefiner(const std::filesystem::path& path)
    {
        const std::vector<std::byte> zeros(64);
        const std::string unet = "model.diffusion_model.";
        std::vector<engine::TensorToWrite> tensors;
        const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
            std::size_t bytes = 2;
            for (const std::int64_t side : shape) bytes *= static_cast<std::size_t>(side);
            tensors.push_back({ name, engine::Dtype::F16, std::move(shape), std::span(zeros).first(bytes) });
        };
        add(unet + "input_blocks.0.0.weight", { 1, 4, 1, 1 });
        add(unet + "out.2.weight", { 4, 1, 1, 1 });
        add(unet + "label_emb.0.0.weight", { 1, 8 });
        add(unet + "input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight", { 1, 4 });
        add("conditioner.embedders.0.model.ln_final.weight", { 4 });
        return static_cast<bool>(engine::writeSafetensors(path, tensors));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_paths = installPathsOf(root() / "bin" / "sfumato-cli");
        m_paths.userModels = root() / "home" / "models";
        touch(m_paths.installedModels / "starter.safetensors");
        touch(m_paths.userModels / "mine.safetensors");
        touch(m_paths.userModels / "folder" / "model_index.json");
        touch(m_paths.userModels / "notes.txt");
        touch(root() / "work" / "local.safetensors");
        touch(root() / "work" / "vae.safetensors");
    }

    void paths_followTheExecutable()
    {
        QCOMPARE(m_paths.vocabulary, root() / "share" / "sfumato" / "bpe_simple_vocab_16e6.txt");
        QCOMPARE(m_paths.installedModels, root() / "share" / "sfumato" / "models");
        QCOMPARE(m_paths.benchmark, root() / "bin" / "sfumato-bench");
        QVERIFY(m_paths.engineModules.back() == root() / "lib" / "libsfumato_engine_module.so");
    }

    void names_areListed() { QVERIFY(installedModelNames(m_paths) == (std::vector<std::string>{ "folder", "mine", "starter" })); }

    void model_isPathOrName_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("path");
        QTest::newRow("default") << QString() << QStringLiteral("share/sfumato/models/starter.safetensors");
        QTest::newRow("name") << QStringLiteral("mine") << QStringLiteral("home/models/mine.safetensors");
        QTest::newRow("folder by name") << QStringLiteral("folder") << QStringLiteral("home/models/folder");
        QTest::newRow("path below a base folder") << QStringLiteral("local.safetensors") << QStringLiteral("work/local.safetensors");
    }

    void model_isPathOrName()
    {
        QFETCH(QString, model);
        QFETCH(QString, path);
        workflow::JobDescription job;
        job.model = model.toStdString();
        const auto source = resolveModel(job, m_paths, { root() / "elsewhere", root() / "work" });
        QVERIFY(source);
        QCOMPARE(source->path, root() / path.toStdString());
        QVERIFY(!source->vae);
        job.vae = "vae.safetensors";
        QCOMPARE(*resolveModel(job, m_paths, { root() / "work" })->vae, root() / "work" / "vae.safetensors");
        if (model.isEmpty()) return; // a refiner has no default
        job.refiner = workflow::RefinerSettings{ job.model, 0.8 };
        const auto refiner = resolveRefiner(job, m_paths, { root() / "elsewhere", root() / "work" });
        QVERIFY(refiner && refiner->path == source->path && !refiner->vae);
    }

    void refiner_isTheInstalledOne()
    {
        QVERIFY(!installedRefiner(m_paths)); // "mine" and the others are empty files
        QVERIFY(writeRefiner(m_paths.userModels / "refiner.safetensors"));
        const auto one = installedRefiner(m_paths);
        QVERIFY2(one, one ? "" : one.error().message.c_str());
        QCOMPARE(*one, std::string("refiner"));
        QVERIFY(writeRefiner(m_paths.installedModels / "other.safetensors"));
        const auto two = installedRefiner(m_paths);
        QVERIFY(!two);
        QCOMPARE(two.error().message, std::string("refiner was given without a model, and several SDXL refiners are installed (other, refiner); it must name one of them."));
        std::filesystem::remove(m_paths.installedModels / "other.safetensors");
        std::filesystem::remove(m_paths.userModels / "refiner.safetensors");
    }

    void missingModel_isNamed_withWhatThereIs()
    {
        workflow::JobDescription job;
        job.model = "stater";
        auto source = resolveModel(job, m_paths, { root() });
        QVERIFY(!source);
        QCOMPARE(source.error().code, ErrorCode::FileNotFound);
        QCOMPARE(source.error().message, std::string("model was given as \"stater\"; it must be the path of a .safetensors file or of a diffusers folder, "
                                                     "or an installed model (folder, mine, starter)."));
        job.model = "../models/mine";
        QVERIFY(!resolveModel(job, m_paths, { root() }));
        job.model = "starter";
        job.vae = "none.safetensors";
        source = resolveModel(job, m_paths, { root() });
        QVERIFY(!source);
        QCOMPARE(source.error().message, std::string("vae was given as \"none.safetensors\"; there is no such file or folder."));
    }

    void missingEngine_isOneSentence()
    {
        const auto engine = engineSource(m_paths)();
        QVERIFY(!engine);
        QCOMPARE(engine.error().code, ErrorCode::FileNotFound);
        QVERIFY(engine.error().message.starts_with("The engine is not installed: there is no "));
    }

    void moduleThatIsNone_isOneSentence()
    {
        touch(m_paths.engineModules.back());
        const auto engine = engineSource(m_paths)();
        QVERIFY(!engine);
        QCOMPARE(engine.error().code, ErrorCode::FileUnreadable);
        QVERIFY(engine.error().message.starts_with("The engine could not be loaded: "));
    }
};

QTEST_APPLESS_MAIN(TstInstalledModels)
#include "tst_installed_models.moc"
