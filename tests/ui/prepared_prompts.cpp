// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/prepared_prompts.h"

namespace sfumato::testing {

void PreparedFilePrompt::answer(const ui::FileQuestion& question, const QString& path, const Receive& receive)
{
    m_answers.asked.append(question.title);
    if (!path.isEmpty()) receive(path);
}

void PreparedFilePrompt::askForOpening(QWidget& /*parent*/, const ui::FileQuestion& question, Receive receive) { answer(question, m_answers.openPath, receive); }

void PreparedFilePrompt::askForSaving(QWidget& /*parent*/, const ui::FileQuestion& question, Receive receive) { answer(question, m_answers.savePath, receive); }

void PreparedFilePrompt::askForFolder(QWidget& /*parent*/, const ui::FileQuestion& question, Receive receive) { answer(question, m_answers.folderPath, receive); }

void PreparedQuestionPrompt::ask(QWidget& /*parent*/, const ui::Question& question, std::function<void(int answer)> receive)
{
    m_answers.asked.append(question.title);
    receive(m_answers.questionAnswer);
}

} // namespace sfumato::testing
