// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_stack_row.h"

#include "core/workspace/lora_stack_model.h"
#include "ui/docks/lora/lora_texts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QCheckBox>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr int kGripWidth = 16;
constexpr int kTriggersShown = 12;

QToolButton* createTool(const QString& icon, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

SliderSpec weightSpec(const QString& label, const QString& help, bool showsLabel)
{
    return { .label = label, .help = help, .minimum = 0, .maximum = workspace::kLargestLoraSlide, .step = 0.05, .defaultValue = workspace::kNewLoraWeight, .decimals = 2, .typedMinimum = -workspace::kLargestLoraWeight, .typedMaximum = workspace::kLargestLoraWeight, .showsLabel = showsLabel };
}

} // namespace

LoraStackRow::LoraStackRow(QWidget* parent) : QWidget(parent)
{
    auto* head = new QHBoxLayout;
    head->setSpacing(2);
    createHeadLine(*head);
    m_weight = new SliderRow(weightSpec(tr("Weight"), tr("How strongly the LoRA works. 0 is not at all; −4 to 4 can be typed."), false), this);
    m_textEncoderPart = createTextEncoderPart();
    m_note = createParagraph({}, LabelRole::Secondary, this);
    m_note->setMinimumHeight(1); // its height is that of its width, not the guess of a label
    m_chips = new QWidget(this);
    auto* flow = new FlowLayout(m_chips);
    flow->setSpacing(metrics::kInside);

    auto* body = new QVBoxLayout;
    body->setContentsMargins(kGripWidth + 2, 0, 0, 0);
    body->setSpacing(metrics::kInside);
    for (QWidget* part : { static_cast<QWidget*>(m_weight), static_cast<QWidget*>(m_note), m_chips, m_textEncoderPart }) body->addWidget(part);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, metrics::kInside, 0, metrics::kBetween);
    column->setSpacing(0);
    column->addLayout(head);
    column->addLayout(body);
    connect(m_weight, &SliderRow::valueChanged, this, [this](double value) {
        if (!m_isShowing) Q_EMIT weightChanged(value);
    });
    for (QWidget* part : findChildren<QWidget*>()) part->installEventFilter(this);
}

void LoraStackRow::createHeadLine(QHBoxLayout& line)
{
    m_grip = createTool(QStringLiteral("status/grip"), this);
    m_grip->setFixedWidth(kGripWidth);
    m_grip->setCursor(Qt::SizeVerCursor);
    m_eye = createTool(QStringLiteral("status/eye"), this);
    m_name = new ElidedLabel(this);
    m_name->setProminent();
    m_unfold = createTool(QStringLiteral("status/chevron-right"), this);
    m_remove = createTool(QStringLiteral("actions/discard"), this);
    line.addWidget(m_grip);
    line.addWidget(m_eye);
    line.addWidget(m_name, 1);
    line.addWidget(m_unfold);
    line.addWidget(m_remove);
    connect(m_eye, &QToolButton::clicked, this, [this] { Q_EMIT switched(!m_look.isOn); });
    connect(m_remove, &QToolButton::clicked, this, &LoraStackRow::removeRequested);
    connect(m_unfold, &QToolButton::clicked, this, [this] { unfold(m_textEncoderPart->isHidden()); });
}

QWidget* LoraStackRow::createTextEncoderPart()
{
    auto* part = new QWidget(this);
    m_hasOwn = new QCheckBox(tr("Own weight for the text"), part);
    describe(*m_hasOwn, tr("Own weight for the text"), tr("How strongly the LoRA changes the way the prompt is read. Without a check mark it is the weight above."));
    m_textEncoderWeight = new SliderRow(weightSpec(tr("Weight for the text"), tr("How strongly the LoRA changes the way the prompt is read."), false), part);
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kInside);
    column->addWidget(m_hasOwn);
    column->addWidget(m_textEncoderWeight);
    part->hide();
    connect(m_hasOwn, &QCheckBox::toggled, this, [this](bool hasOwn) {
        if (!m_isShowing) Q_EMIT textEncoderWeightChanged(hasOwn ? std::optional(m_weight->value()) : std::nullopt);
    });
    connect(m_textEncoderWeight, &SliderRow::valueChanged, this, [this](double value) {
        if (!m_isShowing) Q_EMIT textEncoderWeightChanged(value);
    });
    return part;
}

