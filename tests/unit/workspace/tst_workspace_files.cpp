// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/picture_reader.h"
#include "core/document/io/picture_writer.h"
#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"
#include "tests/support/random_pictures.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <ctime>
#include <optional>
#include <random>

using namespace sfumato;
using workspace::Workspace;

namespace {

bool writeEmpty(const QString& path)
{
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly);
}

// Processor time of this thread.
double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

} // namespace

class TstWorkspaceFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void userModels_areListedWithSubFolders();
    void closing_finishesWhatWasToBeWritten();
    void closing_finishesWhileTheEngineIsHeld();
    void openingLargePicture_leavesTheGuiThreadAlone();
    void failure_namesTheFileOfTheJob_data();
    void failure_namesTheFileOfTheJob();
};

void TstWorkspaceFiles::userModels_areListedWithSubFolders()
{
    const QTemporaryDir folder;
    for (const char* path : { "installed/starter.safetensors", "user/juno.safetensors", "user/sdxl/painted/ink.SAFETENSORS", "user/sdxl/notes.txt", "user/folder-model/model_index.json",
             "user/folder-model/unet/weights.safetensors", "user/loras/style.safetensors", "user/VAE/fine.safetensors" }) {
        QVERIFY(writeEmpty(folder.filePath(QLatin1String(path))));
    }
    QVERIFY(QFile::link(folder.filePath(QStringLiteral("user")), folder.filePath(QStringLiteral("user/sdxl/again")))); // a loop
    workspace::AppSettings settings;
    settings.installedModelsFolder = folder.filePath(QStringLiteral("installed"));
    settings.userModelsFolder = folder.filePath(QStringLiteral("user"));
    settings.chosenModels = { folder.filePath(QStringLiteral("user/juno.safetensors")) };
    Workspace space(sfumato::testing::fakeEngineSource(), settings);
    QStringList names;
    for (const workspace::ModelEntry& entry : space.models().entries()) names.append(entry.name);
    QCOMPARE(names, QStringList({ QStringLiteral("starter"), QStringLiteral("folder-model"), QStringLiteral("juno"), QStringLiteral("ink") }));
    QVERIFY(space.models().find(QStringLiteral("starter"))->isInstalled);
    QVERIFY(!space.models().find(QStringLiteral("juno"))->isInstalled);
    settings.userModelsFolder.clear();
    settings.chosenModels.clear();
    space.setAppSettings(settings);
    QCOMPARE(space.models().rowCount(), 1);
}

void TstWorkspaceFiles::closing_finishesWhatWasToBeWritten()
{
    const QTemporaryDir folder;
    std::mt19937 random(3);
    const imaging::Raster picture = sfumato::testing::randomPicture(random, { 900, 700 }, PixelFormat::Rgba8);
    auto space = std::make_unique<Workspace>(sfumato::testing::fakeEngineSource(), workspace::AppSettings());
    space->setPicture(picture, QStringLiteral("picture"));
    QStringList paths;
    for (int i = 0; i < 5; ++i) {
        paths.append(folder.filePath(QStringLiteral("picture%1.png").arg(i)));
        space->exportPicture(paths.last());
    }
    space->saveJob(folder.filePath(QStringLiteral("job.json")));
    space.reset();
    for (const QString& path : paths) {
        const auto written = document::readPicture(path.toStdString());
        QVERIFY2(written, qPrintable(path));
        QVERIFY(imaging::Raster::fromImage(written->image.view()) == picture);
    }
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("job.json"))));
}

