// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/variation_delegate.h"

#include "core/workspace/gallery_model.h"
#include "ui/docks/generate_texts.h"
#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace sfumato::ui {

namespace {

using workspace::GalleryModel;

constexpr int kBadge = 20;
constexpr int kBar = 4;

// The middle of the picture that has the tile's proportions.
QRectF middleOf(QSizeF picture, QSizeF tile)
{
    tile.scale(picture, Qt::KeepAspectRatio);
    return { QPointF((picture.width() - tile.width()) / 2, (picture.height() - tile.height()) / 2), tile };
}

void drawBadge(QPainter& painter, const QRectF& rect, const QString& text, const ThemeTokens& tokens)
{
    drawBox(painter, rect, { .fill = tokens.surfaceWindow, .outline = {}, .radius = 3 });
    painter.setPen(tokens.text);
    painter.drawText(rect, Qt::AlignCenter, text);
}

void drawProgress(QPainter& painter, const QRectF& tile, const QModelIndex& index, const ThemeTokens& tokens)
{
    const QRectF groove(tile.left() + 8, tile.bottom() - 8 - kBar, tile.width() - 16, kBar);
    drawBox(painter, groove, { .fill = tokens.surfaceInput, .outline = {}, .radius = 2 });
    QRectF bar = groove;
    bar.setWidth(groove.width() * index.data(GalleryModel::ProgressRole).toDouble());
    drawBox(painter, bar, { .fill = tokens.accent, .outline = {}, .radius = 2 });
    const QPoint steps = index.data(GalleryModel::StepRole).toPoint();
    if (steps.y() <= 0) return;
    const QString text = QStringLiteral("%1/%2").arg(steps.x()).arg(steps.y());
    const double width = painter.fontMetrics().horizontalAdvance(text) + 10;
    drawBadge(painter, QRectF(tile.right() - 6 - width, groove.top() - kBadge - 4, width, kBadge), text, tokens);
}

// An eye that is shut, in the middle, and the word for it.
void drawHidden(QPainter& painter, const QRectF& tile, const ThemeTokens& tokens)
{
    constexpr double kIcon = 16, kSpace = 6;
    const QString text = VariationDelegate::hiddenText();
    const double width = kIcon + 3 * kSpace + painter.fontMetrics().horizontalAdvance(text);
    const QRectF badge(tile.center().x() - width / 2, tile.center().y() - kBadge / 2.0, width, kBadge);
    drawBox(painter, badge, { .fill = tokens.surfaceWindow, .outline = {}, .radius = 3 });
    painter.drawPixmap(badge.topLeft() + QPointF(kSpace, (kBadge - kIcon) / 2), tintedIcon(QStringLiteral("status/eye-off"), tokens.text, static_cast<int>(kIcon), painter.device()->devicePixelRatioF()));
    painter.setPen(tokens.text);
    painter.drawText(badge.adjusted(kIcon + 2 * kSpace, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
}

} // namespace

void VariationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const ThemeTokens& tokens = tokensOf(option.palette);
    const QRectF place(option.rect.x(), option.rect.y(), metrics::kTileSize, metrics::kTileSize);
    const QRectF tile = place.adjusted(3, 3, -3, -3);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    painter->setFont(secondaryFont());
    drawBox(*painter, tile, { .fill = tokens.surfaceCanvas, .outline = tokens.lineSubtle });

    const auto thumbnail = index.data(Qt::DecorationRole).value<QImage>();
    if (!thumbnail.isNull()) {
        QPainterPath shape;
        shape.addRoundedRect(tile, metrics::kControlRadius, metrics::kControlRadius);
        painter->save();
        painter->setRenderHints(QPainter::SmoothPixmapTransform | QPainter::Antialiasing);
        painter->setClipPath(shape);
        painter->drawImage(tile, thumbnail, middleOf(thumbnail.size(), tile.size()));
        painter->restore();
    }
    if (index.data(GalleryModel::HiddenRole).toBool()) drawHidden(*painter, tile, tokens);
    drawBadge(*painter, QRectF(tile.left() + 6, tile.top() + 6, kBadge, kBadge), QString::number(index.row() + 1), tokens);
    if (!index.data(GalleryModel::FinishedRole).toBool()) drawProgress(*painter, tile, index, tokens);
    if (index.data(GalleryModel::KeptRole).toBool()) {
        const QRectF badge(tile.right() - 6 - kBadge, tile.top() + 6, kBadge, kBadge);
        drawBox(*painter, badge, { .fill = tokens.success, .outline = {}, .radius = 3 });
        painter->drawPixmap(badge.topLeft() + QPointF(2, 2), tintedIcon(QStringLiteral("actions/keep"), tokens.surfaceWindow, 16, painter->device()->devicePixelRatioF()));
    }
    if (const QString label = index.data(GalleryModel::LabelRole).toString(); !label.isEmpty() && index.data(GalleryModel::FinishedRole).toBool()) {
        const QString shown = painter->fontMetrics().elidedText(label, Qt::ElideLeft, static_cast<int>(tile.width()) - 22);
        drawBadge(*painter, QRectF(tile.left() + 6, tile.bottom() - 6 - kBadge, painter->fontMetrics().horizontalAdvance(shown) + 10, kBadge), shown, tokens);
    }
    if (isSelected) drawFocusRing(*painter, place, tokens, metrics::kCardRadius);
    painter->restore();
}

QSize VariationDelegate::sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex& /*index*/) const
{
    return { metrics::kTileSize, metrics::kTileSize };
}

QString VariationDelegate::tileText(const QModelIndex& index)
{
    if (!index.isValid()) return {};
    const QLocale locale;
    QStringList parts{ tr("Variation %1").arg(index.row() + 1), tr("seed %1").arg(index.data(GalleryModel::SeedRole).toULongLong()) };
    if (const QString label = index.data(GalleryModel::LabelRole).toString(); !label.isEmpty()) parts.append(label);
    if (index.data(GalleryModel::HiddenRole).toBool()) parts.append(hiddenText());
    const double strength = index.data(GalleryModel::StrengthRole).toDouble();
    if (strength > 0) parts.append(tr("strength %1 %").arg(static_cast<int>(std::lround(strength * 100))));
    if (index.data(GalleryModel::FinishedRole).toBool()) parts.append(tr("%1 s", "seconds it took").arg(locale.toString(index.data(GalleryModel::SecondsRole).toDouble(), 'f', 1)));
    // A line breaks between the parts, not inside them.
    for (QString& part : parts) part.replace(QLatin1Char(' '), QChar(QChar::Nbsp));
    return parts.join(QStringLiteral(" · "));
}

QString VariationDelegate::hiddenText() { return tr("hidden", "a variation, by the safety filter"); }

std::optional<qlonglong> VariationDelegate::sealOf(const QModelIndex& index)
{
    const auto* gallery = qobject_cast<const workspace::GalleryModel*>(index.model());
    const workspace::Variation* variation = gallery ? gallery->at(index.row()) : nullptr;
    if (!variation || !variation->isFinished() || !variation->run->mask) return std::nullopt;
    return index.data(GalleryModel::OutsideDifferencesRole).toLongLong();
}

bool VariationDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& /*option*/, const QModelIndex& index)
{
    if (event->type() != QEvent::ToolTip) return false;
    QString text = tileText(index);
    if (const auto outside = sealOf(index)) text += QLatin1Char('\n') + sealText(*outside);
    showHelp(event->globalPos(), text, *view);
    return true;
}

} // namespace sfumato::ui
