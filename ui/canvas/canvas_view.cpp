// SPDX-License-Identifier: Apache-2.0
#include "ui/canvas/canvas_view.h"

#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QFocusEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr double kFitMargin = 32;
constexpr double kKeptInView = 48;
constexpr double kCrispZoom = 1.999; // from here on pixels are drawn as squares
constexpr qint64 kTileBudgetMs = 8;
constexpr int kCheckerSide = 8;

QPixmap checkerboard(const ThemeTokens& tokens)
{
    QPixmap pixmap(2 * kCheckerSide, 2 * kCheckerSide);
    pixmap.fill(tokens.checkerLight);
    QPainter painter(&pixmap);
    painter.fillRect(0, 0, kCheckerSide, kCheckerSide, tokens.checkerDark);
    painter.fillRect(kCheckerSide, kCheckerSide, kCheckerSide, kCheckerSide, tokens.checkerDark);
    return pixmap;
}

} // namespace

CanvasView::CanvasView(QWidget* parent) : QWidget(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setTabletTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(160, 120);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Canvas"));
    setAccessibleDescription(tr("The picture. Paint with B where it may change."));
}

void CanvasView::setDocument(document::Document* document)
{
    if (m_document) m_document->disconnect(this);
    m_document = document;
    m_tiles.clear();
    m_overlay = {};
    m_reducedLevel = -1;
    m_frame.reset();
    if (document) connect(document, &document::Document::changed, this, &CanvasView::noteChange);
    fit();
    update();
}

void CanvasView::setEmptyExtent(Extent extent)
{
    if (extent == m_emptyExtent) return;
    m_emptyExtent = extent;
    if (!m_document) fit();
}

void CanvasView::setOverlay(const workspace::CanvasOverlay& overlay, const Bounds& dirty)
{
    const bool changesTint = (overlay.kind == workspace::CanvasOverlay::Kind::None) != (m_overlay.kind == workspace::CanvasOverlay::Kind::None);
    m_overlay = overlay;
    m_reducedLevel = -1;
    if (changesTint) {
        update();
    } else {
        updateCanvas(dirty);
    }
}

void CanvasView::setFrame(const std::optional<FrameLook>& frame)
{
    if (frame == m_frame) return;
    if (m_frame) update(contextFrameRect(*m_frame, m_transform));
    m_frame = frame;
    if (m_frame) update(contextFrameRect(*m_frame, m_transform));
}

void CanvasView::setBrushCursor(const std::optional<BrushCursor>& cursor)
{
    if (cursor == m_cursor) return;
    if (m_cursor) update(m_cursor->paintedRect());
    m_cursor = cursor;
    if (m_cursor) update(m_cursor->paintedRect());
}

void CanvasView::setMaskView(MaskView view)
{
    m_maskView = view;
    update();
}

void CanvasView::setPainting(bool isPainting)
{
    if (isPainting == m_isPainting) return;
    m_isPainting = isPainting;
    if (!isPainting && m_followsFit) fit(); // what a change of size during the stroke put off
    if (m_overlay.kind != workspace::CanvasOverlay::Kind::None) update();
}

void CanvasView::setShowsOriginal(bool showsOriginal)
{
    if (showsOriginal == m_showsOriginal) return;
    m_showsOriginal = showsOriginal;
    update();
}

Extent CanvasView::canvasExtent() const
{
    return m_document ? m_document->extent() : m_emptyExtent;
}

void CanvasView::setTransform(const ViewTransform& transform)
{
    const ViewTransform next = transform.keptInView(canvasExtent(), size(), kKeptInView);
    if (next == m_transform) return;
    m_transform = next;
    m_followsFit = false;
    update();
    Q_EMIT transformChanged();
}

