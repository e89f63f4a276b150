// SPDX-License-Identifier: Apache-2.0
#include "core/document/commands.h"
#include "core/document/document.h"
#include "core/document/mask_stroke.h"
#include "tests/support/random_pictures.h"

#include <QSignalSpy>
#include <QTest>

#include <vector>

using namespace sfumato;
using document::Document;
using document::DocumentChange;
using document::DocumentContent;

namespace {

constexpr Extent kSize{ 600, 400 };

imaging::Raster noise(unsigned seed, Extent extent = kSize, PixelFormat format = PixelFormat::Rgba8)
{
    std::mt19937 random(seed);
    return sfumato::testing::randomPicture(random, extent, format);
}

void stroke(Document& document, double x, double y, bool erase = false)
{
    imaging::BrushSettings brush;
    brush.sizePx = 40;
    brush.erase = erase;
    document::MaskStroke gesture(document, brush);
    gesture.extendTo({ x, y, 1.0 });
    gesture.extendTo({ x + 60, y + 10, 1.0 });
    gesture.finish();
}

// Does, undoes and redoes; every state must come back exactly.
void checkDoUndoRedo(Document& document, std::unique_ptr<document::DocumentCommand> command)
{
    const DocumentContent before = document.content();
    QVERIFY(document.push(std::move(command)));
    const DocumentContent after = document.content();
    QVERIFY(!(before == after));
    document.undoStack().undo();
    QVERIFY(document.content() == before);
    document.undoStack().redo();
    QVERIFY(document.content() == after);
}

} // namespace

class TstDocument : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void newDocument_isCleanWithBlankMask();
    void maskCommands_doUndoRedo();
    void applyResult_doUndoRedo();
    void applyResult_otherSizeAndDepth();
    void applyResult_goneLayerBecomesBackground();
    void commandsThatChangeNothing_areDropped();
    void stroke_isOneStepAndShowsWhileDrawn();
    void stroke_cancelledOrAbandoned_leavesNothing();
    void strokeOutside_isNoStep();
    void macro_isOneStep();
    void macro_rollsBackUnlessCommitted();
    void snapshot_neverChanges();
    void changes_tellWhatIsDirty();
    void name_followsPath();
    void cleanState_followsHistory();
    void randomHistory_everyStateComesBack();
};

void TstDocument::newDocument_isCleanWithBlankMask()
{
    Document document(noise(1), QStringLiteral("picture"));
    QVERIFY(document.isClean());
    QVERIFY(document.mask().isBlank());
    QCOMPARE(document.mask().extent(), kSize);
    QVERIFY(!document.undoStack().canUndo());
}

void TstDocument::maskCommands_doUndoRedo()
{
    Document document(noise(1), QStringLiteral("picture"));
    checkDoUndoRedo(document, document::fillMaskCommand(document));
    QCOMPARE(document.mask().paintedCount(), kSize.area());
    checkDoUndoRedo(document, document::clearMaskCommand(document));
    stroke(document, 100, 100);
    const auto painted = document.mask().paintedCount();
    QVERIFY(painted > 0);
    checkDoUndoRedo(document, document::invertMaskCommand(document));
    QCOMPARE(document.mask().valueAt(120, 103), std::uint8_t{ 0 });
    QCOMPARE(document.mask().valueAt(500, 350), std::uint8_t{ 255 });
}

void TstDocument::applyResult_doUndoRedo()
{
    Document document(noise(1), QStringLiteral("picture"));
    imaging::Raster changed = document.picture();
    changed.clear({ 10, 10, 50, 50 });
    checkDoUndoRedo(document, std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), changed, "{\"seed\":1}", QStringLiteral("Keep")));
    QCOMPARE(document.content().layers.front().recipe, std::string("{\"seed\":1}"));
    document.undoStack().undo();
    QVERIFY(document.content().layers.front().recipe.empty());
}

