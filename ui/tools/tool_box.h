// ToolBox: the tools, the chosen one and the one that a held key lends.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/tools/tool.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace sfumato::ui {

class ToolBox final : public QObject {
    Q_OBJECT

public:
    explicit ToolBox(QObject* parent = nullptr);
    ~ToolBox() override;

    // The one that acts: the lent one while a key is held, else the chosen one.
    [[nodiscard]] Tool& active();
    [[nodiscard]] ToolId chosen() const noexcept { return m_chosen; }
    void choose(ToolId id);
    void lend(std::optional<ToolId> id);
    // The brush whose options are shown: the chosen tool's, else the last one used.
    [[nodiscard]] BrushRole brushRole() const noexcept { return m_brushRole; }

Q_SIGNALS:
    void chosenChanged(sfumato::ui::ToolId id);
    void activeChanged();

private:
    [[nodiscard]] Tool& find(ToolId id);

    std::vector<std::unique_ptr<Tool>> m_tools;
    ToolId m_chosen = ToolId::MaskBrush;
    std::optional<ToolId> m_lent;
    BrushRole m_brushRole = BrushRole::Paint;
};

} // namespace sfumato::ui
