// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/vae_settings.h"

#include "core/library/file_facts.h"
#include "core/workspace/decoder_files.h"
#include "ui/files/fault_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace sfumato::ui {

namespace {

QString nameOf(const QString& path)
{
    const QFileInfo file(path);
    return file.isDir() ? file.fileName() : file.completeBaseName();
}

// What is to be said of a file that was chosen as a VAE; empty for an ordinary one.
QString noteOf(const Result<library::DecoderKind>& kind, const QString& name)
{
    if (!kind) return faultText(kind.error());
    switch (*kind) {
    case library::DecoderKind::Whole: return {};
    case library::DecoderKind::Small: return VaeSettings::tr("%1 is a small VAE: much faster, with rougher detail.").arg(name);
    case library::DecoderKind::None: break;
    }
    return VaeSettings::tr("%1 is no VAE. Choose another file, or the model's own.").arg(name);
}

} // namespace

VaeSettings::VaeSettings(workspace::Workspace& workspace, QWidget* parent) : QWidget(parent), m_workspace(workspace)
{
    m_choice = new ChoiceBox(this);
    m_choice->setObjectName(QStringLiteral("vaeChoice"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    describe(*m_choice, tr("VAE"), tr("The part of a model that turns what it imagined into pixels. A file replaces the model's own; those in the vae folders beside your models are listed."));
    auto* other = new QToolButton(this);
    other->setIcon(themedIcon(QStringLiteral("actions/folder")));
    other->setAutoRaise(true);
    other->setFocusPolicy(Qt::StrongFocus);
    describe(*other, tr("Choose a VAE file"), tr("Choose a VAE file"));
    m_note = createParagraph({}, LabelRole::Secondary, this);
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kInside);
    row->addWidget(m_choice, 1);
    row->addWidget(other);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, metrics::kBetween);
    column->setSpacing(metrics::kInside);
    column->addLayout(row);
    column->addWidget(m_note);
    m_choice->addItem(tr("The model's own", "VAE"), QString());
    connect(m_choice, &QComboBox::activated, this, [this] {
        lookInto(m_choice->currentData().toString());
        Q_EMIT edited();
    });
    connect(other, &QToolButton::clicked, this, &VaeSettings::fileRequested);
    connect(&workspace, &workspace::Workspace::appSettingsChanged, this, &VaeSettings::search);
    m_note->hide();
    search();
}

void VaeSettings::search()
{
    QStringList folders = workspace::decoderFolders(m_workspace.appSettings());
    if (folders == m_folders) return;
    m_folders = folders;
    m_tasks.run([folders] { return workspace::findDecoderFiles(folders).all(); }, [this](const QStringList& found) { fill(found); });
}

void VaeSettings::fill(const QStringList& found)
{
    const QSignalBlocker blocker(m_choice);
    const QString present = m_choice->currentData().toString();
    while (m_choice->count() > 1) m_choice->removeItem(1);
    for (const QString& path : found) m_choice->addItem(nameOf(path), path);
    select(present);
}

void VaeSettings::select(const QString& path)
{
    const QSignalBlocker blocker(m_choice);
    if (m_choice->findData(path) < 0) m_choice->addItem(nameOf(path), path);
    m_choice->setCurrentIndex(m_choice->findData(path));
}

void VaeSettings::choose(const QString& path)
{
    select(path);
    lookInto(path);
    Q_EMIT edited();
}

void VaeSettings::show(const workflow::JobDescription& job)
{
    const QString path = QString::fromStdString(job.vae);
    if (path == m_choice->currentData().toString()) return;
    select(path);
    lookInto(path);
}

void VaeSettings::writeTo(workflow::JobDescription& job) const { job.vae = m_choice->currentData().toString().toStdString(); }

QString VaeSettings::summary() const { return m_choice->currentText(); }

void VaeSettings::lookInto(const QString& path)
{
    m_note->hide();
    if (path.isEmpty()) return;
    m_tasks.run([path] { return library::decoderKindOf(std::filesystem::path(path.toStdU16String())); },
        [this, path](const Result<library::DecoderKind>& kind) {
            if (path != m_choice->currentData().toString()) return;
            const QString text = noteOf(kind, nameOf(path));
            setLabelText(*m_note, text);
            m_note->setVisible(!text.isEmpty());
        });
}

} // namespace sfumato::ui