void TstDocument::applyResult_otherSizeAndDepth()
{
    Document document(noise(1), QStringLiteral("picture"));
    stroke(document, 100, 100);
    checkDoUndoRedo(document,
        std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), noise(2, { 320, 200 }), "a", QStringLiteral("Keep")));
    QCOMPARE(document.extent(), (Extent{ 320, 200 }));
    QCOMPARE(document.mask().extent(), (Extent{ 320, 200 }));
    checkDoUndoRedo(document, std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), noise(3, { 320, 200 }, PixelFormat::Rgba16), "b", QStringLiteral("Keep")));
    QCOMPARE(document.picture().format(), PixelFormat::Rgba16);
}

void TstDocument::applyResult_goneLayerBecomesBackground()
{
    Document document(noise(1), QStringLiteral("picture"));
    document.push(std::make_unique<document::ApplyResultCommand>(document, document::LayerId{ 99 }, noise(2), "", QStringLiteral("Keep")));
    QVERIFY(document.picture() == noise(2));
}

void TstDocument::commandsThatChangeNothing_areDropped()
{
    Document document(noise(1), QStringLiteral("picture"));
    QVERIFY(!document.push(document::clearMaskCommand(document)));
    QVERIFY(!document.push(std::make_unique<document::ChangeMaskCommand>(document, document.mask(), QStringLiteral("Same"))));
    QVERIFY(!document.push(std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), noise(1), "", QStringLiteral("Keep"))));
    QCOMPARE(document.undoStack().count(), 0);
}

void TstDocument::stroke_isOneStepAndShowsWhileDrawn()
{
    Document document(noise(1), QStringLiteral("picture"));
    imaging::BrushSettings brush;
    document::MaskStroke gesture(document, brush);
    gesture.extendTo({ 200, 200, 1.0 });
    QVERIFY(!document.mask().isBlank());
    QCOMPARE(document.undoStack().count(), 0);
    for (int i = 1; i < 20; ++i) gesture.extendTo({ 200.0 + 8 * i, 200.0, 1.0 });
    gesture.finish();
    QCOMPARE(document.undoStack().count(), 1);
    const DocumentContent after = document.content();
    document.undoStack().undo();
    QVERIFY(document.mask().isBlank());
    document.undoStack().redo();
    QVERIFY(document.content() == after);
}

void TstDocument::stroke_cancelledOrAbandoned_leavesNothing()
{
    Document document(noise(1), QStringLiteral("picture"));
    {
        document::MaskStroke gesture(document, {});
        gesture.extendTo({ 200, 200, 1.0 });
        gesture.cancel();
        QVERIFY(document.mask().isBlank());
        gesture.finish();
    }
    {
        document::MaskStroke abandoned(document, {});
        abandoned.extendTo({ 200, 200, 1.0 });
    }
    QVERIFY(document.mask().isBlank());
    QCOMPARE(document.undoStack().count(), 0);
}

void TstDocument::strokeOutside_isNoStep()
{
    Document document(noise(1), QStringLiteral("picture"));
    stroke(document, 5000, 5000);
    stroke(document, 100, 100, true);
    QCOMPARE(document.undoStack().count(), 0);
}

void TstDocument::macro_isOneStep()
{
    Document document(noise(1), QStringLiteral("picture"));
    const DocumentContent before = document.content();
    document::ScopedMacro macro(document, QStringLiteral("Both"));
    macro.push(document::fillMaskCommand(document));
    macro.push(std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), noise(2), "", QStringLiteral("Keep")));
    macro.push(document::fillMaskCommand(document)); // changes nothing
    macro.commit();
    QCOMPARE(document.undoStack().count(), 1);
    const DocumentContent after = document.content();
    document.undoStack().undo();
    QVERIFY(document.content() == before);
    document.undoStack().redo();
    QVERIFY(document.content() == after);

    document::ScopedMacro empty(document, QStringLiteral("Nothing"));
    empty.commit();
    QCOMPARE(document.undoStack().count(), 1);
}

void TstDocument::macro_rollsBackUnlessCommitted()
{
    Document document(noise(1), QStringLiteral("picture"));
    stroke(document, 100, 100);
    const DocumentContent before = document.content();
    {
        document::ScopedMacro macro(document, QStringLiteral("Both"));
        macro.push(document::invertMaskCommand(document));
        macro.push(document::clearMaskCommand(document));
    }
    QVERIFY(document.content() == before);
    QCOMPARE(document.undoStack().count(), 1);
}

