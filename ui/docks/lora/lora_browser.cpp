// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_browser.h"

#include "ui/docks/lora/lora_filters.h"
#include "ui/docks/lora/lora_view.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/fill_slider.h"
#include "ui/widgets/plain_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr int kMostFolders = 60; // offered in the menu

bool isShown(const library::LibraryEntry& entry) { return entry.kind == engine::FileKind::Lora || !entry.broken.isEmpty(); }

} // namespace

LoraBrowser::LoraBrowser(workspace::Workspace& workspace, const LoraLibrary& library, QWidget* parent)
    : QWidget(parent), m_workspace(workspace), m_index(library.index)
{
    m_model = new library::LoraListModel(library.index, library.thumbnails, this);
    m_filters = new LoraFilters(this);
    m_view = new LoraView(*m_model, library.index, this);
    m_pages = new QStackedWidget(this);
    m_pages->addWidget(m_view);
    m_pages->addWidget(createEmptyPage());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kDockMargin, metrics::kBetween, metrics::kDockMargin, metrics::kBetween);
    column->setSpacing(metrics::kInside);
    column->addWidget(m_filters);
    column->addWidget(m_pages, 1);
    column->addWidget(createFooter());
    connectParts();
    refreshFamily();
    refreshFolders();
    ask();
}

QWidget* LoraBrowser::createEmptyPage()
{
    auto* page = new QWidget(this);
    m_emptyText = createParagraph({}, LabelRole::Secondary, page);
    m_emptyText->setAlignment(Qt::AlignHCenter);
    m_emptyText->setObjectName(QStringLiteral("loraEmptyText"));
    auto* column = new QVBoxLayout(page);
    column->addStretch(1);
    column->addWidget(m_emptyText);
    column->addSpacing(metrics::kInside);
    for (std::size_t i = 0; i < 2; ++i) {
        m_emptyButtons[i] = new QPushButton(page);
        column->addWidget(m_emptyButtons[i], 0, Qt::AlignHCenter);
        connect(m_emptyButtons[i], &QPushButton::clicked, this, [this, i] {
            const auto run = m_emptyRun.at(i); // what it does may change the page
            run();
        });
    }
    column->addStretch(2);
    return page;
}

QWidget* LoraBrowser::createFooter()
{
    auto* footer = new QWidget(this);
    m_count = createLabel({}, LabelRole::Secondary, footer);
    m_cardSize = new FillSlider(footer);
    m_cardSize->setRange(kLeastCardWidth, kLargestCardWidth);
    m_cardSize->setSingleStep(8);
    m_cardSize->setPageStep(24);
    m_cardSize->setValue(kDefaultCardWidth);
    m_cardSize->setFixedWidth(96);
    describe(*m_cardSize, tr("Size of the cards"), tr("Make the cards larger or smaller."));
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_count, 1);
    row->addWidget(m_cardSize);
    return footer;
}

void LoraBrowser::connectParts()
{
    connect(m_filters, &LoraFilters::changed, this, &LoraBrowser::ask);
    connect(m_filters, &LoraFilters::leftDownwards, this, [this] {
        m_view->setFocus(Qt::TabFocusReason);
        if (!m_view->currentIndex().isValid()) m_view->setCurrentIndex(m_model->index(0, 0));
    });
    connect(m_filters, &LoraFilters::viewChanged, this, [this](bool isList) {
        m_view->setShape(isList ? LoraDelegate::Shape::Line : LoraDelegate::Shape::Card);
        m_cardSize->setEnabled(!isList);
        noteLook();
    });
    connect(m_cardSize, &QAbstractSlider::valueChanged, this, [this](int width) {
        m_view->setCardWidth(width);
        noteLook();
    });
    connect(m_view, &LoraView::letterTyped, m_filters, &LoraFilters::focusSearch);
    connect(m_view, &LoraView::menuRequested, this, &LoraBrowser::menuRequested);
    connect(m_view, &LoraView::chosen, this, [this](const QModelIndex& index) {
        if (const library::LibraryEntryPointer entry = m_model->entryAt(index)) Q_EMIT chosen(entry);
    });
    connect(m_view, &LoraView::weightStepRequested, this, [this](const QModelIndex& index, int steps) {
        if (const library::LibraryEntryPointer entry = m_model->entryAt(index)) Q_EMIT weightStepRequested(entry->path, steps);
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &LoraBrowser::currentChanged);
    connect(m_model, &library::LoraListModel::matchCountChanged, this, &LoraBrowser::refreshState);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        refreshState();
        Q_EMIT currentChanged();
    });
    connect(&m_index, &library::LibraryIndex::entriesChanged, this, &LoraBrowser::refreshFolders);
    connect(&m_index, &library::LibraryIndex::loaded, this, &LoraBrowser::refreshState);
    connect(&m_index, &library::LibraryIndex::scanProgressed, this, [this](int done, int total) {
        m_scanText = tr("reading %1 of %2", "files of the library").arg(done).arg(total);
        refreshState();
    });
    connect(&m_index, &library::LibraryIndex::scanFinished, this, [this] {
        m_scanText.clear();
        refreshState();
    });
    connect(&m_workspace.models(), &workspace::ModelList::described, this, &LoraBrowser::refreshFamily);
    connect(&m_workspace, &workspace::Workspace::appSettingsChanged, this, [this] {
        refreshFamily();
        refreshFolders();
    });
    connect(m_filters, &LoraFilters::folderWanted, this, &LoraBrowser::folderRequested);
    connect(m_filters, &LoraFilters::folderUnwanted, this, &LoraBrowser::folderUnwanted);
}

