// SPDX-License-Identifier: Apache-2.0
#include "app/companion_models.h"
#include "core/engine/io/safetensors_writer.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <span>
#include <string>
#include <vector>

using namespace sfumato;
using namespace sfumato::app;
namespace fs = std::filesystem;

namespace {

using Shapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

void write(const fs::path& path, const Shapes& shapes)
{
    static const std::vector<std::byte> zeros(std::size_t{ 1 } << 20);
    fs::create_directories(path.parent_path());
    std::vector<engine::TensorToWrite> tensors;
    for (const auto& [name, shape] : shapes) {
        std::size_t bytes = 2;
        for (const std::int64_t side : shape) bytes *= static_cast<std::size_t>(side);
        tensors.push_back({ name, engine::Dtype::F16, shape, std::span(zeros).first(bytes) });
    }
    if (!engine::writeSafetensors(path, tensors)) qFatal("The temporary folder cannot be written.");
}

void writeEncoder(const fs::path& path, std::int64_t width, std::int64_t projection, bool withConcepts = false)
{
    Shapes shapes{ { "vision_model.embeddings.patch_embedding.weight", { width, 3, 2, 2 } }, { "vision_model.encoder.layers.0.mlp.fc1.bias", { width } }, { "visual_projection.weight", { projection, width } } };
    if (withConcepts)
        for (const char* name : { "concept_embeds", "concept_embeds_weights", "special_care_embeds", "special_care_embeds_weights" }) shapes.push_back({ name, { 1 } });
    write(path, shapes);
}

void writeFolder(const fs::path& folder, std::int64_t width, std::int64_t projection, bool withConcepts = false)
{
    writeEncoder(folder / "model.safetensors", width, projection, withConcepts);
    QFile config(QString::fromStdString((folder / "config.json").string()));
    if (!config.open(QIODevice::WriteOnly) || config.write("{}") != 2) qFatal("The temporary folder cannot be written.");
}

void writeAdapter(const fs::path& path, bool isPlus, std::int64_t width)
{
    Shapes shapes{ { "ip_adapter.1.to_k_ip.weight", { 8, 16 } }, { "ip_adapter.1.to_v_ip.weight", { 8, 16 } } };
    if (isPlus) shapes.push_back({ "image_proj.latents", { 1, 2, 8 } });
    shapes.push_back({ isPlus ? "image_proj.proj_in.weight" : "image_proj.proj.weight", { 8, width } });
    write(path, shapes);
}

} // namespace

class TstCompanionModels : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    InstallPaths m_paths;

    fs::path user() const { return m_paths.userModels; }

private Q_SLOTS:
    void init()
    {
        fs::remove_all(m_folder.path().toStdString());
        m_paths = installPathsOf(fs::path(m_folder.path().toStdString()) / "bin" / "sfumato-cli");
        m_paths.userModels = fs::path(m_folder.path().toStdString()) / "home" / "models";
        fs::create_directories(user());
    }

    void nothingInstalled_isNothingFound() { QVERIFY(!CompanionModels(m_paths).safetyChecker()); }

    void safetyChecker_isFoundByContent()
    {
        CompanionModels companions(m_paths);
        write(user() / "a.safetensors", { { "conv_in.weight", { 4 } } });
        writeEncoder(user() / "b.safetensors", 8, 4);
        QVERIFY(!companions.safetyChecker());
        writeFolder(user() / "sd15" / "safety_checker", 8, 4, true);
        QVERIFY(companions.safetyChecker() == user() / "sd15" / "safety_checker");
        writeEncoder(user() / "c.safetensors", 8, 4, true);
        QVERIFY(companions.safetyChecker() == user() / "c.safetensors"); // the first by path
        fs::remove(user() / "c.safetensors");
        fs::remove_all(user() / "sd15");
        QVERIFY(!companions.safetyChecker());
    }

    void changedFile_isLookedAtAgain()
    {
        CompanionModels companions(m_paths);
        writeEncoder(user() / "b.safetensors", 8, 4);
        QVERIFY(!companions.safetyChecker());
        writeEncoder(user() / "b.safetensors", 8, 4, true);
        fs::last_write_time(user() / "b.safetensors", fs::last_write_time(user() / "b.safetensors") + std::chrono::seconds(5));
        QVERIFY(companions.safetyChecker());
    }

    void imageEncoder_isTheOneThatFits()
    {
        CompanionModels companions(m_paths);
        writeEncoder(user() / "clip_vision" / "h.safetensors", 12, 10);
        writeFolder(user() / "clip_vision" / "bigg", 16, 12);
        writeEncoder(user() / "clip_vision" / "checker.safetensors", 12, 10, true);
        writeAdapter(m_paths.installedModels / "plain.safetensors", false, 12);
        writeAdapter(m_paths.installedModels / "plus.safetensors", true, 12);
        const auto plain = companions.imageEncoderFor(m_paths.installedModels / "plain.safetensors");
        QVERIFY(plain && *plain == user() / "clip_vision" / "bigg"); // the embedding is 12 wide
        const auto plus = companions.imageEncoderFor(m_paths.installedModels / "plus.safetensors");
        QVERIFY(plus && *plus == user() / "clip_vision" / "h.safetensors"); // the hidden states are
    }

    void encoderBesideTheAdapter_comesFirst()
    {
        CompanionModels companions(m_paths);
        const fs::path downloaded = fs::path(m_folder.path().toStdString()) / "IP-Adapter";
        writeEncoder(user() / "h.safetensors", 12, 10);
        writeFolder(downloaded / "models" / "image_encoder", 12, 10);
        writeFolder(downloaded / "sdxl_models" / "image_encoder", 16, 12);
        writeAdapter(downloaded / "sdxl_models" / "plain.safetensors", false, 10);
        const auto found = companions.imageEncoderFor(downloaded / "sdxl_models" / "plain.safetensors");
        QVERIFY(found && *found == downloaded / "models" / "image_encoder");
    }

    void missingEncoder_isNamed()
    {
        writeAdapter(user() / "ip.safetensors", false, 1280);
        const auto found = CompanionModels(m_paths).imageEncoderFor(user() / "ip.safetensors");
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::FileNotFound);
        QCOMPARE(found.error().message, "ip.safetensors needs a CLIP image encoder with an embedding of width 1280 (ViT-bigG/14), and none is installed; put one into " + user().string() + " or name it as image_encoder.");
    }
};

QTEST_APPLESS_MAIN(TstCompanionModels)
#include "tst_companion_models.moc"
