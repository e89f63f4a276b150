// Files of every kind dropped on every part of the window: each is told what it is and put where it belongs.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"
#include "core/library/cards/handed_file.h"
#include "tests/ui/window_fixture.h"
#include "tests/unit/library/library_files.h"
#include "ui/docks/control/control_panel.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/lora/lora_dock.h"
#include "ui/docks/model_row.h"
#include "ui/files/file_card_dialog.h"
#include "ui/files/fault_text.h"
#include "ui/widgets/prompt_edit.h"
#include "ui/window/canvas_area.h"

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QTranslator>
#include <QUrl>

using namespace sfumato;
using sfumato::testing::WindowFixture;
using ui::ActionId;

namespace {

using Tensors = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

void writeModel(const QString& path, const Tensors& tensors)
{
    std::vector<std::vector<std::byte>> bytes;
    std::vector<engine::TensorToWrite> list;
    bytes.reserve(tensors.size());
    for (const auto& [name, shape] : tensors) {
        std::size_t count = 2;
        for (const std::int64_t dimension : shape) count *= static_cast<std::size_t>(dimension);
        bytes.emplace_back(count);
        list.push_back({ name, engine::Dtype::F16, shape, bytes.back() });
    }
    if (!engine::writeSafetensors(path.toStdString(), list, {})) qFatal("cannot write a model file");
}

const Tensors kSdxlModel{ { "model.diffusion_model.input_blocks.0.0.weight", { 8, 4, 3, 3 } }, { "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight", { 8, 2048 } },
    { "model.diffusion_model.label_emb.0.0.weight", { 2, 2816 } }, { "model.diffusion_model.out.2.weight", { 4, 8, 3, 3 } }, { "first_stage_model.decoder.conv_in.weight", { 8, 4, 3, 3 } } };
const Tensors kVae{ { "encoder.conv_in.weight", { 4, 3, 3, 3 } }, { "decoder.conv_in.weight", { 4, 4, 3, 3 } } };
const Tensors kEmbedding{ { "clip_l", { 2, 768 } }, { "clip_g", { 2, 1280 } } };
const Tensors kControlNet{ { "controlnet_cond_embedding.conv_in.weight", { 16, 3, 3, 3 } }, { "add_embedding.linear_1.weight", { 2, 2816 } } };
const Tensors kFlux{ { "double_blocks.0.img_attn.qkv.weight", { 4, 4 } } };
const Tensors kUpscaler{ { "conv_first.weight", { 4, 3, 3, 3 } } };

enum class Target { Canvas,
    Stack,
    Browser,
    ModelRow,
    Prompt,
    Control,
    Window };

struct Bench {
    QWidget& widget(Target target)
    {
        switch (target) {
        case Target::Canvas: return fixture.window().canvas();
        case Target::Stack: return fixture.window().loraDock().stack();
        case Target::Browser: return fixture.window().loraDock().browser();
        case Target::ModelRow: return *fixture.window().findChild<ui::ModelRow*>();
        case Target::Prompt: return *fixture.window().findChild<ui::PromptEdit*>()->viewport();
        case Target::Control: return fixture.window().generateDock().controlPanel();
        case Target::Window: break;
        }
        return fixture.window();
    }

    // As the platform does it: the event goes to the part under the pointer and, while nobody takes it, to what it lies in.
    void drop(Target target, const QStringList& paths)
    {
        QMimeData mime;
        QList<QUrl> urls;
        for (const QString& path : paths) urls.append(QUrl::fromLocalFile(path));
        mime.setUrls(urls);
        QWidget* taker = &widget(target);
        for (; taker; taker = taker->isWindow() ? nullptr : taker->parentWidget()) {
            QDragEnterEvent enter(QPoint(6, 6), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
            enter.ignore();
            if (taker->acceptDrops()) QApplication::sendEvent(taker, &enter);
            if (enter.isAccepted()) break;
        }
        QVERIFY(taker);
        QDropEvent event(QPointF(6, 6), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(taker, &event);
    }

    QString path(const char* name) { return fixture.folder() + QLatin1Char('/') + QLatin1String(name); }
    QString message() { return fixture.window().canvas().messages().text(); }
    const workflow::JobDescription& job() { return fixture.workspace().session().job(); }
    QString modelName()
    {
        const workspace::ModelEntry* model = fixture.workspace().models().find(fixture.workspace().appSettings().model);
        return model ? model->name : QString();
    }

    WindowFixture fixture;
};

} // namespace

class TstFileIntake : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lora_joinsTheStackFromEverywhere_data() { addTargets(); }
    void lora_joinsTheStackFromEverywhere()
    {
        QFETCH(int, target);
        Bench bench;
        test::writeLora(bench.path("ink.safetensors"), { .metadata = { { "modelspec.trigger_phrase", "ink wash" } } });
        bench.drop(static_cast<Target>(target), { bench.path("ink.safetensors") });
        QTRY_COMPARE(bench.job().loras.size(), std::size_t{ 1 });
        QCOMPARE(bench.fixture.window().loraDock().stackModel().at(0).triggerWords, QStringList{ QStringLiteral("ink wash") });
        if (static_cast<Target>(target) != Target::Stack) QTRY_COMPARE(bench.message(), QStringLiteral("ink.safetensors is a LoRA for SDXL. It was added to the LoRAs in use."));
        else
            QVERIFY(bench.message().isEmpty());
    }

