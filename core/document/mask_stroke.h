// MaskStroke: one gesture of the mask brush on a document.
// Thread: GUI. Owner: the tool, from pen-down to pen-up. The document shows the stroke while it grows; at finish() it becomes one undo step.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/document.h"
#include "core/imaging/brush.h"

namespace sfumato::document {

class MaskStroke {
public:
    MaskStroke(Document& document, const imaging::BrushSettings& settings);
    MaskStroke(const MaskStroke&) = delete;
    MaskStroke& operator=(const MaskStroke&) = delete;
    ~MaskStroke(); // cancels unless finished

    void extendTo(const imaging::StrokePoint& point);
    // Pushes one step; none when no pixel changed.
    void finish();
    // The mask is as before.
    void cancel();

private:
    Document& m_document;
    imaging::BrushStroke m_stroke;
    bool m_isErasing;
    bool m_isOpen = true;
};

} // namespace sfumato::document
