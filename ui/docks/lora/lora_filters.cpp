// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/lora/lora_filters.h"

#include "ui/docks/lora/lora_texts.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/plain_text.h"

#include <QActionGroup>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace sfumato::ui {

namespace {

using library::LibrarySort;

// A folder's name in a menu, its ampersands no mnemonics.
QString menuText(QString text) { return text.replace(QLatin1Char('&'), QStringLiteral("&&")); }

// The folder's name, with its parent's where another has the same.
QString folderText(const QString& folder, const QStringList& all)
{
    const QFileInfo info(folder);
    const auto namesakes = std::count_if(all.begin(), all.end(), [&](const QString& other) { return QFileInfo(other).fileName() == info.fileName(); });
    return menuText(namesakes > 1 ? QFileInfo(info.path()).fileName() + QLatin1Char('/') + info.fileName() : info.fileName());
}

QToolButton* createTool(const QString& icon, const QString& name, const QString& help, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    describe(*button, name, help);
    return button;
}

} // namespace

LoraFilters::LoraFilters(QWidget* parent) : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kInside);
    createSearchRow(*column);
    createChips(*column);
}

void LoraFilters::createSearchRow(QVBoxLayout& column)
{
    m_search = new QLineEdit(this);
    m_search->setClearButtonEnabled(true);
    m_search->setPlaceholderText(tr("Search LoRAs"));
    m_search->addAction(themedIcon(QStringLiteral("tools/loupe")), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    describe(*m_search, tr("Search LoRAs"),
        tr("Words in any order, out of name, folder, trigger words, tags, notes or base. \"In quotes\" in a row, -without a word, base:sdxl or tag:ink in one place only."));
    m_sortButton = createTool(QStringLiteral("actions/sort"), tr("Order"), tr("Choose the order of the files"), this);
    m_sortButton->setPopupMode(QToolButton::InstantPopup);
    m_viewButton = createTool(QStringLiteral("actions/list"), tr("List"), tr("Show lines instead of cards"), this);
    m_viewButton->setCheckable(true);
    createSortMenu();
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    row->addWidget(m_search, 1);
    row->addWidget(m_sortButton);
    row->addWidget(m_viewButton);
    column.addLayout(row);
    connect(m_search, &QLineEdit::textChanged, this, &LoraFilters::changed);
    connect(m_viewButton, &QToolButton::toggled, this, &LoraFilters::viewChanged);
}

void LoraFilters::createSortMenu()
{
    struct Order {
        LibrarySort sort;
        QString text;
    };
    const std::array orders{ Order{ LibrarySort::Name, tr("Name") }, Order{ LibrarySort::Added, tr("Added last") }, Order{ LibrarySort::Used, tr("Used last") }, Order{ LibrarySort::Size, tr("Largest") } };
    m_sortMenu = new QMenu(m_sortButton);
    auto* group = new QActionGroup(m_sortMenu);
    for (const Order& order : orders) {
        QAction* action = m_sortMenu->addAction(order.text);
        action->setCheckable(true);
        action->setChecked(order.sort == m_sort);
        action->setData(static_cast<int>(order.sort));
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, sort = order.sort] {
            m_sort = sort;
            Q_EMIT changed();
        });
    }
    m_sortMenu->addSeparator();
    QAction* reverse = m_sortMenu->addAction(tr("The other way round"));
    reverse->setCheckable(true);
    connect(reverse, &QAction::toggled, this, [this](bool isReversed) {
        m_isReversed = isReversed;
        Q_EMIT changed();
    });
    m_sortButton->setMenu(m_sortMenu);
}

Chip* LoraFilters::addChip(QWidget& row, const QString& label, const QString& help)
{
    auto* chip = new Chip(label, help, &row);
    chip->setCheckable(true);
    row.layout()->addWidget(chip);
    return chip;
}

void LoraFilters::createChips(QVBoxLayout& column)
{
    auto* row = new QWidget(this);
    auto* flow = new FlowLayout(row);
    flow->setSpacing(metrics::kInside);
    m_starred = addChip(*row, tr("Starred"), tr("Only files with a star"));
    m_base = addChip(*row, tr("Fits"), tr("Only files made for the base of the model in use"));
    m_recent = addChip(*row, tr("Recent"), tr("Only files used in the last 30 days"));
    m_unused = addChip(*row, tr("Unused"), tr("Only files that were never used"));
    m_similar = addChip(*row, tr("Similar"), tr("Only files whose tags are like those of this one. Press to see all again."));
    m_similar->hide();
    connect(m_similar, &Chip::toggled, this, [this](bool isOn) {
        if (!isOn) m_similarTo.clear();
        m_similar->setVisible(isOn);
        Q_EMIT changed();
    });
    m_folder = new Chip(tr("Folder"), tr("Only files of one folder"), row);
    flow->addWidget(m_folder);
    m_folderMenu = new QMenu(m_folder);
    m_folderMenu->setToolTipsVisible(true); // whole paths
    m_folder->setMenu(m_folderMenu);
    m_starred->setSign(QStringLiteral("actions/star"));
    m_base->hide();
    column.addWidget(row);
    connect(m_starred, &Chip::toggled, this, &LoraFilters::changed);
    connect(m_base, &Chip::toggled, this, &LoraFilters::changed);
    const auto exclude = [this](Chip* other) {
        return [this, other](bool isOn) {
            const QSignalBlocker blocker(other);
            if (isOn) other->setChecked(false);
            Q_EMIT changed();
        };
    };
    connect(m_recent, &Chip::toggled, this, exclude(m_unused));
    connect(m_unused, &Chip::toggled, this, exclude(m_recent));
}