    void model_isPutToUseFromEverywhere_data() { addTargets(); }
    void model_isPutToUseFromEverywhere()
    {
        QFETCH(int, target);
        Bench bench;
        writeModel(bench.path("juno.safetensors"), kSdxlModel);
        bench.drop(static_cast<Target>(target), { bench.path("juno.safetensors") });
        QTRY_COMPARE(bench.modelName(), QStringLiteral("juno"));
        if (static_cast<Target>(target) != Target::ModelRow) QTRY_COMPARE(bench.message(), QStringLiteral("juno.safetensors is a picture model for SDXL. It is the model in use from now on."));
        else
            QVERIFY(bench.message().isEmpty());
    }

    void picture_opensFromEverywhere_data() { addTargets(); }
    void picture_opensFromEverywhere()
    {
        QFETCH(int, target);
        Bench bench;
        const QString picture = bench.fixture.writePicture(QStringLiteral("dropped.png"));
        bench.drop(static_cast<Target>(target), { picture });
        QTRY_VERIFY(bench.fixture.workspace().document());
        QCOMPARE(bench.fixture.workspace().document()->name(), QStringLiteral("dropped.png"));
    }

    void embedding_putsItsWordIntoThePrompt_data() { addTargets(); }
    void embedding_putsItsWordIntoThePrompt()
    {
        QFETCH(int, target);
        Bench bench;
        bench.fixture.setJob([](workflow::JobDescription& job) { job.prompt = "a house"; });
        writeModel(bench.path("softlight.safetensors"), kEmbedding);
        bench.drop(static_cast<Target>(target), { bench.path("softlight.safetensors") });
        QTRY_COMPARE(bench.job().embeddings.size(), std::size_t{ 1 });
        QCOMPARE(bench.job().embeddings.front().token, std::string("softlight"));
        QVERIFY2(bench.job().prompt.find("softlight") != std::string::npos, bench.job().prompt.c_str());
        if (static_cast<Target>(target) != Target::Prompt) QTRY_VERIFY(bench.message().contains(QStringLiteral("softlight.safetensors is an embedding for SDXL. Its word \"softlight\" is in the prompt now.")));
        bench.drop(static_cast<Target>(target), { bench.path("softlight.safetensors") });
        QTest::qWait(100);
        QCOMPARE(bench.job().embeddings.size(), std::size_t{ 1 });
    }

    void controlModel_goesToControl_data() { addTargets(); }
    void controlModel_goesToControl()
    {
        QFETCH(int, target);
        Bench bench;
        writeModel(bench.path("canny.safetensors"), kControlNet);
        bench.drop(static_cast<Target>(target), { bench.path("canny.safetensors") });
        workspace::ControlStackModel& controls = bench.fixture.window().generateDock().controlPanel().controls();
        QTRY_COMPARE(controls.rowCount(), 1);
        QCOMPARE(QString::fromStdString(controls.at(0).control.model), bench.path("canny.safetensors"));
        if (static_cast<Target>(target) != Target::Control) QTRY_COMPARE(bench.message(), QStringLiteral("canny.safetensors is a ControlNet for SDXL. It was added to Control."));
        else
            QVERIFY(bench.message().isEmpty());
    }

    void vae_isUsedUntilTakenBack()
    {
        Bench bench;
        writeModel(bench.path("fine.safetensors"), kVae);
        const QString model = bench.modelName();
        bench.drop(Target::ModelRow, { bench.path("fine.safetensors") });
        QTRY_VERIFY2(bench.message().startsWith(QStringLiteral("fine.safetensors is a VAE.")), qPrintable(bench.message()));
        QCOMPARE(bench.job().vae, bench.path("fine.safetensors").toStdString());
        QCOMPARE(bench.modelName(), model);
        press(bench, QStringLiteral("Take back"));
        QVERIFY(bench.job().vae.empty());
    }

