// Prompts that a test has answered beforehand.
// Thread: GUI.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/window/file_prompt.h"

namespace sfumato::testing {

// What was asked, and what is answered. An empty path is a cancel.
struct PreparedAnswers {
    QString openPath;
    QString savePath;
    QString folderPath;
    int questionAnswer = 0;
    QStringList asked; // titles, in order
};

class PreparedFilePrompt final : public ui::FilePrompt {
public:
    explicit PreparedFilePrompt(PreparedAnswers& answers) : m_answers(answers) { }
    void askForOpening(QWidget& parent, const ui::FileQuestion& question, Receive receive) override;
    void askForSaving(QWidget& parent, const ui::FileQuestion& question, Receive receive) override;
    void askForFolder(QWidget& parent, const ui::FileQuestion& question, Receive receive) override;

private:
    void answer(const ui::FileQuestion& question, const QString& path, const Receive& receive);
    PreparedAnswers& m_answers;
};

class PreparedQuestionPrompt final : public ui::QuestionPrompt {
public:
    explicit PreparedQuestionPrompt(PreparedAnswers& answers) : m_answers(answers) { }
    void ask(QWidget& parent, const ui::Question& question, std::function<void(int answer)> receive) override;

private:
    PreparedAnswers& m_answers;
};

} // namespace sfumato::testing
