// The controls in the real window: rows, choices, previews, drops, keyboard, German and narrow windows.
// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_fixture.h"
#include "tests/unit/library/control_files.h"
#include "ui/docks/control/control_panel.h"
#include "ui/docks/control/control_row_view.h"
#include "ui/docks/control/control_thumbnail.h"
#include "ui/docks/generate_dock.h"
#include "ui/widgets/fold.h"
#include "ui/widgets/slider_row.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDropEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTranslator>
#include <QUrl>

#include <algorithm>

using namespace sfumato;
using engine::ControlType;
using sfumato::test::ControlFileKind;
using sfumato::testing::FixtureOptions;
using sfumato::testing::WindowFixture;
using workspace::ControlState;

namespace {

constexpr int kSlowMs = 20000;

struct Bench {
    explicit Bench(FixtureOptions options = {}) : fixture(std::move(options))
    {
        test::writeControlFile(control("sdxl-canny-small"), ControlFileKind::Sdxl);
        test::writeControlFile(control("sd15_openpose"), ControlFileKind::Sd15);
        test::writeControlFile(control("union-promax"), ControlFileKind::Union);
        test::writeControlFile(control("ip-adapter_sdxl"), ControlFileKind::IpAdapter);
        fixture.workspace().describeModelInUse();
        QTRY_VERIFY(fixture.workspace().models().find({})->info);
        // The window looked before there were any.
        workspace::AppSettings settings = fixture.workspace().appSettings();
        settings.userModelsFolder = fixture.folder() + QStringLiteral("/models");
        fixture.workspace().setAppSettings(settings);
        QTRY_COMPARE_WITH_TIMEOUT(panel().models().models().size(), std::size_t{ 4 }, kSlowMs);
        fixture.window().generateDock().showControls();
    }

    ui::ControlPanel& panel() { return fixture.window().generateDock().controlPanel(); }
    workspace::ControlStackModel& controls() { return panel().controls(); }
    const std::vector<workflow::ControlReference>& job() { return fixture.workspace().session().job().controls; }
    QString control(const char* name) { return fixture.folder() + QStringLiteral("/models/ControlNet/") + QLatin1String(name) + QStringLiteral(".safetensors"); }

    std::vector<ui::ControlRowView*> rows()
    {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        std::vector<ui::ControlRowView*> found;
        for (ui::ControlRowView* row : panel().findChildren<ui::ControlRowView*>()) found.push_back(row);
        std::ranges::sort(found, {}, [](const ui::ControlRowView* row) { return row->y(); });
        return found;
    }

    // The action of the menu that begins with these words.
    void addByMenu(const QString& words)
    {
        QMenu* menu = panel().findChild<QPushButton*>(QStringLiteral("addControl"))->menu();
        menu->popup(QPoint(10, 10));
        const QList<QAction*> actions = menu->actions();
        const auto found = std::find_if(actions.begin(), actions.end(), [&](const QAction* action) { return action->text().startsWith(words); });
        QVERIFY2(found != actions.end(), qPrintable(words));
        (*found)->trigger();
        menu->close();
    }

    QTranslator german;
    WindowFixture fixture;
};

template <typename Widget>
Widget* part(ui::ControlRowView& row, const char* name)
{
    return row.findChild<Widget*>(QLatin1String(name));
}

QToolButton* buttonNamed(ui::ControlRowView& row, const QString& name)
{
    for (QToolButton* button : row.findChildren<QToolButton*>())
        if (button->accessibleName() == name) return button;
    return nullptr;
}

// As a person does: open the box, go to the entry, Enter.
void choose(QComboBox& box, const QString& text)
{
    const int index = box.findText(text);
    QVERIFY2(index >= 0, qPrintable(text));
    box.setFocus();
    box.setCurrentIndex(index);
    Q_EMIT box.activated(index);
}

void drop(QWidget& target, const QString& path)
{
    QMimeData mime;
    mime.setUrls({ QUrl::fromLocalFile(path) });
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&target, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(5, 5), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&target, &event);
}

QString noteOf(ui::ControlRowView& row)
{
    const auto* note = part<QLabel>(row, "controlNote");
    return note->isHidden() ? QString() : note->text();
}

} // namespace

class TstControlPanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void addAndSetUp_reachesTheJobAndTheEngine();
    void thumbnail_showsWhatTheModelSees_andEnlarges();
    void states_areSentences();
    void filesFromDialogsAndDrops_areTaken();
    void orderEyeAndRemove_workByKeyboard();
    void preprocessors_bringTheirSliders();
    void reference_isAnIpAdapter();
    void settings_rememberChosenFiles();
    void parts_haveNamesAndAreReached();
    void texts_fit_data();
    void texts_fit();
};

void TstControlPanel::addAndSetUp_reachesTheJobAndTheEngine()
{
    Bench bench;
    bench.fixture.openPicture();
    bench.addByMenu(QStringLiteral("union-promax"));
    QCOMPARE(bench.rows().size(), std::size_t{ 1 });
    ui::ControlRowView& row = *bench.rows().front();
    QCOMPARE(noteOf(row), QString());
    choose(*part<QComboBox>(row, "controlType"), QStringLiteral("Tile"));
    QCOMPARE(part<QComboBox>(row, "controlPreprocessor")->currentText(), QStringLiteral("Tile"));
    choose(*part<QComboBox>(row, "controlPreprocessor"), QStringLiteral("Blur"));
    for (ui::SliderRow* slider : row.findChildren<ui::SliderRow*>()) {
        QAbstractSpinBox* field = slider->findChild<QAbstractSpinBox*>();
        if (field->accessibleName() != QStringLiteral("Weight")) continue;
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("0.65"));
        QTest::keyClick(field, Qt::Key_Tab);
    }
    QCOMPARE(bench.job().size(), std::size_t{ 1 });
    QCOMPARE(bench.job()[0].type, ControlType::Tile);
    QCOMPARE(bench.job()[0].weight, 0.65);
    QCOMPARE(bench.job()[0].preprocess->preprocessor, imaging::ControlPreprocessor::Blur);
    bench.fixture.setJob([](workflow::JobDescription& job) {
        job.prompt = "a boat";
        job.steps = 3;
        job.imageCount = 1;
    });
    bench.fixture.trigger(ui::ActionId::Generate);
    QTRY_COMPARE_WITH_TIMEOUT(bench.fixture.probe().generations.load(), 1, kSlowMs);
    const auto controls = bench.fixture.probe().lastControls();
    QCOMPARE(controls.size(), std::size_t{ 1 });
    QCOMPARE(controls.front().model, std::filesystem::path(bench.control("union-promax").toStdString()));
    QCOMPARE(controls.front().weight, 0.65);
}

void TstControlPanel::thumbnail_showsWhatTheModelSees_andEnlarges()
{
    Bench bench;
    bench.fixture.openPicture();
    bench.addByMenu(QStringLiteral("sdxl-canny-small"));
    auto* thumbnail = bench.rows().front()->findChild<ui::ControlThumbnail*>();
    QTRY_VERIFY_WITH_TIMEOUT(!thumbnail->picture().isNull(), kSlowMs);
    QCOMPARE(thumbnail->picture().size(), QSize(768, 512));
    const QRgb middle = thumbnail->picture().pixel(5, 5);
    QVERIFY(middle == qRgb(0, 0, 0)); // the sky has no edges
    thumbnail->setFocus();
    QTest::keyClick(thumbnail, Qt::Key_Space);
    auto* dialog = bench.fixture.window().findChild<QDialog*>(QStringLiteral("controlPicture"));
    QVERIFY(dialog && dialog->isVisible());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(!dialog->isVisible());
    // Painting moves the work area, and the preview with it.
    const QImage before = thumbnail->picture();
    bench.fixture.paint({ 100, 100 }, { 150, 120 });
    QTRY_VERIFY_WITH_TIMEOUT(thumbnail->picture() != before, kSlowMs);
}

