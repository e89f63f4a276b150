// SPDX-License-Identifier: Apache-2.0
#include "core/document/commands.h"
#include "core/document/io/picture_reader.h"
#include "core/document/io/picture_writer.h"
#include "core/document/mask_stroke.h"
#include "core/imaging/composite.h"
#include "core/workflow/job_json.h"
#include "core/workspace/recipe.h"
#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"
#include "tests/support/random_pictures.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace sfumato;
using sfumato::testing::FakeEngineProbe;
using sfumato::testing::FakeScript;
using workspace::GenerateBlocker;
using workspace::Notice;
using workspace::SessionState;
using workspace::Workspace;

namespace {

// A workspace with one installed model and a scripted engine.
class Bench {
public:
    explicit Bench(FakeScript script = {}) : probe(std::make_shared<FakeEngineProbe>())
    {
        QFile model(folder.filePath(QStringLiteral("starter.safetensors")));
        if (!model.open(QIODevice::WriteOnly)) qFatal("The temporary folder cannot be written.");
        script.modelInfo.nativeSize = { 128, 128 };
        settings.installedModelsFolder = folder.path();
        space = std::make_unique<Workspace>(sfumato::testing::fakeEngineSource(script, probe), settings);
        QObject::connect(space.get(), &Workspace::noticed, space.get(), [this](const Notice& notice) { notices.push_back(notice); });
        workflow::JobDescription job = session().job();
        job.prompt = "a boat";
        job.seed = 5;
        job.steps = 6;
        session().setJob(job);
    }

    workspace::GenerationSession& session() { return space->session(); }
    document::Document& document() { return *space->document(); }

    void setPicture(Extent extent = { 300, 200 })
    {
        std::mt19937 random(1);
        space->setPicture(sfumato::testing::randomPicture(random, extent, PixelFormat::Rgba8), QStringLiteral("picture"));
    }

    void paint(double x = 120, double y = 90)
    {
        imaging::BrushSettings brush;
        brush.sizePx = 50;
        document::MaskStroke stroke(document(), brush);
        stroke.extendTo({ x, y, 1.0 });
        stroke.extendTo({ x + 30, y, 1.0 });
        stroke.finish();
    }

    [[nodiscard]] bool has(Notice::Topic topic) const
    {
        return std::ranges::any_of(notices, [topic](const Notice& notice) { return notice.topic == topic; });
    }

    QTemporaryDir folder;
    std::shared_ptr<FakeEngineProbe> probe;
    workspace::AppSettings settings;
    std::vector<Notice> notices;
    std::unique_ptr<Workspace> space;
};

FakeScript slow()
{
    FakeScript script;
    script.stepTime = std::chrono::milliseconds(30);
    return script;
}

FakeScript holding(engine::Stage stage)
{
    FakeScript script;
    script.holdAt = stage;
    return script;
}

// The exported file holds these pixels and the recipe of seed 7, and tells nothing of the machine.
void checkExport(Bench& bench, const imaging::Raster& chosen)
{
    const QString exported = bench.folder.filePath(QStringLiteral("result.png"));
    bench.space->exportPicture(exported);
    QTRY_VERIFY(bench.has(Notice::Topic::Exported));
    const auto read = document::readPicture(exported.toStdString());
    QVERIFY(read);
    QVERIFY(imaging::Raster::fromImage(read->image.view()) == chosen);
    const auto recipe = workflow::parseJob(read->recipe.job, "recipe");
    QVERIFY(recipe);
    QCOMPARE(*recipe->job.seed, std::uint64_t{ 7 });
    QCOMPARE(recipe->job.imageCount, 1);
    QCOMPARE(recipe->job.prompt, std::string("a boat"));
    QVERIFY(read->recipe.parameters.find("Seed: 7") != std::string::npos);
    QVERIFY(read->recipe.job.find(bench.folder.path().toStdString()) == std::string::npos);
    QVERIFY(bench.document().isClean());
}

} // namespace

