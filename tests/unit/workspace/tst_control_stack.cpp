// Controls as the artist sets them up: the model files that are found, the rows and the job, previews, saved jobs.
// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/picture_reader.h"
#include "core/document/mask_stroke.h"
#include "core/workflow/job_json.h"
#include "core/workspace/control_preview.h"
#include "core/workspace/recipe.h"
#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"
#include "tests/support/random_pictures.h"
#include "tests/unit/library/control_files.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sfumato;
using engine::ControlType;
using sfumato::test::ControlFileKind;
using sfumato::testing::FakeEngineProbe;
using sfumato::testing::FakeScript;
using workspace::ControlStackModel;
using workspace::ControlState;
using workspace::Notice;

namespace {

constexpr int kSlowMs = 20000;

QStringList words(const char* text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

// A workspace with one SDXL model, control files beside it, and the rows.
struct Bench {
    explicit Bench(FakeScript script = {}) : probe(std::make_shared<FakeEngineProbe>())
    {
        QDir().mkpath(models());
        QFile model(models() + QStringLiteral("/starter.safetensors"));
        if (!model.open(QIODevice::WriteOnly)) qFatal("The temporary folder cannot be written.");
        test::writeControlFile(control("sdxl-canny-small"), ControlFileKind::Sdxl);
        test::writeControlFile(control("sd15_openpose"), ControlFileKind::Sd15);
        test::writeControlFile(control("union-promax"), ControlFileKind::Union);
        test::writeControlFile(control("ip-adapter_sdxl"), ControlFileKind::IpAdapter);
        script.modelInfo.family = engine::ModelFamily::Sdxl;
        script.modelInfo.nativeSize = { 128, 128 };
        workspace::AppSettings settings;
        settings.installedModelsFolder = models();
        space = std::make_unique<workspace::Workspace>(sfumato::testing::fakeEngineSource(script, probe), settings);
        stack = std::make_unique<ControlStackModel>(*space, controls);
        tester = std::make_unique<QAbstractItemModelTester>(stack.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QObject::connect(space.get(), &workspace::Workspace::noticed, space.get(), [this](const Notice& notice) { notices.push_back(notice); });
        space->describeModelInUse();
        look();
    }

    void look(const QStringList& files = {})
    {
        QSignalSpy changed(&controls, &library::ControlModels::changed);
        controls.look({ models() }, files);
        QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, kSlowMs);
        QTRY_VERIFY(space->models().find({})->info);
    }

    void setPicture(Extent extent = { 300, 200 })
    {
        std::mt19937 random(1);
        space->setPicture(sfumato::testing::randomPicture(random, extent, PixelFormat::Rgba8), QStringLiteral("picture"));
    }

    QString writePicture(const char* name, Extent extent, unsigned seed = 3)
    {
        std::mt19937 random(seed);
        const QString path = folder.filePath(QLatin1String(name));
        const imaging::Raster picture = sfumato::testing::randomPicture(random, extent, PixelFormat::Rgba8);
        if (!workspace::toQImage(picture.toImage().view()).save(path)) qFatal("The temporary folder cannot be written.");
        return path;
    }

    void paint()
    {
        imaging::BrushSettings brush;
        brush.sizePx = 40;
        document::MaskStroke stroke(*space->document(), brush);
        stroke.extendTo({ 220, 60, 1.0 });
        stroke.extendTo({ 240, 70, 1.0 });
        stroke.finish();
    }

    [[nodiscard]] QString models() const { return folder.filePath(QStringLiteral("models")); }
    [[nodiscard]] QString control(const char* name) const { return models() + QStringLiteral("/ControlNet/") + QLatin1String(name) + QStringLiteral(".safetensors"); }
    [[nodiscard]] const std::vector<workflow::ControlReference>& job() const { return space->session().job().controls; }
    [[nodiscard]] bool has(Notice::Topic topic) const
    {
        return std::ranges::any_of(notices, [topic](const Notice& notice) { return notice.topic == topic; });
    }

    QTemporaryDir folder;
    std::shared_ptr<FakeEngineProbe> probe;
    std::vector<Notice> notices;
    std::unique_ptr<workspace::Workspace> space;
    library::ControlModels controls;
    std::unique_ptr<ControlStackModel> stack;
    std::unique_ptr<QAbstractItemModelTester> tester;
};

// The run's control picture, and what the preview of the same row shows.
void comparePreview(Bench& bench)
{
    workspace::ControlPreviews previews(*bench.space, *bench.stack);
    previews.setActive(true);
    QTRY_VERIFY(!previews.at(0).picture.isNull());
    const int before = bench.probe->generations;
    bench.space->session().generate();
    QTRY_COMPARE(bench.probe->generations.load(), before + 1);
    QTRY_COMPARE(bench.space->session().pendingRuns(), 0);
    const std::vector<engine::ControlReference> controls = bench.probe->lastControls();
    QCOMPARE(controls.size(), std::size_t{ 1 });
    QCOMPARE(previews.at(0).picture, workspace::toQImage(controls.front().image.view()));
}

} // namespace

class TstControlStack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void models_areFoundByContentAndNamedByPurpose();
    void folders_ofOtherProgramsAreKnown();
    void rows_areTheJobs();
    void rowsThatCannotWork_stayOutAndSayWhy();
    void typeAndPreprocessor_followTheModel();
    void range_keepsStartBeforeEnd();
    void jobFromElsewhere_becomesTheRows();
    void preview_isWhatTheModelSees_data();
    void preview_isWhatTheModelSees();
    void preview_ofAPictureThatCannotBeRead_saysSo();
    void savedJob_makesTheSamePixels();
    void retry_usesThePicturesItHad();
    void recipe_namesNoFolders();
    void failure_namesTheControl();
};

