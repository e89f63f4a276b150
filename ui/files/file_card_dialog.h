// FileCardDialog: what a model file is, in rows whose text can be selected and copied. Facts come from the file's header at once; the hashes follow from all of its
// bytes, with their progress, and stop when the card is closed.
// Thread: GUI; reading and hashing on a thread of its own. Owner: its parent; deletes itself when closed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/background_tasks.h"
#include "ui/files/file_texts.h"

#include <QDialog>
#include <QTimer>

#include <atomic>
#include <memory>
#include <stop_token>

QT_BEGIN_NAMESPACE
class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;
QT_END_NAMESPACE

namespace sfumato::ui {

struct CardModel {
    QString path; // of the model that a LoRA is matched with; empty: none
    QString name;
};

class FileCardDialog final : public QDialog {
    Q_OBJECT

public:
    FileCardDialog(const QString& path, const CardModel& model, QWidget* parent = nullptr);
    ~FileCardDialog() override;

    // What is shown, one "label: value" a line; what the copy button copies.
    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isComplete() const noexcept { return m_isComplete; } // nothing more follows

private:
    [[nodiscard]] QWidget* createButtons();
    void readCard();
    void showCard(const Result<library::FileCard>& card);
    void hash();
    void showHashes(const Result<library::FileHashes>& hashes);
    void addFact(const CardFact& fact);
    void finish();

    QString m_path;
    CardModel m_model;
    std::vector<CardFact> m_facts;
    QGridLayout* m_rows = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_copy = nullptr;
    QTimer m_progressTimer;
    bool m_isComplete = false;
    std::shared_ptr<std::atomic<double>> m_hashed = std::make_shared<std::atomic<double>>(0.0);
    std::stop_source m_stop;
    jobs::BackgroundTasks m_tasks; // last: its end waits for the task that is running
};

} // namespace sfumato::ui
