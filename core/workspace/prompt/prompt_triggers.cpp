// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/prompt/prompt_triggers.h"

#include <QRegularExpression>

#include <algorithm>

namespace sfumato::workspace {

namespace {

bool isInWord(QChar c) { return c.isLetterOrNumber() || c == u'_'; }

bool isBlank(QChar c) { return c == u' ' || c == u'\t'; }

qsizetype placeOf(const QString& prompt, const QString& trigger)
{
    if (trigger.isEmpty()) return -1;
    for (qsizetype at = prompt.indexOf(trigger, 0, Qt::CaseInsensitive); at >= 0; at = prompt.indexOf(trigger, at + 1, Qt::CaseInsensitive)) {
        const qsizetype end = at + trigger.size();
        const bool beginsWord = at == 0 || !isInWord(prompt[at - 1]) || !isInWord(prompt[at]);
        const bool endsWord = end == prompt.size() || !isInWord(prompt[end]) || !isInWord(prompt[end - 1]);
        if (beginsWord && endsWord) return at;
    }
    return -1;
}

QString withoutBlanksAtEnd(QString text)
{
    while (!text.isEmpty() && isBlank(text.back())) text.chop(1);
    return text;
}

QString withoutBlanksAtStart(const QString& text)
{
    const auto first = std::find_if_not(text.begin(), text.end(), isBlank);
    return text.mid(first - text.begin());
}

} // namespace

bool holdsTrigger(const QString& prompt, const QString& trigger)
{
    return placeOf(prompt, trigger.trimmed()) >= 0;
}

QString withTrigger(const QString& prompt, const QString& trigger, qsizetype position)
{
    const QString words = trigger.trimmed();
    if (words.isEmpty() || holdsTrigger(prompt, words)) return prompt;
    position = std::clamp<qsizetype>(position, 0, prompt.size());
    while (position > 0 && position < prompt.size() && isInWord(prompt[position - 1]) && isInWord(prompt[position])) ++position;
    QString before = withoutBlanksAtEnd(prompt.left(position));
    const QString after = withoutBlanksAtStart(prompt.mid(position));
    const bool opens = before.isEmpty() || QStringLiteral("\n([").contains(before.back());
    if (!opens) before += before.back() == u',' ? QStringLiteral(" ") : QStringLiteral(", ");
    const bool closes = after.isEmpty() || QStringLiteral("\n)],").contains(after.front()) || after.front() == u':';
    return before + words + (closes ? after : QStringLiteral(", ") + after);
}

QString withoutTrigger(const QString& prompt, const QString& trigger)
{
    const QString words = trigger.trimmed();
    const qsizetype at = placeOf(prompt, words);
    if (at < 0) return prompt;
    QString before = prompt.left(at);
    QString after = prompt.mid(at + words.size());
    static const QRegularExpression kWeightEnd(QStringLiteral("^\\s*(?::\\s*[-+]?[0-9.]+\\s*)?\\)"));
    for (auto end = kWeightEnd.match(after); before.endsWith(u'(') && end.hasMatch(); end = kWeightEnd.match(after)) {
        before.chop(1);
        after.remove(0, end.capturedLength());
    }
    before = withoutBlanksAtEnd(before);
    after = withoutBlanksAtStart(after);
    if (after.startsWith(u',') && (before.isEmpty() || before.endsWith(u',') || before.endsWith(u'(') || before.endsWith(u'\n'))) after = withoutBlanksAtStart(after.mid(1));
    if (after.isEmpty() && before.endsWith(u',')) before.chop(1);
    const bool isApart = before.isEmpty() || after.isEmpty() || before.endsWith(u'\n') || after.startsWith(u',') || after.startsWith(u'\n') || after.startsWith(u')') || before.endsWith(u'(');
    return before + QLatin1String(isApart ? "" : " ") + after;
}

} // namespace sfumato::workspace
