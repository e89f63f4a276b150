// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/export_dialog.h"

#include "core/document/io/picture_writer.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr int kWidth = 420;

} // namespace

ExportDialog::ExportDialog(bool withRecipe, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Export picture"));
    setMinimumWidth(kWidth);
    QLabel* label = createLabel(tr("Format"), LabelRole::Body, this);
    m_format = new ChoiceBox(this);
    m_format->addItem(tr("PNG – lossless"), QStringLiteral("png"));
    m_format->addItem(tr("JPEG – small, for photographs"), QStringLiteral("jpg"));
    label->setBuddy(m_format);
    describe(*m_format, tr("Format"), tr("PNG keeps every pixel and transparency; JPEG is smaller and always opaque."));
    m_quality = new SliderRow({ .label = tr("Quality"), .help = tr("Higher is larger and closer to the picture."), .minimum = 1, .maximum = 100, .step = 1, .defaultValue = static_cast<double>(document::defaultQuality(document::PictureFormat::Jpeg)) }, this);
    m_recipe = new QCheckBox(tr("Include the recipe (prompt and settings)"), this);
    m_recipe->setChecked(withRecipe);
    describe(*m_recipe, tr("Include the recipe"), tr("The file then tells how it was made and can be made again from it. Leave it out for pictures you hand to others."));
    const int labelWidth = std::max(label->sizeHint().width(), m_quality->naturalLabelWidth());
    label->setFixedWidth(labelWidth);
    m_quality->setLabelWidth(labelWidth);

    auto* formatRow = new QHBoxLayout;
    formatRow->setSpacing(metrics::kBetween);
    formatRow->addWidget(label);
    formatRow->addWidget(m_format, 1);
    auto* next = new QPushButton(tr("Export…"), this);
    next->setDefault(true);
    next->setAccessibleName(next->text());
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAccessibleName(cancel->text());
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(next);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kGroup, metrics::kGroup, metrics::kGroup, metrics::kGroup);
    column->setSpacing(metrics::kDockMargin);
    column->addLayout(formatRow);
    column->addWidget(m_quality);
    column->addWidget(m_recipe);
    column->addSpacing(metrics::kInside);
    column->addLayout(buttons);
    connect(next, &QPushButton::clicked, this, &QDialog::accept);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::refresh);
    refresh();
}

ExportChoice ExportDialog::choice() const
{
    ExportChoice choice{ m_format->currentData().toString(), {} };
    if (choice.suffix == QLatin1String("jpg")) choice.options.quality = static_cast<int>(std::lround(m_quality->value()));
    choice.options.withRecipe = m_recipe->isChecked();
    return choice;
}

void ExportDialog::refresh()
{
    m_quality->setEnabled(m_format->currentData().toString() == QLatin1String("jpg"));
}

} // namespace sfumato::ui