class TstWorkspace : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void openPaintGeneratePreviewKeepExport();
    void blockers_tellWhyNot();
    void picturesThatCannotBeRead_areNoticed();
    void generate_keepsTheMomentItWasPressed();
    void stop_returnsToWhatWas();
    void stopWhilePreparing_queuesNothing();
    void failure_isNoticedAndLeavesThePicture();
    void modelThatCannotBeUsed_failsTheRun();
    void retry_appendsWithNewSeeds();
    void discard_showsTheNeighbour();
    void keepTwo_lastWins();
    void keptMark_followsTheHistory();
    void keepAfterOtherEdits_keepsThem();
    void paintingWhileReviewing_leavesTheReview();
    void createFromNothing_keptBecomesThePicture();
    void reworkOfOddSize_keepsThePicturesSize();
    void savedJob_makesTheSamePixels();
    void frame_followsStrokesAndJob();
    void resultsBeyondTheBudget_leaveTheStrip();
    void models_installedAndChosen();
    void exportToUnknownFormat_isRefused();
    void shutdownWhileRunning_joins();
};

void TstWorkspace::openPaintGeneratePreviewKeepExport()
{
    Bench bench(slow());
    const QString picturePath = bench.folder.filePath(QStringLiteral("picture.png"));
    std::mt19937 random(2);
    const imaging::Raster original = sfumato::testing::randomPicture(random, { 300, 200 }, PixelFormat::Rgba16);
    QVERIFY(document::writePicture(picturePath.toStdString(), original.toImage().view(), {}));

    QCOMPARE(bench.session().state(), SessionState::Empty);
    QSignalSpy replaced(bench.space.get(), &Workspace::documentReplaced);
    bench.space->openPicture(picturePath);
    QTRY_COMPARE(replaced.count(), 1);
    QVERIFY(bench.document().picture() == original);
    QCOMPARE(bench.document().name(), QStringLiteral("picture.png"));
    QVERIFY(bench.document().isClean());
    QCOMPARE(bench.session().state(), SessionState::Ready);

    bench.paint();
    QVERIFY(bench.session().frame().has_value());
    std::vector<SessionState> states;
    int previews = 0;
    connect(&bench.session(), &workspace::GenerationSession::stateChanged, this, [&] { states.push_back(bench.session().state()); });
    connect(&bench.session(), &workspace::GenerationSession::overlayChanged, this,
        [&] { previews += bench.session().overlay().kind == workspace::CanvasOverlay::Kind::Preview; });
    bench.session().generate();
    QTRY_COMPARE(bench.session().state(), SessionState::Reviewing);
    QVERIFY(previews > 0);
    for (const SessionState expected : { SessionState::LoadingModel, SessionState::Sampling }) QVERIFY(std::ranges::find(states, expected) != states.end());

    workspace::GalleryModel& gallery = bench.session().gallery();
    QCOMPARE(gallery.rowCount(), 3);
    for (int row = 0; row < 3; ++row) {
        QCOMPARE(gallery.index(row).data(workspace::GalleryModel::SeedRole).toULongLong(), 5ULL + static_cast<unsigned>(row));
        QCOMPARE(gallery.index(row).data(workspace::GalleryModel::OutsideDifferencesRole).toLongLong(), 0LL);
        QVERIFY(gallery.index(row).data(workspace::GalleryModel::FinishedRole).toBool());
        QVERIFY(!gallery.index(row).data(Qt::DecorationRole).value<QImage>().isNull());
        QVERIFY(gallery.index(row).data(workspace::GalleryModel::SecondsRole).toDouble() > 0.1);
    }
    QCOMPARE(bench.session().selectedRow(), 0);
    bench.session().selectVariation(2);
    QCOMPARE(bench.session().overlay().kind, workspace::CanvasOverlay::Kind::Variation);
    const imaging::Raster chosen = gallery.at(2)->placed->picture;
    bench.session().keep();
    QVERIFY(bench.document().picture() == chosen);
    QCOMPARE(imaging::countDifferingOutside(bench.document().mask(), original, bench.document().picture()), std::int64_t{ 0 });
    QCOMPARE(bench.session().state(), SessionState::Ready);
    QCOMPARE(bench.session().overlay().kind, workspace::CanvasOverlay::Kind::None);
    QCOMPARE(bench.document().undoStack().count(), 2);
    bench.document().undoStack().undo();
    QVERIFY(bench.document().picture() == original);
    bench.document().undoStack().redo();

    checkExport(bench, chosen);
}

