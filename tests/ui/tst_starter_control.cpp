// A control with the real engine and the starter model: what it sees changes the picture, and the command line makes the same pixels from the saved job.
// SPDX-License-Identifier: Apache-2.0
#include "app/engine_module.h"
#include "core/document/io/picture_reader.h"
#include "tests/ui/starter_control_file.h"
#include "tests/ui/window_fixture.h"
#include "ui/docks/control/control_panel.h"
#include "ui/docks/generate_dock.h"

#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace sfumato;
using sfumato::testing::WindowFixture;
using workspace::SessionState;

namespace {

constexpr int kSlowMs = 180000;

// One run of what the window shows; the picture of its only variation.
imaging::Raster generated(WindowFixture& fixture)
{
    workspace::GenerationSession& session = fixture.workspace().session();
    const int row = session.gallery().rowCount();
    fixture.trigger(ui::ActionId::Generate);
    [&] { QTRY_COMPARE_WITH_TIMEOUT(session.gallery().rowCount(), row + 1, kSlowMs); }();
    [&] { QTRY_VERIFY_WITH_TIMEOUT(session.gallery().at(row) && session.gallery().at(row)->isFinished(), kSlowMs); }();
    session.selectVariation(row);
    return session.gallery().at(row)->placed->picture;
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
        WindowFixture fixture({ .size = QSize(1440, 900), .engine = app::engineSource(m_paths, 2), .modelsFolder = modelsFolder() });
        fixture.workspace().describeModelInUse();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.workspace().models().entries().at(0).info.has_value(), 60000);
        if (isPainted) {
            QSignalSpy replaced(&fixture.workspace(), &workspace::Workspace::documentReplaced);
            fixture.window().openPath(QStringLiteral(SFUMATO_SOURCE_DIR "/resources/samples/meadow.png"));
            QTRY_COMPARE(replaced.count(), 1);
            const Extent extent = fixture.workspace().document()->extent();
            fixture.paint({ extent.width * 0.3, extent.height * 0.5 }, { extent.width * 0.6, extent.height * 0.55 });
        }
        const QString model = fixture.folder() + QStringLiteral("/starter-canny.safetensors");
        QVERIFY(sfumato::testing::writeStarterControl((modelsFolder() + QStringLiteral("/starter.safetensors")).toStdString(), model.toStdString()));
        fixture.setJob([](workflow::JobDescription& job) {
            job.prompt = "a house on grass, a blue sky";
            job.steps = 6;
            job.imageCount = 1;
            job.seed = 3;
        });
        const imaging::Raster plain = generated(fixture);

        ui::ControlPanel& panel = fixture.window().generateDock().controlPanel();
        panel.addModelFile(model);
        QTRY_VERIFY_WITH_TIMEOUT(panel.models().find(model), 20000);
        QVERIFY(panel.models().find(model)->isControl());
        if (!isPainted) panel.setPictureFile(0, fixture.writePicture(QStringLiteral("lead.png"), { 160, 120 }));
        QCOMPARE(panel.controls().at(0).state, workspace::ControlState::Used);
        panel.controls().setPreprocessing(0, { imaging::ControlPreprocessor::Canny, { 40, 80 } });
        panel.addModelFile(model);
        panel.setPictureFile(1, fixture.writePicture(QStringLiteral("soft.png"), { 200, 200 }));
        panel.controls().setType(1, engine::ControlType::SoftEdge);
        panel.controls().setWeight(1, 0.5);
        panel.controls().setRange(1, 0.0, 0.5, workspace::ControlStackModel::Edge::End);
        fixture.window().generateDock().showControls();
        const imaging::Raster led = generated(fixture);
        QVERIFY(!(led == plain));
        fixture.screenshot(isPainted ? QStringLiteral("control-area") : QStringLiteral("control-new"));

        const QString job = fixture.folder() + QStringLiteral("/job.json");
        fixture.workspace().saveJob(job);
        QTRY_VERIFY(!fixture.workspace().isBusyWithFiles());
        QProcess commandLine;
        commandLine.start(QStringLiteral(SFUMATO_BUILD_DIR "/bin/sfumato-cli"),
            { QStringLiteral("run"), job, QStringLiteral("--out"), fixture.folder() + QStringLiteral("/out"), QStringLiteral("--quiet") });
        QVERIFY(commandLine.waitForFinished(kSlowMs));
        QVERIFY2(commandLine.exitCode() == 0, commandLine.readAllStandardOutput().constData());
        const auto made = document::readPicture(std::filesystem::path(QString(fixture.folder() + QStringLiteral("/out/1.png")).toStdString()));
        QVERIFY(made);
        QVERIFY(imaging::Raster::fromImage(made->image.view()) == led);
    }

private:
    [[nodiscard]] QString modelsFolder() const { return QString::fromStdString(m_paths.installedModels.string()); }

    app::InstallPaths m_paths;
};

QTEST_MAIN(TstStarterControl)
#include "tst_starter_control.moc"
