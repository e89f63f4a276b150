// ExportDialog: which format, how good, with or without the recipe. Where to is asked afterwards by the file prompt.
// Thread: GUI. Owner: its parent; shown by open().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"

#include <QDialog>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QComboBox;
QT_END_NAMESPACE

namespace sfumato::ui {

class SliderRow;

struct ExportChoice {
    QString suffix; // "png", "jpg"
    workspace::ExportOptions options;
};

class ExportDialog final : public QDialog {
    Q_OBJECT

public:
    explicit ExportDialog(bool withRecipe, QWidget* parent = nullptr);

    [[nodiscard]] ExportChoice choice() const;

private:
    void refresh();

    QComboBox* m_format = nullptr;
    SliderRow* m_quality = nullptr;
    QCheckBox* m_recipe = nullptr;
};

} // namespace sfumato::ui