void TstWorkspace::blockers_tellWhyNot()
{
    Bench bench;
    workspace::GenerationSession& session = bench.session();
    QCOMPARE(session.blocker(), GenerateBlocker::None); // text-to-image
    QCOMPARE(session.mode(), engine::GenerationMode::TextToImage);
    workflow::JobDescription job = session.job();
    job.mode = engine::GenerationMode::Inpainting;
    session.setJob(job);
    QCOMPARE(session.blocker(), GenerateBlocker::NoPicture);
    session.generate();
    QCOMPARE(session.pendingRuns(), 0);
    bench.setPicture();
    QCOMPARE(session.blocker(), GenerateBlocker::MaskEmpty);
    bench.paint();
    QCOMPARE(session.blocker(), GenerateBlocker::None);
    job.strength = 0.1;
    session.setJob(job);
    QCOMPARE(session.blocker(), GenerateBlocker::NoStepsRun);
    workspace::AppSettings none = bench.settings;
    none.installedModelsFolder.clear();
    bench.space->setAppSettings(none);
    QCOMPARE(session.blocker(), GenerateBlocker::NoModel);
}

void TstWorkspace::picturesThatCannotBeRead_areNoticed()
{
    Bench bench;
    bench.setPicture();
    bench.space->openPicture(bench.folder.filePath(QStringLiteral("starter.safetensors")));
    QVERIFY(bench.space->isBusyWithFiles());
    QTRY_VERIFY(bench.has(Notice::Topic::OpenPicture));
    QVERIFY(!bench.space->isBusyWithFiles());
    QVERIFY(bench.notices.back().error.has_value());
    QCOMPARE(bench.document().name(), QStringLiteral("picture"));
}

void TstWorkspace::generate_keepsTheMomentItWasPressed()
{
    Bench bench(holding(engine::Stage::Encoding));
    bench.setPicture();
    bench.paint();
    const imaging::Mask painted = bench.document().mask();
    bench.session().generate();
    bench.document().push(document::clearMaskCommand(bench.document()));
    workflow::JobDescription job = bench.session().job();
    job.prompt = "something else";
    bench.session().setJob(job);
    bench.probe->release();
    QTRY_COMPARE(bench.session().gallery().rowCount(), 3);
    QTRY_VERIFY(bench.session().gallery().at(0)->isFinished());
    const workspace::GenerationRun& run = *bench.session().gallery().at(0)->run;
    QVERIFY(*run.mask == painted);
    QCOMPARE(run.job.prompt, std::string("a boat"));
}

void TstWorkspace::stop_returnsToWhatWas()
{
    Bench bench(holding(engine::Stage::Decoding));
    bench.setPicture();
    bench.paint();
    const document::DocumentContent before = bench.document().content();
    bench.session().generate();
    QTRY_COMPARE(bench.session().state(), SessionState::Decoding);
    QCOMPARE(bench.session().gallery().rowCount(), 3);
    bench.session().stop();
    QTRY_COMPARE(bench.session().state(), SessionState::Stopped);
    QCOMPARE(bench.session().gallery().rowCount(), 0);
    QCOMPARE(bench.session().overlay().kind, workspace::CanvasOverlay::Kind::None);
    QVERIFY(bench.document().content() == before);
    QVERIFY(bench.has(Notice::Topic::Stopped));
    QCOMPARE(bench.notices.back().count, std::int64_t{ 5 }); // int(6 × 0.95)
}

void TstWorkspace::stopWhilePreparing_queuesNothing()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    QCOMPARE(bench.session().pendingRuns(), 1);
    bench.session().stopAll();
    QCOMPARE(bench.session().pendingRuns(), 0);
    QTest::qWait(50);
    QCOMPARE(bench.probe->generations.load(), 0);
}

