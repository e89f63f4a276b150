// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_fixture.h"
#include "ui/canvas/canvas_controller.h"
#include "ui/canvas/canvas_view.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/variations_dock.h"
#include "ui/widgets/fold.h"
#include "ui/widgets/prompt_edit.h"
#include "ui/window/canvas_area.h"
#include "ui/window/tool_bars.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace sfumato;
using sfumato::testing::WindowFixture;
using ui::ActionId;

namespace {

void collect(const QMenu& menu, QSet<const QAction*>& found)
{
    for (const QAction* action : menu.actions()) {
        if (action->menu()) {
            collect(*action->menu(), found);
        } else {
            found.insert(action);
        }
    }
}

void wheel(QWidget& widget, QPointF place, int angle, Qt::KeyboardModifiers modifiers = {})
{
    QWheelEvent event(place, widget.mapToGlobal(place), {}, QPoint(0, angle), Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

// A stroke on a picture, and a short run of it to its end.
void runForReview(WindowFixture& fixture)
{
    fixture.openPicture();
    fixture.paint({ 300, 300 }, { 480, 320 });
    fixture.setJob([](workflow::JobDescription& job) { job.steps = 2; });
    fixture.trigger(ActionId::Generate);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace().session().pendingRuns(), 0, 20000);
}

} // namespace

class TstWindowInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyAction_isInTheMenus()
    {
        WindowFixture fixture;
        QSet<const QAction*> found;
        for (const QAction* top : fixture.window().menuBar()->actions()) collect(*top->menu(), found);
        for (const ui::ActionSpec& spec : ui::actionTable()) {
            QVERIFY2(found.contains(&fixture.window().actions().action(spec.id)), spec.name);
        }
    }

    void wheelOverTheDock_changesNothing()
    {
        WindowFixture fixture;
        auto* dock = fixture.window().findChild<ui::GenerateDock*>();
        for (ui::Fold* fold : dock->findChildren<ui::Fold*>()) fold->setOpen(true);
        QApplication::processEvents();
        dock->findChild<ui::PromptEdit*>()->setFocus();
        const workflow::JobDescription before = fixture.workspace().session().job();
        const QString model = fixture.workspace().appSettings().model;
        int tried = 0;
        for (QWidget* widget : dock->findChildren<QWidget*>()) {
            const bool holdsValue = qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractSpinBox*>(widget) || (qobject_cast<QAbstractSlider*>(widget) && !qobject_cast<QScrollBar*>(widget));
            if (!holdsValue || !widget->isVisible()) continue;
            ++tried;
            QVERIFY2((widget->focusPolicy() & Qt::WheelFocus) != Qt::WheelFocus, qPrintable(widget->accessibleName()));
            wheel(*widget, widget->rect().center(), -120);
            wheel(*widget, widget->rect().center(), 240);
            QVERIFY2(fixture.workspace().session().job() == before, qPrintable(widget->accessibleName()));
        }
        QCOMPARE(fixture.workspace().appSettings().model, model);
        QVERIFY(tried > 20);
    }

    void keys_doNotClash()
    {
        QHash<QString, QString> owners;
        for (const ui::ActionSpec& spec : ui::actionTable()) {
            for (const QString& keys : QString::fromLatin1(spec.keys).split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
                const QString canonical = QKeySequence(keys, QKeySequence::PortableText).toString();
                QVERIFY2(!canonical.isEmpty(), spec.name);
                QVERIFY2(!owners.contains(canonical), qPrintable(QStringLiteral("%1: %2 and %3").arg(canonical, owners.value(canonical), QString::fromLatin1(spec.name))));
                owners.insert(canonical, QString::fromLatin1(spec.name));
            }
        }
    }

    void keys_runTheirActions_data()
    {
        QTest::addColumn<int>("id");
        for (const ui::ActionSpec& spec : ui::actionTable()) {
            if (*spec.keys && spec.id != ActionId::Quit) QTest::newRow(spec.name) << static_cast<int>(spec.id);
        }
    }

