// LoraFilters: search box, filter chips, order and view of the browser. It holds the question; LoraBrowser asks it.
// Thread: GUI. Owner: LoraBrowser.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/library_query.h"

#include <QStringList>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLineEdit;
class QMenu;
class QToolButton;
class QVBoxLayout;
QT_END_NAMESPACE

namespace sfumato::ui {

class Chip;

class LoraFilters final : public QWidget {
    Q_OBJECT

public:
    explicit LoraFilters(QWidget* parent = nullptr);

    [[nodiscard]] library::LibraryQuery query() const;
    // Whether anything but the order is asked for.
    [[nodiscard]] bool isNarrowed() const;
    void clear();
    void showOtherFamilies(); // lets the base go, keeps the rest
    void focusSearch(const QString& typed = {});
    // Only files that share tags with this one, the most alike first, until the chip that says so is pressed.
    void showSimilar(const library::LibraryEntry& entry);
    void setSort(library::LibrarySort sort, bool isReversed);
    void setList(bool isList);
    [[nodiscard]] bool isList() const;
    // The base of the model in use; Unknown: the chip for it is not offered.
    void setModelFamily(engine::ModelFamily family);
    // The folders that hold files, in the order of the menu, and those the artist chose, which the menu can let go.
    void setFolders(const QStringList& folders, const QStringList& watched);
    [[nodiscard]] QWidget& searchField() const;

Q_SIGNALS:
    void changed();
    void viewChanged(bool isList);
    void folderWanted();
    void folderUnwanted(const QString& folder);
    void leftDownwards(); // the down key in the search box

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void createSearchRow(QVBoxLayout& column);
    void createChips(QVBoxLayout& column);
    void createSortMenu();
    void setFolder(const QString& folder);
    [[nodiscard]] Chip* addChip(QWidget& row, const QString& label, const QString& help);

    QLineEdit* m_search = nullptr;
    QToolButton* m_sortButton = nullptr;
    QToolButton* m_viewButton = nullptr;
    QMenu* m_sortMenu = nullptr;
    QMenu* m_folderMenu = nullptr;
    Chip* m_base = nullptr;
    Chip* m_folder = nullptr;
    Chip* m_starred = nullptr;
    Chip* m_recent = nullptr;
    Chip* m_unused = nullptr;
    Chip* m_similar = nullptr;
    engine::ModelFamily m_family = engine::ModelFamily::Unknown;
    library::LibrarySort m_sort = library::LibrarySort::Name;
    bool m_isReversed = false;
    QString m_chosenFolder;
    QString m_similarTo; // a path; empty: all files
};

} // namespace sfumato::ui