library::LibraryEntryPointer LoraBrowser::current() const { return m_model->entryAt(m_view->currentIndex()); }

void LoraBrowser::applyLook(const workspace::LoraBrowserLook& look)
{
    const QSignalBlocker blocker(this);
    m_cardSize->setValue(look.cardWidth > 0 ? look.cardWidth : kDefaultCardWidth);
    m_filters->setList(look.isList);
    m_filters->setSort(static_cast<library::LibrarySort>(std::clamp(look.sort, 0, static_cast<int>(library::LibrarySort::Size))), look.isReversed);
}

void LoraBrowser::noteLook()
{
    const library::LibraryQuery query = m_filters->query();
    Q_EMIT lookChanged({ m_cardSize->value(), m_filters->isList(), static_cast<int>(query.sort), query.isReversed });
}

void LoraBrowser::ask()
{
    const library::LibraryQuery query = m_filters->query();
    if (query.sort != m_model->query().sort || query.isReversed != m_model->query().isReversed) noteLook();
    m_model->setQuery(query);
    m_view->scrollToTop();
    refreshState();
}

void LoraBrowser::refreshFamily()
{
    const workspace::ModelEntry* entry = m_workspace.models().find(m_workspace.appSettings().model);
    const engine::ModelFamily family = entry && entry->info ? entry->info->family : engine::ModelFamily::Unknown;
    m_view->setModelFamily(family);
    m_model->setModelFamily(family);
    m_filters->setModelFamily(family);
}

// Every folder that holds files, in the order of their names.
void LoraBrowser::refreshFolders()
{
    QSet<QString> folders;
    for (const library::LibraryEntryPointer& entry : m_index.entries()) {
        if (isShown(*entry)) folders.insert(entry->path.left(entry->path.lastIndexOf(QLatin1Char('/'))));
    }
    QStringList sorted(folders.begin(), folders.end());
    sorted.sort(Qt::CaseInsensitive);
    m_filters->setFolders(sorted.mid(0, kMostFolders), m_workspace.appSettings().loraFolders);
    refreshState();
}

void LoraBrowser::refreshState()
{
    const int matches = m_model->matchCount();
    QStringList count;
    if (matches > 0) count.append(tr("%n LoRA(s)", "files that match", matches));
    if (!m_scanText.isEmpty()) count.append(m_scanText);
    setLabelText(*m_count, count.join(QStringLiteral(" · ")));
    const bool isReading = m_index.isScanning() || !m_index.isLoaded();
    const auto clear = [this] { m_filters->clear(); };
    const auto choose = [this] { Q_EMIT folderRequested(); };
    if (matches > 0) {
        m_pages->setCurrentIndex(0);
    } else if (m_model->ofOtherFamilies() > 0) {
        showEmpty(tr("%n LoRA(s) match, all made for another base model.", "", m_model->ofOtherFamilies()), { tr("Show them"), tr("Clear search") }, { [this] { m_filters->showOtherFamilies(); }, clear });
    } else if (m_filters->isNarrowed()) {
        showEmpty(tr("No LoRA matches."), { tr("Clear search") }, { clear });
    } else if (isReading) {
        showEmpty(tr("Looking for LoRA files…"), {}, {});
    } else if (m_workspace.appSettings().loraFolders.isEmpty()) {
        showEmpty(tr("No LoRA folder yet."), { tr("Choose folder…") }, { choose });
    } else {
        showEmpty(tr("This folder holds no LoRA files. Sub-folders are searched too."), { tr("Open folder"), tr("Choose another…") }, { [this] { Q_EMIT folderOpenRequested(); }, choose });
    }
}

void LoraBrowser::showEmpty(const QString& text, const QStringList& buttons, const std::vector<std::function<void()>>& run)
{
    setLabelText(*m_emptyText, text);
    m_emptyRun = run;
    for (int i = 0; i < 2; ++i) {
        QPushButton& button = *m_emptyButtons[i];
        button.setVisible(i < buttons.size());
        button.setText(buttons.value(i));
        button.setAccessibleName(buttons.value(i, QStringLiteral("-")));
    }
    m_pages->setCurrentIndex(1);
}

} // namespace sfumato::ui
