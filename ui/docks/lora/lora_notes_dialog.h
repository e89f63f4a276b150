// LoraNotesDialog: what the artist keeps about a LoRA: note, trigger words, preferred weight. It is written beside the file, where other programs read it.
// Thread: GUI. Owner: its parent; opened without waiting.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_entry.h"
#include "core/library/sidecar.h"

#include <QDialog>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QLineEdit;
class QPlainTextEdit;
QT_END_NAMESPACE

namespace sfumato::ui {

class SliderRow;

class LoraNotesDialog final : public QDialog {
    Q_OBJECT

public:
    LoraNotesDialog(const library::LibraryEntry& entry, const library::FileDetails& details, QWidget* parent = nullptr);

    // What differs from what was there.
    [[nodiscard]] library::SidecarEdit edit() const;

private:
    QString m_notesBefore;
    QStringList m_triggersBefore;
    std::optional<double> m_weightBefore;
    QPlainTextEdit* m_notes = nullptr;
    QLineEdit* m_triggers = nullptr;
    QCheckBox* m_hasWeight = nullptr;
    SliderRow* m_weight = nullptr;
};

} // namespace sfumato::ui
