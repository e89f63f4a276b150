// LoraBrowser: the LoRA files of the library as cards or lines, what narrows them down, and what is said when there are none.
// Thread: GUI. Owner: LoraDock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/lora_list_model.h"
#include "core/workspace/workspace.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QStackedWidget;
QT_END_NAMESPACE

namespace sfumato::ui {

class FillSlider;
class LoraFilters;
class LoraView;

struct LoraLibrary {
    library::LibraryIndex& index;
    library::ThumbnailCache& thumbnails;
};

class LoraBrowser final : public QWidget {
    Q_OBJECT

public:
    LoraBrowser(workspace::Workspace& workspace, const LoraLibrary& library, QWidget* parent = nullptr);

    // The chosen file; null when there is none.
    [[nodiscard]] library::LibraryEntryPointer current() const;
    [[nodiscard]] LoraView& view() noexcept { return *m_view; }
    [[nodiscard]] LoraFilters& filters() noexcept { return *m_filters; }
    [[nodiscard]] library::LoraListModel& model() noexcept { return *m_model; }
    // Of cards at least, and whether lines are shown: what is remembered.
    void applyLook(const workspace::LoraBrowserLook& look);

Q_SIGNALS:
    void chosen(const sfumato::library::LibraryEntryPointer& entry); // to be added
    void weightStepRequested(const QString& path, int steps);
    void currentChanged();
    void menuRequested(const QPoint& globalPos);
    void folderRequested();
    void folderUnwanted(const QString& folder);
    void folderOpenRequested();
    void lookChanged(const sfumato::workspace::LoraBrowserLook& look);

private:
    [[nodiscard]] QWidget* createEmptyPage();
    [[nodiscard]] QWidget* createFooter();
    void connectParts();
    void ask();
    void refreshFamily();
    void refreshFolders();
    void refreshState();
    void showEmpty(const QString& text, const QStringList& buttons, const std::vector<std::function<void()>>& run);
    void noteLook();

    workspace::Workspace& m_workspace;
    library::LibraryIndex& m_index;
    library::LoraListModel* m_model = nullptr;
    LoraFilters* m_filters = nullptr;
    LoraView* m_view = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel* m_emptyText = nullptr;
    QPushButton* m_emptyButtons[2] = {};
    std::vector<std::function<void()>> m_emptyRun;
    QLabel* m_count = nullptr;
    FillSlider* m_cardSize = nullptr;
    QString m_scanText;
};

} // namespace sfumato::ui
