// Decoders that lie beside the models, and what the artist said of a model's file.
// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/decoder_files.h"
#include "core/workspace/model_override.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace sfumato;
using namespace sfumato::workspace;

namespace {

void write(const QString& path, const QByteArray& bytes = "x")
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("The temporary folder cannot be written.");
}

QStringList fileNames(const QStringList& paths)
{
    QStringList names;
    for (const QString& path : paths) names.append(QFileInfo(path).fileName());
    return names;
}

} // namespace

class TstModelFilesNearby : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decoders_areFoundBesideTheModels()
    {
        const QTemporaryDir root;
        const QString models = root.filePath(QStringLiteral("models/checkpoints"));
        QDir().mkpath(models);
        write(root.filePath(QStringLiteral("models/vae/sdxl_vae.safetensors")));
        write(root.filePath(QStringLiteral("models/vae/readme.txt")));
        write(root.filePath(QStringLiteral("models/vae/fixed/diffusion_pytorch_model.safetensors")));
        write(root.filePath(QStringLiteral("models/vae_approx/taesd_decoder.safetensors")));
        write(root.filePath(QStringLiteral("models/vae_approx/taesd_encoder.safetensors")));
        write(root.filePath(QStringLiteral("models/vae_approx/taesdxl_decoder.safetensors")));
        write(models + QStringLiteral("/VAE/anime.safetensors"));
        const DecoderFiles found = findDecoderFiles({ models, models, root.filePath(QStringLiteral("nowhere")) });
        QCOMPARE(fileNames(found.whole), (QStringList{ QStringLiteral("anime.safetensors"), QStringLiteral("fixed"), QStringLiteral("sdxl_vae.safetensors") }));
        QCOMPARE(fileNames(found.small), (QStringList{ QStringLiteral("taesd_decoder.safetensors"), QStringLiteral("taesdxl_decoder.safetensors") }));
    }

    void previews_takeTheDecoderOfTheFamily()
    {
        const QStringList both{ QStringLiteral("/v/taesd3_decoder.safetensors"), QStringLiteral("/v/taesd_decoder.safetensors"), QStringLiteral("/v/TAESDXL_decoder.safetensors") };
        QCOMPARE(previewDecoderFor(engine::ModelFamily::Sdxl, both), both[2]);
        QCOMPARE(previewDecoderFor(engine::ModelFamily::SdxlRefiner, both), both[2]);
        QCOMPARE(previewDecoderFor(engine::ModelFamily::Sd1, both), both[1]);
        QCOMPARE(previewDecoderFor(engine::ModelFamily::Sd2, both), QString());
        QCOMPARE(previewDecoderFor(engine::ModelFamily::Sdxl, { both[0], both[1] }), QString());
    }

    void overrides_stayWithTheirFile()
    {
        const QTemporaryDir root;
        const QString path = root.filePath(QStringLiteral("merge.safetensors"));
        write(path, "model");
        const engine::ParametrisationOverride told{ engine::PredictionType::VPrediction, true };
        AppSettings settings = withModelOverride({}, path, told);
        QVERIFY(modelOverride(settings, path) == told);
        QVERIFY(!modelOverride(settings, root.filePath(QStringLiteral("other.safetensors"))));

        workflow::JobDescription job;
        applyModelOverride(job, settings, path);
        QVERIFY(job.predictionType == engine::PredictionType::VPrediction);
        QCOMPARE(job.zeroTerminalSnr, std::optional<bool>(true));
        job = {};
        job.predictionType = engine::PredictionType::Epsilon;
        applyModelOverride(job, settings, path); // the job knows better
        QVERIFY(job.predictionType == engine::PredictionType::Epsilon);

        write(path, "another model");
        QVERIFY(!modelOverride(settings, path)); // another file by now
        write(path, "model");
        settings = withModelOverride(settings, path, {});
        QVERIFY(settings.modelOverrides.isEmpty());
    }
};

QTEST_APPLESS_MAIN(TstModelFilesNearby)
#include "tst_model_files_nearby.moc"
