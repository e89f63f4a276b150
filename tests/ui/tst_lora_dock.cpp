// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"
#include "core/workspace/recipe.h"
#include "tests/ui/window_fixture.h"
#include "tests/unit/library/library_files.h"
#include "ui/canvas/canvas_view.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/lora/lora_dock.h"
#include "ui/docks/lora/lora_filters.h"
#include "ui/docks/lora/lora_notes_dialog.h"
#include "ui/docks/lora/lora_peek.h"
#include "ui/docks/lora/lora_stack_row.h"
#include "ui/docks/lora/lora_view.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/fill_slider.h"
#include "ui/widgets/prompt_edit.h"
#include "ui/window/canvas_area.h"

#include <QApplication>
#include <QCheckBox>
#include <QDropEvent>
#include <QFileInfo>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QToolButton>
#include <QUrl>

#include <algorithm>
#include <ctime>

using namespace sfumato;
using sfumato::testing::FixtureOptions;
using sfumato::testing::WindowFixture;
using ui::ActionId;

namespace {

constexpr int kLoadMs = 20000;

// Eight LoRAs as an artist has them: pictures, trigger words, another base, one broken, names of strangers.
void writeLibrary(const QString& folder)
{
    const auto at = [&folder](const char* name) -> QString { return folder + QLatin1Char('/') + QLatin1String(name); };
    const auto described = [](const char* triggers) { return test::LoraFile{ .metadata = { { "modelspec.trigger_phrase", triggers }, { "ss_base_model_version", "sdxl_base_v1-0" } } }; };
    test::writeLora(at("styles/ink-wash.safetensors"), described("ink wash"));
    test::writeFile(at("styles/ink-wash.json"), R"({"preferred weight": 0.65, "activation text": "ink wash, sumi-e"})");
    test::writeFile(at("styles/ink-wash.png"), test::pngOf(200, 300, 0xFF3B5E7A));
    test::writeLora(at("styles/paper cut-out with a rather long name v3.safetensors"), described("paper cut-out"));
    test::writeFile(at("styles/paper cut-out with a rather long name v3.preview.png"), test::pngOf(300, 300, 0xFFC98B5B));
    test::writeLora(at("styles/fog.safetensors"), { .seed = std::byte{ 3 }, .metadata = {} });
    test::writeLora(at("objects/lighthouse.safetensors"), described("lighthouse"));
    test::writeFile(at("objects/lighthouse.png"), test::pngOf(256, 384, 0xFFB0493C));
    test::writeLora(at("objects/boat & sail.safetensors"), described("boat & sail"));
    test::writeLora(at("old/watercolour.safetensors"), { .textWidth = 768, .metadata = {} });
    test::writeFile(at("old/broken.safetensors"), "not a model");
    test::writeLora(at("old/<b>bold<b>.safetensors"), { .metadata = { { "modelspec.trigger_phrase", "<img src=x>" } } });
}

struct LoraBench {
    explicit LoraBench(FixtureOptions options = {}) : fixture(withFolder(std::move(options)))
    {
        fixture.trigger(ActionId::ShowLoras);
    }

    FixtureOptions withFolder(FixtureOptions options)
    {
        if (!options.loraFolders.isEmpty()) return options;
        writeLibrary(files.filePath(QStringLiteral("loras")));
        options.loraFolders = { files.filePath(QStringLiteral("loras")) };
        return options;
    }

    ui::LoraDock& dock() { return fixture.window().loraDock(); }
    ui::LoraView& view() { return dock().browser().view(); }
    library::LoraListModel& model() { return dock().browser().model(); }
    workspace::LoraStackModel& stack() { return dock().stackModel(); }
    QString path(const char* name) const { return files.filePath(QStringLiteral("loras/") + QLatin1String(name)); }

    void waitForFiles(int count = 8) { QTRY_COMPARE_WITH_TIMEOUT(model().matchCount(), count, kLoadMs); }

