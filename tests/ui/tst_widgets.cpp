// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/advanced_settings.h"
#include "ui/docks/seed_field.h"
#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/widgets/fill_slider.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/primary_button.h"
#include "ui/widgets/prompt_edit.h"
#include "ui/widgets/slider_row.h"

#include <QApplication>
#include <QCheckBox>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace sfumato::ui;

namespace {

double luminance(const QColor& color)
{
    const auto linear = [](double value) { return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& first, const QColor& second)
{
    const double a = luminance(first), b = luminance(second);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

SliderSpec spec()
{
    return { .label = QStringLiteral("Strength"), .help = QStringLiteral("help"), .minimum = 5, .maximum = 100, .step = 1, .defaultValue = 95 };
}

} // namespace

class TstWidgets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void themes_keepTheirContrast()
    {
        for (const ColorScheme scheme : { ColorScheme::Dark, ColorScheme::Light }) {
            const ThemeTokens& tokens = tokensFor(scheme);
            for (const QColor& surface : { tokens.surfacePanel, tokens.surfaceWindow }) {
                QVERIFY(contrast(tokens.text, surface) >= 7);
                QVERIFY(contrast(tokens.textSecondary, surface) >= 4.5);
                QVERIFY(contrast(tokens.textDisabled, surface) >= 2.8);
            }
            QVERIFY(contrast(tokens.onAccent, tokens.accent) >= 4.5);
            QVERIFY(contrast(tokens.accent, tokens.surfacePanel) >= 4.5);
            for (const QColor& sign : { tokens.danger, tokens.warning, tokens.success }) QVERIFY(contrast(sign, tokens.surfacePanel) >= 4.5);
            for (const QColor& grey : { tokens.surfaceCanvas, tokens.surfaceWindow, tokens.surfacePanel, tokens.surfaceRaised, tokens.surfaceInput, tokens.text }) {
                QVERIFY(grey.red() == grey.green() && grey.green() == grey.blue());
            }
            QCOMPARE(tokensOf(paletteFor(tokens)).scheme, scheme);
        }
    }

    void icons_areDrawnInTheAskedColour()
    {
        int count = 0;
        for (QDirIterator files(QStringLiteral(":/sfumato/icons"), { QStringLiteral("*.svg") }, QDir::Files, QDirIterator::Subdirectories); files.hasNext();) {
            const QString path = files.next();
            if (path.contains(QStringLiteral("/app/"))) continue;
            const QString name = path.mid(QStringLiteral(":/sfumato/icons/").size()).chopped(4);
            const QImage image = tintedIcon(name, QColor(Qt::red), 20, 2.0).toImage();
            int painted = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    const QColor color = image.pixelColor(x, y);
                    if (color.alpha() < 128) continue;
                    ++painted;
                    QVERIFY2(color.red() > 200 && color.green() < 60, qPrintable(name));
                }
            }
            QVERIFY2(painted > 10, qPrintable(name + QStringLiteral(" is empty")));
            ++count;
        }
        QVERIFY(count >= 40);
    }

    void tooltip_neverInterpretsMarkup()
    {
        QWidget widget;
        setHelp(widget, QStringLiteral("<img src=x> & <b>bold</b>"));
        QVERIFY(widget.toolTip().contains(QStringLiteral("&lt;img src=x&gt; &amp; &lt;b&gt;")));
        const QLabel* label = createLabel(QStringLiteral("<b>x</b>"), LabelRole::Body, &widget);
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }

    void slider_typesArrowsAndDefaults()
    {
        SliderRow row(spec());
        QSignalSpy changed(&row, &SliderRow::valueChanged);
        auto* field = row.findChild<NumberField*>();
        auto* slider = row.findChild<FillSlider*>();
        row.resize(300, 28);
        row.show();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("40"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(row.value(), 40.0);
        QTest::keyClick(slider, Qt::Key_Right);
        QCOMPARE(row.value(), 41.0);
        QTest::mouseDClick(slider, Qt::LeftButton, {}, QPoint(slider->width() - 10, 14));
        QCOMPARE(row.value(), 95.0);
        QTest::mouseClick(slider, Qt::LeftButton, {}, QPoint(1, 14));
        QCOMPARE(row.value(), 5.0);
        QTest::mouseDClick(field->findChild<QLineEdit*>(), Qt::LeftButton);
        QCOMPARE(row.value(), 95.0);
        QVERIFY(changed.count() >= 5);
    }

    void logarithmicSlider_reachesBothEndsAndKeepsWholeSteps()
    {
        SliderRow row({ .label = QStringLiteral("Size"), .help = {}, .minimum = 1, .maximum = 2000, .step = 1, .defaultValue = 64, .isLogarithmic = true });
        row.resize(320, 28);
        row.show();
        auto* slider = row.findChild<FillSlider*>();
        for (const double value : { 1.0, 7.0, 64.0, 512.0, 2000.0 }) {
            row.setValue(value);
            QCOMPARE(row.value(), value);
        }
        QTest::mouseClick(slider, Qt::LeftButton, {}, QPoint(slider->width() / 2, 14));
        QVERIFY(row.value() > 20 && row.value() < 90);
        QCOMPARE(row.value(), std::round(row.value()));
    }

    void primaryButton_becomesItsProgressBar()
    {
        PrimaryButton button;
        button.setText(QStringLiteral("Replace area"));
        button.resize(300, 36);
        button.show();
        QSignalSpy clicked(&button, &PrimaryButton::clicked), stopped(&button, &PrimaryButton::stopRequested);
        QTest::mouseClick(&button, Qt::LeftButton);
        QCOMPARE(clicked.count(), 1);
        button.showProgress(QStringLiteral("Step 1 of 2"), 0.5);
        QTest::mouseClick(&button, Qt::LeftButton, {}, QPoint(20, 18));
        QTest::keyClick(&button, Qt::Key_Space);
        QCOMPARE(clicked.count(), 1);
        QTest::mouseClick(button.findChild<QToolButton*>(), Qt::LeftButton);
        QCOMPARE(stopped.count(), 1);
        button.showReady();
        QVERIFY(!button.findChild<QToolButton*>()->isVisible());
    }

    void messageBar_showsRunsAndGoes()
    {
        QWidget parent;
        parent.resize(600, 200);
        MessageBar bar(&parent);
        parent.show();
        int runs = 0;
        bar.show({ Severity::Error, QStringLiteral("<b>It</b> failed."), QStringLiteral("why"), { { QStringLiteral("Again"), [&runs] { ++runs; } } } });
        QCOMPARE(bar.text(), QStringLiteral("<b>It</b> failed."));
        QVERIFY(bar.isVisible());
        for (QPushButton* button : bar.findChildren<QPushButton*>()) {
            if (button->text() == QStringLiteral("Again")) button->click();
        }
        QCOMPARE(runs, 1);
        QVERIFY(!bar.isVisible());
    }

    void prompt_growsCountsAndWeighs()
    {
        PromptEdit edit(3, 6);
        edit.resize(200, 80);
        edit.show();
        edit.setTokenCounter([](const QString& text, const std::vector<PromptWord>&) { return static_cast<int>(text.size()); });
        const int empty = edit.height();
        edit.setPrompt(QStringLiteral("a\nb\nc\nd\ne"));
        QVERIFY(edit.height() > empty);
        const int five = edit.height();
        edit.setPrompt(QString(400, QLatin1Char('\n')));
        QVERIFY(edit.height() >= five && edit.height() < 200);
        edit.setPrompt(QStringLiteral("red hat"));
        edit.moveCursor(QTextCursor::Start);
        QTest::keyClick(&edit, Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(edit.prompt(), QStringLiteral("(red:1.05) hat"));
        edit.remember(QStringLiteral("first"));
        edit.remember(QStringLiteral("second"));
        QTest::keyClick(&edit, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(edit.prompt(), QStringLiteral("second"));
        QTest::keyClick(&edit, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(edit.prompt(), QStringLiteral("first"));
    }

    void seed_isRandomUntilItIsKept()
    {
        SeedField field;
        QSignalSpy edited(&field, &SeedField::edited);
        QVERIFY(!field.seed());
        field.roll();
        QVERIFY(field.seed());
        field.setLocked(false);
        QVERIFY(!field.seed());
        field.showLastSeed(4411);
        field.setLocked(true);
        QCOMPARE(field.seed().value(), std::uint64_t{ 4411 });
        field.setSeed(std::uint64_t{ 9223372036854775807U });
        QCOMPARE(field.seed().value(), std::uint64_t{ 9223372036854775807U });
        QVERIFY(edited.count() >= 3);
    }

    // What the fold does not show (factors, layers) survives it, and a job goes through it unchanged.
    void advancedSettings_carryTheirPartOfTheJob()
    {
        using namespace sfumato;
        AdvancedSettings settings;
        QSignalSpy edited(&settings, &AdvancedSettings::edited);
        workflow::JobDescription job;
        settings.show(job);
        workflow::JobDescription written = job;
        settings.writeTo(written);
        QVERIFY(written == job);
        const QString plain = settings.summary();

        job.compatibility = engine::Compatibility::ComfyUi;
        job.noiseOrigin = engine::NoiseOrigin::Cpu;
        job.guidanceRescale = 0.7;
        job.guidanceInterval = workflow::GuidanceInterval{ 0.3, 5.4 };
        job.perturbed = { 2.5, 0.01, { "up_blocks.0" } };
        job.freeU = engine::FreeU{ 1.5, 1.6, 0.8, 0.3, 2 };
        job.sharpness = 2.0;
        job.adaptiveGuidance = 7.0;
        job.sizeEmphasis = engine::SizeEmphasis{ 1.4, 0.7, 0.25 };
        settings.show(job);
        QVERIFY(settings.summary() != plain);
        written = job;
        settings.writeTo(written);
        QVERIFY(written == job);
        QCOMPARE(edited.count(), 0); // showing is no edit

        const auto boxes = settings.findChildren<QCheckBox*>();
        QCOMPARE(boxes.size(), 2);
        for (QCheckBox* box : boxes) box->click();
        QVERIFY(edited.count() >= 2);
        settings.writeTo(written);
        QVERIFY(!written.freeU && !written.sizeEmphasis);
        for (QCheckBox* box : boxes) box->click();
        settings.writeTo(written);
        QVERIFY(written.freeU == engine::FreeU{} && written.sizeEmphasis == engine::SizeEmphasis{});
    }
};

QTEST_MAIN(TstWidgets)
#include "tst_widgets.moc"
