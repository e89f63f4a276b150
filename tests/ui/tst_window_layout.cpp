// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/window_fixture.h"
#include "ui/canvas/canvas_view.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/variations_dock.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/fold.h"
#include "ui/window/canvas_area.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>
#include <QTranslator>

using namespace sfumato;
using sfumato::testing::FixtureOptions;
using sfumato::testing::WindowFixture;

namespace {

bool isControl(const QWidget& widget)
{
    return qobject_cast<const QAbstractButton*>(&widget) || qobject_cast<const QAbstractSlider*>(&widget) || qobject_cast<const QAbstractSpinBox*>(&widget) || qobject_cast<const QComboBox*>(&widget) || qobject_cast<const QLineEdit*>(&widget) || qobject_cast<const QPlainTextEdit*>(&widget) || qobject_cast<const QListView*>(&widget);
}

// Parts that Qt makes inside other controls.
bool isInnerPart(const QWidget& widget)
{
    return qobject_cast<const QScrollBar*>(&widget) || widget.objectName().startsWith(QStringLiteral("qt_")) || qobject_cast<const QAbstractSpinBox*>(widget.parentWidget()) || qobject_cast<const QComboBox*>(widget.parentWidget()) || qobject_cast<const QLineEdit*>(widget.parentWidget()) || widget.inherits("QComboBoxPrivateContainer") || widget.inherits("QComboBoxListView") || (widget.parentWidget() && widget.parentWidget()->inherits("QComboBoxPrivateContainer"));
}

// Why a visible text is cut, or empty.
QString cutText(const QWidget& widget)
{
    const QRect room = widget.rect();
    int needed = 0;
    QString text;
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        if (label->text().isEmpty()) return {};
        text = label->text();
        if (label->wordWrap()) return label->height() + 1 < label->heightForWidth(label->width()) ? text : QString();
        needed = label->fontMetrics().horizontalAdvance(text);
    } else if (const auto* box = qobject_cast<const QCheckBox*>(&widget)) {
        text = box->text();
        needed = box->fontMetrics().horizontalAdvance(text) + 20;
    } else if (const auto* button = qobject_cast<const QPushButton*>(&widget)) {
        text = button->text();
        needed = button->fontMetrics().horizontalAdvance(text) + (button->icon().isNull() ? 8 : 30);
    } else if (const auto* line = qobject_cast<const ui::ElidedLabel*>(&widget)) {
        text = line->text();
        needed = line->fontMetrics().horizontalAdvance(text);
    } else if (const auto* header = qobject_cast<const ui::FoldHeader*>(&widget)) {
        text = header->text();
        needed = header->fontMetrics().horizontalAdvance(text) + 18;
    }
    return needed > room.width() ? QStringLiteral("%1 (%2 of %3)").arg(text).arg(room.width()).arg(needed) : QString();
}

QStringList cutTexts(const QWidget& window)
{
    QStringList cut;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        if (widget->visibleRegion().isEmpty()) continue; // also what lies behind another dock
        if (const QString text = cutText(*widget); !text.isEmpty()) cut.append(text);
    }
    return cut;
}

// Siblings of one layout that lie over each other.
QStringList overlaps(const QWidget& window)
{
    QStringList found;
    for (const QWidget* parent : window.findChildren<QWidget*>()) {
        if (!parent->layout() || !parent->isVisible()) continue;
        QList<QWidget*> children;
        for (int i = 0; i < parent->layout()->count(); ++i) {
            QWidget* child = parent->layout()->itemAt(i)->widget();
            if (child && child->isVisible()) children.append(child);
        }
        for (int i = 0; i < children.size(); ++i) {
            for (int k = i + 1; k < children.size(); ++k) {
                const QRect common = children.at(i)->geometry().intersected(children.at(k)->geometry());
                if (common.width() > 1 && common.height() > 1) found.append(QStringLiteral("%1 over %2").arg(QString::fromLatin1(children.at(i)->metaObject()->className()), QString::fromLatin1(children.at(k)->metaObject()->className())));
            }
        }
    }
    return found;
}

void fillAndReview(WindowFixture& fixture, int steps = 2)
{
    fixture.openPicture();
    fixture.paint({ 300, 300 }, { 480, 320 });
    fixture.setJob([steps](workflow::JobDescription& job) {
        job.prompt = "a red house";
        job.steps = steps;
    });
    fixture.trigger(ui::ActionId::Generate);
    QTRY_COMPARE_WITH_TIMEOUT(fixture.workspace().session().pendingRuns(), 0, 20000);
    QTRY_COMPARE(fixture.workspace().session().state(), workspace::SessionState::Reviewing);
    for (ui::Fold* fold : fixture.window().findChildren<ui::Fold*>()) fold->setOpen(true);
    QTest::qWait(50);
}

} // namespace