    void otherKinds_areToldWhatTheyAre_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("beginning");
        QTest::newRow("Flux") << 0 << QStringLiteral("it.safetensors is the core of a picture model without its other parts for Flux. This program does not run models of that family");
        QTest::newRow("upscaler") << 1 << QStringLiteral("it.safetensors is an upscaler. It is neither a picture model nor a LoRA; its place is the folder \"upscale_models\"");
        QTest::newRow("unknown") << 2 << QStringLiteral("it.safetensors is of a kind this editor does not know. It was left where it is.");
    }
    void otherKinds_areToldWhatTheyAre()
    {
        QFETCH(int, which);
        QFETCH(QString, beginning);
        const Tensors kinds[] = { kFlux, kUpscaler, { { "a", { 2 } } } };
        Bench bench;
        const QString model = bench.modelName();
        const std::string prompt = bench.job().prompt;
        writeModel(bench.path("it.safetensors"), kinds[which]);
        for (const Target target : { Target::Canvas, Target::Stack, Target::ModelRow, Target::Prompt }) {
            bench.fixture.window().canvas().messages().dismiss();
            bench.drop(target, { bench.path("it.safetensors") });
            QTRY_VERIFY2(bench.message().startsWith(beginning), qPrintable(bench.message()));
        }
        QCOMPARE(bench.modelName(), model);
        QVERIFY(bench.job().loras.empty());
        QCOMPARE(bench.job().prompt, prompt);
    }

    void refusedFiles_changeNothing()
    {
        Bench bench;
        test::writeFile(bench.path("old.safetensors"), "PK\x03\x04 and more");
        const QString model = bench.modelName();
        bench.drop(Target::Stack, { bench.path("old.safetensors") });
        QTRY_VERIFY(bench.message().contains(QStringLiteral("old.safetensors")));
        QCOMPARE(bench.modelName(), model);
        QVERIFY(bench.job().loras.empty());
        // What is no model by its name either is not said to be half a download.
        for (const auto& [name, what] : { std::pair{ "notes.txt", "is not a file this editor can use" }, std::pair{ "half.safetensors", "it may be cut short" } }) {
            test::writeFile(bench.path(name), "hello");
            bench.drop(Target::Canvas, { bench.path(name) });
            QTRY_VERIFY(bench.message().contains(QLatin1String(name)) && bench.message().contains(QLatin1String(what)));
        }
    }

    void severalFiles_eachGoWhereTheyBelong()
    {
        Bench bench;
        test::writeLora(bench.path("one.safetensors"));
        test::writeLora(bench.path("two.safetensors"), { .seed = std::byte{ 9 }, .metadata = {} });
        const QString first = bench.fixture.writePicture(QStringLiteral("first.png"));
        const QString second = bench.fixture.writePicture(QStringLiteral("second.png"));
        bench.drop(Target::Canvas, { bench.path("one.safetensors"), first, bench.path("two.safetensors"), second });
        QTRY_COMPARE(bench.job().loras.size(), std::size_t{ 2 });
        QTRY_VERIFY(bench.fixture.workspace().document());
        QTest::qWait(100);
        QCOMPARE(bench.fixture.workspace().document()->name(), QStringLiteral("first.png"));
    }

    void textDroppedOnThePrompt_staysText()
    {
        Bench bench;
        QMimeData mime;
        mime.setText(QStringLiteral("a boat"));
        QWidget& prompt = bench.widget(Target::Prompt);
        QDragEnterEvent enter(QPoint(6, 6), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&prompt, &enter);
        QDropEvent event(QPointF(6, 6), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&prompt, &event);
        QTRY_COMPARE(QString::fromStdString(bench.job().prompt), QStringLiteral("a boat"));
    }