void LoraStackRow::show(const LoraRowLook& look)
{
    const QScopedValueRollback showing(m_isShowing, true);
    const bool isFirst = m_look.path != look.path;
    const bool hasSameTriggers = !isFirst && m_look.triggers == look.triggers;
    const bool wasOn = m_look.isOn;
    m_look = look;
    if (isFirst || wasOn != look.isOn) refreshName();
    m_name->setText(look.name);
    m_name->setEnabled(look.isOn);
    m_eye->setIcon(themedIcon(look.isOn ? QStringLiteral("status/eye") : QStringLiteral("status/eye-off")));
    m_weight->setDefaultValue(look.preferredWeight);
    m_weight->setValue(look.weight);
    m_weight->setEnabled(look.isOn);
    m_hasOwn->setChecked(look.textEncoderWeight.has_value());
    m_textEncoderWeight->setValue(look.textEncoderWeight.value_or(look.weight));
    m_textEncoderWeight->setEnabled(look.isOn && look.textEncoderWeight.has_value());
    m_hasOwn->setEnabled(look.isOn);
    if (isFirst && look.textEncoderWeight) unfold(true);
    showApplied();
    if (!hasSameTriggers) rebuildTriggers();
    for (Chip* chip : m_chips->findChildren<Chip*>()) chip->setChecked(look.presentTriggers.contains(chip->objectName()));
}

void LoraStackRow::unfold(bool isOpen)
{
    m_unfold->setIcon(themedIcon(isOpen ? QStringLiteral("status/chevron-down") : QStringLiteral("status/chevron-right")));
    m_textEncoderPart->setVisible(isOpen);
    Q_EMIT heightChanged();
}

// The parts say whose they are.
void LoraStackRow::refreshName()
{
    const QString& name = m_look.name;
    describe(*this, name, m_look.path);
    describe(*m_grip, tr("Move %1").arg(name), tr("Drag to change the order, or use the up and down keys here."));
    describe(*m_eye, m_look.isOn ? tr("Switch %1 off").arg(name) : tr("Switch %1 on").arg(name), tr("Switch the LoRA off and on. With Alt: only this one, and back."));
    describe(*m_unfold, tr("Weight for the text of %1").arg(name), tr("Give the text encoders a weight of their own."));
    describe(*m_remove, tr("Remove %1").arg(name), tr("Take the LoRA out of the stack; its trigger words leave the prompt with it."));
}

void LoraStackRow::showApplied()
{
    QStringList notes;
    if (!m_look.warning.isEmpty()) notes.append(m_look.warning);
    if (m_look.applied) notes.append(appliedText(*m_look.applied));
    setLabelText(*m_note, notes.join(QLatin1Char('\n')));
    m_note->setVisible(!notes.isEmpty());
    setHelp(*m_note, m_look.unmatched.isEmpty() ? QString() : tr("Not in this model:") + QLatin1Char('\n') + m_look.unmatched.mid(0, kTriggersShown).join(QLatin1Char('\n')));
    const bool isWhole = !m_look.applied || m_look.applied->x() == m_look.applied->y();
    QPalette palette;
    if (!m_look.warning.isEmpty() || !isWhole) palette.setColor(m_note->foregroundRole(), tokensOf(*this).warning);
    m_note->setPalette(palette);
}

void LoraStackRow::rebuildTriggers()
{
    QLayout& flow = *m_chips->layout();
    while (const std::unique_ptr<QLayoutItem> item{ flow.takeAt(0) }) {
        item->widget()->setParent(nullptr);
        item->widget()->deleteLater();
    }
    for (const QString& trigger : m_look.triggers.mid(0, kTriggersShown)) {
        auto* chip = new Chip(trigger, tr("Click to put these trigger words into the prompt, or to take them out."), m_chips);
        chip->setCheckable(true);
        chip->setObjectName(trigger);
        chip->installEventFilter(this);
        flow.addWidget(chip);
        connect(chip, &QAbstractButton::clicked, this, [this, trigger] { Q_EMIT triggerClicked(trigger); });
    }
    m_chips->setVisible(!m_look.triggers.isEmpty());
}

void LoraStackRow::paintEvent(QPaintEvent* /*event*/)
{
    QPainter(this).fillRect(QRect(0, height() - 1, width(), 1), tokensOf(*this).lineSubtle);
}

void LoraStackRow::contextMenuEvent(QContextMenuEvent* event)
{
    Q_EMIT touched();
    Q_EMIT menuRequested(event->globalPos());
}

bool LoraStackRow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::MouseButtonPress) Q_EMIT touched();
    if (watched == m_grip && handleGrip(event)) return true;
    if (watched == m_eye && event->type() == QEvent::MouseButtonRelease && static_cast<QMouseEvent*>(event)->modifiers().testFlag(Qt::AltModifier)) {
        m_eye->setDown(false);
        Q_EMIT soloRequested();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool LoraStackRow::handleGrip(QEvent* event)
{
    if (event->type() == QEvent::MouseMove) {
        const auto* move = static_cast<QMouseEvent*>(event);
        if (!move->buttons().testFlag(Qt::LeftButton)) return false;
        Q_EMIT gripDragged(parentWidget()->mapFromGlobal(move->globalPosition().toPoint()).y());
        return true;
    }
    if (event->type() != QEvent::KeyPress) return false;
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Up && key != Qt::Key_Down) return false;
    Q_EMIT moveRequested(key == Qt::Key_Up ? -1 : 1);
    return true;
}

} // namespace sfumato::ui
