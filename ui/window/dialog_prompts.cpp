// SPDX-License-Identifier: Apache-2.0
#include "ui/window/dialog_prompts.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QDialog>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sfumato::ui {

namespace {

constexpr int kQuestionWidth = 420;

QFileDialog* createDialog(QWidget& parent, const FileQuestion& question)
{
    const QFileInfo start(question.startPath);
    auto* dialog = new QFileDialog(&parent, question.title, start.isDir() ? start.filePath() : start.path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (!start.isDir() && !start.fileName().isEmpty()) dialog->selectFile(start.fileName());
    if (!question.filters.isEmpty()) dialog->setNameFilters(question.filters);
    dialog->setDefaultSuffix(question.defaultSuffix);
    return dialog;
}

void openDialog(QFileDialog& dialog, FilePrompt::Receive receive)
{
    QObject::connect(&dialog, &QFileDialog::fileSelected, &dialog, [receive = std::move(receive)](const QString& path) {
        if (!path.isEmpty()) receive(path);
    });
    dialog.open();
}

} // namespace

void DialogFilePrompt::askForOpening(QWidget& parent, const FileQuestion& question, Receive receive)
{
    QFileDialog* dialog = createDialog(parent, question);
    dialog->setFileMode(QFileDialog::ExistingFile);
    openDialog(*dialog, std::move(receive));
}

void DialogFilePrompt::askForSaving(QWidget& parent, const FileQuestion& question, Receive receive)
{
    QFileDialog* dialog = createDialog(parent, question);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    openDialog(*dialog, std::move(receive));
}

void DialogFilePrompt::askForFolder(QWidget& parent, const FileQuestion& question, Receive receive)
{
    QFileDialog* dialog = createDialog(parent, question);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    openDialog(*dialog, std::move(receive));
}

void DialogQuestionPrompt::ask(QWidget& parent, const Question& question, std::function<void(int answer)> receive)
{
    auto* dialog = new QDialog(&parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(question.title);
    dialog->setMinimumWidth(kQuestionWidth);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(metrics::kGroup, metrics::kGroup, metrics::kGroup, metrics::kGroup);
    column->setSpacing(metrics::kGroup);
    column->addWidget(createParagraph(question.text, LabelRole::Body, dialog));
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    column->addLayout(row);
    const int last = static_cast<int>(question.answers.size()) - 1;
    for (int i = last; i >= 0; --i) {
        auto* button = new QPushButton(question.answers.at(i), dialog);
        button->setAccessibleName(question.answers.at(i));
        button->setDefault(i == 0);
        QObject::connect(button, &QPushButton::clicked, dialog, [dialog, i] { dialog->done(i + 1); });
        row->addWidget(button);
        if (i == 0) button->setFocus();
    }
    QObject::connect(dialog, &QDialog::finished, dialog, [receive = std::move(receive), last](int result) { receive(result == QDialog::Rejected ? last : result - 1); });
    dialog->open();
}

} // namespace sfumato::ui
