// SPDX-License-Identifier: Apache-2.0
#include "core/document/mask_stroke.h"

#include "core/document/commands.h"

#include <utility>

namespace sfumato::document {

MaskStroke::MaskStroke(Document& document, const imaging::BrushSettings& settings)
    : m_document(document), m_stroke(document.mask(), settings), m_isErasing(settings.erase)
{
}

MaskStroke::~MaskStroke()
{
    cancel();
}

void MaskStroke::extendTo(const imaging::StrokePoint& point)
{
    const Bounds dirty = m_stroke.extendTo(point);
    if (!dirty.isEmpty()) ContentEditor(m_document).setMask(m_stroke.mask(), dirty);
}

void MaskStroke::finish()
{
    if (!std::exchange(m_isOpen, false)) return;
    const Bounds dirty = m_stroke.finish();
    if (!dirty.isEmpty()) ContentEditor(m_document).setMask(m_stroke.mask(), dirty);
    auto command = std::make_unique<ChangeMaskCommand>(m_document, m_stroke.before(), m_stroke.mask(),
        m_isErasing ? Document::tr("Erase mask") : Document::tr("Paint mask"));
    command->skipNext();
    m_document.push(std::move(command));
}

void MaskStroke::cancel()
{
    if (!std::exchange(m_isOpen, false)) return;
    if (!m_stroke.dirtyBounds().isEmpty()) ContentEditor(m_document).setMask(m_stroke.before(), m_stroke.dirtyBounds());
}

} // namespace sfumato::document
