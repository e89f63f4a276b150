// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_delegate.h"

#include "core/library/lora_list_model.h"
#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"

#include <QCoreApplication>
#include <QImage>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QTextLayout>

#include <algorithm>

namespace sfumato::ui {

namespace {

using library::LoraRole;

constexpr int kGap = 4; // around a card
constexpr int kPad = 6; // inside it
constexpr int kNameLines = 2;
constexpr int kStarBox = 28;
constexpr int kStarSize = 16;
constexpr int kBadgeHeight = 18;
constexpr int kLinePicture = 44;
constexpr int kLeastTriggerWidth = 48; // a shorter piece of a word says nothing
constexpr int kCountWidth = 32;
constexpr int kBadgePad = 4;
constexpr int kLeastBadge = 20;
constexpr int kSentenceLines = 4;

QVariant valueOf(const QModelIndex& index, LoraRole role) { return index.data(static_cast<int>(role)); }

QString unusableText() { return QCoreApplication::translate("LoraTexts", "This file cannot be used as it is."); }

int nameHeight() { return kNameLines * QFontMetrics(secondaryFont()).lineSpacing(); }

// What a card shows, read once a painting.
struct Card {
    explicit Card(const QModelIndex& index)
        : name(index.data().toString()), base(valueOf(index, LoraRole::BaseLabel).toString()), triggers(valueOf(index, LoraRole::TriggerWords).toStringList()),
          picture(index.data(Qt::DecorationRole).value<QImage>()), isStarred(valueOf(index, LoraRole::IsStarred).toBool()),
          isBroken(!valueOf(index, LoraRole::Broken).toString().isEmpty()), fits(valueOf(index, LoraRole::FitsModel).toBool())
    {
    }

    [[nodiscard]] bool isGrey() const { return isBroken || !fits; }

    QString name, base;
    QStringList triggers;
    QImage picture;
    bool isStarred, isBroken, fits;
};

// File names are broken where their words end, which is seldom at a space.
QString breakableName(QString name)
{
    constexpr QChar kZeroWidthSpace(0x200B);
    for (const QChar divider : { u'_', u'-', u'.' }) name.replace(divider, QString(divider) + kZeroWidthSpace);
    return name;
}

// A name in at most `lines` lines, the last one cut.
void drawLines(QPainter& painter, const QRect& rect, const QString& name, int lines)
{
    const QString text = breakableName(name);
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    QTextLayout layout(text, painter.font());
    layout.setTextOption(wrap);
    layout.beginLayout();
    const QFontMetrics metrics = painter.fontMetrics();
    for (int i = 0; i < lines; ++i) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) break;
        line.setLineWidth(rect.width());
        const int y = rect.y() + i * metrics.lineSpacing();
        const bool isLast = i == lines - 1;
        const QString words = isLast ? metrics.elidedText(text.mid(line.textStart()), Qt::ElideRight, rect.width()) : text.mid(line.textStart(), line.textLength()).trimmed();
        painter.drawText(QRect(rect.x(), y, rect.width(), metrics.lineSpacing()), Qt::AlignLeading | Qt::AlignVCenter | Qt::TextSingleLine, words);
    }
    layout.endLayout();
}

void drawPicture(QPainter& painter, const QRectF& rect, const Card& card, const ThemeTokens& tokens)
{
    painter.save();
    QPainterPath shape;
    shape.addRoundedRect(rect, metrics::kControlRadius, metrics::kControlRadius);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter.setClipPath(shape);
    painter.fillRect(rect, tokens.surfaceInput);
    if (!card.picture.isNull()) {
        const QSizeF part = rect.size().scaled(card.picture.size(), Qt::KeepAspectRatio);
        painter.setOpacity(card.isGrey() ? 0.35 : 1.0);
        painter.drawImage(rect, card.picture, QRectF(QPointF((card.picture.width() - part.width()) / 2, (card.picture.height() - part.height()) / 2), part));
    } else {
        const int size = static_cast<int>(std::min({ rect.width() / 2, rect.height() / 2, 32.0 }));
        const QString sign = card.isBroken ? QStringLiteral("status/warning") : QStringLiteral("actions/lora");
        const bool hasRoom = card.isBroken && rect.height() > 100;
        const QPointF centre = hasRoom ? QPointF(rect.center().x(), rect.top() + size) : rect.center();
        painter.drawPixmap(centre - QPointF(size / 2.0, size / 2.0), tintedIcon(sign, card.isBroken ? tokens.warning : tokens.lineStrong, size, painter.device()->devicePixelRatioF()));
        painter.setPen(tokens.textSecondary);
        const QRect words = rect.adjusted(kPad, 2 * size, -kPad, 0).toRect();
        if (hasRoom) drawLines(painter, words, unusableText(), kSentenceLines);
    }
    painter.restore();
}

// Draws a badge that begins at `left` and returns where the next may begin; nothing when there is no room.
int drawBadge(QPainter& painter, QPoint at, int right, const QString& text, const QColor& fill, const QColor& color)
{
    const int width = std::min(painter.fontMetrics().horizontalAdvance(text) + 2 * kBadgePad, right - at.x());
    if (text.isEmpty() || width < kLeastBadge) return at.x();
    const QRect rect(at, QSize(width, kBadgeHeight));
    drawBox(painter, rect, { .fill = fill, .outline = {}, .radius = kBadgeHeight / 2.0 });
    painter.setPen(color);
    painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, painter.fontMetrics().elidedText(text, Qt::ElideRight, width - 2));
    return at.x() + width + metrics::kInside;
}