void TstControlStack::models_areFoundByContentAndNamedByPurpose()
{
    Bench bench;
    test::writeControlFile(bench.control("not-a-control"), ControlFileKind::Vae);
    test::writeControlFile(bench.models() + QStringLiteral("/controlnet/depth-sdxl/diffusion_pytorch_model.fp16.safetensors"), ControlFileKind::Sdxl);
    QFile config(bench.models() + QStringLiteral("/controlnet/depth-sdxl/config.json"));
    QVERIFY(config.open(QIODevice::WriteOnly) && config.write("{}") == 2);
    config.close();
    QFile broken(bench.control("broken"));
    QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("no model") > 0);
    broken.close();
    bench.look({ bench.control("not-a-control"), bench.control("broken"), bench.control("gone") });

    QStringList names;
    for (const library::ControlModel& model : bench.controls.models()) names.append(model.name);
    QCOMPARE(names, words("broken depth-sdxl ip-adapter_sdxl not-a-control sd15_openpose sdxl-canny-small union-promax"));
    const auto find = [&](const char* name) { return bench.controls.find(bench.control(name)); };
    QVERIFY(!find("broken")->isControl() && !find("broken")->problem.isEmpty());
    QVERIFY(!find("not-a-control")->isControl() && find("not-a-control")->problem.isEmpty());
    QCOMPARE(find("sd15_openpose")->family, engine::ModelFamily::Sd1);
    QCOMPARE(find("sd15_openpose")->likelyType(), ControlType::Pose);
    QCOMPARE(find("sdxl-canny-small")->likelyType(), ControlType::Line);
    QCOMPARE(find("union-promax")->taskCount, 8);
    QCOMPARE(find("union-promax")->types().size(), std::size_t{ 8 });
    QCOMPARE(find("ip-adapter_sdxl")->types(), std::vector<ControlType>{ ControlType::Reference });
    QCOMPARE(bench.controls.find(QStringLiteral("union-promax.safetensors")), find("union-promax")); // as a recipe names it
    QVERIFY(!bench.controls.find(QStringLiteral("absent.safetensors")));
}