    void choose(const char* name)
    {
        const QModelIndex index = model().indexOf(path(name));
        QVERIFY2(index.isValid(), name);
        view().setCurrentIndex(index);
    }

    void add(const char* name)
    {
        choose(name);
        fixture.trigger(ActionId::LoraAdd);
    }

    std::vector<ui::LoraStackRow*> rows()
    {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        std::vector<ui::LoraStackRow*> found;
        for (ui::LoraStackRow* row : dock().stack().findChildren<ui::LoraStackRow*>()) found.push_back(row);
        std::ranges::sort(found, {}, [](const ui::LoraStackRow* row) { return row->y(); });
        return found;
    }

    const std::vector<workflow::LoraReference>& job() { return fixture.workspace().session().job().loras; }
    QString prompt() { return QString::fromStdString(fixture.workspace().session().job().prompt); }
    QString emptyText() { return dock().findChild<QLabel*>(QStringLiteral("loraEmptyText"))->text(); }

    QTemporaryDir files;
    WindowFixture fixture;
};

// Processor time of this thread.
double threadMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

void drop(QWidget& target, const QPoint& at, const QString& path)
{
    QMimeData mime;
    mime.setUrls({ QUrl::fromLocalFile(path) });
    QDragEnterEvent enter(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&target, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(at), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&target, &event);
}

} // namespace

