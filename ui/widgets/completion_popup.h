// CompletionPopup: a short list of words below the cursor of a text field, which keeps the keyboard. Tab takes the current word, Up and Down choose another, Esc closes.
// Thread: GUI. Owner: the field, which feeds it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QListWidget>
#include <QStringList>

QT_BEGIN_NAMESPACE
class QPlainTextEdit;
QT_END_NAMESPACE

namespace sfumato::ui {

inline constexpr int kLeastCompletedLetters = 2;

class CompletionPopup final : public QListWidget {
    Q_OBJECT

public:
    explicit CompletionPopup(QPlainTextEdit& field);

    // Offers the words that begin like the word before the cursor, in any case; hides when there are none.
    void refresh(const QStringList& words);
    [[nodiscard]] bool isOffering() const { return isVisible() && currentRow() >= 0; }
    void choose(int direction);
    // Puts the current word in place of what was typed of it.
    void take();

private:
    QPlainTextEdit& m_field;
};

// The part of a word that ends at `position`: everything after white space, commas and the signs of the prompt grammar.
[[nodiscard]] QString wordBefore(const QString& text, qsizetype position);

// The words that begin with `prefix` in any case but are longer, at most `most`, in the order given.
[[nodiscard]] QStringList completionsOf(const QStringList& words, const QString& prefix, int most);

} // namespace sfumato::ui