void TstWorkspace::failure_isNoticedAndLeavesThePicture()
{
    FakeScript script;
    script.failure = Error{ ErrorCode::OutOfDeviceMemory, "The device has no memory left.", "cpu" };
    script.failureAfterImages = 1;
    Bench bench(script);
    bench.setPicture();
    bench.paint();
    const document::DocumentContent before = bench.document().content();
    bench.session().generate();
    QTRY_VERIFY(bench.has(Notice::Topic::Generate));
    QCOMPARE(bench.notices.back().error->code, ErrorCode::OutOfDeviceMemory);
    QVERIFY(bench.document().content() == before);
    QCOMPARE(bench.session().gallery().rowCount(), 1); // what was finished stays
    QCOMPARE(bench.session().state(), SessionState::Reviewing);
    bench.session().discard();
    QCOMPARE(bench.session().state(), SessionState::Error);
}

void TstWorkspace::modelThatCannotBeUsed_failsTheRun()
{
    FakeScript script;
    script.modelFailure = Error{ ErrorCode::UnsupportedModel, "The file is not a picture model.", "starter.safetensors" };
    Bench bench(script);
    bench.session().generate();
    QTRY_VERIFY(bench.has(Notice::Topic::Generate));
    QVERIFY(bench.has(Notice::Topic::Model));
    QCOMPARE(bench.session().pendingRuns(), 0);
    QCOMPARE(bench.session().state(), SessionState::Error);
}

void TstWorkspace::retry_appendsWithNewSeeds()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    QTRY_COMPARE(bench.session().state(), SessionState::Reviewing);
    const imaging::Mask mask = *bench.session().gallery().at(0)->run->mask;
    bench.document().push(document::clearMaskCommand(bench.document()));
    bench.session().retry();
    QTRY_COMPARE(bench.session().gallery().rowCount(), 6);
    QTRY_VERIFY(bench.session().gallery().at(5)->isFinished());
    QVERIFY(*bench.session().gallery().at(5)->run->mask == mask);
    QVERIFY(bench.session().gallery().at(3)->seed != bench.session().gallery().at(0)->seed);
    QCOMPARE(bench.session().gallery().at(4)->seed, bench.session().gallery().at(3)->seed + 1);
}

void TstWorkspace::discard_showsTheNeighbour()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    QTRY_COMPARE(bench.session().state(), SessionState::Reviewing);
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    bench.session().selectVariation(1);
    bench.session().discard();
    QCOMPARE(bench.session().gallery().rowCount(), 2);
    QCOMPARE(bench.session().selectedRow(), 1);
    QCOMPARE(bench.session().gallery().at(1)->imageIndex, 2);
    bench.session().discard();
    bench.session().discard();
    QCOMPARE(bench.session().gallery().rowCount(), 0);
    QCOMPARE(bench.session().state(), SessionState::Ready);
    QCOMPARE(bench.document().undoStack().count(), 1);
}

void TstWorkspace::keepTwo_lastWins()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    bench.session().selectVariation(0);
    bench.session().keep();
    bench.session().selectVariation(1);
    bench.session().keep();
    QVERIFY(bench.document().picture() == bench.session().gallery().at(1)->placed->picture);
    bench.document().undoStack().undo();
    QVERIFY(bench.document().picture() == bench.session().gallery().at(0)->placed->picture);
}

void TstWorkspace::keptMark_followsTheHistory()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    const auto marks = [&bench] {
        QString text;
        for (int row = 0; row < bench.session().gallery().rowCount(); ++row) text += bench.session().gallery().index(row).data(workspace::GalleryModel::KeptRole).toBool() ? u'x' : u'-';
        return text;
    };
    const auto keep = [&bench](int row) {
        bench.session().selectVariation(row);
        bench.session().keep();
    };
    document::UndoStack& history = bench.document().undoStack();
    keep(0);
    QCOMPARE(marks(), QStringLiteral("x--"));
    keep(2);
    QCOMPARE(marks(), QStringLiteral("x-x"));
    keep(0);
    history.undo();
    QCOMPARE(marks(), QStringLiteral("x-x")); // kept once before
    history.undo();
    QCOMPARE(marks(), QStringLiteral("x--"));
    history.undo();
    QCOMPARE(marks(), QStringLiteral("---"));
    history.redo();
    QCOMPARE(marks(), QStringLiteral("x--"));
    history.setBudgetInBytes(1); // forgets all but the newest step, which goes on marking
    history.undo();
    QCOMPARE(marks(), QStringLiteral("---"));
    keep(1);
    QCOMPARE(marks(), QStringLiteral("-x-"));
    bench.session().selectVariation(1);
    bench.session().discard();
    history.undo(); // its tile is gone
    QCOMPARE(marks(), QStringLiteral("--"));
}

