// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/about_dialog.h"

#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QCoreApplication>
#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace sfumato::ui {

namespace {

constexpr int kWidth = 420;
constexpr int kIconSide = 64;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(AboutDialog)
};

} // namespace

void showAbout(QWidget& parent)
{
    auto* dialog = new QDialog(&parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(Texts::tr("About Sfumato"));
    dialog->setMinimumWidth(kWidth);
    QLabel* sign = createLabel({}, LabelRole::Body, dialog);
    sign->setPixmap(applicationIcon().pixmap(QSize(kIconSide, kIconSide), dialog->devicePixelRatioF()));
    auto* words = new QVBoxLayout;
    words->setSpacing(metrics::kBetween);
    words->addWidget(createLabel(QStringLiteral("Sfumato"), LabelRole::Heading, dialog));
    words->addWidget(createLabel(Texts::tr("Version %1").arg(QCoreApplication::applicationVersion()), LabelRole::Secondary, dialog));
    words->addWidget(createParagraph(Texts::tr("A picture editor that repaints what you paint over, with Stable Diffusion XL on this computer. Nothing leaves it."), LabelRole::Body, dialog));
    words->addWidget(createParagraph(Texts::tr("Licensed under the Apache License 2.0. Made with Qt, PyTorch, OpenCV, libavif, Little CMS, libexif and other free software."), LabelRole::Secondary, dialog));
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kGroup);
    row->addWidget(sign, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    auto* close = new QPushButton(Texts::tr("Close"), dialog);
    close->setAccessibleName(close->text());
    close->setDefault(true);
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(metrics::kGroup, metrics::kGroup, metrics::kGroup, metrics::kGroup);
    column->setSpacing(metrics::kGroup);
    column->addLayout(row);
    column->addWidget(close, 0, Qt::AlignRight);
    dialog->open();
}

} // namespace sfumato::ui
