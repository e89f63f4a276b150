// SPDX-License-Identifier: Apache-2.0
#include "core/document/commands.h"

#include <cassert>
#include <utility>

namespace sfumato::document {

ChangeMaskCommand::ChangeMaskCommand(Document& document, const imaging::Mask& after, const QString& text)
    : ChangeMaskCommand(document, document.mask(), after, text)
{
}

ChangeMaskCommand::ChangeMaskCommand(Document& document, const imaging::Mask& before, const imaging::Mask& after, const QString& text)
    : DocumentCommand(document, text), m_delta(imaging::RasterDelta::between(before.raster(), after.raster()))
{
}

std::int64_t ChangeMaskCommand::sizeInBytes() const
{
    return static_cast<std::int64_t>(m_delta.sizeInBytes());
}

std::unique_ptr<DocumentCommand> ChangeMaskCommand::copied() const
{
    auto copy = std::make_unique<ChangeMaskCommand>(document(), document().mask(), text());
    copy->m_delta = m_delta;
    return copy;
}

void ChangeMaskCommand::apply(ContentEditor& editor)
{
    imaging::Mask mask = editor.content().mask;
    m_delta.redo(mask.raster());
    editor.setMask(std::move(mask), m_delta.bounds());
}

void ChangeMaskCommand::revert(ContentEditor& editor)
{
    imaging::Mask mask = editor.content().mask;
    m_delta.undo(mask.raster());
    editor.setMask(std::move(mask), m_delta.bounds());
}

std::unique_ptr<DocumentCommand> clearMaskCommand(Document& document)
{
    return std::make_unique<ChangeMaskCommand>(document, imaging::Mask(document.extent()), Document::tr("Clear mask"));
}

std::unique_ptr<DocumentCommand> fillMaskCommand(Document& document)
{
    return std::make_unique<ChangeMaskCommand>(document, imaging::Mask(document.extent()).inverted(), Document::tr("Mask everything"));
}

std::unique_ptr<DocumentCommand> invertMaskCommand(Document& document)
{
    return std::make_unique<ChangeMaskCommand>(document, document.mask().inverted(), Document::tr("Invert mask"));
}

ApplyResultCommand::ApplyResultCommand(Document& document, LayerId layer, const imaging::Raster& pixels, std::string recipe, const QString& text)
    : DocumentCommand(document, text), m_layer(layer), m_recipeAfter(std::move(recipe))
{
    const DocumentContent& content = document.content();
    if (!content.findLayer(m_layer)) m_layer = document.backgroundLayer();
    const Layer& target = *content.findLayer(m_layer);
    m_recipeBefore = target.recipe;
    if (pixels.extent() == target.pixels.extent() && pixels.format() == target.pixels.format()) {
        m_delta = imaging::RasterDelta::between(target.pixels, pixels);
        return;
    }
    DocumentContent after{ { target }, imaging::Mask(pixels.extent()) };
    after.layers.front().pixels = pixels;
    after.layers.front().recipe = m_recipeAfter;
    m_resized = Resized{ content, std::move(after) };
}

bool ApplyResultCommand::isEmpty() const
{
    return !m_resized && m_delta.isEmpty();
}

std::int64_t ApplyResultCommand::sizeInBytes() const
{
    if (!m_resized) return static_cast<std::int64_t>(m_delta.sizeInBytes());
    std::size_t bytes = 0;
    for (const DocumentContent* content : { &m_resized->before, &m_resized->after }) {
        bytes += content->mask.raster().sizeInBytes();
        for (const Layer& layer : content->layers) bytes += layer.pixels.sizeInBytes();
    }
    return static_cast<std::int64_t>(bytes);
}

std::unique_ptr<DocumentCommand> ApplyResultCommand::copied() const
{
    const Layer& background = document().content().layers.front();
    auto copy = std::make_unique<ApplyResultCommand>(document(), m_layer, background.pixels, m_recipeAfter, text());
    copy->m_layer = m_layer;
    copy->m_delta = m_delta;
    copy->m_recipeBefore = m_recipeBefore;
    copy->m_resized = m_resized;
    return copy;
}

void ApplyResultCommand::apply(ContentEditor& editor)
{
    if (m_resized) {
        editor.setContent(m_resized->after);
        return;
    }
    imaging::Raster pixels = editor.content().findLayer(m_layer)->pixels;
    m_delta.redo(pixels);
    editor.setLayerRecipe(m_layer, m_recipeAfter);
    editor.setLayerPixels(m_layer, std::move(pixels), m_delta.bounds());
}

void ApplyResultCommand::revert(ContentEditor& editor)
{
    if (m_resized) {
        editor.setContent(m_resized->before);
        return;
    }
    imaging::Raster pixels = editor.content().findLayer(m_layer)->pixels;
    m_delta.undo(pixels);
    editor.setLayerRecipe(m_layer, m_recipeBefore);
    editor.setLayerPixels(m_layer, std::move(pixels), m_delta.bounds());
}

namespace {

class MacroCommand final : public DocumentCommand {
public:
    MacroCommand(Document& document, const QString& text, std::vector<std::unique_ptr<DocumentCommand>> commands)
        : DocumentCommand(document, text), m_commands(std::move(commands))
    {
    }

    [[nodiscard]] bool isEmpty() const override { return m_commands.empty(); }

    [[nodiscard]] std::int64_t sizeInBytes() const override
    {
        std::int64_t bytes = 0;
        for (const auto& command : m_commands) bytes += command->sizeInBytes();
        return bytes;
    }

    [[nodiscard]] std::unique_ptr<DocumentCommand> copied() const override
    {
        std::vector<std::unique_ptr<DocumentCommand>> copies;
        for (const auto& command : m_commands) copies.push_back(command->copied());
        return std::make_unique<MacroCommand>(document(), text(), std::move(copies));
    }

protected:
    void apply(ContentEditor&) override
    {
        for (const auto& command : m_commands) command->redo();
    }

    void revert(ContentEditor&) override
    {
        for (auto command = m_commands.rbegin(); command != m_commands.rend(); ++command) (*command)->undo();
    }

private:
    std::vector<std::unique_ptr<DocumentCommand>> m_commands;
};

} // namespace

ScopedMacro::ScopedMacro(Document& document, const QString& text) : m_document(document), m_text(text) { }

ScopedMacro::~ScopedMacro()
{
    for (auto command = m_commands.rbegin(); command != m_commands.rend(); ++command) (*command)->undo();
}

void ScopedMacro::push(std::unique_ptr<DocumentCommand> command)
{
    if (command->isEmpty()) return;
    command->redo();
    m_commands.push_back(std::move(command));
}

void ScopedMacro::commit()
{
    auto macro = std::make_unique<MacroCommand>(m_document, m_text, std::exchange(m_commands, {}));
    macro->skipNext();
    m_document.push(std::move(macro));
}

} // namespace sfumato::document
