// The prompt beyond its text: its expansion, and the embeddings of the library.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"
#include "core/workflow/look.h"
#include "tests/ui/window_fixture.h"
#include "ui/docks/prompt/expansion_panel.h"
#include "ui/widgets/completion_popup.h"
#include "ui/widgets/fold.h"
#include "ui/widgets/prompt_edit.h"

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <vector>

using namespace sfumato;
using sfumato::testing::FixtureOptions;
using sfumato::testing::WindowFixture;
using ui::ActionId;

namespace {

constexpr int kLoadMs = 20000;

// A textual inversion for SDXL.
void writeEmbedding(const QString& path, std::int64_t vectors, std::int64_t firstWidth = 768)
{
    QDir().mkpath(QFileInfo(path).path());
    const std::vector<float> numbers(static_cast<std::size_t>(vectors) * 1280, 0.01F);
    const auto bytes = [&](std::int64_t width) { return std::as_bytes(std::span(numbers).first(static_cast<std::size_t>(vectors * width))); };
    std::vector<engine::TensorToWrite> tensors;
    if (firstWidth == 768) {
        tensors.push_back({ "clip_l", engine::Dtype::F32, { vectors, 768 }, bytes(768) });
        tensors.push_back({ "clip_g", engine::Dtype::F32, { vectors, 1280 }, bytes(1280) });
    } else {
        tensors.push_back({ "emb_params", engine::Dtype::F32, { vectors, firstWidth }, bytes(firstWidth) });
    }
    QVERIFY(engine::writeSafetensors(path.toStdString(), tensors));
}

struct Bench {
    explicit Bench(FixtureOptions options = { .hasExpander = true }) : fixture(std::move(options)) { }

    template <typename Widget>
    Widget& part(const char* name) const
    {
        auto* found = fixture.window().template findChild<Widget*>(QLatin1String(name));
        if (!found) qFatal("There is no %s.", name);
        return *found;
    }
    ui::PromptEdit& prompt() const
    {
        for (auto* edit : fixture.window().findChildren<ui::PromptEdit*>())
            if (edit->placeholderText() == QStringLiteral("What should be there?")) return *edit;
        qFatal("There is no prompt.");
    }
    ui::PromptEdit& addition() const { return part<ui::PromptEdit>("expansionText"); }
    void write(const char* text)
    {
        fixture.trigger(ActionId::FocusPrompt);
        QTest::keyClicks(&prompt(), QLatin1String(text));
    }
    QString jobPrompt() const { return QString::fromStdString(fixture.workspace().session().job().prompt); }

    mutable WindowFixture fixture;
};

} // namespace

class TstPromptWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anExpansion_isSeenChangedAndTaken()
    {
        Bench bench;
        bench.fixture.setJob([](workflow::JobDescription& job) { job.seed = 41; });
        auto& expand = bench.part<ui::ExpandButton>("expandPrompt");
        auto& panel = bench.part<ui::ExpansionPanel>("expansionPanel");
        QVERIFY(!expand.isEnabled() && !panel.isVisible());
        QVERIFY(!bench.fixture.window().actions().action(ActionId::ExpandPrompt).isEnabled());
        bench.write("a quiet harbour");
        QVERIFY(expand.isEnabled());
        expand.click();
        QTRY_VERIFY(bench.addition().isVisible());
        QCOMPARE(bench.addition().prompt(), QStringLiteral("soft light 41"));
        QCOMPARE(bench.jobPrompt(), QStringLiteral("a quiet harbour"));
        bench.fixture.screenshot(QStringLiteral("expansion"));
        bench.addition().setPrompt(QStringLiteral("soft light, long shadows"));
        bench.part<QPushButton>("takeExpansion").click();
        QCOMPARE(bench.jobPrompt(), QStringLiteral("a quiet harbour, soft light, long shadows"));
        QCOMPARE(bench.prompt().prompt(), bench.jobPrompt());
        QVERIFY(!panel.isVisible());
        // One step back in the prompt takes it out again.
        bench.prompt().undo();
        QCOMPARE(bench.prompt().prompt(), QStringLiteral("a quiet harbour"));
        QCOMPARE(bench.jobPrompt(), QStringLiteral("a quiet harbour"));
    }

    void anExpansion_byKey_canBeRepeatedAndDropped()
    {
        Bench bench;
        bench.fixture.setJob([](workflow::JobDescription& job) { job.seed = 1; });
        bench.write("a hill");
        QTest::keyClick(&bench.prompt(), Qt::Key_X, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(bench.addition().prompt(), QStringLiteral("soft light 1"));
        bench.part<QPushButton>("anotherExpansion").click();
        QTRY_COMPARE(bench.addition().prompt(), QStringLiteral("soft light 2"));
        QTRY_VERIFY(bench.part<QPushButton>("dropExpansion").isVisible());
        bench.part<QPushButton>("dropExpansion").click();
        QVERIFY(!bench.part<ui::ExpansionPanel>("expansionPanel").isVisible());
        QCOMPARE(bench.jobPrompt(), QStringLiteral("a hill"));
    }

    void withoutAModel_theButtonSaysWhere_andTheMenuChoosesAnother()
    {
        Bench bench(FixtureOptions{});
        bench.write("a hill");
        auto& expand = bench.part<ui::ExpandButton>("expandPrompt");
        QVERIFY(!expand.isEnabled());
        QVERIFY2(expand.toolTip().contains(bench.fixture.folder()), qPrintable(expand.toolTip()));
        const QString chosen = bench.fixture.folder() + QStringLiteral("/chosen/gpt");
        QDir().mkpath(chosen);
        QFile config(chosen + QStringLiteral("/config.json"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        bench.fixture.answers().folderPath = bench.fixture.folder() + QStringLiteral("/chosen");
        bench.fixture.trigger(ActionId::ExpansionFolder);
        QTRY_VERIFY(expand.isEnabled());
        QVERIFY(bench.fixture.window().actions().action(ActionId::ExpandPrompt).isEnabled());
    }

    void theEnhancedLook_showsWhatItSets_andAsksForWords()
    {
        Bench bench;
        bench.write("a quiet harbour");
        auto& look = bench.part<QComboBox>("look");
        const auto choose = [&look](int index) {
            look.setCurrentIndex(index);
            Q_EMIT look.activated(index); // as a click does
        };
        choose(1);
        const workflow::JobDescription& job = bench.fixture.workspace().session().job();
        QCOMPARE(job.sharpness, workflow::kEnhancedSharpness);
        QCOMPARE(job.adaptiveGuidance, workflow::kEnhancedAdaptiveGuidance);
        QTRY_VERIFY(bench.addition().isVisible()); // offered, not used
        QCOMPARE(bench.jobPrompt(), QStringLiteral("a quiet harbour"));
        QVERIFY(bench.part<QLabel>("lookNote").text().startsWith(QStringLiteral("Sharpness 2, guidance begins at 7")));
        for (ui::Fold* fold : bench.fixture.window().findChildren<ui::Fold*>())
            if (fold->findChild<QComboBox*>(QStringLiteral("look"))) fold->setOpen(true);
        bench.fixture.screenshot(QStringLiteral("look"));
        bench.fixture.setJob([](workflow::JobDescription& changed) { changed.sharpness = 4; });
        QCOMPARE(look.currentIndex(), -1); // a look of one's own
        choose(0);
        QCOMPARE(bench.fixture.workspace().session().job().sharpness, 0.0);
        QCOMPARE(bench.fixture.workspace().session().job().adaptiveGuidance, 0.0);
    }

    void embeddings_areOfferedCountedAndRun()
    {
        QTemporaryDir files;
        writeEmbedding(files.filePath(QStringLiteral("embeddings/softlight-xl.safetensors")), 5);
        writeEmbedding(files.filePath(QStringLiteral("embeddings/softfocus.safetensors")), 2);
        writeEmbedding(files.filePath(QStringLiteral("embeddings/old-hands.safetensors")), 3, 768 + 256); // of SD 2
        FixtureOptions options;
        options.loraFolders = { files.filePath(QStringLiteral("embeddings")) };
        Bench bench(std::move(options));
        QTRY_COMPARE_WITH_TIMEOUT(bench.fixture.library().entries().size(), std::size_t{ 3 }, kLoadMs);
        QTRY_VERIFY(!bench.fixture.library().isScanning());
        bench.write("a hill, so");
        auto& popup = *bench.prompt().findChild<ui::CompletionPopup*>();
        QTRY_VERIFY(popup.isOffering());
        QCOMPARE(popup.count(), 2);
        QCOMPARE(popup.currentItem()->text(), QStringLiteral("softfocus"));
        QTest::keyClick(&bench.prompt(), Qt::Key_Down);
        bench.fixture.screenshot(QStringLiteral("completion"));
        QTest::keyClick(&bench.prompt(), Qt::Key_Tab);
        QCOMPARE(bench.prompt().prompt(), QStringLiteral("a hill, softlight-xl"));
        QVERIFY(!popup.isVisible());
        QVERIFY(bench.prompt().hasFocus());
        QStringList counts;
        for (const QLabel* label : bench.prompt().findChildren<QLabel*>()) counts.append(label->text());
        QVERIFY2(counts.contains(QStringLiteral("7 / 75 tokens")), qPrintable(counts.join(u'|'))); // two words and five vectors
        // A word of another family is only a word.
        bench.fixture.workspace().describeModelInUse();
        const workspace::ModelList& models = bench.fixture.workspace().models();
        QTRY_VERIFY(models.entries().front().info);
        bench.fixture.setJob([](workflow::JobDescription& job) { job.prompt = "a hill, softlight-xl, old-hands"; });
        bench.fixture.trigger(ActionId::Generate);
        QTRY_VERIFY(bench.fixture.workspace().session().gallery().rowCount() > 0);
        const workflow::JobDescription& run = bench.fixture.workspace().session().gallery().at(0)->run->job;
        QCOMPARE(run.embeddings.size(), std::size_t{ 1 });
        QCOMPARE(QString::fromStdString(run.embeddings[0].path), files.filePath(QStringLiteral("embeddings/softlight-xl.safetensors")));
        QCOMPARE(run.embeddings[0].token, std::string("softlight-xl"));
        QVERIFY(bench.fixture.workspace().session().job().embeddings.empty()); // the panel's job stays as it was
    }

    void completion_leavesKeysAloneWhereNothingFits()
    {
        Bench bench;
        bench.prompt().setWords({ { QStringLiteral("softlight"), 1 } });
        auto& popup = *bench.prompt().findChild<ui::CompletionPopup*>();
        bench.write("a soft");
        QVERIFY(popup.isOffering());
        QTest::keyClick(&bench.prompt(), Qt::Key_Escape);
        QVERIFY(!popup.isVisible());
        QVERIFY(bench.prompt().hasFocus());
        QTest::keyClick(&bench.prompt(), Qt::Key_Tab);
        QVERIFY(!bench.prompt().hasFocus()); // Tab moves on
        QCOMPARE(bench.jobPrompt(), QStringLiteral("a soft"));
    }

    void words_endAtSpacesCommasAndBrackets_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("word");
        QTest::newRow("after a comma") << QStringLiteral("a,so") << QStringLiteral("so");
        QTest::newRow("in a weight") << QStringLiteral("(soft") << QStringLiteral("soft");
        QTest::newRow("after a line break") << QStringLiteral("a\nsoft-l") << QStringLiteral("soft-l");
        QTest::newRow("alone") << QStringLiteral("so") << QStringLiteral("so");
        QTest::newRow("none") << QStringLiteral("a ") << QString();
    }
    void words_endAtSpacesCommasAndBrackets()
    {
        QFETCH(QString, text);
        QFETCH(QString, word);
        QCOMPARE(ui::wordBefore(text, text.size()), word);
    }
};

QTEST_MAIN(TstPromptWords)
#include "tst_prompt_words.moc"
