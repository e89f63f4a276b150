// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/dock_heading.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace sfumato::ui {

DockHeading::DockHeading(const QString& title, QWidget* parent) : QWidget(parent)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin, metrics::kInside);
    row->addWidget(createLabel(title, LabelRole::Heading, this));
}

void DockHeading::setCollapsed(bool isCollapsed)
{
    if (isCollapsed == m_isCollapsed) return;
    m_isCollapsed = isCollapsed;
    setMaximumHeight(isCollapsed ? 0 : QWIDGETSIZE_MAX);
    updateGeometry();
}

QSize DockHeading::sizeHint() const { return m_isCollapsed ? QSize(0, 0) : QWidget::sizeHint(); }

QSize DockHeading::minimumSizeHint() const { return m_isCollapsed ? QSize(0, 0) : QWidget::minimumSizeHint(); }

void DockHeading::paintEvent(QPaintEvent* /*event*/)
{
    QPainter(this).fillRect(rect(), tokensOf(*this).surfacePanel);
}

void DockPanel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter(this).fillRect(rect(), tokensOf(*this).surfacePanel);
}

} // namespace sfumato::ui
