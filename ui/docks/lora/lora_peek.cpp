// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_peek.h"

#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QLabel>
#include <QPainter>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

LoraPeek::LoraPeek(QWidget* parent) : QWidget(parent, Qt::ToolTip)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFixedWidth(kPictureSide + 2 * metrics::kBetween);
    m_picture = createLabel({}, LabelRole::Body, this);
    m_picture->setAlignment(Qt::AlignCenter);
    m_text = createParagraph({}, LabelRole::Secondary, this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kBetween, metrics::kBetween, metrics::kBetween, metrics::kBetween);
    column->setSpacing(metrics::kBetween);
    column->addWidget(m_picture);
    column->addWidget(m_text);
}

void LoraPeek::open(const QRect& card, const QString& text)
{
    m_card = card;
    m_picture->clear();
    m_picture->hide();
    setText(text);
    show();
}

void LoraPeek::setText(const QString& text)
{
    setLabelText(*m_text, text);
    place();
}

void LoraPeek::setPicture(const QImage& picture)
{
    QPixmap pixmap = QPixmap::fromImage(picture);
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    m_picture->setPixmap(pixmap);
    m_picture->show();
    place();
}

void LoraPeek::place()
{
    layout()->activate();
    const int height = layout()->totalHeightForWidth(width());
    const QRect screen = this->screen()->availableGeometry();
    const bool isLeft = m_card.center().x() > screen.center().x();
    const int x = isLeft ? m_card.left() - width() - metrics::kGroup : m_card.right() + metrics::kGroup;
    const int y = std::clamp(m_card.top(), screen.top(), std::max(screen.top(), screen.bottom() - height));
    setGeometry(x, y, width(), height);
}

void LoraPeek::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    painter.fillRect(rect(), tokens.surfaceRaised);
    drawBox(painter, rect(), { .fill = {}, .outline = tokens.lineStrong, .radius = 0 });
}

} // namespace sfumato::ui
