// ActionRegistry: every action of the program in one table: id, text, help, default keys, icon and what must hold for it to be allowed.
// Menus, tool bars, the shortcut sheet, the command search, status hints and tests all read it.
// Thread: GUI. Owner: MainWindow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAction>
#include <QFlags>
#include <QObject>

#include <map>
#include <span>

namespace sfumato::ui {

enum class ActionId {
    Open,
    Paste,
    Copy,
    Export,
    SaveJob,
    Quit,
    Undo,
    Redo,
    MaskAll,
    MaskClear,
    MaskInvert,
    MaskView,
    Generate,
    Stop,
    StopAll,
    Retry,
    ExpandPrompt,
    ExpansionFolder,
    Keep,
    Discard,
    DiscardRest,
    Reveal,
    PreviousVariation,
    NextVariation,
    PickVariation1,
    PickVariation2,
    PickVariation3,
    PickVariation4,
    PickVariation5,
    PickVariation6,
    PickVariation7,
    PickVariation8,
    PickVariation9,
    ShowLoras,
    LoraAdd,
    LoraTriggers,
    LoraCompare,
    LoraSolo,
    LoraMoveUp,
    LoraMoveDown,
    LoraRemove,
    LoraStar,
    LoraPicture,
    LoraEdit,
    LoraCard,
    LoraSimilar,
    LoraShowFile,
    LoraFolder,
    LoraRescan,
    ModelCard,
    RandomSeed,
    LockSeed,
    ShowPreview,
    SafetyFilter,
    ToolMaskBrush,
    ToolMaskEraser,
    ToolPan,
    ToolZoom,
    SwapBrush,
    BrushSmaller,
    BrushLarger,
    BrushSofter,
    BrushHarder,
    ZoomIn,
    ZoomOut,
    ZoomFit,
    ZoomActual,
    ZoomMask,
    HideDocks,
    FullScreen,
    DarkAppearance,
    NextPane,
    FocusPrompt,
    Shortcuts,
    CommandSearch,
    About,
};

// What must hold.
enum class Condition : unsigned {
    HasPicture = 1U << 0U,
    HasPaint = 1U << 1U,
    CanUndo = 1U << 2U,
    CanRedo = 1U << 3U,
    CanGenerate = 1U << 4U,
    IsRunning = 1U << 5U,
    HasVariations = 1U << 6U,        // the strip shows something
    HasFinishedVariation = 1U << 7U, // one is shown and finished
    HasRun = 1U << 8U,               // something to run again
    HasLoraFile = 1U << 9U,          // a file of the LoRA browser is chosen
    HasLora = 1U << 10U,             // a LoRA is in use
    HasSeenVariation = 1U << 11U,    // one is shown, finished and not hidden by the safety filter
    HasHiddenVariation = 1U << 12U,  // the chosen one is hidden by it
    CanExpand = 1U << 13U,           // a model that expands prompts is there, and a prompt
};
Q_DECLARE_FLAGS(Conditions, Condition)
Q_DECLARE_OPERATORS_FOR_FLAGS(Conditions)

// Where its keys act.
enum class ActionScope {
    Window,
    Canvas,         // while the canvas has the focus
    CanvasAndStrip, // also while the strip has it
};

struct ActionSpec {
    ActionId id;
    const char* name; // stable, for settings and tests: "mask.invert"
    const char* text; // to be translated in the context "Action"
    const char* help;
    const char* keys; // portable, several divided by spaces
    const char* icon; // empty: none
    Conditions needs;
    ActionScope scope = ActionScope::Window;
    bool isCheckable = false;
    bool opensDialog = false; // an ellipsis follows the text
};

// In the order of the menus.
[[nodiscard]] std::span<const ActionSpec> actionTable();

class ActionRegistry final : public QObject {
    Q_OBJECT

public:
    explicit ActionRegistry(QObject* parent = nullptr);

    [[nodiscard]] QAction& action(ActionId id) const;
    [[nodiscard]] const ActionSpec& spec(ActionId id) const;
    // Of the conditions `known`, those `holding` hold; the others stay as they were. Enables what is allowed; the help of what is not says why.
    void setConditions(Conditions known, Conditions holding);
    // Lets the actions of these scopes act in a widget and what it holds.
    void attach(QWidget& widget, std::initializer_list<ActionScope> scopes) const;

private:
    std::map<ActionId, QAction*> m_actions;
    Conditions m_conditions;
    bool m_hasConditions = false;
};

} // namespace sfumato::ui