void TstWorkspaceFiles::closing_finishesWhileTheEngineIsHeld()
{
    const QTemporaryDir folder;
    QVERIFY(writeEmpty(folder.filePath(QStringLiteral("starter.safetensors"))));
    sfumato::testing::FakeScript script;
    script.holdAt = engine::Stage::Sampling; // until stopped
    const auto probe = std::make_shared<sfumato::testing::FakeEngineProbe>();
    workspace::AppSettings settings;
    settings.installedModelsFolder = folder.path();
    auto space = std::make_unique<Workspace>(sfumato::testing::fakeEngineSource(script, probe), settings);
    space->session().generate();
    QTRY_COMPARE(probe->generations.load(), 1);
    std::mt19937 random(3);
    space->setPicture(sfumato::testing::randomPicture(random, { 300, 200 }, PixelFormat::Rgba8), QStringLiteral("picture"));
    space->exportPicture(folder.filePath(QStringLiteral("a.png")));
    space->exportPicture(folder.filePath(QStringLiteral("b.png")));
    space.reset();
    QCOMPARE(probe->enginesAlive.load(), 0);
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("a.png"))));
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("b.png"))));
}

void TstWorkspaceFiles::openingLargePicture_leavesTheGuiThreadAlone()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("large.jpg"));
    ImageBuffer large({ 6000, 4000 }, PixelFormat::Rgba8);
    for (int y = 0; y < 4000; ++y) std::fill_n(large.row(y), 6000 * 4, static_cast<std::uint8_t>(y / 16));
    document::PictureEncoding jpeg;
    jpeg.format = document::PictureFormat::Jpeg;
    QVERIFY(document::writePicture(path.toStdString(), large.view(), jpeg));

    Workspace space(sfumato::testing::fakeEngineSource(), workspace::AppSettings());
    QSignalSpy replaced(&space, &Workspace::documentReplaced);
    space.openPicture(path);
    double longest = 0;
    QElapsedTimer waited;
    waited.start();
    while (replaced.isEmpty() && waited.elapsed() < 30000) {
        const double before = threadMs();
        QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
        longest = std::max(longest, threadMs() - before);
        QTest::qSleep(1);
    }
    QCOMPARE(replaced.count(), 1);
    QCOMPARE(space.document()->extent(), (Extent{ 6000, 4000 }));
    qInfo("longest turn %.2f ms", longest);
    QVERIFY(longest <= 8.0);
}

void TstWorkspaceFiles::failure_namesTheFileOfTheJob_data()
{
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<QString>("file");
    QTest::addRow("embedding") << "golden hour.safetensors is an embedding for another base model."
                               << "/words/golden hour.safetensors";
    QTest::addRow("LoRA") << "ink.safetensors is damaged: the tensor \"a\" holds values that are not numbers."
                          << "/loras/ink.safetensors";
    QTest::addRow("model") << "starter.safetensors is cut short."
                           << "";
}

void TstWorkspaceFiles::failure_namesTheFileOfTheJob()
{
    QFETCH(QString, sentence);
    QFETCH(QString, file);
    const QTemporaryDir folder;
    QVERIFY(writeEmpty(folder.filePath(QStringLiteral("starter.safetensors"))));
    workspace::AppSettings settings;
    settings.installedModelsFolder = folder.path();
    sfumato::testing::FakeScript script;
    script.failure = Error{ ErrorCode::UnsupportedModel, sentence.toStdString(), {} };
    Workspace space(sfumato::testing::fakeEngineSource(script), settings);
    std::optional<workspace::Notice> failed;
    connect(&space, &Workspace::noticed, this, [&failed](const workspace::Notice& notice) {
        if (notice.topic == workspace::Notice::Topic::Generate) failed = notice;
    });
    std::mt19937 random(1);
    space.setPicture(sfumato::testing::randomPicture(random, { 64, 64 }, PixelFormat::Rgba8), QStringLiteral("picture"));
    workflow::JobDescription job = space.session().job();
    job.loras = { { "/loras/ink.safetensors", 1.0, std::nullopt } };
    job.embeddings = { { "/words/golden hour.safetensors", {} } };
    space.session().setJob(job);
    space.session().generate();
    QTRY_VERIFY(failed);
    QCOMPARE(failed->path, file);
    QCOMPARE(QString::fromStdString(failed->error->message), sentence);
}

QTEST_GUILESS_MAIN(TstWorkspaceFiles)
#include "tst_workspace_files.moc"