void TstControlStack::folders_ofOtherProgramsAreKnown()
{
    QTemporaryDir root;
    for (const char* path : { "A/models/Stable-diffusion/sdxl", "A/models/ControlNet", "B/models/checkpoints", "B/models/controlnet", "B/models/ipadapter", "B/controlnet", "C/pictures" })
        QDir(root.path()).mkpath(QLatin1String(path));
    const auto found = [&](const char* path) {
        QStringList names;
        for (const QString& folder : library::controlFolders({ root.filePath(QLatin1String(path)) })) names.append(QDir(root.path()).relativeFilePath(folder));
        names.sort();
        return names;
    };
    QCOMPARE(found("A/models/Stable-diffusion/sdxl"), words("A/models/ControlNet"));
    QCOMPARE(found("B/models/checkpoints"), words("B/models/controlnet B/models/ipadapter"));
    QCOMPARE(found("C/pictures"), QStringList());
    QCOMPARE(found("absent"), QStringList());
}

void TstControlStack::rows_areTheJobs()
{
    Bench bench;
    bench.setPicture();
    ControlStackModel& stack = *bench.stack;
    QCOMPARE(stack.add(bench.control("sdxl-canny-small")), 0);
    QCOMPARE(stack.add(bench.control("union-promax")), 1);
    const QString picture = bench.writePicture("edges.png", { 90, 60 });
    stack.setPicture(1, picture);
    stack.setType(1, ControlType::Depth);
    stack.setWeight(1, 0.6);
    stack.setRange(1, 0.1, 0.8, ControlStackModel::Edge::End);
    QCOMPARE(bench.job().size(), std::size_t{ 2 });
    QCOMPARE(bench.job()[0].type, ControlType::Line);
    QVERIFY(bench.job()[0].imageUrl.empty());
    QVERIFY((bench.job()[1] == workflow::ControlReference{ bench.control("union-promax").toStdString(), ControlType::Depth, picture.toStdString(), 0.6, 0.1, 0.8, std::nullopt, {} }));

    stack.move(1, 0);
    QCOMPARE(bench.job()[0].type, ControlType::Depth);
    stack.setOn(0, false);
    QCOMPARE(bench.job().size(), std::size_t{ 1 });
    QCOMPARE(stack.at(0).state, ControlState::Off);
    stack.setOn(0, true);
    QCOMPARE(bench.job()[0].weight, 0.6);
    stack.remove(1);
    QCOMPARE(bench.job().size(), std::size_t{ 1 });
    stack.setWeight(0, 9);
    QCOMPARE(bench.job()[0].weight, workspace::kLargestControlWeight);
}

void TstControlStack::rowsThatCannotWork_stayOutAndSayWhy()
{
    Bench bench;
    ControlStackModel& stack = *bench.stack;
    const auto state = [&] { return stack.at(0).state; };
    stack.add({});
    QCOMPARE(state(), ControlState::NoModel);
    stack.setModel(0, bench.control("sdxl-canny-small"));
    QCOMPARE(state(), ControlState::NoPicture); // no document when it was added
    stack.setFromCanvas(0);
    QCOMPARE(state(), ControlState::NoCanvas);
    QVERIFY(bench.job().empty());
    bench.setPicture();
    QCOMPARE(state(), ControlState::Used);
    QCOMPARE(bench.job().size(), std::size_t{ 1 });
    stack.setPicture(0, bench.folder.filePath(QStringLiteral("absent.png")));
    QCOMPARE(state(), ControlState::MissingPicture);
    stack.setFromCanvas(0);
    stack.setModel(0, bench.control("sd15_openpose"));
    QCOMPARE(state(), ControlState::OtherBase);
    stack.setModel(0, bench.folder.filePath(QStringLiteral("absent.safetensors")));
    QCOMPARE(state(), ControlState::UnknownModel);
    QVERIFY(bench.job().empty());
    test::writeControlFile(bench.folder.filePath(QStringLiteral("vae.safetensors")), ControlFileKind::Vae);
    stack.setModel(0, bench.folder.filePath(QStringLiteral("vae.safetensors")));
    QCOMPARE(state(), ControlState::Used); // until its content is known
    bench.look({ bench.folder.filePath(QStringLiteral("vae.safetensors")) });
    QCOMPARE(state(), ControlState::NotAControl);
    QVERIFY(bench.job().empty());
}

