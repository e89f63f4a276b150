// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/prompt_edit.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/completion_popup.h"
#include "ui/widgets/dropped_files.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/prompt_weight.h"

#include <QAbstractTextDocumentLayout>
#include <QDropEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr int kTokensPerChunk = 75;
constexpr int kRemembered = 100;

} // namespace

PromptEdit::PromptEdit(int leastLines, int mostLines, QWidget* parent) : QPlainTextEdit(parent), m_leastLines(leastLines), m_mostLines(mostLines)
{
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(6);
    m_count = createLabel({}, LabelRole::Secondary, this);
    m_count->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_count->hide();
    m_popup = new CompletionPopup(*this);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        refreshCount();
        refreshHeight();
    });
    refreshHeight();
}

// Only what differs is replaced, so that the cursor and the steps to undo stay.
void PromptEdit::setPrompt(const QString& text)
{
    const QString present = toPlainText();
    if (text == present) return;
    const qsizetype shorter = std::min(text.size(), present.size());
    qsizetype head = 0, tail = 0;
    while (head < shorter && text[head] == present[head]) ++head;
    while (tail < shorter - head && text[text.size() - 1 - tail] == present[present.size() - 1 - tail]) ++tail;
    if (head > 0 && text[head - 1].isHighSurrogate()) --head;
    if (tail > 0 && text[text.size() - tail].isLowSurrogate()) --tail;
    QTextCursor cursor(document());
    cursor.setPosition(static_cast<int>(head));
    cursor.setPosition(static_cast<int>(present.size() - tail), QTextCursor::KeepAnchor);
    cursor.beginEditBlock(); // a step of its own
    cursor.insertText(text.mid(head, text.size() - head - tail));
    cursor.endEditBlock();
}

void PromptEdit::setTokenCounter(TokenCounter counter)
{
    m_counter = std::move(counter);
    setViewportMargins(0, 0, 0, m_counter ? m_count->sizeHint().height() + metrics::kInside : 0);
    m_count->setVisible(static_cast<bool>(m_counter));
    refreshCount();
    refreshHeight();
}

void PromptEdit::setWords(std::vector<PromptWord> words)
{
    if (words == m_words) return;
    m_words = std::move(words);
    m_completions.clear();
    for (const PromptWord& word : m_words) m_completions.append(word.word);
    m_completions.sort(Qt::CaseInsensitive);
    refreshCount();
}

void PromptEdit::setMuted(bool isMuted)
{
    m_isMuted = isMuted;
    refreshColor();
}

void PromptEdit::refreshColor()
{
    constexpr float kMuted = 0.72F; // of the way from the background to ordinary text: quieter, but well above the least contrast of text
    QPalette palette = QGuiApplication::palette();
    const QColor text = palette.color(QPalette::Text), base = palette.color(QPalette::Base);
    const auto mixed = [](float a, float b) { return b + kMuted * (a - b); };
    if (m_isMuted) palette.setColor(QPalette::Text, QColor::fromRgbF(mixed(text.redF(), base.redF()), mixed(text.greenF(), base.greenF()), mixed(text.blueF(), base.blueF())));
    setPalette(palette);
}

void PromptEdit::remember(const QString& prompt)
{
    if (prompt.trimmed().isEmpty()) return;
    m_history.removeAll(prompt);
    m_history.append(prompt);
    while (m_history.size() > kRemembered) m_history.removeFirst();
    m_historyPosition = -1;
}

int PromptEdit::heightOf(int lines) const
{
    const int margins = static_cast<int>(std::ceil(2 * document()->documentMargin())) + 2 * frameWidth();
    return lines * fontMetrics().lineSpacing() + margins + viewportMargins().bottom();
}

void PromptEdit::refreshHeight()
{
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) lines += std::max(1, block.lineCount());
    setVerticalScrollBarPolicy(lines > m_mostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    setFixedHeight(heightOf(std::clamp(lines, m_leastLines, m_mostLines)));
}

void PromptEdit::refreshCount()
{
    if (!m_counter) return;
    const QString text = toPlainText();
    std::vector<PromptWord> held;
    for (const PromptWord& word : m_words)
        if (text.contains(word.word, Qt::CaseInsensitive)) held.push_back(word);
    const int tokens = m_counter(text, held);
    const int room = std::max(1, (tokens + kTokensPerChunk - 1) / kTokensPerChunk) * kTokensPerChunk;
    setLabelText(*m_count, tr("%1 / %2 tokens", "how many tokens the prompt has, of how many fit into its chunks").arg(tokens).arg(room));
    m_count->adjustSize();
    m_count->move(width() - m_count->width() - metrics::kBetween, height() - m_count->height() - metrics::kInside);
}