// Base, first trigger words, and how many more there are.
void drawBadges(QPainter& painter, QPoint at, int right, const Card& card, const ThemeTokens& tokens)
{
    if (card.isBroken) {
        painter.setPen(tokens.textSecondary);
        drawLines(painter, QRect(at, QPoint(right, at.y() + kBadgeHeight)), unusableText(), 1);
        return;
    }
    const QColor quiet = blended(tokens.surfaceRaised, tokens.text, 0.10);
    int x = drawBadge(painter, at, right, card.base, card.fits ? blended(tokens.surfaceRaised, tokens.accent, 0.30) : blended(tokens.surfaceRaised, tokens.warning, 0.35), tokens.text);
    int shown = 0;
    for (const QString& trigger : card.triggers) {
        const int wanted = painter.fontMetrics().horizontalAdvance(trigger) + 2 * kBadgePad;
        const int reserve = shown + 1 < card.triggers.size() ? kCountWidth : 0;
        if (x + std::min(wanted, kLeastTriggerWidth) + reserve > right || (shown > 0 && x + wanted + reserve > right)) break;
        const int next = drawBadge(painter, { x, at.y() }, right - reserve, trigger, quiet, tokens.textSecondary);
        if (next == x) break;
        x = next;
        ++shown;
    }
    if (shown < card.triggers.size()) drawBadge(painter, { x, at.y() }, right, QStringLiteral("+%1").arg(card.triggers.size() - shown), quiet, tokens.textSecondary);
}

void drawStar(QPainter& painter, const QRect& box, bool isStarred, bool isHot, const ThemeTokens& tokens)
{
    if (!isStarred && !isHot) return;
    const QRect disc(box.center().x() - 11, box.center().y() - 11, 22, 22);
    drawBox(painter, disc, { .fill = tokens.surfaceWindow, .outline = {}, .radius = 11 });
    const QPixmap sign = tintedIcon(isStarred ? QStringLiteral("status/star-on") : QStringLiteral("actions/star"), isStarred ? tokens.accent : tokens.textSecondary, kStarSize, painter.device()->devicePixelRatioF());
    painter.drawPixmap(QPointF(disc.center().x() - kStarSize / 2 + 1, disc.center().y() - kStarSize / 2 + 1), sign);
}

} // namespace

QSize LoraDelegate::pictureSize(int cardWidth)
{
    const int width = cardWidth - 2 * kGap;
    return { width, width * 3 / 2 };
}

QSize LoraDelegate::cardSize(int width)
{
    return { width, pictureSize(width).height() + nameHeight() + kBadgeHeight + 2 * kGap + 3 * kPad };
}

int LoraDelegate::lineHeight() { return kLinePicture + 2 * kGap; }

QSize LoraDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& /*index*/) const
{
    return m_shape == Shape::Card ? cardSize(kDefaultCardWidth) : QSize(option.rect.width(), lineHeight());
}

QRect LoraDelegate::starRect(const QRect& item) const
{
    const int y = m_shape == Shape::Card ? item.y() + kGap : item.y() + (item.height() - kStarBox) / 2;
    return { item.right() - kGap - kStarBox + 1, y, kStarBox, kStarBox };
}

void LoraDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const ThemeTokens& tokens = tokensOf(option.palette);
    const Card card(index);
    const bool isHot = option.state.testFlag(QStyle::State_MouseOver);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QRect box = option.rect.adjusted(kGap, kGap, -kGap, -kGap);
    painter->save();
    painter->setFont(secondaryFont());
    const bool isCard = m_shape == Shape::Card;
    if (isCard || isHot || isSelected) {
        drawBox(*painter, box, { .fill = isHot ? blended(tokens.surfaceRaised, tokens.text, 0.06) : tokens.surfaceRaised, .outline = isCard ? tokens.lineSubtle : QColor(), .radius = metrics::kCardRadius });
    }
    const QColor color = card.isGrey() ? tokens.textDisabled : tokens.text;
    if (isCard) {
        const QRect picture(box.topLeft(), pictureSize(option.rect.width()));
        drawPicture(*painter, picture, card, tokens);
        drawBox(*painter, box, { .fill = {}, .outline = tokens.lineSubtle, .radius = metrics::kCardRadius });
        const QRect words(box.x() + kPad, picture.bottom() + 1 + kPad, box.width() - 2 * kPad, nameHeight());
        painter->setPen(color);
        drawLines(*painter, words, card.name, kNameLines);
        if (!card.isBroken) drawBadges(*painter, { words.x(), words.bottom() + 1 + kPad }, words.right(), card, tokens);
    } else {
        const QRect picture(box.x(), box.y(), kLinePicture, box.height());
        drawPicture(*painter, picture, card, tokens);
        const QRect words(picture.right() + 1 + kPad, box.y() + 2, box.right() - picture.right() - kStarBox - 2 * kPad, painter->fontMetrics().lineSpacing());
        painter->setPen(color);
        drawLines(*painter, words, card.name, 1);
        drawBadges(*painter, { words.x(), box.bottom() - kBadgeHeight - 2 }, words.right(), card, tokens);
    }
    drawStar(*painter, starRect(option.rect), card.isStarred, isHot || isSelected, tokens);
    if (isSelected) drawFocusRing(*painter, box, tokens, metrics::kCardRadius);
    painter->restore();
}

bool LoraDelegate::editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const bool isPress = event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonDblClick;
    if (!isPress && event->type() != QEvent::MouseButtonRelease) return false;
    const auto* mouse = static_cast<const QMouseEvent*>(event);
    if (mouse->button() != Qt::LeftButton || !starRect(option.rect).contains(mouse->position().toPoint())) return false;
    const int role = static_cast<int>(LoraRole::IsStarred);
    if (!isPress) model->setData(index, !index.data(role).toBool(), role);
    return true;
}

} // namespace sfumato::ui