void TstControlStack::typeAndPreprocessor_followTheModel()
{
    Bench bench;
    bench.setPicture();
    ControlStackModel& stack = *bench.stack;
    stack.add(bench.control("union-promax"));
    stack.setType(0, ControlType::SoftEdge);
    stack.setPreprocessing(0, imaging::ControlPreprocessing::withDefaults(imaging::ControlPreprocessor::Scribble));
    QVERIFY(bench.job()[0].preprocess.has_value());
    stack.setType(0, ControlType::Tile); // the scribble was meant for the other type
    QVERIFY(!bench.job()[0].preprocess.has_value());
    stack.setModel(0, bench.control("ip-adapter_sdxl"));
    QCOMPARE(bench.job()[0].type, ControlType::Reference);
    stack.setModel(0, bench.control("union-promax"));
    QCOMPARE(bench.job()[0].type, ControlType::Line);
    stack.setType(0, ControlType::Reference);
    QCOMPARE(stack.at(0).state, ControlState::TypeNotOffered);
}

void TstControlStack::range_keepsStartBeforeEnd()
{
    Bench bench;
    bench.setPicture();
    ControlStackModel& stack = *bench.stack;
    stack.add(bench.control("union-promax"));
    stack.setRange(0, 0.9, 0.5, ControlStackModel::Edge::Start);
    QCOMPARE(bench.job()[0].start, 0.9);
    QVERIFY(std::abs(bench.job()[0].end - 0.91) < 1e-9);
    stack.setRange(0, 0.9, 0.2, ControlStackModel::Edge::End);
    QCOMPARE(bench.job()[0].end, 0.2);
    QVERIFY(std::abs(bench.job()[0].start - 0.19) < 1e-9);
    stack.setRange(0, -3, 7, ControlStackModel::Edge::End);
    QCOMPARE(bench.job()[0].start, 0.0);
    QCOMPARE(bench.job()[0].end, 1.0);
}

void TstControlStack::jobFromElsewhere_becomesTheRows()
{
    Bench bench;
    bench.setPicture();
    bench.stack->add(bench.control("sdxl-canny-small"));
    bench.stack->setOn(0, false);
    workflow::JobDescription job = bench.space->session().job();
    job.controls = { { "union-promax.safetensors", ControlType::Tile, "", 0.7, 0, 1, std::nullopt, "" }, { "lost.safetensors", ControlType::Line, "lost.png", 1, 0, 1, std::nullopt, "" } };
    bench.space->session().setJob(job);
    QCOMPARE(bench.stack->rowCount(), 3);
    QCOMPARE(bench.stack->at(0).control.model, bench.control("union-promax").toStdString()); // found by its name
    QCOMPARE(bench.stack->at(0).state, ControlState::Used);
    QVERIFY(bench.stack->at(0).isFromCanvas);
    QCOMPARE(bench.stack->at(1).state, ControlState::UnknownModel);
    QCOMPARE(bench.stack->at(2).state, ControlState::Off);
    QCOMPARE(bench.job().size(), std::size_t{ 1 }); // what cannot work is left out, and its row says why
    // Edits of other fields leave the rows alone.
    job = bench.space->session().job();
    job.prompt = "fog";
    bench.space->session().setJob(job);
    QCOMPARE(bench.stack->rowCount(), 3);
}