void TstControlPanel::states_areSentences()
{
    Bench bench;
    bench.controls().add({});
    ui::ControlRowView& row = *bench.rows().front();
    QVERIFY(noteOf(row).contains(QStringLiteral("Choose a control model")));
    auto* fold = qobject_cast<ui::Fold*>(bench.panel().parentWidget());
    QVERIFY(fold);
    QCOMPARE(bench.panel().summary(), QStringLiteral("0 of 1 in use"));
    choose(*part<QComboBox>(row, "controlModel"), QStringLiteral("sd15_openpose"));
    QCOMPARE(noteOf(row), QStringLiteral("sd15_openpose.safetensors was made for SD 1.x and cannot work with this SDXL model. It is left out."));
    choose(*part<QComboBox>(row, "controlModel"), QStringLiteral("sdxl-canny-small"));
    QVERIFY(noteOf(row).contains(QStringLiteral("Choose the picture that leads it")));
    choose(*part<QComboBox>(row, "controlPictureSource"), QStringLiteral("From the canvas"));
    QVERIFY(noteOf(row).contains(QStringLiteral("no picture on the canvas")));
    bench.fixture.openPicture();
    QCOMPARE(noteOf(row), QString());
    QCOMPARE(bench.panel().summary(), QStringLiteral("1 in use"));
    bench.controls().setPicture(0, QStringLiteral("/gone/edge.png"));
    QCOMPARE(noteOf(row), QStringLiteral("The picture edge.png is not where it was, so it is not used. Choose it again."));
    bench.controls().setOn(0, false);
    QCOMPARE(noteOf(row), QString());
}

void TstControlPanel::filesFromDialogsAndDrops_areTaken()
{
    Bench bench;
    const QString picture = bench.fixture.writePicture(QStringLiteral("lead.png"), { 96, 64 });
    test::writeControlFile(bench.fixture.folder() + QStringLiteral("/elsewhere/depth.safetensors"), ControlFileKind::Sdxl);
    drop(bench.panel(), bench.fixture.folder() + QStringLiteral("/elsewhere/depth.safetensors"));
    QTRY_COMPARE(bench.controls().rowCount(), 1);
    ui::ControlRowView& row = *bench.rows().front();
    drop(row, picture);
    QCOMPARE(bench.controls().at(0).state, ControlState::Used);
    QCOMPARE(QString::fromStdString(bench.job()[0].imageUrl), picture);
    QCOMPARE(part<QComboBox>(row, "controlPictureSource")->currentText(), QStringLiteral("lead.png"));
    // By dialog: another picture, another model, a new row; a cancelled dialog changes nothing.
    bench.fixture.answers().openPath = bench.fixture.writePicture(QStringLiteral("other.png"), { 96, 64 });
    choose(*part<QComboBox>(row, "controlPictureSource"), QStringLiteral("Picture file…"));
    QVERIFY(QString::fromStdString(bench.job()[0].imageUrl).endsWith(QStringLiteral("other.png")));
    bench.fixture.answers().openPath = bench.control("union-promax");
    choose(*part<QComboBox>(row, "controlModel"), QStringLiteral("Model file…"));
    QCOMPARE(QString::fromStdString(bench.job()[0].model), bench.control("union-promax"));
    bench.fixture.answers().openPath.clear();
    choose(*part<QComboBox>(row, "controlModel"), QStringLiteral("Model file…"));
    QCOMPARE(part<QComboBox>(row, "controlModel")->currentText(), QStringLiteral("union-promax"));
    bench.fixture.answers().openPath = bench.control("ip-adapter_sdxl");
    bench.addByMenu(QStringLiteral("Model file…"));
    QCOMPARE(bench.controls().rowCount(), 2);
    QCOMPARE(bench.controls().at(1).control.type, ControlType::Reference);
}