library::LibraryQuery LoraFilters::query() const
{
    library::LibraryQuery query;
    query.text = m_search->text();
    query.onlyStarred = m_starred->isChecked();
    query.onlyRecent = m_recent->isChecked();
    query.onlyUnused = m_unused->isChecked();
    query.folder = m_chosenFolder;
    query.similarTo = m_similarTo;
    query.sort = m_sort;
    query.isReversed = m_isReversed;
    if (m_base->isChecked()) query.family = m_family;
    return query;
}

bool LoraFilters::isNarrowed() const
{
    library::LibraryQuery open;
    open.sort = m_sort;
    open.isReversed = m_isReversed;
    return query() != open;
}

void LoraFilters::clear()
{
    {
        const QSignalBlocker blocker(this);
        m_search->clear();
        for (Chip* chip : { m_starred, m_base, m_recent, m_unused, m_similar }) chip->setChecked(false);
        setFolder({});
    }
    Q_EMIT changed();
}

void LoraFilters::showOtherFamilies() { m_base->setChecked(false); }

void LoraFilters::showSimilar(const library::LibraryEntry& entry)
{
    m_similarTo = entry.path;
    m_similar->setLabel(tr("Like %1", "a LoRA").arg(entry.name));
    if (m_similar->isChecked()) Q_EMIT changed();
    else
        m_similar->setChecked(true);
}

void LoraFilters::focusSearch(const QString& typed)
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    if (typed.isEmpty()) m_search->selectAll();
    else
        m_search->insert(typed);
}

void LoraFilters::setSort(LibrarySort sort, bool isReversed)
{
    m_sort = sort;
    m_isReversed = isReversed;
    for (QAction* action : m_sortMenu->actions()) {
        const QSignalBlocker blocker(action);
        if (action->isSeparator()) continue;
        action->setChecked(action->data().isValid() ? action->data().toInt() == static_cast<int>(sort) : isReversed);
    }
    Q_EMIT changed();
}

void LoraFilters::setList(bool isList) { m_viewButton->setChecked(isList); }

bool LoraFilters::isList() const { return m_viewButton->isChecked(); }

void LoraFilters::setModelFamily(engine::ModelFamily family)
{
    if (family == m_family) return;
    m_family = family;
    m_base->setVisible(family != engine::ModelFamily::Unknown);
    m_base->setLabel(tr("Fits %1", "a family of models").arg(familyText(family)));
    if (family == engine::ModelFamily::Unknown) m_base->setChecked(false);
    else if (m_base->isChecked())
        Q_EMIT changed();
}

void LoraFilters::setFolders(const QStringList& folders, const QStringList& watched)
{
    m_folderMenu->clear();
    connect(m_folderMenu->addAction(tr("All folders")), &QAction::triggered, this, [this] { setFolder({}); });
    m_folderMenu->addSeparator();
    for (const QString& folder : folders) {
        QAction* action = m_folderMenu->addAction(folderText(folder, folders));
        setHelp(*action, folder);
        connect(action, &QAction::triggered, this, [this, folder] { setFolder(folder); });
    }
    m_folderMenu->addSeparator();
    connect(m_folderMenu->addAction(tr("Add folder…")), &QAction::triggered, this, &LoraFilters::folderWanted);
    for (const QString& folder : watched) {
        QAction* action = m_folderMenu->addAction(tr("Stop watching %1").arg(folderText(folder, watched)));
        setHelp(*action, folder);
        connect(action, &QAction::triggered, this, [this, folder] { Q_EMIT folderUnwanted(folder); });
    }
    m_folder->setVisible(folders.size() > 1 || !watched.isEmpty());
    if (!m_chosenFolder.isEmpty() && !folders.contains(m_chosenFolder)) setFolder({});
}

void LoraFilters::setFolder(const QString& folder)
{
    m_chosenFolder = folder;
    m_folder->setCheckable(!folder.isEmpty());
    m_folder->setChecked(!folder.isEmpty());
    m_folder->setLabel(folder.isEmpty() ? tr("Folder") : QFileInfo(folder).fileName());
    Q_EMIT changed();
}

QWidget& LoraFilters::searchField() const { return *m_search; }

bool LoraFilters::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Return || key == Qt::Key_Enter) {
            Q_EMIT leftDownwards();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace sfumato::ui