void TstControlStack::preview_isWhatTheModelSees_data()
{
    QTest::addColumn<bool>("hasPicture");
    QTest::addColumn<bool>("isPainted");
    QTest::addColumn<bool>("isWhole");
    QTest::addColumn<bool>("isFile");
    QTest::addColumn<int>("type");
    QTest::addRow("new picture, file") << false << false << false << true << static_cast<int>(ControlType::Line);
    QTest::addRow("reworked, canvas") << true << false << false << false << static_cast<int>(ControlType::Line);
    QTest::addRow("reworked, file") << true << false << false << true << static_cast<int>(ControlType::SoftEdge);
    QTest::addRow("area, canvas") << true << true << false << false << static_cast<int>(ControlType::Line);
    QTest::addRow("area, file") << true << true << false << true << static_cast<int>(ControlType::Depth);
    QTest::addRow("whole, canvas") << true << true << true << false << static_cast<int>(ControlType::Tile);
    QTest::addRow("area, inpaint") << true << true << false << false << static_cast<int>(ControlType::Inpaint);
}

void TstControlStack::preview_isWhatTheModelSees()
{
    QFETCH(bool, hasPicture);
    QFETCH(bool, isPainted);
    QFETCH(bool, isWhole);
    QFETCH(bool, isFile);
    QFETCH(int, type);
    Bench bench;
    if (hasPicture) bench.setPicture({ 301, 203 });
    workflow::JobDescription job = bench.space->session().job();
    job.steps = 2;
    job.imageCount = 1;
    if (isWhole) job.inpaint.area = workflow::InpaintArea::Whole;
    bench.space->session().setJob(job);
    if (isPainted) bench.paint();
    bench.stack->add(bench.control("union-promax"));
    if (isFile) bench.stack->setPicture(0, bench.writePicture("lines.png", { 97, 140 }));
    bench.stack->setType(0, static_cast<ControlType>(type));
    QCOMPARE(bench.stack->at(0).state, ControlState::Used);
    comparePreview(bench);
}

