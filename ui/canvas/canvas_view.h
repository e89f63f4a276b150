// CanvasView: draws the open picture with its mask and what lies over them. It draws and tells about view changes; input is CanvasController's.
// Thread: GUI. Owner: CanvasArea. Only dirty regions are repainted; tiles are made at most for a few milliseconds a frame, the rest follows in the next.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/document.h"
#include "core/workspace/canvas_overlay.h"
#include "ui/canvas/canvas_overlays.h"
#include "ui/canvas/tile_cache.h"
#include "ui/canvas/view_transform.h"

#include <QPointer>
#include <QWidget>

#include <optional>

namespace sfumato::ui {

enum class MaskView { Tint,
    Outline,
    Alone };

class CanvasView final : public QWidget {
    Q_OBJECT

public:
    explicit CanvasView(QWidget* parent = nullptr);

    // Null: no picture; the place of the next one is shown at `emptyExtent`.
    void setDocument(document::Document* document);
    void setEmptyExtent(Extent extent);
    // Takes effect at once; only `dirty` is repainted.
    void setOverlay(const workspace::CanvasOverlay& overlay, const Bounds& dirty);
    void setFrame(const std::optional<FrameLook>& frame);
    void setBrushCursor(const std::optional<BrushCursor>& cursor);
    void setMaskView(MaskView view);
    [[nodiscard]] MaskView maskView() const noexcept { return m_maskView; }
    // While true the tint shows even over a preview, for the artist paints the next run's mask; and the picture stays where it is when the view's size changes.
    void setPainting(bool isPainting);
    // While true nothing lies over the picture.
    void setShowsOriginal(bool showsOriginal);

    // Of the picture, or the place of the next one.
    [[nodiscard]] Extent canvasExtent() const;
    [[nodiscard]] const ViewTransform& transform() const noexcept { return m_transform; }
    void setTransform(const ViewTransform& transform);
    // The whole picture, never enlarged above 100 % (`bounds` empty), or `bounds` up to 400 %.
    void fit(const Bounds& bounds = {});

Q_SIGNALS:
    void transformChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void noteChange(const document::DocumentChange& change);
    void updateCanvas(const Bounds& bounds);
    void paintPicture(QPainter& painter, const QRect& dirty);
    void paintOverlay(QPainter& painter);
    void paintMask(QPainter& painter, const QRect& dirty);
    void paintMaskOutline(QPainter& painter, const QRect& dirty);
    [[nodiscard]] bool isOverlayShown() const;
    [[nodiscard]] QRectF snapped(const Bounds& bounds) const;
    [[nodiscard]] const QImage& overlayImage();

    QPointer<document::Document> m_document;
    Extent m_emptyExtent{ 1024, 1024 };
    ViewTransform m_transform;
    bool m_followsFit = true; // resizing keeps the whole picture in view until the artist zooms or pans
    TileCache m_tiles;
    workspace::CanvasOverlay m_overlay;
    QImage m_reducedOverlay;
    int m_reducedLevel = -1;
    std::optional<FrameLook> m_frame;
    std::optional<BrushCursor> m_cursor;
    MaskView m_maskView = MaskView::Tint;
    bool m_isPainting = false;
    bool m_showsOriginal = false;
    bool m_showsFocus = false; // the keyboard brought the focus here
};

} // namespace sfumato::ui