class TstLoraDock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void emptyStates_sayWhatToDo()
    {
        const QTemporaryDir folder;
        const QString loras = folder.filePath(QStringLiteral("loras"));
        QVERIFY(QDir().mkpath(loras));
        WindowFixture fixture;
        ui::LoraDock& dock = fixture.window().loraDock();
        fixture.trigger(ActionId::ShowLoras);
        const auto text = [&dock] { return dock.findChild<QLabel*>(QStringLiteral("loraEmptyText"))->text(); };
        QTRY_COMPARE_WITH_TIMEOUT(text(), QStringLiteral("No LoRA folder yet."), kLoadMs);
        fixture.screenshot(QStringLiteral("lora-no-folder"));
        fixture.answers().folderPath = loras;
        fixture.trigger(ActionId::LoraFolder);
        QCOMPARE(fixture.workspace().appSettings().loraFolders, QStringList{ loras });
        QTRY_COMPARE_WITH_TIMEOUT(text(), QStringLiteral("This folder holds no LoRA files. Sub-folders are searched too."), kLoadMs);
        fixture.screenshot(QStringLiteral("lora-empty-folder"));
        test::writeLora(loras + QStringLiteral("/sub/ink.safetensors"));
        fixture.trigger(ActionId::LoraRescan);
        QTRY_COMPARE_WITH_TIMEOUT(dock.browser().model().matchCount(), 1, kLoadMs);
        QVERIFY(dock.browser().view().isVisible());
        QAction* stop = nullptr;
        for (QAction* action : dock.browser().filters().findChildren<QAction*>()) {
            if (action->text() == QStringLiteral("Stop watching loras")) stop = action;
        }
        QVERIFY(stop);
        stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(text(), QStringLiteral("No LoRA folder yet."), kLoadMs);
        QVERIFY(QFileInfo::exists(loras + QStringLiteral("/sub/ink.safetensors")));
    }

    void browser_searchesAndFilters()
    {
        LoraBench bench;
        bench.waitForFiles();
        QTest::qWait(300); // pictures arrive
        bench.fixture.screenshot(QStringLiteral("lora-cards"));
        auto* search = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(search); // Ctrl+L leads there
        QTest::keyClicks(search, QStringLiteral("name:ink"));
        QCOMPARE(bench.model().matchCount(), 1);
        QCOMPARE(bench.model().index(0, 0).data().toString(), QStringLiteral("ink-wash"));
        QTest::keyClick(search, Qt::Key_Down);
        QCOMPARE(QApplication::focusWidget(), &bench.view());
        QTest::keyClick(&bench.view(), Qt::Key_Period);
        QVERIFY(bench.fixture.library().find(bench.path("styles/ink-wash.safetensors"))->isStarred);
        search->setText(QStringLiteral("nothing like this"));
        QCOMPARE(bench.emptyText(), QStringLiteral("No LoRA matches."));
        bench.fixture.screenshot(QStringLiteral("lora-no-match"));
        for (QPushButton* button : bench.dock().browser().findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Clear search")) button->click();
        }
        QCOMPARE(bench.model().matchCount(), 8);
        search->setText(QStringLiteral("watercolour"));
        bench.fixture.workspace().describeModelInUse();
        QTRY_VERIFY(bench.fixture.workspace().models().find({})->info); // an SDXL model
        for (ui::Chip* chip : bench.dock().browser().findChildren<ui::Chip*>()) {
            if (chip->label() == QStringLiteral("Fits SDXL")) chip->click();
        }
        QCOMPARE(bench.emptyText(), QStringLiteral("1 LoRA matches, made for another base model."));
        bench.dock().browser().filters().showOtherFamilies();
        QCOMPARE(bench.model().matchCount(), 1);
        bench.dock().browser().filters().clear();
        bench.dock().browser().filters().setList(true);
        QTest::qWait(200);
        bench.fixture.screenshot(QStringLiteral("lora-list"));
        QVERIFY(bench.fixture.workspace().appSettings().loraBrowser.isList);
    }

    void restingPointer_showsMore()
    {
        LoraBench bench;
        bench.waitForFiles();
        const auto rest = [&bench](const char* name) {
            const QModelIndex index = bench.model().indexOf(bench.path(name));
            bench.view().scrollTo(index);
            const QPoint place = bench.view().visualRect(index).center();
            QHelpEvent help(QEvent::ToolTip, place, bench.view().viewport()->mapToGlobal(place));
            QApplication::sendEvent(bench.view().viewport(), &help);
        };
        rest("styles/ink-wash.safetensors");
        auto* peek = bench.view().findChild<ui::LoraPeek*>();
        QVERIFY(peek && peek->isVisible());
        const QList<QLabel*> labels = peek->findChildren<QLabel*>();
        QVERIFY(labels[1]->text().contains(QStringLiteral("ink wash, sumi-e")));
        QTRY_VERIFY_WITH_TIMEOUT(labels[0]->isVisible(), 5000);
        QVERIFY(labels[0]->pixmap(Qt::ReturnByValue).height() >= 300);
        if (const QString folder = qEnvironmentVariable("SFUMATO_SCREENSHOT_DIR"); !folder.isEmpty()) peek->grab().save(folder + QStringLiteral("/lora-peek.png"));
        rest("old/broken.safetensors");
        QVERIFY(labels[1]->text().contains(QStringLiteral("broken.safetensors")));
        QVERIFY(!labels[0]->isVisible());
        QTest::keyClick(&bench.view(), Qt::Key_Home);
        QVERIFY(!peek->isVisible());
    }

    void adding_byEnterDoubleClickAndDrag()
    {
        LoraBench bench;
        bench.waitForFiles();
        bench.choose("styles/ink-wash.safetensors");
        bench.view().setFocus();
        QTest::keyClick(&bench.view(), Qt::Key_Return);
        QCOMPARE(bench.job().size(), std::size_t{ 1 });
        QCOMPARE(bench.job()[0].scale, 0.65); // its preferred weight
        QTest::keyClick(&bench.view(), Qt::Key_Plus);
        QCOMPARE(bench.job()[0].scale, 0.70);
        const QModelIndex fog = bench.model().indexOf(bench.path("styles/fog.safetensors"));
        bench.view().scrollTo(fog);
        QTest::mouseDClick(bench.view().viewport(), Qt::LeftButton, {}, bench.view().visualRect(fog).center());
        QCOMPARE(bench.job().size(), std::size_t{ 2 });
        QCOMPARE(bench.job()[1].scale, 0.8);
        QVERIFY(bench.fixture.library().find(bench.path("styles/fog.safetensors"))->lastUsedAt > 0);
        drop(bench.dock().stack(), { 40, 1 }, bench.path("objects/lighthouse.safetensors")); // a card carries its file
        QTRY_COMPARE(bench.job().size(), std::size_t{ 3 });
        QCOMPARE(QFileInfo(QString::fromStdString(bench.job()[0].path)).completeBaseName(), QStringLiteral("lighthouse"));
        bench.add("old/broken.safetensors");
        QCOMPARE(bench.job().size(), std::size_t{ 3 });
        QVERIFY(bench.fixture.window().canvas().messages().text().contains(QStringLiteral("broken")));
    }

    void stack_weighsSwitchesOrdersAndRemoves()
    {
        LoraBench bench;
        bench.waitForFiles();
        for (const char* name : { "styles/ink-wash.safetensors", "objects/boat & sail.safetensors", "old/watercolour.safetensors" }) bench.add(name);
        QTest::qWait(100);
        QCOMPARE(bench.rows().size(), std::size_t{ 3 });
        bench.fixture.screenshot(QStringLiteral("lora-stack"));
        ui::LoraStackRow& ink = *bench.rows()[0];
        ink.findChild<ui::FillSlider*>()->setValue(600);
        QCOMPARE(bench.job()[0].scale, 0.9);
        const QList<QToolButton*> tools = ink.findChildren<QToolButton*>(); // grip, eye, unfold, remove
        tools[1]->click();
        QCOMPARE(bench.job().size(), std::size_t{ 2 });
        QTest::mouseClick(tools[1], Qt::LeftButton, Qt::AltModifier); // solo
        QCOMPARE(bench.job().size(), std::size_t{ 1 });
        QCOMPARE(bench.job()[0].scale, 0.9);
        QTest::mouseClick(tools[1], Qt::LeftButton, Qt::AltModifier);
        QCOMPARE(bench.job().size(), std::size_t{ 2 });
        tools[1]->click();
        tools[2]->click();
        ink.findChild<QCheckBox*>()->click();
        QCOMPARE(bench.job()[0].textEncoderScale.value_or(0), 0.9);
        QTest::qWait(50);
        bench.fixture.screenshot(QStringLiteral("lora-stack-unfolded"));
        QTest::keyClick(tools[0], Qt::Key_Down);
        QCOMPARE(bench.stack().rowOf(bench.path("styles/ink-wash.safetensors")), 1);
        QTest::mousePress(tools[0], Qt::LeftButton);
        const QPoint above = tools[0]->mapFromGlobal(bench.dock().stack().mapToGlobal(QPoint(10, 2)));
        QMouseEvent move(QEvent::MouseMove, above, tools[0]->mapToGlobal(above), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(tools[0], &move);
        QTest::mouseRelease(tools[0], Qt::LeftButton);
        QCOMPARE(bench.stack().rowOf(bench.path("styles/ink-wash.safetensors")), 0);
        tools[3]->click();
        QCOMPARE(bench.job().size(), std::size_t{ 2 });
        QCOMPARE(bench.rows().size(), std::size_t{ 2 });
    }

    void triggers_goIntoThePromptAndLeaveWithTheLora()
    {
        LoraBench bench;
        bench.waitForFiles();
        bench.fixture.setJob([](workflow::JobDescription& job) { job.prompt = "a house"; });
        bench.add("styles/ink-wash.safetensors");
        const auto chips = [&bench] { return bench.rows()[0]->findChildren<ui::Chip*>(); };
        QTRY_COMPARE(chips().size(), 2);
        QCOMPARE(chips()[0]->label(), QStringLiteral("ink wash"));
        auto* prompt = bench.fixture.window().generateDock().findChild<ui::PromptEdit*>();
        prompt->moveCursor(QTextCursor::End);
        chips()[0]->setFocus();
        chips()[0]->click();
        QCOMPARE(QApplication::focusWidget(), chips()[0]);
        QCOMPARE(bench.prompt(), QStringLiteral("a house, ink wash"));
        QCOMPARE(prompt->toPlainText(), bench.prompt());
        QVERIFY(chips()[0]->isChecked());
        QVERIFY(!chips()[1]->isChecked());
        bench.fixture.trigger(ActionId::LoraTriggers); // the rest of the chosen card's
        QCOMPARE(bench.prompt(), QStringLiteral("a house, ink wash, sumi-e"));
        prompt->undo();
        QCOMPARE(bench.prompt(), QStringLiteral("a house, ink wash"));
        bench.fixture.trigger(ActionId::LoraRemove);
        QCOMPARE(bench.prompt(), QStringLiteral("a house"));
        QVERIFY(bench.job().empty());
    }

    void window_takesEachKindOfFile()
    {
        LoraBench bench;
        bench.waitForFiles();
        WindowFixture& fixture = bench.fixture;
        const QString elsewhere = fixture.folder() + QStringLiteral("/elsewhere.safetensors");
        test::writeLora(elsewhere, { .metadata = { { "modelspec.trigger_phrase", "far away" } } });
        drop(fixture.window().canvas(), { 50, 50 }, elsewhere);
        QTRY_COMPARE(bench.job().size(), std::size_t{ 1 });
        QCOMPARE(bench.stack().at(0).triggerWords, QStringList{ QStringLiteral("far away") });
        const QString vae = fixture.folder() + QStringLiteral("/fine.safetensors");
        const std::vector<std::byte> bytes(2 * 9 * 4 * 3);
        const std::vector<engine::TensorToWrite> tensors{ { "encoder.conv_in.weight", engine::Dtype::F16, { 4, 3, 3, 3 }, bytes }, { "decoder.conv_in.weight", engine::Dtype::F16, { 4, 3, 3, 3 }, bytes } };
        QVERIFY(engine::writeSafetensors(vae.toStdString(), tensors, {}));
        const QString model = fixture.workspace().appSettings().model;
        drop(fixture.window().canvas(), { 50, 50 }, vae);
        QTRY_VERIFY2(fixture.window().canvas().messages().text().contains(QStringLiteral("fine.safetensors is a VAE")), qPrintable(fixture.window().canvas().messages().text()));
        QCOMPARE(fixture.workspace().appSettings().model, model);
        drop(fixture.window().canvas(), { 50, 50 }, bench.path("old/broken.safetensors"));
        QTRY_VERIFY(fixture.window().canvas().messages().text().contains(QStringLiteral("broken.safetensors")));
        QCOMPARE(fixture.workspace().appSettings().model, model);
        drop(fixture.window().canvas(), { 50, 50 }, bench.path("styles"));
        QTRY_VERIFY(fixture.window().canvas().messages().text().contains(QStringLiteral("styles is a folder")));
        QCOMPARE(bench.job().size(), std::size_t{ 1 });
    }

    void similar_showsWhatSharesTags()
    {
        QTemporaryDir folder;
        const auto at = [&folder](const char* name) { return folder.filePath(QLatin1String(name) + QLatin1String(".safetensors")); };
        const auto tagged = [](std::byte seed, const char* tags) { return test::LoraFile{ .seed = seed, .metadata = { { "ss_tag_frequency", std::string(R"({"1_x":{)") + tags + "}}" } } }; };
        test::writeLora(at("river"), tagged(std::byte{ 1 }, R"("river":9,"fog":3)"));
        test::writeLora(at("lake"), tagged(std::byte{ 2 }, R"("fog":5,"lake":4)"));
        test::writeLora(at("robot"), tagged(std::byte{ 3 }, R"("robot":5)"));
        LoraBench bench({ .loraFolders = { folder.path() } });
        bench.waitForFiles(3);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.fixture.library().isScanning(), kLoadMs);
        bench.view().setCurrentIndex(bench.model().indexOf(at("river")));
        bench.fixture.trigger(ActionId::LoraSimilar);
        QTRY_COMPARE(bench.model().matchCount(), 2);
        QCOMPARE(bench.model().entryAt(bench.model().index(0, 0))->path, at("river"));
        QCOMPARE(bench.model().entryAt(bench.model().index(1, 0))->path, at("lake"));
        ui::Chip* shown = nullptr;
        for (ui::Chip* chip : bench.dock().browser().filters().findChildren<ui::Chip*>())
            if (chip->label() == QStringLiteral("Like river") && chip->isVisible()) shown = chip;
        QVERIFY(shown);
        bench.fixture.screenshot(QStringLiteral("31-similar"));
        shown->click();
        QTRY_COMPARE(bench.model().matchCount(), 3);
        QVERIFY(!shown->isVisible());
    }

    void comparison_fillsTheStrip()
    {
        LoraBench bench;
        bench.waitForFiles();
        bench.fixture.openPicture();
        bench.fixture.paint({ 300, 300 }, { 480, 320 });
        bench.fixture.setJob([](workflow::JobDescription& job) { job.steps = 2; });
        QVERIFY(!bench.fixture.window().actions().action(ActionId::LoraCompare).isEnabled());
        bench.add("styles/ink-wash.safetensors");
        QVERIFY(bench.fixture.window().actions().action(ActionId::LoraCompare).isEnabled());
        bench.fixture.trigger(ActionId::LoraCompare);
        workspace::GenerationSession& session = bench.fixture.workspace().session();
        QTRY_COMPARE_WITH_TIMEOUT(session.pendingRuns(), 0, 30000);
        QCOMPARE(session.gallery().rowCount(), 5);
        QCOMPARE(session.gallery().index(1).data(workspace::GalleryModel::LabelRole).toString(), QStringLiteral("ink-wash 0.4"));
        bench.fixture.screenshot(QStringLiteral("lora-compare"));
        bench.choose("styles/fog.safetensors");
        session.selectVariation(2);
        bench.fixture.trigger(ActionId::LoraPicture);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(bench.path("styles/fog.preview.png")), 5000);
    }

    void recipe_namesLorasWithoutTheirFoldersAndFindsThem()
    {
        LoraBench bench;
        bench.waitForFiles();
        WindowFixture& fixture = bench.fixture;
        fixture.setJob([](workflow::JobDescription& job) {
            job.steps = 2;
            job.imageCount = 1;
        });
        bench.add("styles/ink-wash.safetensors");
        workflow::JobDescription job = fixture.workspace().session().job();
        job.loras.push_back({ "/elsewhere/unknown.safetensors", 0.4, std::nullopt });
        fixture.workspace().session().setJob(job);
        fixture.trigger(ActionId::Generate);
        QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace().session().selectedRow(), 0, 20000);
        QTRY_VERIFY(fixture.workspace().session().gallery().at(0)->isFinished());
        const std::string recipe = workspace::recipeOf(*fixture.workspace().session().gallery().at(0));
        QVERIFY(recipe.find("ink-wash.safetensors") != std::string::npos);
        QVERIFY(recipe.find(bench.files.path().toStdString()) == std::string::npos);
        QVERIFY(recipe.find("/elsewhere") == std::string::npos);
        while (bench.stack().rowCount() > 0) bench.stack().remove(0);
        Q_EMIT fixture.workspace().recipeFound(recipe);
        ui::MessageBar& messages = fixture.window().canvas().messages();
        for (QPushButton* button : messages.findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Use all settings")) button->click();
        }
        QCOMPARE(bench.job().size(), std::size_t{ 1 });
        QCOMPARE(QString::fromStdString(bench.job()[0].path), bench.path("styles/ink-wash.safetensors"));
        QCOMPARE(bench.job()[0].scale, 0.65);
        QVERIFY(messages.text().contains(QStringLiteral("unknown.safetensors")));
        // The recipe's model is the one in use, by name.
        QVERIFY(!messages.text().contains(QStringLiteral("models")));
    }

    void failure_namesTheLoraAndGoesOnWithoutIt()
    {
        FixtureOptions options;
        options.script.failure = Error{ ErrorCode::UnsupportedModel, "watercolour.safetensors is a LoRA for SD 1.x; the model is SDXL.", "watercolour.safetensors" };
        LoraBench bench(options);
        bench.waitForFiles();
        bench.add("styles/fog.safetensors");
        bench.add("old/watercolour.safetensors");
        bench.fixture.trigger(ActionId::Generate);
        ui::MessageBar& messages = bench.fixture.window().canvas().messages();
        QTRY_COMPARE_WITH_TIMEOUT(messages.text(), QStringLiteral("watercolour.safetensors could not be used with this model, so nothing was generated. Your picture is untouched."), 10000);
        bench.fixture.screenshot(QStringLiteral("lora-failure"));
        for (QPushButton* button : messages.findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Remove and run")) button->click();
        }
        QCOMPARE(bench.stack().rowCount(), 1);
        QCOMPARE(bench.fixture.workspace().session().pendingRuns(), 1);
    }

    void scrolling_fitsIntoAFrame()
    {
        const QTemporaryDir folder;
        constexpr int kFiles = 400;
        const QByteArray picture = test::pngOf(300, 450, 0xFF607080);
        for (int i = 0; i < kFiles; ++i) {
            const QString stem = folder.filePath(QStringLiteral("style number %1").arg(i));
            test::writeLora(stem + QStringLiteral(".safetensors"), { .metadata = { { "modelspec.trigger_phrase", "style " + std::to_string(i) } } });
            if (i % 2 == 0) test::writeFile(stem + QStringLiteral(".png"), picture);
        }
        FixtureOptions options;
        options.loraFolders = { folder.path() };
        LoraBench bench(options);
        bench.waitForFiles(kFiles);
        QScrollBar& bar = *bench.view().verticalScrollBar();
        std::vector<double> costs;
        for (int i = 0; i < 300; ++i) {
            const double before = threadMs();
            bar.setValue(bar.value() + 40);
            QCoreApplication::sendPostedEvents(nullptr, QEvent::UpdateRequest);
            costs.push_back(threadMs() - before);
            QTest::qWait(1); // pictures arrive
        }
        std::ranges::sort(costs);
        qInfo("median %.2f ms, 99 %% %.2f ms, most %.2f ms", costs[150], costs[297], costs.back());
        QVERIFY(bar.value() > 8000);
        QVERIFY(costs[297] <= 16.0);
    }

    void notes_areKeptBesideTheFile()
    {
        LoraBench bench;
        bench.waitForFiles();
        bench.choose("styles/fog.safetensors");
        bench.fixture.trigger(ActionId::LoraEdit);
        QTRY_VERIFY(bench.fixture.window().findChild<ui::LoraNotesDialog*>());
        auto* dialog = bench.fixture.window().findChild<ui::LoraNotesDialog*>();
        dialog->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("only at dawn"));
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("fog, thin fog"));
        dialog->findChild<QCheckBox*>()->setChecked(true);
        if (const QString folder = qEnvironmentVariable("SFUMATO_SCREENSHOT_DIR"); !folder.isEmpty()) dialog->grab().save(folder + QStringLiteral("/lora-notes.png"));
        dialog->accept();
        QTRY_VERIFY_WITH_TIMEOUT(test::readFile(bench.path("styles/fog.json")).contains("only at dawn"), 5000);
        QTRY_COMPARE_WITH_TIMEOUT(bench.fixture.library().find(bench.path("styles/fog.safetensors"))->triggerWords, QStringList({ QStringLiteral("fog"), QStringLiteral("thin fog") }), 5000);
        bench.dock().browser().filters().focusSearch(QStringLiteral("dawn"));
        QCOMPARE(bench.model().matchCount(), 1);
    }

    void texts_ofFilesAreNeverMarkup()
    {
        LoraBench bench;
        bench.waitForFiles();
        bench.add("old/<b>bold<b>.safetensors");
        QTRY_COMPARE(bench.rows().size(), std::size_t{ 1 });
        for (const QLabel* label : bench.dock().findChildren<QLabel*>()) QCOMPARE(label->textFormat(), Qt::PlainText);
        for (const QWidget* widget : bench.dock().findChildren<QWidget*>()) {
            QVERIFY2(!widget->toolTip().contains(QStringLiteral("<b>bold")) && !widget->toolTip().contains(QStringLiteral("<img")), qPrintable(widget->toolTip()));
        }
        bench.add("objects/boat & sail.safetensors");
        for (const ui::Chip* chip : bench.dock().findChildren<ui::Chip*>()) QVERIFY(chip->shortcut().isEmpty());
    }

    void tabs_comeBackAsTheyWere()
    {
        WindowFixture fixture;
        ui::GenerateDock& generate = fixture.window().generateDock();
        ui::LoraDock& lora = fixture.window().loraDock();
        const auto isInFront = [](const QWidget& dock) { return !dock.visibleRegion().isEmpty(); };
        QVERIFY(isInFront(generate) && !isInFront(lora));
        for (QDockWidget* front : { static_cast<QDockWidget*>(&generate), static_cast<QDockWidget*>(&lora) }) {
            front->raise();
            QTRY_VERIFY(isInFront(*front));
            fixture.trigger(ActionId::HideDocks);
            QTRY_VERIFY(!isInFront(generate) && !isInFront(lora));
            fixture.trigger(ActionId::HideDocks);
            QTRY_VERIFY(isInFront(*front));
        }
        fixture.trigger(ActionId::FocusPrompt);
        QTRY_VERIFY(isInFront(generate));
    }

    void smallWindow_showsStackAndBrowser()
    {
        LoraBench bench({ .size = { 1024, 640 } });
        bench.waitForFiles();
        for (const char* name : { "styles/ink-wash.safetensors", "objects/lighthouse.safetensors", "styles/fog.safetensors" }) bench.add(name);
        QTest::qWait(100);
        bench.fixture.screenshot(QStringLiteral("lora-small"));
        QCOMPARE(bench.fixture.window().size(), QSize(1024, 640));
        QVERIFY(bench.view().height() >= 100);
        QVERIFY(bench.dock().findChild<QScrollArea*>()->height() >= 150);
    }

    void dock_readsInGermanAndInLight()
    {
        QVERIFY(m_german.load(QStringLiteral(":/i18n/sfumato_de.qm")));
        QApplication::installTranslator(&m_german);
        {
            LoraBench bench({ .scheme = ui::ColorScheme::Light });
            bench.waitForFiles();
            for (const char* name : { "styles/ink-wash.safetensors", "objects/lighthouse.safetensors", "old/watercolour.safetensors" }) bench.add(name);
            QTest::qWait(300);
            bench.fixture.screenshot(QStringLiteral("lora-german-light"));
            QVERIFY(bench.dock().width() <= 320);
            QVERIFY(!bench.dock().findChild<QScrollArea*>()->verticalScrollBar()->isVisible()); // three rows have room
            for (const QPushButton* button : bench.dock().findChildren<QPushButton*>()) QVERIFY(!button->isVisible() || button->width() >= button->sizeHint().width());
        }
        QApplication::removeTranslator(&m_german);
    }

private:
    QTranslator m_german;
};

QTEST_MAIN(TstLoraDock)
#include "tst_lora_dock.moc"