void TstWorkspace::keepAfterOtherEdits_keepsThem()
{
    Bench bench;
    bench.setPicture({ 900, 400 });
    bench.paint(100, 100);
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    imaging::Raster edited = bench.document().picture();
    edited.clear({ 700, 300, 60, 60 });
    bench.document().push(std::make_unique<document::ApplyResultCommand>(bench.document(), bench.document().backgroundLayer(), edited, "", QStringLiteral("Edit")));
    bench.session().selectVariation(0);
    bench.session().keep();
    QCOMPARE(imaging::countDifferingOutside(bench.document().mask(), edited, bench.document().picture()), std::int64_t{ 0 });
    QVERIFY(!(bench.document().picture() == edited));
}

void TstWorkspace::paintingWhileReviewing_leavesTheReview()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    QCOMPARE(bench.session().state(), SessionState::Reviewing);
    bench.paint(200, 150);
    QCOMPARE(bench.session().state(), SessionState::Ready);
    QCOMPARE(bench.session().selectedRow(), -1);
    QCOMPARE(bench.session().gallery().rowCount(), 3);
}

void TstWorkspace::createFromNothing_keptBecomesThePicture()
{
    Bench bench;
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    QCOMPARE(bench.session().state(), SessionState::Reviewing);
    QCOMPARE(bench.session().overlay().bounds, (Bounds{ 0, 0, 128, 128 }));
    bench.session().keep();
    QVERIFY(bench.space->document());
    QCOMPARE(bench.document().extent(), (Extent{ 128, 128 }));
    QVERIFY(!bench.document().isClean());
    QCOMPARE(bench.session().gallery().rowCount(), 3);
    QVERIFY(!bench.document().content().layers.front().recipe.empty());
    bench.session().selectVariation(1);
    bench.session().keep();
    QVERIFY(bench.document().picture() == bench.session().gallery().at(1)->placed->picture);
    QVERIFY(bench.document().undoStack().canUndo());
}

void TstWorkspace::reworkOfOddSize_keepsThePicturesSize()
{
    Bench bench;
    bench.setPicture({ 301, 203 });
    QCOMPARE(bench.session().mode(), engine::GenerationMode::ImageToImage);
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    bench.session().keep();
    QCOMPARE(bench.document().extent(), (Extent{ 301, 203 }));
    QCOMPARE(bench.document().undoStack().count(), 1);
}

void TstWorkspace::savedJob_makesTheSamePixels()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    QTRY_COMPARE(bench.session().pendingRuns(), 0);
    bench.session().selectVariation(1);
    const QString path = bench.folder.filePath(QStringLiteral("edit.json"));
    bench.space->saveJob(path);
    QTRY_VERIFY(bench.has(Notice::Topic::JobSaved));

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto parsed = workflow::parseJob(file.readAll().toStdString(), "edit.json");
    QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
    QVERIFY(parsed->warnings.empty());
    QCOMPARE(parsed->job.model, std::string("starter"));
    const auto picture = document::readPicture(bench.folder.filePath(QString::fromStdString(parsed->job.imageUrl)).toStdString());
    const auto mask = document::readPicture(bench.folder.filePath(QString::fromStdString(parsed->job.maskUrl)).toStdString());
    QVERIFY(picture && mask);
    workflow::GenerationInputs inputs;
    inputs.job = parsed->job;
    inputs.picture = imaging::Raster::fromImage(picture->image.view());
    inputs.mask = imaging::Mask::fromImage(mask->image.view());
    inputs.modelInfo.nativeSize = { 128, 128 };
    const auto prepared = workflow::prepareGeneration(inputs);
    QVERIFY(prepared);
    const auto placed = workflow::placeResult(prepared->placement, sfumato::testing::fakePicture(prepared->request, 0));
    QVERIFY(placed);
    QVERIFY(placed->picture == bench.session().gallery().at(1)->placed->picture);
}

