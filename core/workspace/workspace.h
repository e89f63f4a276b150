// Workspace: one open document with its settings, runs, variations and files. Everything the window does goes through here, so it can be tested without one.
// Thread: GUI. Owner: app. Files are read and written on a background thread; the engine has its own thread, made by `engine` when first needed.
//
// Destroying a workspace first lets every file task begin and end, so that nothing the artist asked to be written is lost, then cancels its jobs and joins the engine thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/prompt/expansion_session.h"
#include "core/workspace/generation_session.h"

#include <memory>
#include <optional>

namespace sfumato::workspace {

struct ExportOptions {
    std::optional<int> quality;  // 1..100; empty: the format's default
    bool withRecipe = true;      // of the last kept variation
    bool replaceExisting = true; // the file dialog has asked
};

class Workspace : public QObject {
    Q_OBJECT

public:
    Workspace(jobs::EngineSource engine, const AppSettings& settings, QObject* parent = nullptr);
    ~Workspace() override;

    // Null when no picture is open. Replaced by openPicture, setPicture and a picture kept from nothing; see documentReplaced.
    [[nodiscard]] document::Document* document() noexcept { return m_document.get(); }
    [[nodiscard]] GenerationSession& session() noexcept { return *m_session; }
    [[nodiscard]] ExpansionSession& expansion() noexcept { return *m_expansion; }
    [[nodiscard]] ModelList& models() noexcept { return *m_models; }
    [[nodiscard]] jobs::JobQueue& queue() noexcept { return *m_queue; }

    // Reads a picture file and opens it. A recipe inside it is offered by recipeFound. The newest call wins.
    void openPicture(const QString& path);
    // Opens pixels that came from elsewhere (paste, drop). `picture` Rgba8 or Rgba16, not empty.
    void setPicture(const imaging::Raster& picture, const QString& name);
    // Writes the picture; the format follows the name (png, jpg, webp, avif; anything else is refused).
    void exportPicture(const QString& path, const ExportOptions& options = {});
    // Writes the selected variation's job (else what Generate would run) as `path`, with its picture and mask beside it, so that `sfumato-cli run` makes the same pixels.
    void saveJob(const QString& path);
    // Whether a file is being read or written, or waits for it.
    [[nodiscard]] bool isBusyWithFiles() const noexcept { return m_fileTasks > 0; }

    [[nodiscard]] const AppSettings& appSettings() const noexcept { return m_settings; }
    void setAppSettings(const AppSettings& settings);
    // How runs find the networks they need beside their model; none is found before.
    void setCompanions(const CompanionLookup& companions);
    // Adds a file or folder to the list unless it is there, and makes it the one in use.
    void chooseModel(const QString& path);
    // The embeddings that prompts may hold by name; the jobs of runs list those that their prompts hold.
    void setKnownEmbeddings(std::vector<KnownEmbedding> known) { m_session->setKnownEmbeddings(std::move(known)); }
    // Has the engine loaded and the model in use described from its header, unless that is known. For after the window is up.
    void describeModelInUse();

Q_SIGNALS:
    // The old document is still there: gestures on it end now.
    void documentAboutToBeReplaced();
    // The old document is gone when this is sent: drop every pointer to it.
    void documentReplaced();
    void appSettingsChanged();
    void fileActivityChanged();
    // The opened picture carries a job of this program.
    void recipeFound(const std::string& jobJson);
    void noticed(const sfumato::workspace::Notice& notice);

private:
    struct OpenedPicture;

    void showOpened(const QString& path, const Result<OpenedPicture>& picture);
    void replaceDocument(std::unique_ptr<document::Document> document, GenerationSession::Strip strip);
    void beginFileTask();
    void endFileTask();
    void finishFileTasks();

    AppSettings m_settings;
    std::unique_ptr<jobs::JobQueue> m_queue;
    std::unique_ptr<ModelList> m_models;
    std::unique_ptr<document::Document> m_document;
    std::unique_ptr<GenerationSession> m_session;
    std::unique_ptr<ExpansionSession> m_expansion;
    std::uint64_t m_openRequest = 0;
    int m_fileTasks = 0;
    jobs::BackgroundTasks m_tasks;
};

} // namespace sfumato::workspace