    void keys_runTheirActions()
    {
        QFETCH(int, id);
        WindowFixture fixture;
        fixture.openPicture();
        fixture.paint({ 300, 300 }, { 480, 320 });
        QAction& action = fixture.window().actions().action(static_cast<ActionId>(id));
        action.disconnect(); // the keys are meant here, not what they do
        action.setEnabled(true);
        fixture.window().canvas().view().setFocus();
        for (const QKeySequence& keys : action.shortcuts()) {
            QSignalSpy triggered(&action, &QAction::triggered);
            const QKeyCombination combination = keys[0];
            QTest::keyClick(&fixture.window().canvas().view(), combination.key(), combination.keyboardModifiers());
            QVERIFY2(triggered.count() == 1, qPrintable(keys.toString()));
            action.setEnabled(true);
        }
    }

    void letters_typedIntoThePromptStayLetters()
    {
        WindowFixture fixture;
        fixture.openPicture();
        QTest::keyClick(&fixture.window().canvas().view(), Qt::Key_Slash);
        auto* prompt = qobject_cast<ui::PromptEdit*>(QApplication::focusWidget());
        QVERIFY(prompt);
        fixture.trigger(ActionId::ToolPan);
        QTest::keyClicks(prompt, QStringLiteral("behzxqk/[1.2]"));
        QCOMPARE(prompt->prompt(), QStringLiteral("behzxqk/[1.2]"));
        QCOMPARE(fixture.workspace().session().job().prompt, std::string("behzxqk/[1.2]"));
        QVERIFY(fixture.window().actions().action(ActionId::ToolPan).isChecked());
        QTest::keyClick(prompt, Qt::Key_Escape);
        QCOMPARE(QApplication::focusWidget(), &fixture.window().canvas().view());
    }

