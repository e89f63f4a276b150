// PromptEdit: a plain-text field that grows with its lines, counts its tokens, completes words by Tab and changes weights by Ctrl+Up and Ctrl+Down.
// Thread: GUI. Owner: its parent. Alt+Up and Alt+Down walk through the prompts that were run; Tab moves on while nothing is offered.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPlainTextEdit>
#include <QStringList>

#include <functional>
#include <vector>

QT_BEGIN_NAMESPACE
class QLabel;
QT_END_NAMESPACE

namespace sfumato::ui {

class CompletionPopup;

// A word that the prompt may hold and that stands for learned vectors (textual inversion).
struct PromptWord {
    QString word;
    int vectors = 1;

    friend bool operator==(const PromptWord&, const PromptWord&) = default;
};

// Tokens of a prompt without start and end, `words` among them as their vectors: those that the prompt holds somewhere.
// Called on the GUI thread for each change; must take less than a millisecond for usual prompts.
using TokenCounter = std::function<int(const QString& prompt, const std::vector<PromptWord>& words)>;

class PromptEdit final : public QPlainTextEdit {
    Q_OBJECT

public:
    PromptEdit(int leastLines, int mostLines, QWidget* parent = nullptr);

    [[nodiscard]] QString prompt() const { return toPlainText(); }
    // Keeps the cursor when the text is the same.
    void setPrompt(const QString& text);
    // Shows "12 / 75" at the lower edge; an empty function shows nothing.
    void setTokenCounter(TokenCounter counter);
    // Learned words: they are offered while they are typed, and counted by their vectors.
    void setWords(std::vector<PromptWord> words);
    // Text that is not in use yet is drawn more quietly.
    void setMuted(bool isMuted);
    // Called when the prompt is run; repeats are kept once.
    void remember(const QString& prompt);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    // Files, not text, were dropped; `position` is the place in the prompt under the pointer.
    void filesDropped(const QStringList& paths, int position);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    [[nodiscard]] int heightOf(int lines) const;
    void refreshHeight();
    void refreshCount();
    void refreshColor();
    [[nodiscard]] bool handlesCompletion(const QKeyEvent& event);
    void changeWeight(double delta);
    void walkHistory(int direction);

    int m_leastLines;
    int m_mostLines;
    TokenCounter m_counter;
    std::vector<PromptWord> m_words;
    QStringList m_completions; // their texts, sorted
    CompletionPopup* m_popup = nullptr;
    bool m_isMuted = false;
    QLabel* m_count = nullptr;
    QStringList m_history;
    int m_historyPosition = -1;
};

} // namespace sfumato::ui