void CanvasView::fit(const Bounds& bounds)
{
    const bool isWhole = bounds.isEmpty();
    const Bounds target = isWhole ? Bounds::ofExtent(canvasExtent()) : bounds;
    // Small pictures are enlarged to a size that can be worked on, in whole steps.
    const double natural = isWhole ? std::max(1.0, std::floor(std::min(width(), height()) * devicePixelRatioF() * 0.9 / std::max({ 1, target.width, target.height }))) : 4.0;
    m_transform = m_transform.withDevicePixelRatio(devicePixelRatioF()).fitted(target, size(), kFitMargin, natural);
    m_followsFit = isWhole;
    update();
    Q_EMIT transformChanged();
}

void CanvasView::noteChange(const document::DocumentChange& change)
{
    switch (change.kind) {
    case document::DocumentChange::Kind::Extent: fit(); break;
    case document::DocumentChange::Kind::LayerPixels:
    case document::DocumentChange::Kind::Mask: updateCanvas(change.dirty.grownBy(1)); break;
    case document::DocumentChange::Kind::Name: break;
    }
}

void CanvasView::updateCanvas(const Bounds& bounds)
{
    if (!bounds.isEmpty()) update(m_transform.toView(bounds).toAlignedRect().adjusted(-3, -3, 3, 3));
}

bool CanvasView::isOverlayShown() const
{
    return m_overlay.kind != workspace::CanvasOverlay::Kind::None && !m_showsOriginal;
}

// Edges on device pixels, the same for neighbours, so that tiles meet without a seam.
QRectF CanvasView::snapped(const Bounds& bounds) const
{
    const double ratio = devicePixelRatioF();
    const QRectF exact = m_transform.toView(bounds);
    const auto snap = [ratio](double value) { return std::round(value * ratio) / ratio; };
    return { QPointF(snap(exact.left()), snap(exact.top())), QPointF(snap(exact.right()), snap(exact.bottom())) };
}

void CanvasView::paintEvent(QPaintEvent* event)
{
    const ThemeTokens& tokens = tokensOf(*this);
    const QRect dirty = event->rect();
    QPainter painter(this);
    painter.fillRect(dirty, tokens.surfaceCanvas);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, m_transform.zoom() < kCrispZoom);
    if (m_document) {
        paintPicture(painter, dirty);
    } else {
        drawEmptyFrame(painter, snapped(Bounds::ofExtent(m_emptyExtent)), tokens);
    }
    if (isOverlayShown()) paintOverlay(painter);
    if (m_document) {
        const bool showsMask = !isOverlayShown() || m_isPainting;
        if (showsMask && m_maskView != MaskView::Outline) paintMask(painter, dirty);
        if (m_maskView != MaskView::Alone && !m_showsOriginal) paintMaskOutline(painter, dirty);
    }
    if (m_frame && !m_showsOriginal) drawContextFrame(painter, *m_frame, m_transform, rect(), tokens);
    if (m_cursor) drawBrushCursor(painter, *m_cursor);
    if (m_showsFocus) drawFocusRing(painter, rect(), tokens, 0);
}

void CanvasView::paintPicture(QPainter& painter, const QRect& dirty)
{
    const imaging::Raster& picture = m_document->picture();
    const int level = levelForZoom(m_transform.zoom());
    painter.drawTiledPixmap(snapped(picture.bounds()).intersected(dirty), checkerboard(tokensOf(*this)), QPointF(dirty.topLeft()) - m_transform.origin());

    QElapsedTimer clock;
    clock.start();
    QRect missing;
    for (const imaging::TileIndex index : picture.tilesIn(m_transform.toCanvas(QRectF(dirty)).intersected(picture.bounds()))) {
        const Bounds bounds = picture.tileBounds(index);
        const QRectF target = snapped(bounds);
        if (clock.elapsed() > kTileBudgetMs && !m_tiles.hasPictureTile(picture, index, level)) {
            missing |= target.toAlignedRect();
            continue;
        }
        const QImage& image = m_tiles.pictureTile(picture, index, level);
        if (image.isNull()) continue;
        const double reduction = static_cast<double>(1 << level);
        painter.drawImage(target, image, QRectF(0, 0, bounds.width / reduction, bounds.height / reduction));
    }
    if (!missing.isEmpty()) QTimer::singleShot(0, this, [this, missing] { update(missing); });
}