    void card_tellsEverythingAndCanBeCopied()
    {
        Bench bench;
        test::writeLora(bench.path("ink.safetensors"), { .rank = 4, .metadata = { { "modelspec.title", "<b>Ink</b>" }, { "modelspec.trigger_phrase", "ink wash" }, { "ss_tag_frequency", R"({"1_a":{"river":3}})" } } });
        bench.drop(Target::Canvas, { bench.path("ink.safetensors") });
        QTRY_VERIFY(!bench.message().isEmpty());
        press(bench, QStringLiteral("About this file…"));
        auto* card = bench.fixture.window().findChild<ui::FileCardDialog*>();
        QVERIFY(card && card->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(card->isComplete(), 20000);
        const QString text = card->text();
        for (const char* line : { "Kind: LoRA", "Title: <b>Ink</b>", "Base: SDXL", "Rank: 4", "Trigger words: ink wash", "Tags: river", "SHA-256: ", "AutoV2: ", "AutoV3: " }) QVERIFY2(text.contains(QLatin1String(line)), qPrintable(text));
        for (const QLabel* label : card->findChildren<QLabel*>()) QCOMPARE(label->textFormat(), Qt::PlainText);
        bench.fixture.screenshot(QStringLiteral("30-file-card"));
        for (QPushButton* button : card->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Copy")) button->click();
        QCOMPARE(QApplication::clipboard()->text(), text);
        QPointer<ui::FileCardDialog> watched = card;
        card->close();
        QTRY_VERIFY(!watched);
    }

    void card_opensFromTheModelRow()
    {
        Bench bench;
        writeModel(bench.path("juno.safetensors"), kSdxlModel);
        bench.drop(Target::ModelRow, { bench.path("juno.safetensors") });
        QTRY_COMPARE(bench.modelName(), QStringLiteral("juno"));
        bench.fixture.trigger(ActionId::ModelCard);
        auto* card = bench.fixture.window().findChild<ui::FileCardDialog*>();
        QVERIFY(card);
        QTRY_VERIFY_WITH_TIMEOUT(card->isComplete(), 20000);
        QVERIFY2(card->text().contains(QStringLiteral("Kind: Picture model")) && card->text().contains(QStringLiteral("Base: SDXL")), qPrintable(card->text()));
    }

    void faults_areToldInTheLanguageOfTheWindow()
    {
        QTranslator german;
        QVERIFY(german.load(QStringLiteral(":/i18n/sfumato_de.qm")));
        for (const QString& pattern : ui::faultPatterns()) QVERIFY2(!german.translate("FaultText", pattern.toUtf8().constData()).isEmpty(), qPrintable(pattern));
        QApplication::installTranslator(&german);
        QLocale::setDefault(QLocale(QLocale::German));
        Bench bench;
        const std::pair<const char*, QByteArray> files[] = { { "empty", "" }, { "short", "abc" }, { "zip", "PK\x03\x04 and more" }, { "page", "<!DOCTYPE html><html></html>" }, { "text", "not a model at all" },
            { "object", QByteArray("\x02\0\0\0\0\0\0\0[]", 10) }, { "json", QByteArray("\x03\0\0\0\0\0\0\0{a}", 11) }, { "cut", QByteArray("\x40\0\0\0\0\0\0\0{}", 10) } };
        for (const auto& [name, bytes] : files) {
            test::writeFile(bench.path(name), bytes);
            const library::HandedFile handed = library::lookAtHandedFile(bench.path(name));
            QVERIFY2(handed.refusal, name);
            const QString english = QString::fromStdString(handed.refusal->message);
            QVERIFY2(ui::faultText(english) != english, qPrintable(english));
            QVERIFY(ui::faultText(english).contains(QLatin1String(name)));
        }
        QCOMPARE(ui::faultText(QStringLiteral("%2.safetensors is cut short: 6.2 of 6.9 GB are there; it may still be downloading.")),
            QStringLiteral("%2.safetensors ist abgeschnitten: 6,2 von 6,9 GB sind da; vielleicht wird die Datei noch heruntergeladen."));
        QCOMPARE(ui::faultText(QStringLiteral("something new")), QStringLiteral("something new"));
        QLocale::setDefault(QLocale::c());
        QApplication::removeTranslator(&german);
    }

private:
    static void addTargets()
    {
        QTest::addColumn<int>("target");
        QTest::newRow("canvas") << static_cast<int>(Target::Canvas);
        QTest::newRow("LoRA stack") << static_cast<int>(Target::Stack);
        QTest::newRow("LoRA browser") << static_cast<int>(Target::Browser);
        QTest::newRow("model row") << static_cast<int>(Target::ModelRow);
        QTest::newRow("prompt") << static_cast<int>(Target::Prompt);
        QTest::newRow("Control") << static_cast<int>(Target::Control);
        QTest::newRow("window") << static_cast<int>(Target::Window);
    }

    static void press(Bench& bench, const QString& label)
    {
        for (QPushButton* button : bench.fixture.window().canvas().messages().findChildren<QPushButton*>()) {
            if (button->text() != label) continue;
            button->click();
            return;
        }
        QFAIL(qPrintable(label));
    }
};

QTEST_MAIN(TstFileIntake)
#include "tst_file_intake.moc"