    void generate_fromThePromptGivesTheKeyboardToTheCanvas()
    {
        WindowFixture fixture;
        fixture.openPicture();
        fixture.paint({ 300, 300 }, { 480, 320 });
        fixture.setJob([](workflow::JobDescription& job) { job.steps = 2; });
        fixture.trigger(ActionId::FocusPrompt);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(QApplication::focusWidget(), &fixture.window().canvas().view());
        QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace().session().state(), workspace::SessionState::Reviewing, 20000);
    }

    void focus_goesRoundThePartsOfTheWindow()
    {
        WindowFixture fixture;
        fixture.window().canvas().view().setFocus();
        QTest::keyClick(&fixture.window(), Qt::Key_F6);
        QVERIFY(fixture.window().generateDock().isAncestorOf(QApplication::focusWidget()));
        QTest::keyClick(&fixture.window(), Qt::Key_F6);
        QCOMPARE(QApplication::focusWidget(), &fixture.window().canvas().view());
    }

    void tab_hidesEverythingButTheCanvas()
    {
        WindowFixture fixture;
        fixture.window().canvas().view().setFocus();
        QTest::keyClick(&fixture.window().canvas().view(), Qt::Key_Tab);
        QVERIFY(!fixture.window().generateDock().isVisible());
        QVERIFY(!fixture.window().findChild<ui::ToolStrip*>()->isVisible());
        QTest::keyClick(&fixture.window().canvas().view(), Qt::Key_Tab);
        QVERIFY(fixture.window().generateDock().isVisible());
    }

    void wheel_zoomsAtThePointer()
    {
        WindowFixture fixture;
        fixture.openPicture();
        ui::CanvasView& view = fixture.window().canvas().view();
        const QPointF place(view.width() / 3.0, view.height() / 2.0);
        const QPointF under = view.transform().toCanvas(place);
        const double zoom = view.transform().zoom();
        wheel(view, place, 120);
        QVERIFY(view.transform().zoom() > zoom);
        const QPointF moved = view.transform().toCanvas(place) - under;
        QVERIFY(qAbs(moved.x()) < 0.01 && qAbs(moved.y()) < 0.01);
    }

    void space_pansWhileHeld()
    {
        WindowFixture fixture;
        fixture.openPicture();
        ui::CanvasView& view = fixture.window().canvas().view();
        fixture.trigger(ActionId::ZoomActual);
        const QPointF before = view.transform().origin();
        QTest::keyPress(&view, Qt::Key_Space);
        fixture.paint({ 300, 300 }, { 340, 320 });
        QTest::keyRelease(&view, Qt::Key_Space);
        QVERIFY(view.transform().origin() != before);
        QVERIFY(fixture.workspace().document()->mask().isBlank());
    }

    void brushKeys_changeSizeAndHardness()
    {
        WindowFixture fixture;
        fixture.openPicture();
        auto& brushes = *fixture.window().findChild<ui::BrushStore*>();
        ui::CanvasView& view = fixture.window().canvas().view();
        const double size = brushes.brush(ui::BrushRole::Paint).sizePx;
        QTest::keyClick(&view, Qt::Key_BracketRight);
        QVERIFY(brushes.brush(ui::BrushRole::Paint).sizePx > size);
        QTest::mousePress(&view, Qt::LeftButton, Qt::ControlModifier | Qt::AltModifier, QPoint(200, 200));
        QMouseEvent move(QEvent::MouseMove, QPointF(230, 180), view.mapToGlobal(QPointF(230, 180)), Qt::NoButton, Qt::LeftButton, Qt::ControlModifier | Qt::AltModifier);
        QApplication::sendEvent(&view, &move);
        QTest::mouseRelease(&view, Qt::LeftButton, Qt::ControlModifier | Qt::AltModifier, QPoint(230, 180));
        QVERIFY(brushes.brush(ui::BrushRole::Paint).sizePx > size + 20);
        QVERIFY(brushes.brush(ui::BrushRole::Paint).hardness > 0.85);
        QVERIFY(fixture.workspace().document()->mask().isBlank());
        wheel(view, { 200, 200 }, -120, Qt::ControlModifier);
        QTest::keyClick(&view, Qt::Key_X);
        QVERIFY(fixture.window().actions().action(ActionId::ToolMaskEraser).isChecked());
    }

    void escape_endsTheGestureThenLeavesTheReview()
    {
        WindowFixture fixture;
        fixture.openPicture();
        ui::CanvasView& view = fixture.window().canvas().view();
        QTest::mousePress(&view, Qt::LeftButton, {}, fixture.toView({ 300, 300 }));
        QVERIFY(!fixture.workspace().document()->mask().isBlank());
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(fixture.workspace().document()->mask().isBlank());
        QTest::mouseRelease(&view, Qt::LeftButton, {}, fixture.toView({ 300, 300 }));
        QCOMPARE(fixture.workspace().document()->undoStack().count(), 0);
    }

    void escape_fromThePromptGivesTheKeysBackToTheReview()
    {
        WindowFixture fixture;
        workspace::GenerationSession& session = fixture.workspace().session();
        runForReview(fixture);
        QTRY_COMPARE(session.selectedRow(), 0);
        const auto press = [](Qt::Key key) { QTest::keyClick(QApplication::focusWidget(), key); };
        fixture.trigger(ActionId::FocusPrompt);
        QVERIFY(qobject_cast<ui::PromptEdit*>(QApplication::focusWidget()));
        press(Qt::Key_Escape);
        QCOMPARE(QApplication::focusWidget(), &fixture.window().canvas().view());
        QCOMPARE(session.selectedRow(), 0); // what is looked at stays
        press(Qt::Key_Right);
        QCOMPARE(session.selectedRow(), 1);
        press(Qt::Key_Left);
        QCOMPARE(session.selectedRow(), 0);
        press(Qt::Key_3);
        QCOMPARE(session.selectedRow(), 2);
        press(Qt::Key_Escape);
        QCOMPARE(session.selectedRow(), -1);
        QCOMPARE(session.gallery().rowCount(), 3);
    }

    void buttonsOfTheReview_clickedLeaveTheKeysToTheCanvas()
    {
        WindowFixture fixture;
        workspace::GenerationSession& session = fixture.workspace().session();
        runForReview(fixture);
        QTRY_COMPARE(session.selectedRow(), 0);
        int clicked = 0;
        for (auto* button : fixture.window().variationsDock().findChildren<QAbstractButton*>()) {
            if (!button->isVisible() || !button->isEnabled() || session.selectedRow() < 0) continue;
            fixture.trigger(ActionId::FocusPrompt);
            QTest::mouseClick(button, Qt::LeftButton);
            ++clicked;
            QCOMPARE(QApplication::focusWidget(), &fixture.window().canvas().view());
            QTRY_COMPARE_WITH_TIMEOUT(session.pendingRuns(), 0, 20000); // one of them runs the job again
            session.selectVariation(0);
            const int flipped = session.gallery().rowCount() > 1 ? 1 : -1;
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Right);
            QCOMPARE(session.selectedRow(), flipped);
            session.selectVariation(0);
        }
        QCOMPARE(clicked, 4); // the original, Keep, Discard, Retry
    }

    // Where the desktop does not name an active window Qt's shortcuts are silent, but keys arrive.
    void reviewKeys_flipAlsoWithoutAnActiveWindow()
    {
        WindowFixture fixture;
        workspace::GenerationSession& session = fixture.workspace().session();
        runForReview(fixture);
        QTRY_COMPARE(session.selectedRow(), 0);
        fixture.trigger(ActionId::FocusPrompt);
        ui::CanvasView& view = fixture.window().canvas().view();
        const auto send = [](QWidget* target, Qt::Key key) {
            QKeyEvent press(QEvent::KeyPress, key, Qt::NoModifier);
            QApplication::sendEvent(target, &press);
        };
        send(QApplication::focusWidget(), Qt::Key_Escape);
        QCOMPARE(QApplication::focusWidget(), &view);
        const QPointF origin = view.transform().origin();
        send(&view, Qt::Key_Right);
        QCOMPARE(session.selectedRow(), 1);
        send(&view, Qt::Key_Left);
        QCOMPARE(session.selectedRow(), 0);
        send(&view, Qt::Key_3);
        QCOMPARE(session.selectedRow(), 2);
        QCOMPARE(view.transform().origin(), origin); // nothing was panned meanwhile
        send(&view, Qt::Key_Return);
        QCOMPARE(fixture.workspace().document()->undoStack().count(), 2); // the stroke and what was kept
    }

    void strokes_survivePicturesThatArriveMeanwhile()
    {
        WindowFixture fixture;
        fixture.openPicture();
        ui::CanvasView& view = fixture.window().canvas().view();
        QTest::mousePress(&view, Qt::LeftButton, {}, fixture.toView({ 300, 300 }));
        fixture.workspace().setPicture(imaging::Raster({ 100, 100 }, PixelFormat::Rgba8), QStringLiteral("new"));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, fixture.toView({ 50, 50 }));
        QVERIFY(fixture.workspace().document()->mask().isBlank());
    }

    void strokes_areNotMovedByPanelsThatAppearMeanwhile()
    {
        WindowFixture fixture;
        fixture.openPicture();
        ui::CanvasView& view = fixture.window().canvas().view();
        const QSize before = view.size();
        const ui::ViewTransform whole = view.transform();
        QTest::mousePress(&view, Qt::LeftButton, {}, fixture.toView({ 300, 300 }));
        fixture.window().variationsDock().show();
        QTRY_VERIFY(view.height() < before.height());
        QVERIFY(view.transform() == whole);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, fixture.toView({ 320, 300 }));
        QVERIFY(view.transform() != whole); // the whole picture is in view again
        QCOMPARE(fixture.workspace().document()->undoStack().count(), 1);
    }

    void painting_leavesTheReviewAndKeepsTheStrip()
    {
        WindowFixture fixture;
        runForReview(fixture);
        QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace().session().state(), workspace::SessionState::Reviewing, 20000);
        const int tiles = fixture.workspace().session().gallery().rowCount();
        fixture.paint({ 100, 100 }, { 140, 100 });
        QCOMPARE(fixture.workspace().session().selectedRow(), -1);
        QCOMPARE(fixture.workspace().session().gallery().rowCount(), tiles);
    }
};

QTEST_MAIN(TstWindowInput)
#include "tst_window_input.moc"