QSize PromptEdit::sizeHint() const { return { 200, height() }; }

QSize PromptEdit::minimumSizeHint() const { return { 80, heightOf(m_leastLines) }; }

void PromptEdit::keyPressEvent(QKeyEvent* event)
{
    const bool isUp = event->key() == Qt::Key_Up;
    const bool isVertical = isUp || event->key() == Qt::Key_Down;
    if (isVertical && event->modifiers().testFlag(Qt::ControlModifier)) {
        const double size = event->modifiers().testFlag(Qt::ShiftModifier) ? 0.1 : 0.05;
        changeWeight(isUp ? size : -size);
        return;
    }
    if (isVertical && event->modifiers() == Qt::AltModifier) {
        walkHistory(isUp ? -1 : 1);
        return;
    }
    if (handlesCompletion(*event)) return;
    const QString before = toPlainText();
    QPlainTextEdit::keyPressEvent(event);
    // Only typing offers words: moving through a prompt does not.
    if (toPlainText() != before) m_popup->refresh(m_completions);
    else
        m_popup->hide();
}

// Up, Down and Esc belong to the offered words while there are some.
bool PromptEdit::handlesCompletion(const QKeyEvent& event)
{
    if (!m_popup->isOffering()) return false;
    if (event.key() == Qt::Key_Escape) m_popup->hide();
    else if (event.key() == Qt::Key_Up)
        m_popup->choose(-1);
    else if (event.key() == Qt::Key_Down)
        m_popup->choose(1);
    else
        return false;
    return true;
}

bool PromptEdit::focusNextPrevChild(bool next)
{
    if (!next || !m_popup->isOffering()) return QPlainTextEdit::focusNextPrevChild(next);
    m_popup->take();
    return true;
}

void PromptEdit::focusOutEvent(QFocusEvent* event)
{
    m_popup->hide();
    QPlainTextEdit::focusOutEvent(event);
}

// Text is dropped as into any field; a file would leave its path there, which helps nobody.
void PromptEdit::dragEnterEvent(QDragEnterEvent* event)
{
    if (localFilesIn(*event->mimeData()).isEmpty()) QPlainTextEdit::dragEnterEvent(event);
    else
        event->acceptProposedAction();
}

void PromptEdit::dragMoveEvent(QDragMoveEvent* event)
{
    if (localFilesIn(*event->mimeData()).isEmpty()) QPlainTextEdit::dragMoveEvent(event);
    else
        event->acceptProposedAction();
}

void PromptEdit::dropEvent(QDropEvent* event)
{
    const QStringList paths = localFilesIn(*event->mimeData());
    if (paths.isEmpty()) {
        QPlainTextEdit::dropEvent(event);
        return;
    }
    event->acceptProposedAction();
    Q_EMIT filesDropped(paths, cursorForPosition(event->position().toPoint()).position());
}

void PromptEdit::changeWeight(double delta)
{
    QTextCursor cursor = textCursor();
    const PromptSelection changed = withWeightChanged({ toPlainText(), cursor.selectionStart(), cursor.selectionEnd() - cursor.selectionStart() }, delta);
    if (changed.text == toPlainText()) return;
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    cursor.insertText(changed.text);
    cursor.endEditBlock();
    cursor.setPosition(changed.start);
    cursor.setPosition(changed.start + changed.length, QTextCursor::KeepAnchor);
    setTextCursor(cursor);
}

void PromptEdit::walkHistory(int direction)
{
    if (m_history.isEmpty()) return;
    const int last = static_cast<int>(m_history.size()) - 1;
    if (m_historyPosition < 0) {
        if (direction > 0) return;
        m_historyPosition = m_history.value(last) == toPlainText() ? std::max(0, last - 1) : last;
    } else {
        m_historyPosition = std::clamp(m_historyPosition + direction, 0, last);
    }
    setPlainText(m_history.value(m_historyPosition));
    moveCursor(QTextCursor::End);
}

void PromptEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    refreshHeight();
    refreshCount();
}

void PromptEdit::changeEvent(QEvent* event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) refreshHeight();
    if (event->type() == QEvent::ApplicationPaletteChange && m_isMuted) refreshColor();
}

} // namespace sfumato::ui
