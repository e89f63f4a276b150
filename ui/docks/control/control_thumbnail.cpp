// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/control/control_thumbnail.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QDialog>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace sfumato::ui {

namespace {

constexpr double kLargestPartOfScreen = 0.8;

QSize fitted(const QSize& size, const QSize& room)
{
    return size.width() <= room.width() && size.height() <= room.height() ? size : size.scaled(room, Qt::KeepAspectRatio);
}

int brightest(const QImage& rgb)
{
    int most = 0;
    for (int y = 0; y < rgb.height(); ++y) {
        const uchar* row = rgb.constScanLine(y);
        most = std::max<int>(most, *std::max_element(row, row + std::ptrdiff_t{ 3 } * rgb.width()));
    }
    return most;
}

// Lines of one pixel fade when a picture is reduced; they are lifted again so that they can be seen.
QImage reduced(const QImage& picture, const QSize& size)
{
    constexpr int kFaint = 200, kMostLift = 4;
    const QImage source = picture.convertToFormat(QImage::Format_RGB888);
    QImage small = source.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation).convertToFormat(QImage::Format_RGB888);
    const int before = brightest(source), after = brightest(small);
    if (after == 0 || after >= kFaint || before <= after) return small;
    const double lift = std::min<double>(static_cast<double>(before) / after, kMostLift);
    for (int y = 0; y < small.height(); ++y) {
        uchar* row = small.scanLine(y);
        std::transform(row, row + std::ptrdiff_t{ 3 } * small.width(), row, [lift](uchar value) { return static_cast<uchar>(std::min(255.0, value * lift)); });
    }
    return small;
}

} // namespace

ControlThumbnail::ControlThumbnail(QWidget* parent) : QAbstractButton(parent)
{
    setFixedSize(kSide, kSide);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setPicture({});
}

void ControlThumbnail::setPicture(const QImage& picture)
{
    m_picture = picture;
    m_small = {};
    setEnabled(!picture.isNull());
    update();
}

void ControlThumbnail::paintEvent(QPaintEvent* /*event*/)
{
    const ThemeTokens& tokens = tokensOf(*this);
    QPainter painter(this);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath outline;
    outline.addRoundedRect(frame, metrics::kControlRadius, metrics::kControlRadius);
    painter.fillPath(outline, tokens.surfaceInput);
    const qreal scale = devicePixelRatioF();
    const QSize room(static_cast<int>(std::floor((kSide - 2) * scale)), static_cast<int>(std::floor((kSide - 2) * scale)));
    if (m_picture.isNull()) {
        const QPixmap icon = tintedIcon(QStringLiteral("actions/image"), tokens.textDisabled, metrics::kIconSize, scale);
        painter.drawPixmap(QPointF((kSide - metrics::kIconSize) / 2.0, (kSide - metrics::kIconSize) / 2.0), icon);
    } else {
        const QSize wanted = fitted(m_picture.size(), room);
        if (m_small.size() != wanted) m_small = reduced(m_picture, wanted);
        m_small.setDevicePixelRatio(scale);
        painter.drawImage(QPointF((kSide - wanted.width() / scale) / 2.0, (kSide - wanted.height() / scale) / 2.0), m_small);
    }
    painter.setPen(QPen(hasFocus() ? tokens.accent : tokens.lineStrong, hasFocus() ? 2.0 : 1.0));
    painter.drawPath(outline);
}

void showControlPicture(const QImage& picture, const QString& title, QWidget& parent)
{
    auto* dialog = new QDialog(parent.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("controlPicture"));
    dialog->setWindowTitle(title);
    const QSize room = parent.screen()->availableSize() * kLargestPartOfScreen;
    QLabel* view = createLabel({}, LabelRole::Body, dialog);
    view->setPixmap(QPixmap::fromImage(picture.scaled(fitted(picture.size(), room), Qt::IgnoreAspectRatio, Qt::SmoothTransformation)));
    describe(*view, title);
    QLabel* size = createLabel(QStringLiteral("%1 × %2").arg(picture.width()).arg(picture.height()), LabelRole::Secondary, dialog);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(metrics::kDockMargin, metrics::kDockMargin, metrics::kDockMargin, metrics::kBetween);
    column->setSpacing(metrics::kBetween);
    column->addWidget(view);
    column->addWidget(size, 0, Qt::AlignHCenter);
    column->setSizeConstraint(QLayout::SetFixedSize);
    dialog->open();
}

} // namespace sfumato::ui
