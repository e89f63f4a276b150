// SPDX-License-Identifier: Apache-2.0
#include "ui/tools/mask_brush_tool.h"
#include "ui/tools/navigation_tools.h"
#include "ui/tools/tool_box.h"

#include <QSignalSpy>
#include <QTest>

using namespace sfumato;
using namespace sfumato::ui;

namespace {

class RecordingContext final : public ToolContext {
public:
    RecordingContext() : m_document(imaging::Raster({ 256, 256 }, PixelFormat::Rgba8), QStringLiteral("test"))
    {
        imaging::BrushSettings brush = brushStore.brush(BrushRole::Paint);
        brush.sizePx = 20;
        brush.smoothing = 0;
        brushStore.setBrush(BrushRole::Paint, brush);
        brushStore.setBrush(BrushRole::Erase, brush);
    }

    document::Document* document() override { return hasDocument ? &m_document : nullptr; }
    const BrushStore& brushes() const override { return brushStore; }
    void panView(QPointF viewDelta) override { panned += viewDelta; }
    void zoomView(double factor, QPointF) override { zoomed *= factor; }
    void stepZoom(int direction, QPointF) override { steps += direction; }

    [[nodiscard]] int maskAt(int x, int y) { return m_document.mask().valueAt(x, y); }

    BrushStore brushStore;
    QPointF panned;
    double zoomed = 1;
    int steps = 0;
    bool hasDocument = true;

private:
    document::Document m_document;
};

PointerSample at(double x, double y, bool isSecondary = false, Qt::KeyboardModifiers modifiers = {})
{
    return { { x, y }, { x, y }, 1.0, modifiers, isSecondary };
}

void stroke(Tool& tool, RecordingContext& context, QPointF from, QPointF to, bool isSecondary = false, Qt::KeyboardModifiers modifiers = {})
{
    tool.begin(context, at(from.x(), from.y(), isSecondary, modifiers));
    tool.move(context, at(to.x(), to.y(), isSecondary, modifiers));
    tool.end(context, at(to.x(), to.y(), isSecondary, modifiers));
}

} // namespace

class TstTools : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void brush_paintsOneUndoStep()
    {
        RecordingContext context;
        MaskBrushTool brush(BrushRole::Paint);
        stroke(brush, context, { 50, 50 }, { 150, 50 });
        QCOMPARE(context.maskAt(100, 50), 255);
        QCOMPARE(context.document()->undoStack().count(), 1);
        context.document()->undoStack().undo();
        QCOMPARE(context.maskAt(100, 50), 0);
    }

    void secondaryButton_erases()
    {
        RecordingContext context;
        MaskBrushTool brush(BrushRole::Paint);
        stroke(brush, context, { 50, 50 }, { 150, 50 });
        stroke(brush, context, { 100, 50 }, { 100, 51 }, true);
        QCOMPARE(context.maskAt(100, 50), 0);
        QCOMPARE(context.maskAt(60, 50), 255);
    }

    void alt_isTheOppositeAndBothTogetherCancelOut()
    {
        RecordingContext context;
        MaskBrushTool eraser(BrushRole::Erase);
        stroke(eraser, context, { 50, 50 }, { 150, 50 }, false, Qt::AltModifier);
        QCOMPARE(context.maskAt(100, 50), 255);
        stroke(eraser, context, { 100, 50 }, { 100, 51 }, true, Qt::AltModifier);
        QCOMPARE(context.maskAt(100, 50), 0);
    }

    void shift_drawsALineFromTheLastEnd()
    {
        RecordingContext context;
        MaskBrushTool brush(BrushRole::Paint);
        stroke(brush, context, { 30, 200 }, { 31, 200 });
        stroke(brush, context, { 200, 200 }, { 200, 200 }, false, Qt::ShiftModifier);
        QCOMPARE(context.maskAt(115, 200), 255);
    }

    void cancel_leavesNothingBehind()
    {
        RecordingContext context;
        MaskBrushTool brush(BrushRole::Paint);
        brush.begin(context, at(50, 50));
        brush.move(context, at(80, 50));
        QVERIFY(context.maskAt(60, 50) > 0);
        brush.cancel();
        QVERIFY(context.document()->mask().isBlank());
        QCOMPARE(context.document()->undoStack().count(), 0);
    }

    void brush_withoutAPictureDoesNothing()
    {
        RecordingContext context;
        context.hasDocument = false;
        MaskBrushTool brush(BrushRole::Paint);
        stroke(brush, context, { 50, 50 }, { 150, 50 });
        context.hasDocument = true;
        QVERIFY(context.document()->mask().isBlank());
    }

    void pan_followsThePointer()
    {
        RecordingContext context;
        PanTool pan;
        stroke(pan, context, { 10, 10 }, { 40, 5 });
        QCOMPARE(context.panned, QPointF(30, -5));
    }

    void zoom_clickStepsAndDragScrubs()
    {
        RecordingContext context;
        ZoomTool zoom;
        stroke(zoom, context, { 10, 10 }, { 11, 10 });
        QCOMPARE(context.steps, 1);
        stroke(zoom, context, { 10, 10 }, { 11, 10 }, true);
        QCOMPARE(context.steps, 0);
        stroke(zoom, context, { 10, 10 }, { 60, 10 });
        QVERIFY(context.zoomed > 1.3);
        QCOMPARE(context.steps, 0);
    }

    void brushes_keepTheirOwnSizeWithinLimits()
    {
        BrushStore store;
        QSignalSpy changed(&store, &BrushStore::brushChanged);
        imaging::BrushSettings brush = store.brush(BrushRole::Paint);
        brush.sizePx = 1e6;
        brush.hardness = -3;
        store.setBrush(BrushRole::Paint, brush);
        QCOMPARE(store.brush(BrushRole::Paint).sizePx, kLargestBrushPx);
        QCOMPARE(store.brush(BrushRole::Paint).hardness, 0.0);
        QCOMPARE(store.brush(BrushRole::Erase).sizePx, 64.0);
        QVERIFY(store.brush(BrushRole::Erase).erase);
        QCOMPARE(changed.count(), 1);
        for (int i = 0; i < 200; ++i) store.stepSize(BrushRole::Paint, -1);
        QCOMPARE(store.brush(BrushRole::Paint).sizePx, kSmallestBrushPx);
        store.stepSize(BrushRole::Paint, 1);
        QCOMPARE(store.brush(BrushRole::Paint).sizePx, 2.0);
    }

    void lentTool_actsUntilItIsGivenBack()
    {
        ToolBox tools;
        tools.choose(ToolId::MaskEraser);
        tools.lend(ToolId::Pan);
        QCOMPARE(tools.active().id(), ToolId::Pan);
        QCOMPARE(tools.chosen(), ToolId::MaskEraser);
        QCOMPARE(tools.brushRole(), BrushRole::Erase);
        tools.lend(std::nullopt);
        QCOMPARE(tools.active().id(), ToolId::MaskEraser);
    }
};

QTEST_GUILESS_MAIN(TstTools)
#include "tst_tools.moc"