void TstDocument::snapshot_neverChanges()
{
    Document document(noise(1), QStringLiteral("picture"));
    const document::DocumentSnapshot snapshot = document.snapshot();
    stroke(document, 100, 100);
    document.push(std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), noise(2), "", QStringLiteral("Keep")));
    QVERIFY(snapshot.content.mask.isBlank());
    QVERIFY(snapshot.content.picture() == noise(1));
    QVERIFY(document.revision() > snapshot.revision);
}

void TstDocument::changes_tellWhatIsDirty()
{
    Document document(noise(1), QStringLiteral("picture"));
    std::vector<DocumentChange> changes;
    connect(&document, &Document::changed, this, [&changes](const DocumentChange& change) { changes.push_back(change); });
    stroke(document, 100, 100);
    QVERIFY(!changes.empty());
    Bounds dirty;
    for (const DocumentChange& change : changes) {
        QCOMPARE(change.kind, DocumentChange::Kind::Mask);
        dirty = dirty.united(change.dirty);
    }
    QVERIFY(dirty.contains(document.mask().paintedBounds()));
    QVERIFY(dirty.extent().area() < kSize.area() / 4);

    changes.clear();
    imaging::Raster changed = document.picture();
    changed.clear({ 300, 300, 5, 5 });
    document.push(std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), changed, "", QStringLiteral("Keep")));
    QCOMPARE(changes.size(), std::size_t{ 1 });
    QCOMPARE(changes.front().kind, DocumentChange::Kind::LayerPixels);
    QVERIFY(changes.front().dirty.contains(Bounds{ 300, 300, 5, 5 }));
}

void TstDocument::name_followsPath()
{
    Document document(noise(1), QStringLiteral("Untitled"));
    QSignalSpy changed(&document, &Document::changed);
    document.setPath(QStringLiteral("/pictures/portrait.png"));
    QCOMPARE(document.name(), QStringLiteral("portrait.png"));
    QCOMPARE(changed.count(), 1);
    document.setPath(QStringLiteral("/pictures/portrait.png"));
    QCOMPARE(changed.count(), 1);
}

void TstDocument::cleanState_followsHistory()
{
    Document document(noise(1), QStringLiteral("picture"));
    stroke(document, 100, 100);
    QVERIFY(!document.isClean());
    document.markSaved();
    QVERIFY(document.isClean());
    document.undoStack().undo();
    QVERIFY(!document.isClean());
    document.undoStack().redo();
    QVERIFY(document.isClean());
}

void TstDocument::randomHistory_everyStateComesBack()
{
    std::mt19937 random(7);
    Document document(noise(1), QStringLiteral("picture"));
    std::vector<DocumentContent> states{ document.content() };
    for (int i = 0; i < 120; ++i) {
        const int act = sfumato::testing::randomInt(random, 0, 5);
        const int before = document.undoStack().count();
        if (act <= 2) stroke(document, sfumato::testing::randomInt(random, -50, 600), sfumato::testing::randomInt(random, -50, 400), act == 2);
        else if (act == 3)
            document.push(document::invertMaskCommand(document));
        else if (act == 4)
            document.push(document::clearMaskCommand(document));
        else {
            imaging::Raster changed = document.picture();
            changed.clear({ sfumato::testing::randomInt(random, 0, 500), sfumato::testing::randomInt(random, 0, 300), 90, 90 });
            document.push(std::make_unique<document::ApplyResultCommand>(document, document.backgroundLayer(), changed, std::to_string(i), QStringLiteral("Keep")));
        }
        if (document.undoStack().count() > before) states.push_back(document.content());
    }
    QVERIFY(states.size() > 60);
    for (std::size_t i = states.size() - 1; i > 0; --i) {
        QVERIFY(document.content() == states[i]);
        document.undoStack().undo();
    }
    QVERIFY(document.content() == states.front());
    for (std::size_t i = 1; i < states.size(); ++i) {
        document.undoStack().redo();
        QVERIFY(document.content() == states[i]);
    }
}

QTEST_GUILESS_MAIN(TstDocument)
#include "tst_document.moc"