void TstWorkspace::frame_followsStrokesAndJob()
{
    Bench bench;
    bench.setPicture({ 900, 700 });
    QSignalSpy moved(&bench.session(), &workspace::GenerationSession::frameChanged);
    QVERIFY(!bench.session().frame());
    bench.paint(100, 100);
    QVERIFY(moved.count() > 0);
    const Bounds first = bench.session().frame()->area.crop;
    QVERIFY(first.contains(bench.document().mask().paintedBounds()));
    bench.paint(500, 400);
    QVERIFY(bench.session().frame()->area.crop.contains(bench.document().mask().paintedBounds()));
    QVERIFY(!(bench.session().frame()->area.crop == first));
    bench.document().push(document::clearMaskCommand(bench.document()));
    QVERIFY(!bench.session().frame());
}

void TstWorkspace::resultsBeyondTheBudget_leaveTheStrip()
{
    Bench bench;
    workspace::AppSettings settings = bench.settings;
    settings.resultBudgetInBytes = 4 * (128 * 128 * 3 + 256 * 256 * 4) + 100'000;
    Workspace space(sfumato::testing::fakeEngineSource(), settings);
    std::int64_t dropped = 0;
    connect(&space, &Workspace::noticed, this, [&dropped](const Notice& notice) { dropped += notice.topic == Notice::Topic::ResultsDropped ? notice.count : 0; });
    workflow::JobDescription job = space.session().job();
    job.imageSize = Extent{ 128, 128 };
    job.imageCount = 8;
    space.session().setJob(job);
    space.session().generate();
    QTRY_COMPARE(space.session().pendingRuns(), 0);
    QCOMPARE(space.session().gallery().rowCount(), 4);
    QCOMPARE(dropped, std::int64_t{ 4 });
    QCOMPARE(space.session().selectedRow(), 0); // what is looked at stays
    QCOMPARE(space.session().gallery().at(0)->imageIndex, 0);
}

void TstWorkspace::models_installedAndChosen()
{
    Bench bench;
    QCOMPARE(bench.space->models().rowCount(), 1);
    QCOMPARE(bench.space->models().index(0).data().toString(), QStringLiteral("starter"));
    const QString chosen = bench.folder.filePath(QStringLiteral("sub/ink.wash.safetensors"));
    QSignalSpy changed(bench.space.get(), &Workspace::appSettingsChanged);
    bench.space->chooseModel(chosen);
    bench.space->chooseModel(chosen);
    QCOMPARE(bench.space->models().rowCount(), 2);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(bench.space->appSettings().model, chosen);
    QTRY_COMPARE(bench.space->models().index(1).data(workspace::ModelList::NativeSizeRole).toSize(), QSize(128, 128));
    QCOMPARE(bench.space->models().find(QStringLiteral("ink.wash"))->path, chosen);
    QCOMPARE(bench.space->models().rowOf(QStringLiteral("unknown")), -1);
}

void TstWorkspace::exportToUnknownFormat_isRefused()
{
    Bench bench;
    bench.setPicture();
    bench.space->exportPicture(bench.folder.filePath(QStringLiteral("picture.tiff")));
    QVERIFY(bench.has(Notice::Topic::Export));
    QVERIFY(bench.notices.back().error->message.find("picture.tiff") != std::string::npos);
}

void TstWorkspace::shutdownWhileRunning_joins()
{
    Bench bench(holding(engine::Stage::Sampling));
    bench.setPicture();
    bench.paint();
    bench.session().generate();
    bench.session().generate();
    QTRY_COMPARE(bench.probe->generations.load(), 1);
    bench.space.reset();
    QCOMPARE(bench.probe->enginesAlive.load(), 0);
}

QTEST_GUILESS_MAIN(TstWorkspace)
#include "tst_workspace.moc"