class TstWindowLayout : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QApplication::removeTranslator(&m_german); }

    void layout_cutsNothing_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("isGerman");
        QTest::addColumn<bool>("isLight");
        for (const QSize& size : { QSize(1024, 640), QSize(1366, 768), QSize(1920, 1080) }) {
            QTest::addRow("english %dx%d", size.width(), size.height()) << size << false << false;
            QTest::addRow("german %dx%d", size.width(), size.height()) << size << true << true;
        }
    }

    void layout_cutsNothing()
    {
        QFETCH(QSize, size);
        QFETCH(bool, isGerman);
        QFETCH(bool, isLight);
        if (isGerman) {
            QVERIFY(m_german.load(QStringLiteral(":/i18n/sfumato_de.qm")));
            QApplication::installTranslator(&m_german);
        }
        WindowFixture fixture({ .scheme = isLight ? ui::ColorScheme::Light : ui::ColorScheme::Dark, .size = size });
        QCOMPARE(fixture.window().size(), size);
        QCOMPARE(cutTexts(fixture.window()).join(QLatin1Char('\n')), QString());
        const QString name = QStringLiteral("layout-%1-%2").arg(isGerman ? QStringLiteral("de") : QStringLiteral("en")).arg(size.width());
        fixture.screenshot(name + QStringLiteral("-empty"));
        fillAndReview(fixture);
        QCOMPARE(fixture.window().size(), size);
        fixture.screenshot(name);
        QCOMPARE(cutTexts(fixture.window()).join(QLatin1Char('\n')), QString());
        QCOMPARE(overlaps(fixture.window()), QStringList());
        if (size.width() >= 1366) QVERIFY(fixture.window().canvas().width() >= 0.55 * size.width());
        QVERIFY(fixture.window().canvas().view().height() >= 200);
    }

    void docks_readInFullInAWideFont_data()
    {
        QTest::addColumn<bool>("isGerman");
        QTest::newRow("english") << false;
        QTest::newRow("german") << true;
    }

    void docks_readInFullInAWideFont()
    {
        QFETCH(bool, isGerman);
        if (isGerman) {
            QVERIFY(m_german.load(QStringLiteral(":/i18n/sfumato_de.qm")));
            QApplication::installTranslator(&m_german);
        }
        sfumato::testing::FakeScript script;
        script.stepTime = std::chrono::milliseconds(20);
        WindowFixture fixture({ .script = script, .fontFamily = QStringLiteral("DejaVu Sans") });
        fillAndReview(fixture, 6); // enough to measure
        ui::GenerateDock& dock = fixture.window().generateDock();
        QVERIFY(dock.width() <= 320);
        const auto* estimate = dock.findChild<QLabel*>(QStringLiteral("estimate"));
        QVERIFY(estimate && estimate->text().contains(QStringLiteral(" – "))); // the frame and the time
        const auto* caption = fixture.window().variationsDock().findChild<QLabel*>(QStringLiteral("caption"));
        QVERIFY(caption && caption->text().count(QStringLiteral(" · ")) == 3); // number, seed, strength, seconds
        QVERIFY(!caption->toolTip().isEmpty());
        for (const QDockWidget* shown : fixture.window().findChildren<QDockWidget*>()) {
            QCOMPARE(cutTexts(*shown).join(QLatin1Char('\n')), QString());
            QCOMPARE(overlaps(*shown).join(QLatin1Char('\n')), QString());
        }
        fixture.screenshot(isGerman ? QStringLiteral("wide-font-de") : QStringLiteral("wide-font-en"));
    }

    void controls_allHaveANameAndCanBeReached()
    {
        WindowFixture fixture;
        fillAndReview(fixture);
        for (const QWidget* widget : fixture.window().findChildren<QWidget*>()) {
            if (!isControl(*widget) || isInnerPart(*widget)) continue;
            const QString what = QStringLiteral("%1 %2").arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName());
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(what + QStringLiteral(" has no name")));
            if (widget->isVisible() && widget->isEnabled()) QVERIFY2((widget->focusPolicy() & Qt::TabFocus) != 0, qPrintable(what + QStringLiteral(" cannot be reached by Tab")));
        }
    }

    void themes_switchWhileRunning()
    {
        WindowFixture fixture;
        fillAndReview(fixture);
        QAction& dark = fixture.window().actions().action(ui::ActionId::DarkAppearance);
        QVERIFY(dark.isChecked());
        dark.trigger();
        QTRY_COMPARE(ui::tokensOf(fixture.window()).scheme, ui::ColorScheme::Light);
        fixture.screenshot(QStringLiteral("light-review"));
        dark.trigger();
        QTRY_COMPARE(ui::tokensOf(fixture.window()).scheme, ui::ColorScheme::Dark);
    }

    void everyMenu_opens()
    {
        WindowFixture fixture;
        fixture.openPicture();
        for (const ui::ActionId id : { ui::ActionId::About, ui::ActionId::Shortcuts, ui::ActionId::CommandSearch, ui::ActionId::Export }) {
            fixture.trigger(id);
            auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
            QVERIFY(dialog);
            QCOMPARE(cutTexts(*dialog), QStringList());
            if (const QString folder = qEnvironmentVariable("SFUMATO_SCREENSHOT_DIR"); !folder.isEmpty()) dialog->grab().save(folder + QStringLiteral("/dialog-%1.png").arg(static_cast<int>(id)));
            dialog->reject();
        }
    }

private:
    QTranslator m_german;
};

QTEST_MAIN(TstWindowLayout)
#include "tst_window_layout.moc"
