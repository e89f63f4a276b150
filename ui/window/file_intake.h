// FileIntake: what becomes of files that are dropped, chosen or named on the command line: each is told what it is and put where it belongs.
// Thread: GUI; files are looked into on a thread of their own. Owner: MainWindow.
//
// A picture opens, a model is put to use, a LoRA joins the stack, an embedding's word goes into the prompt, a VAE decodes from now on, a control model goes to
// Control. Where a file is not what its place asks for, a sentence says what it is and what became of it; what cannot be used is left and named.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "core/library/cards/handed_file.h"
#include "ui/docks/generate_dock.h"
#include "ui/docks/lora/lora_dock.h"
#include "ui/files/intake_place.h"
#include "ui/window/canvas_area.h"

#include <QStringList>

#include <functional>

namespace sfumato::ui {

struct IntakeParts {
    CanvasArea& canvas;
    GenerateDock& generateDock;
    LoraDock& loraDock;
    library::LibraryIndex& library;
};

class FileIntake final : public QObject {
    Q_OBJECT

public:
    FileIntake(workspace::Workspace& workspace, const IntakeParts& parts, QWidget& window);

    // In this order. Of several pictures the first is opened.
    void take(const QStringList& paths, const IntakePlace& place);
    void showCard(const QString& path);
    // Of the model in use; without one nothing happens.
    void showModelCard();

    void setPictureReceiver(std::function<void(const QString& path)> receiver) { m_openPicture = std::move(receiver); }
    // For folders that are no models.
    void setFolderReceiver(std::function<void(const QString& path)> receiver) { m_useFolder = std::move(receiver); }

private:
    struct Batch {
        bool hasPicture = false;
    };

    void receive(const library::HandedFile& handed, IntakePlace place, Batch& batch);
    void receiveModelFile(const library::HandedFile& handed, const IntakePlace& place);
    void receiveFolder(const QString& path);
    void addLora(const library::HandedFile& handed, const IntakePlace& place);
    void addEmbedding(const library::HandedFile& handed, const IntakePlace& place);
    void addControl(const library::HandedFile& handed, const IntakePlace& place);
    void useVae(const library::HandedFile& handed);
    void useModel(const library::HandedFile& handed, const IntakePlace& place);
    // "NAME is KIND. OUTCOME", with a button for the card beside the given one.
    void say(const library::HandedFile& handed, const QString& outcome, const std::optional<MessageAction>& action = {});
    [[nodiscard]] engine::ModelFamily familyInUse() const;
    [[nodiscard]] QString misfitOf(const engine::FileDescription& file) const;

    workspace::Workspace& m_workspace;
    IntakeParts m_parts;
    QWidget& m_window;
    std::function<void(const QString& path)> m_openPicture;
    std::function<void(const QString& path)> m_useFolder;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato::ui