void TstControlPanel::orderEyeAndRemove_workByKeyboard()
{
    Bench bench;
    bench.fixture.openPicture();
    bench.addByMenu(QStringLiteral("sdxl-canny-small"));
    bench.addByMenu(QStringLiteral("union-promax"));
    QToolButton* grip = buttonNamed(*bench.rows()[1], QStringLiteral("Move Control 2"));
    QVERIFY(grip);
    grip->setFocus();
    QTest::keyClick(grip, Qt::Key_Up);
    QCOMPARE(QString::fromStdString(bench.job()[0].model), bench.control("union-promax"));
    QVERIFY(grip->hasFocus()); // the same row goes on being moved
    QCOMPARE(grip->accessibleName(), QStringLiteral("Move Control 1"));
    QTest::keyClick(grip, Qt::Key_Up); // there is no place above
    QTest::qWait(20);
    QToolButton* eye = buttonNamed(*bench.rows()[0], QStringLiteral("Switch Control 1 off"));
    QTest::keyClick(eye, Qt::Key_Space);
    QCOMPARE(bench.job().size(), std::size_t{ 1 });
    QCOMPARE(eye->accessibleName(), QStringLiteral("Switch Control 1 on"));
    QTest::keyClick(eye, Qt::Key_Space);
    QCOMPARE(bench.job().size(), std::size_t{ 2 });
    QTest::keyClick(buttonNamed(*bench.rows()[1], QStringLiteral("Remove Control 2")), Qt::Key_Space);
    QCOMPARE(bench.rows().size(), std::size_t{ 1 });
    QCOMPARE(bench.job().size(), std::size_t{ 1 });
    QTest::keyClick(buttonNamed(*bench.rows()[0], QStringLiteral("Remove Control 1")), Qt::Key_Space);
    QVERIFY(bench.job().empty());
    QCOMPARE(bench.panel().summary(), QStringLiteral("None"));
}

void TstControlPanel::preprocessors_bringTheirSliders()
{
    Bench bench;
    bench.fixture.openPicture();
    bench.addByMenu(QStringLiteral("union-promax"));
    ui::ControlRowView& row = *bench.rows().front();
    auto* box = part<QComboBox>(row, "controlPreprocessor");
    QCOMPARE(box->count(), static_cast<int>(imaging::controlPreprocessors().size()));
    for (int i = 0; i < box->count(); ++i) {
        const QString text = box->itemText(i);
        QVERIFY(!text.isEmpty());
        choose(*box, text);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        const auto& described = imaging::controlPreprocessors()[static_cast<std::size_t>(i)];
        QCOMPARE(workspace::ControlRow(bench.controls().at(0)).control.preprocess.value_or(imaging::ControlPreprocessing::withDefaults(imaging::ControlPreprocessor::Canny)).preprocessor, described.preprocessor);
        QCOMPARE(row.findChildren<ui::SliderRow*>().size(), qsizetype(described.parameters.size() + 3)); // and weight, from, until
    }
    choose(*box, QStringLiteral("Canny edges"));
    for (ui::SliderRow* slider : row.findChildren<ui::SliderRow*>())
        if (slider->findChild<QAbstractSpinBox*>()->accessibleName() == QStringLiteral("Upper threshold")) slider->setValue(150);
    QCOMPARE(bench.job()[0].preprocess->parameters[1], 150.0);
    QCOMPARE(bench.job()[0].preprocess->parameters[0], 100.0);
}

void TstControlPanel::reference_isAnIpAdapter()
{
    Bench bench;
    bench.addByMenu(QStringLiteral("ip-adapter_sdxl"));
    bench.controls().setPicture(0, bench.fixture.writePicture(QStringLiteral("face.png"), { 120, 200 }));
    ui::ControlRowView& row = *bench.rows().front();
    QCOMPARE(part<QComboBox>(row, "controlType")->count(), 1);
    QCOMPARE(part<QComboBox>(row, "controlType")->currentText(), QStringLiteral("Reference"));
    QCOMPARE(bench.job()[0].type, ControlType::Reference);
    auto* thumbnail = row.findChild<ui::ControlThumbnail*>();
    QTRY_COMPARE_WITH_TIMEOUT(thumbnail->picture().size(), QSize(120, 200), kSlowMs); // its encoder sees all of it
}

