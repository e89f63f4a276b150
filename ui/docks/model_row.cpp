// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/model_row.h"

#include "core/workspace/model_override.h"
#include "ui/docks/model_override_menu.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/dropped_files.h"
#include "ui/widgets/plain_text.h"

#include <QDropEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QMimeData>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace sfumato::ui {

namespace {

constexpr int kSmallNative = 512; // pixels; below it a model is one of few words

QString sizeText(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

QString describedText(const engine::ModelInfo& info)
{
    QStringList parts{ familyName(info.family), QStringLiteral("%1 × %2").arg(info.nativeSize.width).arg(info.nativeSize.height), sizeText(info.sizeInBytes) };
    if (info.inputChannels == 9) parts.append(ModelRow::tr("inpainting model"));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

QString familyName(engine::ModelFamily family)
{
    switch (family) {
    case engine::ModelFamily::Sdxl: return QStringLiteral("SDXL");
    case engine::ModelFamily::SdxlRefiner: return QStringLiteral("SDXL refiner");
    case engine::ModelFamily::Sd1: return QStringLiteral("SD 1.5");
    case engine::ModelFamily::Sd2: return QStringLiteral("SD 2");
    case engine::ModelFamily::Unknown: break;
    }
    return ModelRow::tr("unknown family");
}

ModelRow::ModelRow(workspace::Workspace& workspace, QWidget* parent) : QWidget(parent), m_workspace(workspace)
{
    setAcceptDrops(true);
    m_choice = new ChoiceBox(this);
    m_choice->setModel(&workspace.models());
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(8);
    m_choice->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe(*m_choice, tr("Model"), tr("The model that paints. Models are .safetensors files or diffusers folders."));

    auto* choose = new QToolButton(this);
    choose->setIcon(themedIcon(QStringLiteral("actions/folder")));
    choose->setAutoRaise(true);
    choose->setFocusPolicy(Qt::StrongFocus);
    choose->setPopupMode(QToolButton::InstantPopup);
    describe(*choose, tr("Choose another model"), tr("Choose a model file or folder"));
    auto* menu = new QMenu(choose);
    connect(menu->addAction(tr("Model file…")), &QAction::triggered, this, &ModelRow::fileRequested);
    connect(menu->addAction(tr("Diffusers folder…")), &QAction::triggered, this, &ModelRow::folderRequested);
    menu->addSeparator();
    connect(menu->addAction(tr("About this model…")), &QAction::triggered, this, &ModelRow::cardRequested);
    menu->addMenu(new ModelOverrideMenu(workspace, menu));
    choose->setMenu(menu);

    m_note = createParagraph({}, LabelRole::Secondary, this);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kInside);
    row->addWidget(m_choice, 1);
    row->addWidget(choose);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kInside);
    column->addLayout(row);
    column->addWidget(m_note);

    connect(m_choice, &QComboBox::activated, this, [this](int chosen) {
        workspace::AppSettings settings = m_workspace.appSettings();
        settings.model = m_workspace.models().index(chosen, 0).data(workspace::ModelList::PathRole).toString();
        m_workspace.setAppSettings(settings);
    });
    connect(&workspace, &workspace::Workspace::appSettingsChanged, this, &ModelRow::refresh);
    connect(&workspace.models(), &workspace::ModelList::described, this, &ModelRow::refreshNote);
    connect(&workspace.models(), &QAbstractItemModel::modelReset, this, &ModelRow::refresh);
    refresh();
}

void ModelRow::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFilesIn(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void ModelRow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    Q_EMIT filesDropped(localFilesIn(*event->mimeData()));
}

void ModelRow::refresh()
{
    const QSignalBlocker blocker(m_choice);
    m_choice->setCurrentIndex(m_workspace.models().rowOf(m_workspace.appSettings().model));
    m_choice->setEnabled(m_workspace.models().rowCount() > 0);
    refreshNote();
}

void ModelRow::refreshNote()
{
    const workspace::ModelEntry* entry = m_workspace.models().find(m_workspace.appSettings().model);
    QString note;
    if (!entry) {
        note = tr("To generate, the editor needs an SDXL model file (.safetensors, about 7 GB). You can paint and edit without one.");
    } else if (entry->error) {
        note = tr("This model cannot be used.");
    } else if (entry->info && entry->isInstalled && entry->info->nativeSize.width < kSmallNative) {
        note = tr("The starter model knows a small painted world: houses, trees, boats, flowers and balls, sun, moon and clouds on grass, beach, snow or sea. Choose an SDXL model for everything else.");
    } else if (entry->info) {
        note = describedText(*entry->info);
    }
    if (const auto told = entry ? workspace::modelOverride(m_workspace.appSettings(), entry->path) : std::nullopt) note += (note.isEmpty() ? QString() : QStringLiteral(" · ")) + overrideText(*told);
    setLabelText(*m_note, note);
    m_note->setVisible(!note.isEmpty());
    QString help = tr("The model that paints. Models are .safetensors files or diffusers folders.");
    if (entry && entry->info) help += QLatin1Char('\n') + describedText(*entry->info) + QLatin1Char('\n') + QString::fromStdString(entry->info->description);
    setHelp(*m_choice, help.trimmed());
}

} // namespace sfumato::ui
