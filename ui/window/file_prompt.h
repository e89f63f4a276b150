// FilePrompt and QuestionPrompt: the seams through which the window asks for files and decisions, so that tests can answer beforehand.
// Thread: GUI. No call waits: the answer comes to `receive`, which is not called when the person cancels (FilePrompt) or the parent is gone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

struct FileQuestion {
    QString title;
    QString startPath;   // folder or file
    QStringList filters; // "Pictures (*.png *.jpg)"
    QString defaultSuffix;
};

class FilePrompt {
public:
    using Receive = std::function<void(const QString& path)>;

    FilePrompt() = default;
    FilePrompt(const FilePrompt&) = delete;
    FilePrompt& operator=(const FilePrompt&) = delete;
    virtual ~FilePrompt() = default;

    virtual void askForOpening(QWidget& parent, const FileQuestion& question, Receive receive) = 0;
    // Asks itself before an existing file is named.
    virtual void askForSaving(QWidget& parent, const FileQuestion& question, Receive receive) = 0;
    virtual void askForFolder(QWidget& parent, const FileQuestion& question, Receive receive) = 0;
};

struct Question {
    QString title;
    QString text;
    QStringList answers; // the first is the default, the last the way out (Esc)
};

class QuestionPrompt {
public:
    QuestionPrompt() = default;
    QuestionPrompt(const QuestionPrompt&) = delete;
    QuestionPrompt& operator=(const QuestionPrompt&) = delete;
    virtual ~QuestionPrompt() = default;

    // `receive` gets the index of the answer.
    virtual void ask(QWidget& parent, const Question& question, std::function<void(int answer)> receive) = 0;
};

} // namespace sfumato::ui
