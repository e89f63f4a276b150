// SPDX-License-Identifier: Apache-2.0
#include "core/document/commands.h"
#include "core/document/document.h"

#include <QSignalSpy>
#include <QTest>

#include <vector>

using namespace sfumato;
using document::Document;

namespace {

constexpr std::int64_t kTileBytes = std::int64_t{ imaging::kTileSize } * imaging::kTileSize;

// Each touches one tile of the mask, so each costs about one or two tiles.
void paintTile(Document& document, int column, std::uint8_t level)
{
    imaging::Mask mask = document.mask();
    mask.raster().edit({ column * imaging::kTileSize, 0, 8, 8 }, [level](ImageSpan pixels, const Bounds&) {
        for (int y = 0; y < pixels.extent.height; ++y) std::fill_n(pixels.row(y), pixels.extent.width, level);
    });
    document.push(std::make_unique<document::ChangeMaskCommand>(document, mask, QStringLiteral("Paint %1").arg(level)));
}

imaging::Raster blankPicture()
{
    ImageBuffer image({ 2048, 256 }, PixelFormat::Rgba8);
    image.row(0)[0] = 1;
    return imaging::Raster::fromImage(image.view());
}

} // namespace

class TstUndoStack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void budget_defaultsToOneGigabyte();
    void overBudget_forgetsOldestKeepsContent();
    void overBudget_newestStaysHoweverLarge();
    void forgetting_keepsCleanStateWhenItCan();
    void forgetting_losesCleanStateForGood();
    void smallerBudget_keepsPositionAndRedo();
    void forgetting_announcesOnce();
};

void TstUndoStack::budget_defaultsToOneGigabyte()
{
    Document document(blankPicture(), QStringLiteral("picture"));
    QCOMPARE(document.undoStack().budgetInBytes(), std::int64_t{ 1 } << 30);
}

void TstUndoStack::overBudget_forgetsOldestKeepsContent()
{
    Document document(blankPicture(), QStringLiteral("picture"));
    document.undoStack().setBudgetInBytes(10 * kTileBytes);
    std::vector<imaging::Mask> states{ document.mask() };
    for (int i = 1; i <= 60; ++i) {
        paintTile(document, i % 8, static_cast<std::uint8_t>(i));
        states.push_back(document.mask());
        QVERIFY(document.undoStack().sizeInBytes() <= 10 * kTileBytes);
        QVERIFY(document.mask() == states.back());
    }
    const int kept = document.undoStack().count();
    QVERIFY(kept >= 4 && kept < 11);
    for (int i = 0; i < kept; ++i) {
        document.undoStack().undo();
        QVERIFY(document.mask() == states[states.size() - 2 - static_cast<std::size_t>(i)]);
    }
    QVERIFY(!document.undoStack().canUndo());
    for (int i = 0; i < kept; ++i) document.undoStack().redo();
    QVERIFY(document.mask() == states.back());
}

void TstUndoStack::overBudget_newestStaysHoweverLarge()
{
    Document document(blankPicture(), QStringLiteral("picture"));
    document.undoStack().setBudgetInBytes(1);
    paintTile(document, 0, 10);
    paintTile(document, 1, 20);
    QCOMPARE(document.undoStack().count(), 1);
    QCOMPARE(document.undoStack().undoText(), QStringLiteral("Paint 20"));
    document.undoStack().undo();
    QCOMPARE(document.mask().valueAt(0, 0), std::uint8_t{ 10 });
    QCOMPARE(document.mask().valueAt(imaging::kTileSize, 0), std::uint8_t{ 0 });
}

void TstUndoStack::forgetting_keepsCleanStateWhenItCan()
{
    Document document(blankPicture(), QStringLiteral("picture"));
    for (int i = 0; i < 6; ++i) paintTile(document, i, 10);
    document.markSaved();
    paintTile(document, 6, 10);
    document.undoStack().setBudgetInBytes(3 * kTileBytes);
    QVERIFY(document.undoStack().count() < 7);
    QVERIFY(!document.isClean());
    document.undoStack().undo();
    QVERIFY(document.isClean());
}

void TstUndoStack::forgetting_losesCleanStateForGood()
{
    Document document(blankPicture(), QStringLiteral("picture"));
    for (int i = 0; i < 6; ++i) paintTile(document, i, 10);
    document.undoStack().setBudgetInBytes(3 * kTileBytes);
    while (document.undoStack().canUndo()) document.undoStack().undo();
    QVERIFY(!document.isClean());
}

void TstUndoStack::smallerBudget_keepsPositionAndRedo()
{
    Document document(blankPicture(), QStringLiteral("picture"));
    for (int i = 0; i < 6; ++i) paintTile(document, i, 10);
    const imaging::Mask last = document.mask();
    document.undoStack().undo();
    document.undoStack().undo();
    const imaging::Mask present = document.mask();
    document.undoStack().setBudgetInBytes(4 * kTileBytes);
    QVERIFY(document.mask() == present);
    QCOMPARE(document.undoStack().count() - document.undoStack().index(), 2);
    document.undoStack().redo();
    document.undoStack().redo();
    QVERIFY(document.mask() == last);
}

void TstUndoStack::forgetting_announcesOnce()
{
    Document document(blankPicture(), QStringLiteral("picture"));
    for (int i = 0; i < 6; ++i) paintTile(document, i, 10);
    QSignalSpy moved(&document.undoStack(), &QUndoStack::indexChanged);
    QSignalSpy cleaned(&document.undoStack(), &QUndoStack::cleanChanged);
    QSignalSpy changed(&document, &Document::changed);
    document.undoStack().setBudgetInBytes(3 * kTileBytes);
    QCOMPARE(moved.count(), 1);
    QCOMPARE(cleaned.count(), 0);
    QCOMPARE(changed.count(), 0);
}

QTEST_GUILESS_MAIN(TstUndoStack)
#include "tst_undo_stack.moc"
