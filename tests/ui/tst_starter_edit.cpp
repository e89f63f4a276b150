// SPDX-License-Identifier: Apache-2.0
#include "app/engine_module.h"
#include "core/document/io/picture_reader.h"
#include "tests/ui/window_fixture.h"
#include "ui/canvas/canvas_view.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/window/canvas_area.h"

#include <QFileInfo>
#include <QPointer>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace sfumato;
using sfumato::testing::WindowFixture;
using ui::ActionId;
using workspace::SessionState;

// The first edit with the real engine, the starter model and the sample picture, from opening to export.
class TstStarterEdit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_paths = app::installPathsOf(SFUMATO_BUILD_DIR "/bin/sfumato");
        if (const auto module = app::loadEngineModule(m_paths); !module) QSKIP(qPrintable(QStringLiteral("no engine: %1").arg(QString::fromStdString(module.error().message))));
        if (!QFileInfo::exists(modelsFolder() + QStringLiteral("/starter.safetensors"))) QSKIP("the starter model is not in the build tree");
    }

    void edit_fromOpeningToExport()
    {
        WindowFixture fixture({ .size = QSize(1440, 900), .engine = app::engineSource(m_paths, 2), .modelsFolder = modelsFolder() });
        const QString picture = QStringLiteral(SFUMATO_SOURCE_DIR "/resources/samples/meadow.png");
        QSignalSpy replaced(&fixture.workspace(), &workspace::Workspace::documentReplaced);
        fixture.window().openPath(picture);
        QTRY_COMPARE(replaced.count(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.workspace().models().entries().at(0).info.has_value(), 60000);

        const Extent extent = fixture.workspace().document()->extent();
        paintBox(fixture, QRectF(extent.width * 0.36, extent.height * 0.42, extent.width * 0.28, extent.height * 0.34));
        fixture.setJob([](workflow::JobDescription& job) {
            job.prompt = "a blue ball on grass, a blue sky";
            job.steps = 20;
            job.guidanceScale = 5;
            job.strength = 1;
            job.imageCount = 3;
            job.seed = 7;
        });
        fixture.screenshot(QStringLiteral("painted"));
        workspace::GenerationSession& session = fixture.workspace().session();
        const imaging::Raster before = fixture.workspace().document()->picture();
        const imaging::Mask mask = fixture.workspace().document()->mask();
        fixture.trigger(ActionId::Generate);
        QTRY_COMPARE_WITH_TIMEOUT(session.overlay().kind, workspace::CanvasOverlay::Kind::Preview, 60000);
        QTRY_VERIFY_WITH_TIMEOUT(session.progress().step >= 12, 60000);
        fixture.screenshot(QStringLiteral("sampling"));
        QTRY_COMPARE_WITH_TIMEOUT(session.pendingRuns(), 0, 120000);
        QTRY_COMPARE(session.state(), SessionState::Reviewing);
        QCOMPARE(session.gallery().rowCount(), 3);
        fixture.screenshot(QStringLiteral("review"));
        for (int row = 0; row < 3; ++row) QCOMPARE(session.gallery().index(row, 0).data(workspace::GalleryModel::OutsideDifferencesRole).toLongLong(), 0);

        const QString job = fixture.folder() + QStringLiteral("/job.json");
        fixture.workspace().saveJob(job);
        QTRY_VERIFY(!fixture.workspace().isBusyWithFiles());

        QTest::keyClick(&fixture.window().canvas().view(), Qt::Key_Return);
        document::Document& document = *fixture.workspace().document();
        QTRY_VERIFY(!(document.picture() == before));
        QCOMPARE(differencesOutside(before, document.picture(), mask), 0);
        const imaging::Raster kept = document.picture();
        fixture.trigger(ActionId::MaskClear);
        fixture.screenshot(QStringLiteral("kept"));
        exportPng(fixture);
        const auto written = document::readPicture(fixture.answers().savePath.toStdString());
        QVERIFY(written);
        QCOMPARE(imaging::Raster::fromImage(written->image.view()), document.picture());

        // The job of the kept variation on the command line: the same pixels, byte for byte.
        QProcess commandLine;
        commandLine.start(QStringLiteral(SFUMATO_BUILD_DIR "/bin/sfumato-cli"),
            { QStringLiteral("run"), job, QStringLiteral("--out"), fixture.folder() + QStringLiteral("/out"), QStringLiteral("--set"), QStringLiteral("format=png"), QStringLiteral("--quiet") });
        QVERIFY(commandLine.waitForFinished(120000));
        QVERIFY2(commandLine.exitCode() == 0, commandLine.readAllStandardOutput().constData());
        const auto made = document::readPicture(std::filesystem::path(QString(fixture.folder() + QStringLiteral("/out/1.png")).toStdString()));
        QVERIFY(made);
        QCOMPARE(imaging::Raster::fromImage(made->image.view()), kept);
    }

private:
    [[nodiscard]] QString modelsFolder() const { return QString::fromStdString(m_paths.installedModels.string()); }

    static void paintBox(WindowFixture& fixture, const QRectF& box)
    {
        auto& brushes = *fixture.window().findChild<ui::BrushStore*>();
        imaging::BrushSettings brush = brushes.brush(ui::BrushRole::Paint);
        brush.sizePx = box.height() / 2;
        brush.hardness = 1;
        brushes.setBrush(ui::BrushRole::Paint, brush);
        for (const double y : { 0.25, 0.5, 0.75 }) {
            fixture.paint({ box.left() + brush.sizePx / 2, box.top() + box.height() * y }, { box.right() - brush.sizePx / 2, box.top() + box.height() * y });
        }
    }

    static void exportPng(WindowFixture& fixture)
    {
        fixture.answers().savePath = fixture.folder() + QStringLiteral("/kept.png");
        fixture.trigger(ActionId::Export);
        const QPointer<ui::ExportDialog> dialog = fixture.window().findChild<ui::ExportDialog*>();
        QVERIFY(dialog);
        dialog->accept();
        QTRY_VERIFY(fixture.workspace().document()->isClean());
    }

    static int differencesOutside(const imaging::Raster& before, const imaging::Raster& after, const imaging::Mask& mask)
    {
        const ImageBuffer first = before.toImage(), second = after.toImage();
        int count = 0;
        for (int y = 0; y < first.height(); ++y) {
            for (int x = 0; x < first.width(); ++x) {
                const bool isSame = std::equal(first.row(y) + x * 4, first.row(y) + x * 4 + 4, second.row(y) + x * 4);
                if (!isSame && mask.valueAt(x, y) == 0) ++count;
            }
        }
        return count;
    }

    app::InstallPaths m_paths;
};

QTEST_MAIN(TstStarterEdit)
#include "tst_starter_edit.moc"