void TstControlStack::preview_ofAPictureThatCannotBeRead_saysSo()
{
    Bench bench;
    QFile file(bench.folder.filePath(QStringLiteral("broken.png")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("not a picture") > 0);
    file.close();
    bench.stack->add(bench.control("sdxl-canny-small"));
    bench.stack->setPicture(0, file.fileName());
    workspace::ControlPreviews previews(*bench.space, *bench.stack);
    previews.setActive(true);
    QTRY_VERIFY(previews.at(0).fault.contains(QStringLiteral("broken.png")));
    QVERIFY(previews.at(0).picture.isNull());
    // The run says it too, and the next one goes on.
    bench.space->session().generate();
    QTRY_VERIFY(bench.has(Notice::Topic::Generate));
    bench.stack->setPicture(0, bench.writePicture("fine.png", { 64, 64 }));
    QTRY_VERIFY(!previews.at(0).picture.isNull());
    QVERIFY(previews.at(0).fault.isEmpty());
}

void TstControlStack::savedJob_makesTheSamePixels()
{
    Bench bench;
    bench.setPicture();
    bench.paint();
    bench.stack->add(bench.control("sdxl-canny-small")); // from the canvas
    bench.stack->add(bench.control("union-promax"));
    const QString given = bench.writePicture("given.png", { 120, 80 });
    bench.stack->setPicture(1, given);
    bench.stack->setPreprocessing(1, { imaging::ControlPreprocessor::Canny, { 60, 120 } });
    workflow::JobDescription job = bench.space->session().job();
    job.steps = 3;
    job.imageCount = 1;
    bench.space->session().setJob(job);
    bench.space->session().generate();
    QTRY_COMPARE(bench.space->session().state(), workspace::SessionState::Reviewing);
    const std::vector<engine::ControlReference> used = bench.probe->lastControls();
    bench.space->saveJob(bench.folder.filePath(QStringLiteral("edit.json")));
    QTRY_VERIFY(bench.has(Notice::Topic::JobSaved));
    QVERIFY(QFile::remove(given)); // the job has a copy of its own

    QFile file(bench.folder.filePath(QStringLiteral("edit.json")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto parsed = workflow::parseRecipe(file.readAll().toStdString(), "edit.json");
    QVERIFY(parsed);
    QVERIFY(parsed->job.controls[0].imageUrl.empty());
    QCOMPARE(parsed->job.controls[1].imageUrl, std::string("edit.control2.png"));
    const auto read = [&](const std::string& name) { return imaging::Raster::fromImage(document::readPicture(bench.folder.filePath(QString::fromStdString(name)).toStdString())->image.view()); };
    workflow::GenerationInputs inputs;
    inputs.job = parsed->job;
    inputs.picture = read(parsed->job.imageUrl);
    inputs.mask = imaging::Mask::fromImage(read(parsed->job.maskUrl).toImage().view());
    inputs.modelInfo.nativeSize = { 128, 128 };
    inputs.controls = { { parsed->job.controls[0].model, {}, inputs.picture }, { parsed->job.controls[1].model, {}, read(parsed->job.controls[1].imageUrl) } };
    const auto prepared = workflow::prepareGeneration(inputs);
    QVERIFY(prepared);
    for (std::size_t i = 0; i < 2; ++i) QVERIFY(prepared->request.controls[i].image == used[i].image);
    const auto placed = workflow::placeResult(prepared->placement, sfumato::testing::fakePicture(prepared->request, 0));
    QVERIFY(placed && placed->picture == bench.space->session().gallery().at(0)->placed->picture);
}

void TstControlStack::retry_usesThePicturesItHad()
{
    Bench bench;
    bench.stack->add(bench.control("sdxl-canny-small"));
    const QString given = bench.writePicture("given.png", { 120, 80 });
    bench.stack->setPicture(0, given);
    workflow::JobDescription job = bench.space->session().job();
    job.steps = 2;
    job.imageCount = 1;
    bench.space->session().setJob(job);
    bench.space->session().generate();
    QTRY_COMPARE(bench.space->session().state(), workspace::SessionState::Reviewing);
    const ImageBuffer before = bench.probe->lastControls().front().image;
    QVERIFY(QFile::remove(given));
    bench.space->session().retry();
    QTRY_COMPARE(bench.probe->generations.load(), 2);
    QVERIFY(bench.probe->lastControls().front().image == before);
}

void TstControlStack::recipe_namesNoFolders()
{
    Bench bench;
    bench.stack->add(bench.control("sdxl-canny-small"));
    bench.stack->setPicture(0, bench.writePicture("given.png", { 120, 80 }));
    workflow::JobDescription job = bench.space->session().job();
    job.steps = 2;
    job.imageCount = 1;
    bench.space->session().setJob(job);
    bench.space->session().generate();
    QTRY_COMPARE(bench.space->session().state(), workspace::SessionState::Reviewing);
    const std::string recipe = workspace::recipeOf(*bench.space->session().gallery().at(0));
    QVERIFY(recipe.find(bench.folder.path().toStdString()) == std::string::npos);
    const auto parsed = workflow::parseRecipe(recipe, "recipe");
    QCOMPARE(parsed->job.controls.front().model, std::string("sdxl-canny-small.safetensors"));
    QCOMPARE(parsed->job.controls.front().imageUrl, std::string("given.png"));
}

void TstControlStack::failure_namesTheControl()
{
    FakeScript script;
    script.failure = Error{ ErrorCode::InvalidRequest, "sdxl-canny-small.safetensors is a ControlNet for another model.", "controls" };
    Bench bench(script);
    bench.setPicture();
    workflow::JobDescription job = bench.space->session().job();
    job.controls.resize(1);
    job.controls.front().model = bench.control("sdxl-canny-small").toStdString();
    bench.space->session().setJob(job);
    bench.space->session().generate();
    QTRY_VERIFY_WITH_TIMEOUT(bench.has(Notice::Topic::Generate), kSlowMs);
    QCOMPARE(std::ranges::find(bench.notices, Notice::Topic::Generate, &Notice::topic)->path, bench.control("sdxl-canny-small"));
}

QTEST_GUILESS_MAIN(TstControlStack)
#include "tst_control_stack.moc"
