// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/completion_popup.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QPlainTextEdit>
#include <QTextCursor>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr int kMostRows = 8;
constexpr int kWidestPx = 320;

} // namespace

QString wordBefore(const QString& text, qsizetype position)
{
    static const QString kEnds = QStringLiteral(",()[]{}<>:|\\");
    qsizetype begin = std::min(position, text.size());
    const qsizetype end = begin;
    while (begin > 0 && !text[begin - 1].isSpace() && !kEnds.contains(text[begin - 1])) --begin;
    return text.mid(begin, end - begin);
}

QStringList completionsOf(const QStringList& words, const QString& prefix, int most)
{
    QStringList found;
    if (prefix.size() < kLeastCompletedLetters) return found;
    for (const QString& word : words) {
        if (word.size() > prefix.size() && word.startsWith(prefix, Qt::CaseInsensitive)) found.append(word);
        if (found.size() >= most) break;
    }
    return found;
}

CompletionPopup::CompletionPopup(QPlainTextEdit& field) : QListWidget(&field), m_field(field)
{
    setWindowFlags(Qt::ToolTip);
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    setObjectName(QStringLiteral("completions"));
    setUniformItemSizes(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    describe(*this, tr("Words that fit"), tr("Tab takes the chosen word."));
    connect(this, &QListWidget::itemClicked, this, &CompletionPopup::take);
}

void CompletionPopup::refresh(const QStringList& words)
{
    const QTextCursor cursor = m_field.textCursor();
    const QStringList found = cursor.hasSelection() ? QStringList() : completionsOf(words, wordBefore(m_field.toPlainText(), cursor.position()), kMostRows);
    clear();
    if (found.isEmpty()) {
        hide();
        return;
    }
    addItems(found);
    setCurrentRow(0);
    const int frame = 2 * frameWidth();
    resize(std::min(sizeHintForColumn(0) + frame + metrics::kGroup, kWidestPx), sizeHintForRow(0) * static_cast<int>(found.size()) + frame);
    move(m_field.viewport()->mapToGlobal(m_field.cursorRect().bottomLeft() + QPoint(0, metrics::kInside)));
    show();
}

void CompletionPopup::choose(int direction)
{
    setCurrentRow((currentRow() + direction + count()) % count());
}

void CompletionPopup::take()
{
    const QListWidgetItem* item = currentItem();
    if (!item) return;
    const QString word = item->text();
    QTextCursor cursor = m_field.textCursor();
    const qsizetype typed = wordBefore(m_field.toPlainText(), cursor.position()).size();
    cursor.movePosition(QTextCursor::PreviousCharacter, QTextCursor::KeepAnchor, static_cast<int>(typed));
    cursor.insertText(word);
    m_field.setTextCursor(cursor);
    hide();
}

} // namespace sfumato::ui
