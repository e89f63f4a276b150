// What belongs to the model in the Generate dock: the offer of a few-step model, the refiner, the VAE, and what the artist says of a file.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"
#include "core/workspace/model_override.h"
#include "tests/ui/window_fixture.h"
#include "ui/docks/few_step_bar.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/model_override_menu.h"
#include "ui/docks/refiner_settings.h"
#include "ui/docks/vae_settings.h"
#include "ui/widgets/fold.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <array>

using namespace sfumato;
using sfumato::testing::FakeScript;
using sfumato::testing::FixtureOptions;
using sfumato::testing::WindowFixture;

namespace {

FixtureOptions withModel(const engine::ModelInfo& info)
{
    FixtureOptions options;
    options.script.modelInfo = info;
    options.size = { 1366, 900 };
    return options;
}

engine::ModelInfo sdxl()
{
    engine::ModelInfo info;
    info.family = engine::ModelFamily::Sdxl;
    return info;
}

const workflow::JobDescription& jobOf(WindowFixture& fixture) { return fixture.workspace().session().job(); }

// The words of a part of the dock.
QStringList textsOf(const QWidget& part)
{
    QStringList texts;
    for (const QLabel* label : part.findChildren<QLabel*>()) {
        if (label->isVisibleTo(&part) && !label->text().isEmpty()) texts.append(label->text());
    }
    return texts;
}

void openFold(WindowFixture& fixture, QWidget* body)
{
    auto* fold = qobject_cast<ui::Fold*>(body->parentWidget());
    QVERIFY(fold);
    fold->setOpen(true);
    fixture.window().generateDock().show();
}

void chooseItem(QComboBox& box, int index)
{
    box.setCurrentIndex(index);
    Q_EMIT box.activated(index);
}

// A file of one tensor of this name.
QString writeTensor(const QString& path, const char* name, const std::vector<std::int64_t>& shape)
{
    std::int64_t count = 1;
    for (const std::int64_t side : shape) count *= side;
    const std::vector<std::byte> bytes(static_cast<std::size_t>(count) * 4);
    const std::vector<engine::TensorToWrite> tensors{ { name, engine::Dtype::F32, shape, std::span(bytes) } };
    if (!engine::writeSafetensors(path.toStdString(), tensors)) qFatal("The file cannot be written.");
    return path;
}

} // namespace

class TstModelSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fewSteps_areOfferedAndTakenBackByClicks()
    {
        engine::ModelInfo info = sdxl();
        info.fewSteps = engine::FewStepAdvice{ engine::FewStepMethod::Lightning, 4, 4, 4, 1.0, 1.0, 2.0, "euler_trailing" };
        WindowFixture fixture(withModel(info));
        auto* bar = fixture.window().generateDock().findChild<ui::FewStepBar*>();
        QVERIFY(bar);
        fixture.workspace().describeModelInUse();
        QTRY_VERIFY(bar->isVisibleTo(&fixture.window().generateDock()));
        const workflow::JobDescription before = jobOf(fixture);
        QVERIFY2(textsOf(*bar).join(QString()).contains(QStringLiteral("(Lightning): 4 steps, guidance 1, Euler trailing.")), qPrintable(textsOf(*bar).join(QString())));
        fixture.screenshot(QStringLiteral("few-steps-offer"));
        auto* button = bar->findChild<QPushButton*>();
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(jobOf(fixture).steps, 4);
        QCOMPARE(jobOf(fixture).guidanceScale, 1.0);
        QCOMPARE(jobOf(fixture).scheduler, std::string("euler_trailing"));
        QCOMPARE(textsOf(*bar), QStringList{ QStringLiteral("Set for Lightning: 4 steps, guidance 1, Euler trailing.") });
        fixture.screenshot(QStringLiteral("few-steps-taken"));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(jobOf(fixture), before);

        QTest::mouseClick(button, Qt::LeftButton);
        workspace::AppSettings settings = fixture.workspace().appSettings();
        settings.model = QStringLiteral("another"); // this one is no longer in use, its settings are
        fixture.workspace().setAppSettings(settings);
        QVERIFY2(textsOf(*bar).join(QString()).contains(QStringLiteral("which is no longer in use: 4 steps")), qPrintable(textsOf(*bar).join(QString())));
        fixture.screenshot(QStringLiteral("few-steps-left-over"));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(jobOf(fixture), before);
        QVERIFY(!bar->isVisibleTo(&fixture.window().generateDock()));
    }

    void refiner_isOffByDefaultAndReachesTheJob()
    {
        WindowFixture fixture(withModel(sdxl()));
        auto* settings = fixture.window().generateDock().findChild<ui::RefinerSettings*>();
        auto* choice = settings->findChild<QComboBox*>(QStringLiteral("refinerChoice"));
        QVERIFY(!jobOf(fixture).refiner);
        QCOMPARE(choice->currentText(), QStringLiteral("Off"));
        openFold(fixture, settings);
        chooseItem(*choice, 1);
        QVERIFY(jobOf(fixture).refiner.has_value());
        QCOMPARE(jobOf(fixture).refiner->switchAt, 0.8);
        QVERIFY(!jobOf(fixture).refiner->model.empty());
        QTRY_VERIFY(textsOf(*settings).join(QString()).contains(QStringLiteral("is a whole SDXL model, not a refiner."))); // the fake engine knows one family only
        fixture.screenshot(QStringLiteral("refiner-on"));
        fixture.setJob([](workflow::JobDescription& job) { job.refiner->switchAt = 0.65; }); // as a recipe does
        QVERIFY(settings->summary().endsWith(QStringLiteral("from 65 % on")));
        fixture.setJob([](workflow::JobDescription& job) { job.refiner = workflow::RefinerSettings{ "/gone/refiner-xl.safetensors", 0.7 }; });
        QCOMPARE(choice->currentText(), QStringLiteral("refiner-xl"));
        QVERIFY(textsOf(*settings).contains(QStringLiteral("This file is not where it was.")));
        chooseItem(*choice, 0);
        QVERIFY(!jobOf(fixture).refiner);
    }

    void refiner_saysWhatIsNone()
    {
        engine::ModelInfo info = sdxl();
        info.family = engine::ModelFamily::Sd1;
        info.sizeInBytes = 1; // the fixture fills in what has no size
        WindowFixture fixture(withModel(info));
        auto* settings = fixture.window().generateDock().findChild<ui::RefinerSettings*>();
        openFold(fixture, settings);
        fixture.workspace().describeModelInUse();
        QTRY_VERIFY(fixture.workspace().models().entries().front().info.has_value());
        chooseItem(*settings->findChild<QComboBox*>(QStringLiteral("refinerChoice")), 1);
        QTRY_VERIFY2(textsOf(*settings).join(QString()).contains(QStringLiteral("is no SDXL model, so no refiner can finish what it begins.")), qPrintable(textsOf(*settings).join(QLatin1Char(';'))));
        fixture.screenshot(QStringLiteral("refiner-refused"));
    }

    void vae_isChosenByHandAndSaidWhatItIs()
    {
        WindowFixture fixture(withModel(sdxl()));
        auto* settings = fixture.window().generateDock().findChild<ui::VaeSettings*>();
        QCOMPARE(settings->summary(), QStringLiteral("The model's own"));
        openFold(fixture, settings);
        fixture.answers().openPath = writeTensor(fixture.folder() + QStringLiteral("/soft.safetensors"), "decoder.conv_in.weight", { 8, 4, 3, 3 });
        QTest::mouseClick(settings->findChild<QToolButton*>(), Qt::LeftButton);
        QTRY_COMPARE(jobOf(fixture).vae, fixture.answers().openPath.toStdString());
        QCOMPARE(settings->summary(), QStringLiteral("soft"));
        fixture.answers().openPath = writeTensor(fixture.folder() + QStringLiteral("/taesdxl.safetensors"), "taesd_decoder.3.conv.0.weight", { 64, 64, 3, 3 });
        QTest::mouseClick(settings->findChild<QToolButton*>(), Qt::LeftButton);
        QTRY_VERIFY(textsOf(*settings).contains(QStringLiteral("taesdxl is a small VAE: much faster, with rougher detail.")));
        fixture.screenshot(QStringLiteral("vae"));
        fixture.answers().openPath = writeTensor(fixture.folder() + QStringLiteral("/odd.safetensors"), "lora_unet_mid.lora_down.weight", { 4, 8 });
        QTest::mouseClick(settings->findChild<QToolButton*>(), Qt::LeftButton);
        QTRY_VERIFY(textsOf(*settings).contains(QStringLiteral("odd is no VAE. Choose another file, or the model's own.")));
        chooseItem(*settings->findChild<QComboBox*>(QStringLiteral("vaeChoice")), 0);
        QVERIFY(jobOf(fixture).vae.empty());
    }

    void override_isRememberedForTheFile()
    {
        WindowFixture fixture(withModel(sdxl()));
        auto* menu = fixture.window().generateDock().findChild<ui::ModelOverrideMenu*>();
        QVERIFY(menu);
        const QString path = fixture.workspace().models().entries().front().path;
        QCOMPARE(menu->actions().size(), 5);
        menu->actions().at(2)->trigger();
        const auto told = workspace::modelOverride(fixture.workspace().appSettings(), path);
        QVERIFY(told && told->prediction == engine::PredictionType::VPrediction && told->zeroTerminalSnr == false);
        QVERIFY(textsOf(fixture.window().generateDock()).join(QString()).contains(QStringLiteral("taken for a v-prediction model")));
        fixture.screenshot(QStringLiteral("told-v-prediction"));
        menu->actions().at(0)->trigger();
        QVERIFY(!workspace::modelOverride(fixture.workspace().appSettings(), path));
    }
};

QTEST_MAIN(TstModelSettings)
#include "tst_model_settings.moc"
