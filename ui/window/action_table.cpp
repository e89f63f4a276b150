// SPDX-License-Identifier: Apache-2.0
#include "ui/window/action_registry.h"

#include <QCoreApplication>

#include <array>

namespace sfumato::ui {

namespace {

using enum ActionId;
using C = Condition;

constexpr auto kCanvas = ActionScope::Canvas;
constexpr auto kReview = ActionScope::CanvasAndStrip;

constexpr const char* kPickText = QT_TRANSLATE_NOOP("Action", "Show variation");
constexpr const char* kPickHelp = QT_TRANSLATE_NOOP("Action", "Show this variation of the strip in place.");

const std::array kFileActions{
    ActionSpec{ Open, "file.open", QT_TRANSLATE_NOOP("Action", "Open"), QT_TRANSLATE_NOOP("Action", "Open a picture: PNG, JPEG, WebP, GIF or AVIF."), "Ctrl+O", "actions/folder", {}, ActionScope::Window, false, true },
    ActionSpec{ Export, "file.export", QT_TRANSLATE_NOOP("Action", "Export"), QT_TRANSLATE_NOOP("Action", "Write the picture as PNG or JPEG."), "Ctrl+Shift+E Ctrl+S", "actions/export", C::HasPicture, ActionScope::Window, false, true },
    ActionSpec{ SaveJob, "file.saveJob", QT_TRANSLATE_NOOP("Action", "Save as job file"), QT_TRANSLATE_NOOP("Action", "Save prompt, settings, picture and mask so that the command line makes the same pixels."), "", "", C::HasRun, ActionScope::Window, false, true },
    ActionSpec{ Quit, "file.quit", QT_TRANSLATE_NOOP("Action", "Quit"), QT_TRANSLATE_NOOP("Action", "Leave the program."), "Ctrl+Q", "", {} },
};

const std::array kEditActions{
    ActionSpec{ Undo, "edit.undo", QT_TRANSLATE_NOOP("Action", "Undo"), QT_TRANSLATE_NOOP("Action", "Take the last step back."), "Ctrl+Z", "actions/undo", C::CanUndo },
    ActionSpec{ Redo, "edit.redo", QT_TRANSLATE_NOOP("Action", "Redo"), QT_TRANSLATE_NOOP("Action", "Do the step again that was taken back."), "Ctrl+Shift+Z Ctrl+Y", "actions/redo", C::CanRedo },
    ActionSpec{ Copy, "edit.copy", QT_TRANSLATE_NOOP("Action", "Copy picture"), QT_TRANSLATE_NOOP("Action", "Put the whole picture on the clipboard."), "Ctrl+Shift+C", "", C::HasPicture },
    ActionSpec{ Paste, "edit.paste", QT_TRANSLATE_NOOP("Action", "Paste as new picture"), QT_TRANSLATE_NOOP("Action", "Open the picture on the clipboard."), "Ctrl+V", "actions/paste", {} },
};

const std::array kMaskActions{
    ActionSpec{ MaskAll, "mask.all", QT_TRANSLATE_NOOP("Action", "Paint everything"), QT_TRANSLATE_NOOP("Action", "Let the whole picture change."), "Ctrl+A", "", C::HasPicture },
    ActionSpec{ MaskClear, "mask.clear", QT_TRANSLATE_NOOP("Action", "Clear mask"), QT_TRANSLATE_NOOP("Action", "Take all paint away. The whole picture may change then."), "Ctrl+D", "", C::HasPaint },
    ActionSpec{ MaskInvert, "mask.invert", QT_TRANSLATE_NOOP("Action", "Invert mask"), QT_TRANSLATE_NOOP("Action", "Exchange painted and unpainted."), "Ctrl+I", "actions/invert", C::HasPicture },
    ActionSpec{ MaskView, "mask.view", QT_TRANSLATE_NOOP("Action", "Next mask view"), QT_TRANSLATE_NOOP("Action", "Show the mask as tint, as outline or alone."), "Q", "status/eye", C::HasPicture },
};

const std::array kGenerateActions{
    ActionSpec{ Generate, "generate.run", QT_TRANSLATE_NOOP("Action", "Generate"), QT_TRANSLATE_NOOP("Action", "Make variations of the painted area, or a picture."), "Ctrl+Return Ctrl+Enter", "actions/sparkle", C::CanGenerate },
    ActionSpec{ Stop, "generate.stop", QT_TRANSLATE_NOOP("Action", "Stop"), QT_TRANSLATE_NOOP("Action", "Stop the current run; twice within a second stops all. Finished variations stay."), "Shift+Esc", "actions/stop", C::IsRunning },
    ActionSpec{ StopAll, "generate.stopAll", QT_TRANSLATE_NOOP("Action", "Stop all runs"), QT_TRANSLATE_NOOP("Action", "Stop the current run and those that wait."), "", "", C::IsRunning },
    ActionSpec{ Retry, "generate.retry", QT_TRANSLATE_NOOP("Action", "Retry"), QT_TRANSLATE_NOOP("Action", "The same settings with new seeds; the results are added to the strip."), "Shift+R", "actions/retry", C::HasRun },
    ActionSpec{ ExpandPrompt, "prompt.expand", QT_TRANSLATE_NOOP("Action", "Expand prompt"), QT_TRANSLATE_NOOP("Action", "Let a language model add to the prompt; you see it before it is used."), "Ctrl+Shift+X", "", C::CanExpand },
    ActionSpec{ ExpansionFolder, "prompt.expansionFolder", QT_TRANSLATE_NOOP("Action", "Folder for prompt expansion"), QT_TRANSLATE_NOOP("Action", "Choose where the model lies that expands prompts: a GPT-2 model in the layout of transformers."), "", "", {}, ActionScope::Window, false, true },
    ActionSpec{ Keep, "generate.keep", QT_TRANSLATE_NOOP("Action", "Keep"), QT_TRANSLATE_NOOP("Action", "Put the shown variation on the picture, as one undo step."), "Return Enter", "actions/keep", C::HasSeenVariation, kReview },
    ActionSpec{ Discard, "generate.discard", QT_TRANSLATE_NOOP("Action", "Discard"), QT_TRANSLATE_NOOP("Action", "Drop the shown variation from the strip."), "Delete", "actions/discard", C::HasFinishedVariation, kReview },
    ActionSpec{ DiscardRest, "generate.discardRest", QT_TRANSLATE_NOOP("Action", "Discard the others"), QT_TRANSLATE_NOOP("Action", "Drop every variation but the shown one."), "Shift+Delete", "", C::HasVariations, kReview },
    ActionSpec{ Reveal, "generate.reveal", QT_TRANSLATE_NOOP("Action", "Show hidden variation"), QT_TRANSLATE_NOOP("Action", "Show the chosen variation although the safety filter hides it."), "", "status/eye", C::HasHiddenVariation },
    ActionSpec{ PreviousVariation, "variation.previous", QT_TRANSLATE_NOOP("Action", "Previous variation"), QT_TRANSLATE_NOOP("Action", "Flip back through original and variations."), "Left", "", C::HasVariations, kReview },
    ActionSpec{ NextVariation, "variation.next", QT_TRANSLATE_NOOP("Action", "Next variation"), QT_TRANSLATE_NOOP("Action", "Flip on through original and variations."), "Right", "", C::HasVariations, kReview },
    ActionSpec{ ModelCard, "model.card", QT_TRANSLATE_NOOP("Action", "About the model"), QT_TRANSLATE_NOOP("Action", "Kind, parts, precision and hashes of the model in use."), "", "", {}, ActionScope::Window, false, true },
    ActionSpec{ RandomSeed, "generate.randomSeed", QT_TRANSLATE_NOOP("Action", "New seed"), QT_TRANSLATE_NOOP("Action", "Roll a new seed and keep it."), "", "actions/dice", {} },
    ActionSpec{ LockSeed, "generate.lockSeed", QT_TRANSLATE_NOOP("Action", "Keep the seed"), QT_TRANSLATE_NOOP("Action", "Use the same seed for each run, or a new one each time."), "K", "status/lock", {}, ActionScope::Window, true },
    ActionSpec{ ShowPreview, "generate.preview", QT_TRANSLATE_NOOP("Action", "Preview while running"), QT_TRANSLATE_NOOP("Action", "Show each step in place while a run is on."), "Shift+P", "", {}, ActionScope::Window, true },
    ActionSpec{ SafetyFilter, "generate.safetyFilter", QT_TRANSLATE_NOOP("Action", "Safety filter"), QT_TRANSLATE_NOOP("Action", "Hide results that a safety checker in the models folder flags. Nothing is deleted."), "", "", {}, ActionScope::Window, true },
};

const std::array kLoraActions{
    ActionSpec{ ShowLoras, "lora.show", QT_TRANSLATE_NOOP("Action", "Find a LoRA"), QT_TRANSLATE_NOOP("Action", "Show the LoRA browser and search it."), "Ctrl+L", "actions/lora", {} },
    ActionSpec{ LoraAdd, "lora.add", QT_TRANSLATE_NOOP("Action", "Use LoRA"), QT_TRANSLATE_NOOP("Action", "Put the chosen LoRA on the stack, at its preferred weight."), "", "actions/plus", C::HasLoraFile },
    ActionSpec{ LoraTriggers, "lora.triggers", QT_TRANSLATE_NOOP("Action", "Insert trigger words"), QT_TRANSLATE_NOOP("Action", "Put the trigger words of the chosen LoRA into the prompt."), "", "", C::HasLoraFile },
    ActionSpec{ LoraCompare, "lora.compare", QT_TRANSLATE_NOOP("Action", "Compare weights"), QT_TRANSLATE_NOOP("Action", "The present settings with one seed, without the LoRA and at weights 0.4, 0.8, 1 and 1.2."), "", "actions/compare", C::CanGenerate | C::HasLora },
    ActionSpec{ LoraSolo, "lora.solo", QT_TRANSLATE_NOOP("Action", "Only this LoRA"), QT_TRANSLATE_NOOP("Action", "Switch the other LoRAs off, or back to how they were."), "", "status/eye", C::HasLora },
    ActionSpec{ LoraMoveUp, "lora.up", QT_TRANSLATE_NOOP("Action", "Move LoRA up"), QT_TRANSLATE_NOOP("Action", "Let it work earlier."), "", "", C::HasLora },
    ActionSpec{ LoraMoveDown, "lora.down", QT_TRANSLATE_NOOP("Action", "Move LoRA down"), QT_TRANSLATE_NOOP("Action", "Let it work later."), "", "", C::HasLora },
    ActionSpec{ LoraRemove, "lora.remove", QT_TRANSLATE_NOOP("Action", "Remove LoRA"), QT_TRANSLATE_NOOP("Action", "Take the LoRA out of the stack; its trigger words leave the prompt with it."), "", "actions/discard", C::HasLora },
    ActionSpec{ LoraStar, "lora.star", QT_TRANSLATE_NOOP("Action", "Star LoRA"), QT_TRANSLATE_NOOP("Action", "Give the chosen LoRA a star, or take it away."), "", "actions/star", C::HasLoraFile },
    ActionSpec{ LoraPicture, "lora.picture", QT_TRANSLATE_NOOP("Action", "Use variation as its picture"), QT_TRANSLATE_NOOP("Action", "Keep the shown variation beside the LoRA as its preview picture."), "", "actions/image", C::HasLoraFile | C::HasSeenVariation },
    ActionSpec{ LoraEdit, "lora.edit", QT_TRANSLATE_NOOP("Action", "Note, trigger words, weight"), QT_TRANSLATE_NOOP("Action", "Write down what is worth knowing about the chosen LoRA."), "", "", C::HasLoraFile, ActionScope::Window, false, true },
    ActionSpec{ LoraCard, "lora.card", QT_TRANSLATE_NOOP("Action", "About this file"), QT_TRANSLATE_NOOP("Action", "Kind, base, layers, tags and hashes of the chosen LoRA."), "", "status/information", C::HasLoraFile, ActionScope::Window, false, true },
    ActionSpec{ LoraSimilar, "lora.similar", QT_TRANSLATE_NOOP("Action", "Show similar LoRAs"), QT_TRANSLATE_NOOP("Action", "Show the LoRAs whose tags are like those of the chosen one, the most alike first."), "", "", C::HasLoraFile },
    ActionSpec{ LoraShowFile, "lora.showFile", QT_TRANSLATE_NOOP("Action", "Show its folder"), QT_TRANSLATE_NOOP("Action", "Open the folder the chosen LoRA lies in."), "", "actions/folder", C::HasLoraFile },
    ActionSpec{ LoraFolder, "lora.folder", QT_TRANSLATE_NOOP("Action", "Add LoRA folder"), QT_TRANSLATE_NOOP("Action", "Watch one more folder for LoRAs; those of other programs are recognised."), "", "", {}, ActionScope::Window, false, true },
    ActionSpec{ LoraRescan, "lora.rescan", QT_TRANSLATE_NOOP("Action", "Look for new LoRAs"), QT_TRANSLATE_NOOP("Action", "Read the LoRA folders again."), "", "actions/retry", {} },
};

const std::array kPickActions{
    ActionSpec{ PickVariation1, "variation.1", kPickText, kPickHelp, "1", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation2, "variation.2", kPickText, kPickHelp, "2", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation3, "variation.3", kPickText, kPickHelp, "3", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation4, "variation.4", kPickText, kPickHelp, "4", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation5, "variation.5", kPickText, kPickHelp, "5", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation6, "variation.6", kPickText, kPickHelp, "6", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation7, "variation.7", kPickText, kPickHelp, "7", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation8, "variation.8", kPickText, kPickHelp, "8", "", C::HasVariations, kReview },
    ActionSpec{ PickVariation9, "variation.9", kPickText, kPickHelp, "9", "", C::HasVariations, kReview },
};

const std::array kToolActions{
    ActionSpec{ ToolMaskBrush, "tool.maskBrush", QT_TRANSLATE_NOOP("Action", "Mask brush"), QT_TRANSLATE_NOOP("Action", "Paint where the picture may change. The right button erases."), "B", "tools/brush", {}, ActionScope::Window, true },
    ActionSpec{ ToolMaskEraser, "tool.maskEraser", QT_TRANSLATE_NOOP("Action", "Mask eraser"), QT_TRANSLATE_NOOP("Action", "Take paint away. The right button paints."), "E", "tools/eraser", {}, ActionScope::Window, true },
    ActionSpec{ ToolPan, "tool.pan", QT_TRANSLATE_NOOP("Action", "Pan"), QT_TRANSLATE_NOOP("Action", "Move the picture. Holding Space does the same with any tool."), "H", "tools/hand", {}, ActionScope::Window, true },
    ActionSpec{ ToolZoom, "tool.zoom", QT_TRANSLATE_NOOP("Action", "Zoom"), QT_TRANSLATE_NOOP("Action", "Click to zoom in, with the right button out; drag sideways to zoom freely."), "Z", "tools/loupe", {}, ActionScope::Window, true },
    ActionSpec{ SwapBrush, "brush.swap", QT_TRANSLATE_NOOP("Action", "Swap brush and eraser"), QT_TRANSLATE_NOOP("Action", "Change between painting and erasing."), "X", "actions/swap", {} },
    ActionSpec{ BrushSmaller, "brush.smaller", QT_TRANSLATE_NOOP("Action", "Smaller brush"), QT_TRANSLATE_NOOP("Action", "Make the brush smaller."), "[", "", {} },
    ActionSpec{ BrushLarger, "brush.larger", QT_TRANSLATE_NOOP("Action", "Larger brush"), QT_TRANSLATE_NOOP("Action", "Make the brush larger."), "]", "", {} },
    ActionSpec{ BrushSofter, "brush.softer", QT_TRANSLATE_NOOP("Action", "Softer brush"), QT_TRANSLATE_NOOP("Action", "Make the brush's edge softer."), "Shift+[ {", "", {} },
    ActionSpec{ BrushHarder, "brush.harder", QT_TRANSLATE_NOOP("Action", "Harder brush"), QT_TRANSLATE_NOOP("Action", "Make the brush's edge harder."), "Shift+] }", "", {} },
};

const std::array kViewActions{
    ActionSpec{ ZoomIn, "view.zoomIn", QT_TRANSLATE_NOOP("Action", "Zoom in"), QT_TRANSLATE_NOOP("Action", "Show the picture larger."), "Ctrl++ Ctrl+=", "actions/plus", {} },
    ActionSpec{ ZoomOut, "view.zoomOut", QT_TRANSLATE_NOOP("Action", "Zoom out"), QT_TRANSLATE_NOOP("Action", "Show the picture smaller."), "Ctrl+-", "actions/minus", {} },
    ActionSpec{ ZoomFit, "view.fit", QT_TRANSLATE_NOOP("Action", "Fit picture"), QT_TRANSLATE_NOOP("Action", "Show the whole picture."), "Ctrl+0", "actions/fit", {} },
    ActionSpec{ ZoomActual, "view.actual", QT_TRANSLATE_NOOP("Action", "Actual pixels"), QT_TRANSLATE_NOOP("Action", "One pixel of the picture on one of the screen."), "Ctrl+1", "", {} },
    ActionSpec{ ZoomMask, "view.fitMask", QT_TRANSLATE_NOOP("Action", "Fit painted area"), QT_TRANSLATE_NOOP("Action", "Show the painted area as large as possible."), "Ctrl+2", "", C::HasPaint },
    ActionSpec{ HideDocks, "view.hideDocks", QT_TRANSLATE_NOOP("Action", "Canvas only"), QT_TRANSLATE_NOOP("Action", "Hide everything but the canvas, or show it again."), "Tab", "", {}, kCanvas, true },
    ActionSpec{ FullScreen, "view.fullScreen", QT_TRANSLATE_NOOP("Action", "Full screen"), QT_TRANSLATE_NOOP("Action", "Use the whole screen."), "F11", "", {}, ActionScope::Window, true },
    ActionSpec{ DarkAppearance, "view.dark", QT_TRANSLATE_NOOP("Action", "Dark appearance"), QT_TRANSLATE_NOOP("Action", "Dark or light surroundings for the picture."), "", "", {}, ActionScope::Window, true },
    ActionSpec{ NextPane, "view.nextPane", QT_TRANSLATE_NOOP("Action", "Next part of the window"), QT_TRANSLATE_NOOP("Action", "Give the keyboard to canvas, settings or variations in turn."), "F6", "", {} },
    ActionSpec{ FocusPrompt, "view.focusPrompt", QT_TRANSLATE_NOOP("Action", "Go to the prompt"), QT_TRANSLATE_NOOP("Action", "Give the keyboard to the prompt."), "/", "", {} },
};

const std::array kHelpActions{
    ActionSpec{ Shortcuts, "help.shortcuts", QT_TRANSLATE_NOOP("Action", "Keyboard shortcuts"), QT_TRANSLATE_NOOP("Action", "Show every key."), "F1", "", {} },
    ActionSpec{ CommandSearch, "help.commands", QT_TRANSLATE_NOOP("Action", "Find a command"), QT_TRANSLATE_NOOP("Action", "Search every action by name and run it."), "Ctrl+K", "", {}, ActionScope::Window, false, true },
    ActionSpec{ About, "help.about", QT_TRANSLATE_NOOP("Action", "About Sfumato"), QT_TRANSLATE_NOOP("Action", "Version, licence and what the program is made of."), "", "", {} },
};

std::vector<ActionSpec> joined()
{
    std::vector<ActionSpec> all;
    const auto append = [&all](const auto& part) { all.insert(all.end(), part.begin(), part.end()); };
    append(kFileActions);
    append(kEditActions);
    append(kMaskActions);
    append(kGenerateActions);
    append(kPickActions);
    append(kLoraActions);
    append(kToolActions);
    append(kViewActions);
    append(kHelpActions);
    return all;
}

} // namespace

std::span<const ActionSpec> actionTable()
{
    static const std::vector<ActionSpec> kTable = joined();
    return kTable;
}

} // namespace sfumato::ui
