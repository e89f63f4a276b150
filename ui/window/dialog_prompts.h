// DialogFilePrompt, DialogQuestionPrompt: the seams answered by dialogs.
// Thread: GUI. Owner: MainWindow. Dialogs are modal to their window and never block the event loop.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/window/file_prompt.h"

namespace sfumato::ui {

class DialogFilePrompt final : public FilePrompt {
public:
    void askForOpening(QWidget& parent, const FileQuestion& question, Receive receive) override;
    void askForSaving(QWidget& parent, const FileQuestion& question, Receive receive) override;
    void askForFolder(QWidget& parent, const FileQuestion& question, Receive receive) override;
};

class DialogQuestionPrompt final : public QuestionPrompt {
public:
    void ask(QWidget& parent, const Question& question, std::function<void(int answer)> receive) override;
};

} // namespace sfumato::ui
