// SPDX-License-Identifier: Apache-2.0
#include "core/document/document.h"

#include <QFileInfo>

#include <algorithm>
#include <cassert>
#include <utility>

namespace sfumato::document {

Document::Document(imaging::Raster picture, const QString& name, QObject* parent)
    : QObject(parent), m_undoStack(new UndoStack(this)), m_name(name)
{
    assert(!picture.isEmpty());
    m_content.mask = imaging::Mask(picture.extent());
    m_content.layers.push_back({ LayerId{ 1 }, tr("Background"), std::move(picture), {} });
}

Document::~Document() = default;

LayerId Document::backgroundLayer() const
{
    return m_content.layers.front().id;
}

DocumentSnapshot Document::snapshot() const
{
    return { m_content, m_revision, m_name };
}

bool Document::push(std::unique_ptr<DocumentCommand> command)
{
    if (command->isEmpty()) return false;
    m_undoStack->pushCommand(std::move(command));
    return true;
}

void Document::setPath(const QString& path)
{
    if (path == m_path) return;
    m_path = path;
    m_name = QFileInfo(path).fileName();
    Q_EMIT changed({ DocumentChange::Kind::Name, {}, {} });
}

bool Document::isClean() const
{
    return m_undoStack->isClean();
}

void Document::markSaved()
{
    m_undoStack->setClean();
}

void ContentEditor::setMask(imaging::Mask mask, const Bounds& dirty)
{
    assert(mask.extent() == content().extent());
    m_document.m_content.mask = std::move(mask);
    announce({ DocumentChange::Kind::Mask, dirty, {} });
}

void ContentEditor::setLayerPixels(LayerId id, imaging::Raster pixels, const Bounds& dirty)
{
    auto& layers = m_document.m_content.layers;
    const auto layer = std::ranges::find(layers, id, &Layer::id);
    assert(layer != layers.end() && pixels.extent() == layer->pixels.extent());
    layer->pixels = std::move(pixels);
    announce({ DocumentChange::Kind::LayerPixels, dirty, id });
}

void ContentEditor::setLayerRecipe(LayerId id, std::string recipe)
{
    auto& layers = m_document.m_content.layers;
    const auto layer = std::ranges::find(layers, id, &Layer::id);
    assert(layer != layers.end());
    layer->recipe = std::move(recipe);
}

void ContentEditor::setContent(DocumentContent content)
{
    m_document.m_content = std::move(content);
    announce({ DocumentChange::Kind::Extent, Bounds::ofExtent(m_document.extent()), {} });
}

void ContentEditor::announce(const DocumentChange& change)
{
    ++m_document.m_revision;
    Q_EMIT m_document.changed(change);
}

} // namespace sfumato::document