const QImage& CanvasView::overlayImage()
{
    const double zoom = m_transform.zoom() * m_overlay.bounds.width / std::max(1, m_overlay.image.width());
    const int level = levelForZoom(zoom);
    if (level != m_reducedLevel) {
        const QImage image = m_overlay.image.convertToFormat(QImage::Format_ARGB32_Premultiplied);
        m_reducedOverlay = level == 0 ? image : image.scaled(std::max(1, image.width() >> level), std::max(1, image.height() >> level), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        m_reducedLevel = level;
    }
    return m_reducedOverlay;
}

void CanvasView::paintOverlay(QPainter& painter)
{
    if (m_overlay.image.isNull()) return;
    const bool isPreview = m_overlay.kind == workspace::CanvasOverlay::Kind::Preview;
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, isPreview || m_transform.zoom() < kCrispZoom);
    const QImage& image = overlayImage();
    const QRectF target = snapped(m_overlay.bounds);
    painter.drawImage(target, image, QRectF(image.rect()));
    painter.restore();
}

void CanvasView::paintMask(QPainter& painter, const QRect& dirty)
{
    const imaging::Raster& mask = m_document->mask().raster();
    const int level = levelForZoom(m_transform.zoom());
    const MaskLook look{ .tint = tokensOf(*this).mask, .opacity = kMaskOpacity, .isAlone = m_maskView == MaskView::Alone };
    if (look.isAlone) painter.fillRect(snapped(mask.bounds()).intersected(dirty), Qt::black);
    for (const imaging::TileIndex index : mask.tilesIn(m_transform.toCanvas(QRectF(dirty)).intersected(mask.bounds()))) {
        const QImage& image = m_tiles.maskTile(mask, index, level, look);
        if (image.isNull()) continue;
        const Bounds bounds = mask.tileBounds(index);
        const double reduction = static_cast<double>(1 << level);
        painter.drawImage(snapped(bounds), image, QRectF(0, 0, bounds.width / reduction, bounds.height / reduction));
    }
}

void CanvasView::paintMaskOutline(QPainter& painter, const QRect& dirty)
{
    const imaging::Raster& mask = m_document->mask().raster();
    const int level = levelForZoom(m_transform.zoom());
    const double step = m_transform.scale() * (1 << level);
    std::vector<QLineF> lines;
    for (const imaging::TileIndex index : mask.tilesIn(m_transform.toCanvas(QRectF(dirty).adjusted(-2, -2, 2, 2)).intersected(mask.bounds()))) {
        const Bounds bounds = mask.tileBounds(index);
        const QPointF corner = m_transform.toView(QPointF(bounds.x, bounds.y));
        for (const QLine& line : m_tiles.maskOutline(mask, index, level)) {
            const QPointF from = corner + QPointF(line.p1()) * step, to = corner + QPointF(line.p2()) * step;
            lines.emplace_back(std::round(from.x()) + 0.5, std::round(from.y()) + 0.5, std::round(to.x()) + 0.5, std::round(to.y()) + 0.5);
        }
    }
    if (lines.empty()) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.translate(1, 1);
    painter.setPen(QPen(QColor(0, 0, 0, 200), 1));
    painter.drawLines(lines.data(), static_cast<int>(lines.size()));
    painter.translate(-1, -1);
    painter.setPen(QPen(QColor(255, 255, 255, 230), 1));
    painter.drawLines(lines.data(), static_cast<int>(lines.size()));
    painter.restore();
}

void CanvasView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if (m_followsFit) {
        if (!m_isPainting) fit(); // the picture does not move under the brush
    } else {
        setTransform(m_transform.withDevicePixelRatio(devicePixelRatioF()));
    }
}

void CanvasView::focusInEvent(QFocusEvent* event)
{
    m_showsFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
    update();
}

void CanvasView::focusOutEvent(QFocusEvent* /*event*/)
{
    m_showsFocus = false;
    update();
}

void CanvasView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) update();
}

} // namespace sfumato::ui
