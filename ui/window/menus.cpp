// SPDX-License-Identifier: Apache-2.0
#include "ui/window/menus.h"

#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

#include <optional>
#include <vector>

namespace sfumato::ui {

namespace {

using enum ActionId;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(Menus)
};

// An empty entry is a separator.
using Entries = std::vector<std::optional<ActionId>>;
constexpr std::nullopt_t kLine = std::nullopt;

QMenu& addMenu(QMenuBar& bar, const QString& title, const ActionRegistry& actions, const Entries& entries)
{
    QMenu& menu = *bar.addMenu(title);
    for (const std::optional<ActionId>& entry : entries) {
        if (entry) {
            menu.addAction(&actions.action(*entry));
        } else {
            menu.addSeparator();
        }
    }
    return menu;
}

} // namespace

void createMenus(QMenuBar& bar, const ActionRegistry& actions, const QList<QAction*>& docks)
{
    addMenu(bar, Texts::tr("&File"), actions, { Open, kLine, Export, SaveJob, kLine, Quit });
    addMenu(bar, Texts::tr("&Edit"), actions, { Undo, Redo, kLine, Copy, Paste });
    addMenu(bar, Texts::tr("&Mask"), actions, { ToolMaskBrush, ToolMaskEraser, SwapBrush, kLine, MaskAll, MaskClear, MaskInvert, kLine, ActionId::MaskView, kLine, BrushSmaller, BrushLarger, BrushSofter, BrushHarder });
    QMenu& generate = addMenu(bar, Texts::tr("&Generate"), actions,
        { Generate, Stop, StopAll, Retry, kLine, ExpandPrompt, ExpansionFolder, kLine, Keep, Discard, DiscardRest, Reveal, kLine, PreviousVariation, NextVariation });
    QMenu& pick = *generate.addMenu(Texts::tr("Show variation"));
    for (int i = 0; i < 9; ++i) pick.addAction(&actions.action(static_cast<ActionId>(static_cast<int>(PickVariation1) + i)));
    generate.addSeparator();
    for (const ActionId id : { RandomSeed, LockSeed, ShowPreview, SafetyFilter, ModelCard }) generate.addAction(&actions.action(id));
    addMenu(bar, Texts::tr("&LoRA"), actions,
        { ShowLoras, kLine, LoraAdd, LoraTriggers, LoraStar, LoraPicture, LoraEdit, LoraCard, LoraSimilar, LoraShowFile, kLine, LoraCompare, LoraSolo, LoraMoveUp, LoraMoveDown, LoraRemove, kLine, LoraFolder, LoraRescan });
    addMenu(bar, Texts::tr("&View"), actions, { ZoomIn, ZoomOut, ZoomFit, ZoomActual, ZoomMask, kLine, ToolPan, ToolZoom, kLine, HideDocks, FullScreen, DarkAppearance });
    QMenu& window = addMenu(bar, Texts::tr("&Window"), actions, { FocusPrompt, NextPane, kLine });
    window.addActions(docks);
    addMenu(bar, Texts::tr("&Help"), actions, { Shortcuts, CommandSearch, kLine, About });
}

} // namespace sfumato::ui
