// What the canvas draws over the picture: previews and variations, the context frame, the brush cursor.
// Thread: GUI. Drawing only; nothing here keeps state.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/canvas/view_transform.h"

#include <QImage>
#include <QString>

QT_BEGIN_NAMESPACE
class QPainter;
QT_END_NAMESPACE

namespace sfumato::ui {

struct ThemeTokens;

// The brush's circle under the pointer, in view units.
struct BrushCursor {
    QPointF centre;
    double radius = 0;     // of the dab
    double hardRadius = 0; // of its fully covered part
    bool isErasing = false;

    // What has to be repainted when it moves.
    [[nodiscard]] QRect paintedRect() const;
    friend bool operator==(const BrushCursor&, const BrushCursor&) = default;
};

void drawBrushCursor(QPainter& painter, const BrushCursor& cursor);

// The dashed frame of what the model sees, with its caption below (or above, or inside, where there is room).
struct FrameLook {
    Bounds crop;
    QString caption;
    bool isRunning = false; // a result is being made here: a solid accent line
    friend bool operator==(const FrameLook&, const FrameLook&) = default;
};
void drawContextFrame(QPainter& painter, const FrameLook& frame, const ViewTransform& transform, const QRect& view, const ThemeTokens& tokens);
// What drawContextFrame may touch.
[[nodiscard]] QRect contextFrameRect(const FrameLook& frame, const ViewTransform& transform);

// An empty place of the size that the next picture will have.
void drawEmptyFrame(QPainter& painter, const QRectF& rect, const ThemeTokens& tokens);

} // namespace sfumato::ui
