// A control with the real engine and the starter model, through everything that the window stands on: what it sees changes the picture, and the command line makes the same pixels
// from the saved job.
// SPDX-License-Identifier: Apache-2.0
#include "app/engine_module.h"
#include "core/document/io/picture_reader.h"
#include "core/document/mask_stroke.h"
#include "core/workspace/control_stack_model.h"
#include "core/workspace/workspace.h"
#include "tests/ui/starter_control_file.h"

#include <QFileInfo>
#include <QImage>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sfumato;
using workspace::ControlStackModel;
using workspace::ControlState;

namespace {

constexpr int kSlowMs = 240000;

// Rings: lines that no prompt asks for.
QString writeRings(const QString& path, const QSize& size)
{
    QImage image(size, QImage::Format_RGB32);
    for (int y = 0; y < size.height(); ++y) {
        for (int x = 0; x < size.width(); ++x) {
            const int far = (x - size.width() / 2) * (x - size.width() / 2) + (y - size.height() / 2) * (y - size.height() / 2);
            image.setPixel(x, y, far / 400 % 2 == 0 ? qRgb(240, 230, 210) : qRgb(40, 60, 90));
        }
    }
    return image.save(path) ? path : QString();
}

} // namespace

class TstStarterControl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_paths = app::installPathsOf(SFUMATO_BUILD_DIR "/bin/sfumato");
        if (const auto module = app::loadEngineModule(m_paths); !module) QSKIP(qPrintable(QStringLiteral("no engine: %1").arg(QString::fromStdString(module.error().message))));
        if (!QFileInfo::exists(modelsFolder() + QStringLiteral("/starter.safetensors"))) QSKIP("the starter model is not in the build tree");
    }

    void control_leadsThePicture_andTheCommandLineMakesTheSame_data()
    {
        QTest::addColumn<bool>("isPainted");
        QTest::newRow("new picture, led by files") << false;
        QTest::newRow("painted area, led by the canvas and a file") << true;
    }

    void control_leadsThePicture_andTheCommandLineMakesTheSame()
    {
        QFETCH(bool, isPainted);
        QTemporaryDir folder;
        workspace::AppSettings settings;
        settings.installedModelsFolder = modelsFolder();
        workspace::Workspace space(app::engineSource(m_paths, 2), settings);
        space.describeModelInUse();
        QTRY_VERIFY_WITH_TIMEOUT(space.models().entries().at(0).info.has_value(), kSlowMs);
        if (isPainted) openAndPaint(space);
        workflow::JobDescription job = space.session().job();
        job.prompt = "a house on grass, a blue sky";
        job.steps = 6;
        job.imageCount = 1;
        job.seed = 3;
        space.session().setJob(job);
        const imaging::Raster plain = generated(space.session());

        const QString model = folder.filePath(QStringLiteral("starter-canny.safetensors"));
        QVERIFY(sfumato::testing::writeStarterControl(QString(modelsFolder() + QStringLiteral("/starter.safetensors")).toStdString(), model.toStdString()));
        library::ControlModels models;
        models.look({}, { model });
        QTRY_VERIFY_WITH_TIMEOUT(models.find(model), kSlowMs);
        ControlStackModel controls(space, models);
        controls.add(model);
        if (!isPainted) controls.setPicture(0, writeRings(folder.filePath(QStringLiteral("rings.png")), { 160, 120 }));
        controls.setPreprocessing(0, { imaging::ControlPreprocessor::Canny, { 40, 80 } });
        controls.add(model);
        controls.setPicture(1, writeRings(folder.filePath(QStringLiteral("wide.png")), { 300, 200 }));
        controls.setType(1, engine::ControlType::SoftEdge);
        controls.setWeight(1, 0.5);
        controls.setRange(1, 0.0, 0.5, ControlStackModel::Edge::End);
        for (int row = 0; row < 2; ++row) QCOMPARE(controls.at(row).state, ControlState::Used);
        const imaging::Raster led = generated(space.session());
        QVERIFY(!(led == plain));

        const QString file = folder.filePath(QStringLiteral("job.json"));
        space.saveJob(file);
        QTRY_VERIFY(!space.isBusyWithFiles());
        QVERIFY(QFile::remove(folder.filePath(QStringLiteral("wide.png")))); // the job has its own copy
        QVERIFY(madeByCommandLine(file, folder.filePath(QStringLiteral("out"))) == led);
    }

private:
    [[nodiscard]] QString modelsFolder() const { return QString::fromStdString(m_paths.installedModels.string()); }

    static void openAndPaint(workspace::Workspace& space)
    {
        QSignalSpy replaced(&space, &workspace::Workspace::documentReplaced);
        space.openPicture(QStringLiteral(SFUMATO_SOURCE_DIR "/resources/samples/meadow.png"));
        QTRY_COMPARE_WITH_TIMEOUT(replaced.count(), 1, kSlowMs);
        const Extent extent = space.document()->extent();
        imaging::BrushSettings brush;
        brush.sizePx = extent.height * 0.3;
        document::MaskStroke stroke(*space.document(), brush);
        stroke.extendTo({ extent.width * 0.4, extent.height * 0.5, 1.0 });
        stroke.extendTo({ extent.width * 0.6, extent.height * 0.5, 1.0 });
        stroke.finish();
    }

    // The picture of one more run; empty when it does not come.
    static imaging::Raster generated(workspace::GenerationSession& session)
    {
        const int row = session.gallery().rowCount();
        session.generate();
        const bool isMade = QTest::qWaitFor([&] { return session.gallery().at(row) && session.gallery().at(row)->isFinished(); }, kSlowMs);
        if (!isMade) return {};
        session.selectVariation(row);
        return session.gallery().at(row)->placed->picture;
    }

    static imaging::Raster madeByCommandLine(const QString& job, const QString& out)
    {
        QProcess commandLine;
        commandLine.start(QStringLiteral(SFUMATO_BUILD_DIR "/bin/sfumato-cli"), { QStringLiteral("run"), job, QStringLiteral("--out"), out, QStringLiteral("--quiet") });
        if (!commandLine.waitForFinished(kSlowMs) || commandLine.exitCode() != 0) {
            qWarning("%s", commandLine.readAllStandardOutput().constData());
            return {};
        }
        const auto made = document::readPicture(std::filesystem::path(QString(out + QStringLiteral("/1.png")).toStdString()));
        return made ? imaging::Raster::fromImage(made->image.view()) : imaging::Raster();
    }

    app::InstallPaths m_paths;
};

QTEST_GUILESS_MAIN(TstStarterControl)
#include "tst_starter_control.moc"
