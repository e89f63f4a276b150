// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/picture_reader.h"
#include "core/engine/io/safetensors_writer.h"
#include "tests/ui/window_fixture.h"
#include "ui/canvas/canvas_view.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/variations_dock.h"
#include "ui/widgets/primary_button.h"
#include "ui/window/canvas_area.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QFileInfo>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace sfumato;
using sfumato::testing::FakeScript;
using sfumato::testing::FixtureOptions;
using sfumato::testing::WindowFixture;
using ui::ActionId;
using workspace::SessionState;

namespace {

const QPointF kFrom(300, 300), kTo(480, 320);

// Opens, paints, describes.
void prepare(WindowFixture& fixture, int variations)
{
    fixture.openPicture();
    fixture.paint(kFrom, kTo);
    fixture.setJob([variations](workflow::JobDescription& job) {
        job.prompt = "a red house";
        job.imageCount = variations;
        job.steps = 8;
    });
}

void generateAndWait(WindowFixture& fixture)
{
    const int before = fixture.workspace().session().gallery().rowCount();
    fixture.trigger(ActionId::Generate);
    QTRY_VERIFY(fixture.workspace().session().gallery().rowCount() > before);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace().session().pendingRuns(), 0, 30000);
    QTRY_COMPARE(fixture.workspace().session().state(), SessionState::Reviewing);
}

} // namespace

class TstMainWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firstEdit_fromOpeningToExport()
    {
        WindowFixture fixture;
        fixture.screenshot(QStringLiteral("01-empty"));
        prepare(fixture, 3);
        fixture.screenshot(QStringLiteral("02-painted"));
        document::Document& document = *fixture.workspace().document();
        const imaging::Raster before = document.picture();
        const imaging::Mask mask = document.mask();
        QVERIFY(!mask.isBlank());
        QCOMPARE(fixture.workspace().session().mode(), engine::GenerationMode::Inpainting);

        generateAndWait(fixture);
        workspace::GenerationSession& session = fixture.workspace().session();
        QCOMPARE(session.gallery().rowCount(), 3);
        QVERIFY(fixture.window().variationsDock().isVisible());
        QVERIFY(!session.overlay().image.isNull());
        QCOMPARE(document.picture(), before);
        QCOMPARE(session.gallery().index(0, 0).data(workspace::GalleryModel::OutsideDifferencesRole).toLongLong(), 0);
        fixture.screenshot(QStringLiteral("03-review"));

        QTest::keyClick(&fixture.window().canvas().view(), Qt::Key_Right);
        QTRY_COMPARE(session.selectedRow(), 1);
        QTest::keyClick(&fixture.window().canvas().view(), Qt::Key_Return);
        QTRY_VERIFY(!(document.picture() == before));
        QCOMPARE(imaging::Raster(document.picture()).extent(), before.extent());
        QCOMPARE(session.overlay().kind, workspace::CanvasOverlay::Kind::None);
        fixture.screenshot(QStringLiteral("04-kept"));

        const imaging::Raster kept = document.picture();
        fixture.trigger(ActionId::Undo);
        QCOMPARE(document.picture(), before);
        fixture.trigger(ActionId::Redo);
        QCOMPARE(document.picture(), kept);

        fixture.answers().savePath = fixture.folder() + QStringLiteral("/out.png");
        exportThroughDialog(fixture, 0, true);
        QTRY_VERIFY(QFileInfo::exists(fixture.answers().savePath));
        QTRY_VERIFY(document.isClean());
        const auto written = document::readPicture(fixture.answers().savePath.toStdString());
        QVERIFY(written);
        QCOMPARE(imaging::Raster::fromImage(written->image.view()), kept);
        QVERIFY(QString::fromStdString(written->recipe.job).contains(QStringLiteral("a red house")));
        fixture.screenshot(QStringLiteral("05-exported"));
    }

    void flaggedResult_isHidden_andShownWithOneClick()
    {
        FixtureOptions options;
        options.script.flagged = { 0 };
        WindowFixture fixture(options);
        fixture.workspace().setCompanions({ [] { return std::filesystem::path("checker.safetensors"); }, {} });
        prepare(fixture, 2);
        generateAndWait(fixture);
        workspace::GenerationSession& session = fixture.workspace().session();
        session.selectVariation(0);
        QTRY_VERIFY(session.gallery().at(0)->isHidden);
        auto* reveal = fixture.window().variationsDock().findChild<QPushButton*>(QStringLiteral("reveal"));
        QVERIFY(reveal && reveal->isVisible());
        QVERIFY(fixture.window().canvas().messages().text().contains(QStringLiteral("not deleted")));
        QVERIFY(!fixture.window().actions().action(ActionId::Keep).isEnabled());
        fixture.screenshot(QStringLiteral("06-hidden"));
        QTest::mouseClick(reveal, Qt::LeftButton);
        QVERIFY(!session.gallery().at(0)->isHidden && !reveal->isVisible());
        QVERIFY(fixture.window().actions().action(ActionId::Keep).isEnabled());
        session.selectVariation(1);
        QVERIFY(!reveal->isVisible());
        fixture.trigger(ActionId::SafetyFilter);
        QVERIFY(!fixture.workspace().appSettings().hidesFlagged);
    }

    void export_jpegWithoutRecipe()
    {
        WindowFixture fixture;
        fixture.openPicture();
        fixture.answers().savePath = fixture.folder() + QStringLiteral("/out.jpg");
        exportThroughDialog(fixture, 1, false);
        QTRY_VERIFY(QFileInfo::exists(fixture.answers().savePath));
        const auto written = document::readPicture(fixture.answers().savePath.toStdString());
        QVERIFY(written);
        QCOMPARE(written->format, document::PictureFormat::Jpeg);
        QVERIFY(written->recipe.isEmpty());
    }

    void rightButton_erases()
    {
        WindowFixture fixture;
        fixture.openPicture();
        fixture.paint(kFrom, kTo);
        QCOMPARE(int{ fixture.workspace().document()->mask().valueAt(390, 310) }, 255);
        fixture.paint({ 390, 250 }, { 390, 380 }, Qt::RightButton);
        QCOMPARE(int{ fixture.workspace().document()->mask().valueAt(390, 310) }, 0);
        QCOMPARE(int{ fixture.workspace().document()->mask().valueAt(305, 300) }, 255);
        fixture.trigger(ActionId::Undo);
        QCOMPARE(int{ fixture.workspace().document()->mask().valueAt(390, 310) }, 255);
    }

    void discard_dropsTheShownVariation()
    {
        WindowFixture fixture;
        prepare(fixture, 2);
        generateAndWait(fixture);
        const imaging::Raster before = fixture.workspace().document()->picture();
        QTest::keyClick(&fixture.window().canvas().view(), Qt::Key_Delete);
        QTRY_COMPARE(fixture.workspace().session().gallery().rowCount(), 1);
        QCOMPARE(fixture.workspace().document()->picture(), before);
        fixture.trigger(ActionId::Retry);
        QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace().session().gallery().rowCount(), 3, 30000);
    }

    void preview_ripensInPlaceAndStopChangesNothing()
    {
        FakeScript script;
        script.stepTime = std::chrono::milliseconds(80);
        WindowFixture fixture({ .script = script });
        prepare(fixture, 2);
        const imaging::Raster before = fixture.workspace().document()->picture();
        workspace::GenerationSession& session = fixture.workspace().session();
        fixture.trigger(ActionId::Generate);
        QTRY_COMPARE_WITH_TIMEOUT(session.overlay().kind, workspace::CanvasOverlay::Kind::Preview, 20000);
        auto* button = fixture.window().findChild<ui::PrimaryButton*>();
        QVERIFY(button->isShowingProgress());
        fixture.screenshot(QStringLiteral("06-sampling"));
        fixture.paint({ 100, 100 }, { 160, 100 }); // the pen wins while a run is on
        QCOMPARE(int{ fixture.workspace().document()->mask().valueAt(130, 100) }, 255);
        QTest::keyClick(&fixture.window(), Qt::Key_Escape, Qt::ShiftModifier);
        QTRY_COMPARE(session.pendingRuns(), 0);
        QTRY_VERIFY(!button->isShowingProgress());
        QCOMPARE(fixture.workspace().document()->picture(), before);
        QTRY_COMPARE(session.overlay().kind, workspace::CanvasOverlay::Kind::None);
        fixture.screenshot(QStringLiteral("07-stopped"));
    }

    void failure_isASentenceAboveTheCanvas()
    {
        FakeScript script{};
        script.failure = Error{ ErrorCode::OutOfDeviceMemory, "no memory", {} };
        WindowFixture fixture({ .script = script });
        prepare(fixture, 1);
        fixture.trigger(ActionId::Generate);
        QTRY_VERIFY(fixture.window().canvas().messages().text().contains(QStringLiteral("Memory ran out")));
        QVERIFY(fixture.window().canvas().messages().isVisible());
        fixture.screenshot(QStringLiteral("08-error"));
    }

    void noModel_saysSoAndPaintsAllTheSame()
    {
        WindowFixture fixture({ .hasModel = false });
        fixture.openPicture();
        fixture.paint(kFrom, kTo);
        QVERIFY(!fixture.workspace().document()->mask().isBlank());
        const auto* button = fixture.window().findChild<ui::PrimaryButton*>();
        QVERIFY(!button->isEnabled());
        QCOMPARE(button->text(), QStringLiteral("Choose a model first"));
        fixture.screenshot(QStringLiteral("09-no-model"));
    }

    void create_withoutAPicture()
    {
        WindowFixture fixture;
        fixture.setJob([](workflow::JobDescription& job) {
            job.prompt = "a tree";
            job.imageCount = 1;
            job.steps = 2;
        });
        QCOMPARE(fixture.workspace().session().mode(), engine::GenerationMode::TextToImage);
        QTRY_COMPARE(fixture.workspace().session().blocker(), workspace::GenerateBlocker::None);
        generateAndWait(fixture);
        fixture.screenshot(QStringLiteral("10-created"));
        fixture.trigger(ActionId::Keep);
        QTRY_VERIFY(fixture.workspace().document() != nullptr);
    }

    void drop_opensPictureAndModel()
    {
        WindowFixture fixture;
        drop(fixture, fixture.writePicture(QStringLiteral("dropped.png")));
        QTRY_VERIFY(fixture.workspace().document());
        QCOMPARE(fixture.workspace().document()->name(), QStringLiteral("dropped.png"));
        const QString model = fixture.folder() + QStringLiteral("/other.safetensors");
        const std::vector<std::byte> weight(2 * 8 * 4 * 9);
        std::vector<engine::TensorToWrite> tensors;
        for (const char* name : { "model.diffusion_model.input_blocks.0.0.weight", "model.diffusion_model.out.2.weight", "first_stage_model.decoder.conv_in.weight" }) {
            tensors.push_back({ name, engine::Dtype::F16, { 8, 4, 3, 3 }, weight });
        }
        QVERIFY(engine::writeSafetensors(model.toStdString(), tensors, {}));
        drop(fixture, model);
        QTRY_COMPARE(fixture.workspace().models().find(fixture.workspace().appSettings().model)->name, QStringLiteral("other"));
    }

    void paste_opensAPicture()
    {
        WindowFixture fixture;
        QApplication::clipboard()->setImage(sfumato::testing::hills({ 320, 200 }));
        QTest::keyClick(&fixture.window(), Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(fixture.workspace().document());
        QCOMPARE(fixture.workspace().document()->extent(), (Extent{ 320, 200 }));
    }

    void changes_areAskedAboutBeforeAnotherPicture()
    {
        WindowFixture fixture;
        fixture.openPicture();
        fixture.paint(kFrom, kTo);
        fixture.answers().questionAnswer = 2;
        fixture.window().openPath(fixture.writePicture(QStringLiteral("other.png")));
        QTRY_COMPARE(fixture.answers().asked.value(fixture.answers().asked.size() - 1), QStringLiteral("Not exported yet"));
        QCOMPARE(fixture.workspace().document()->name(), QStringLiteral("hills.png"));
        fixture.answers().questionAnswer = 1;
        fixture.window().openPath(fixture.writePicture(QStringLiteral("other.png")));
        QTRY_COMPARE(fixture.workspace().document()->name(), QStringLiteral("other.png"));
    }

    void brokenPicture_isASentence()
    {
        WindowFixture fixture;
        QFile file(fixture.folder() + QStringLiteral("/broken.png"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not a picture");
        file.close();
        fixture.window().openPath(file.fileName());
        QTRY_VERIFY(fixture.window().canvas().messages().text().contains(QStringLiteral("broken.png")));
    }

private:
    static void exportThroughDialog(WindowFixture& fixture, int format, bool withRecipe)
    {
        fixture.trigger(ActionId::Export);
        QPointer<ui::ExportDialog> dialog = fixture.window().findChild<ui::ExportDialog*>();
        QVERIFY(dialog);
        dialog->findChild<QComboBox*>()->setCurrentIndex(format);
        dialog->findChild<QCheckBox*>()->setChecked(withRecipe);
        dialog->accept();
        QTRY_VERIFY(!dialog);
    }

    static void drop(WindowFixture& fixture, const QString& path)
    {
        QMimeData mime;
        mime.setUrls({ QUrl::fromLocalFile(path) });
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&fixture.window().canvas(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&fixture.window().canvas(), &event);
    }
};

QTEST_MAIN(TstMainWindow)
#include "tst_main_window.moc"