void TstControlPanel::settings_rememberChosenFiles()
{
    Bench bench;
    const QString elsewhere = bench.fixture.folder() + QStringLiteral("/elsewhere/depth.safetensors");
    test::writeControlFile(elsewhere, ControlFileKind::Sdxl);
    bench.panel().addModelFile(elsewhere);
    QCOMPARE(bench.fixture.workspace().appSettings().controlModels, QStringList{ elsewhere });
    QTRY_VERIFY_WITH_TIMEOUT(bench.panel().models().find(elsewhere), kSlowMs);
    bench.panel().addModelFile(elsewhere);
    QCOMPARE(bench.fixture.workspace().appSettings().controlModels.size(), 1);
    // Another model in use leaves the rows as they are.
    workspace::AppSettings settings = bench.fixture.workspace().appSettings();
    settings.showsPreviews = !settings.showsPreviews;
    bench.fixture.workspace().setAppSettings(settings);
    QCOMPARE(bench.controls().rowCount(), 2);
}

void TstControlPanel::parts_haveNamesAndAreReached()
{
    Bench bench;
    bench.fixture.openPicture();
    bench.addByMenu(QStringLiteral("union-promax"));
    ui::ControlRowView& row = *bench.rows().front();
    row.unfold(true);
    for (const QWidget* widget : row.findChildren<QWidget*>()) {
        const bool isControl = qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget);
        if (!isControl) continue;
        QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        if (widget->isEnabled()) QVERIFY2((widget->focusPolicy() & Qt::TabFocus) != 0, qPrintable(widget->accessibleName()));
    }
    // From the first part of the row by Tab to the button below it.
    QWidget* add = bench.panel().findChild<QPushButton*>(QStringLiteral("addControl"));
    buttonNamed(row, QStringLiteral("Move Control 1"))->setFocus(Qt::TabFocusReason);
    for (int i = 0; i < 40 && !add->hasFocus(); ++i) QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(add->hasFocus());
}

void TstControlPanel::texts_fit_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("isGerman");
    QTest::addColumn<bool>("isLight");
    QTest::addRow("english narrow") << QSize(1024, 640) << false << false;
    QTest::addRow("german narrow") << QSize(1024, 640) << true << true;
    QTest::addRow("english wide") << QSize(1440, 900) << false << true;
    QTest::addRow("german wide") << QSize(1440, 900) << true << false;
}

void TstControlPanel::texts_fit()
{
    QFETCH(QSize, size);
    QFETCH(bool, isGerman);
    QFETCH(bool, isLight);
    QTranslator german;
    if (isGerman) {
        QVERIFY(german.load(QStringLiteral(":/i18n/sfumato_de.qm")));
        QApplication::installTranslator(&german);
    }
    Bench bench({ .scheme = isLight ? ui::ColorScheme::Light : ui::ColorScheme::Dark, .size = size });
    const QString name = QStringLiteral("controls-%1-%2").arg(isGerman ? QStringLiteral("de") : QStringLiteral("en")).arg(size.width());
    bench.fixture.screenshot(name + QStringLiteral("-empty"));
    bench.fixture.openPicture();
    bench.controls().add(bench.control("sdxl-canny-small"));
    bench.controls().add(bench.control("sd15_openpose"));
    bench.rows().front()->unfold(true);
    QTRY_VERIFY_WITH_TIMEOUT(!bench.rows().front()->findChild<ui::ControlThumbnail*>()->picture().isNull(), kSlowMs);
    auto* scroll = bench.fixture.window().generateDock().findChild<QScrollArea*>();
    scroll->ensureWidgetVisible(bench.panel().findChild<QPushButton*>(QStringLiteral("addControl")));
    bench.fixture.screenshot(name);
    for (const imaging::PreprocessorDescription& entry : imaging::controlPreprocessors()) {
        bench.controls().setPreprocessing(0, imaging::ControlPreprocessing::withDefaults(entry.preprocessor));
        QTest::qWait(10);
        for (const QLabel* label : bench.panel().findChildren<QLabel*>()) {
            if (!label->isVisible() || label->text().isEmpty()) continue;
            const bool fits = label->wordWrap() ? label->height() + 1 >= label->heightForWidth(label->width()) : label->fontMetrics().horizontalAdvance(label->text()) <= label->width();
            QVERIFY2(fits, qPrintable(label->text()));
        }
    }
    QVERIFY(bench.fixture.window().generateDock().width() <= 480);
    QApplication::removeTranslator(&german);
}

QTEST_MAIN(TstControlPanel)
#include "tst_control_panel.moc"
