// SPDX-License-Identifier: Apache-2.0
#include "ui/window/empty_state.h"

#include "ui/docks/size_settings.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QAction>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

namespace sfumato::ui {

namespace {

using workflow::SizePreset;

struct Shape {
    SizePreset preset;
    int width; // of the little frame on the button
    int height;
};
constexpr std::array kShapes{ Shape{ SizePreset::SquareHd, 16, 16 }, Shape{ SizePreset::Landscape43, 20, 15 }, Shape{ SizePreset::Landscape169, 22, 12 },
    Shape{ SizePreset::Portrait43, 15, 20 }, Shape{ SizePreset::Portrait169, 12, 22 } };

// A button with a frame of the format's own proportions.
class FormatButton final : public QToolButton {
public:
    FormatButton(const Shape& shape, QWidget* parent) : QToolButton(parent), m_shape(shape)
    {
        setCheckable(true);
        setAutoRaise(true);
        setFocusPolicy(Qt::StrongFocus);
        setFixedSize(metrics::kToolStripWidth, metrics::kToolStripWidth);
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QToolButton::paintEvent(event);
        const ThemeTokens& tokens = tokensOf(*this);
        QPainter painter(this);
        const QRectF frame(width() / 2.0 - m_shape.width / 2.0, height() / 2.0 - m_shape.height / 2.0, m_shape.width, m_shape.height);
        drawBox(painter, frame, { .fill = {}, .outline = isChecked() ? tokens.accent : tokens.textSecondary, .radius = 2, .outlineWidth = 1.5 });
    }

private:
    Shape m_shape;
};

} // namespace

EmptyState::EmptyState(QAction& open, QAction& paste, QWidget* parent) : QWidget(parent)
{
    QLabel* sentence = createParagraph(tr("Describe a picture, or drop one here."), LabelRole::Heading, this);
    sentence->setAlignment(Qt::AlignCenter);
    auto* formats = new QHBoxLayout;
    formats->setSpacing(metrics::kInside);
    formats->addStretch(1);
    auto* group = new QButtonGroup(this);
    for (const Shape& shape : kShapes) {
        auto* button = new FormatButton(shape, this);
        describe(*button, presetName(shape.preset), presetName(shape.preset));
        group->addButton(button);
        formats->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, preset = shape.preset] { Q_EMIT presetChosen(preset); });
    }
    group->buttons().first()->setChecked(true);
    formats->addStretch(1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::kBetween);
    buttons->addStretch(1);
    for (QAction* action : { &open, &paste }) {
        auto* button = new QPushButton(action->icon(), action == &paste ? tr("Paste") : action->text(), this);
        describe(*button, action->text(), action->statusTip());
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kGroup, metrics::kGroup, metrics::kGroup, metrics::kGroup);
    column->setSpacing(metrics::kGroup);
    column->addWidget(sentence);
    column->addLayout(formats);
    column->addLayout(buttons);
    setMaximumWidth(400);
}

void EmptyState::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    drawBox(painter, rect(), { .fill = tokens.surfacePanel, .outline = tokens.lineSubtle, .radius = metrics::kCardRadius });
}

} // namespace sfumato::ui
