// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/prompt_weight.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

bool isWordCharacter(QChar character)
{
    return character.isLetterOrNumber() || character == QLatin1Char('-') || character == QLatin1Char('_') || character == QLatin1Char('\'');
}

void selectWord(PromptSelection& prompt)
{
    int begin = prompt.start, end = prompt.start;
    while (begin > 0 && isWordCharacter(prompt.text.at(begin - 1))) --begin;
    while (end < prompt.text.size() && isWordCharacter(prompt.text.at(end))) ++end;
    prompt.start = begin;
    prompt.length = end - begin;
}

void trimSelection(PromptSelection& prompt)
{
    while (prompt.length > 0 && prompt.text.at(prompt.start).isSpace()) {
        ++prompt.start;
        --prompt.length;
    }
    while (prompt.length > 0 && prompt.text.at(prompt.start + prompt.length - 1).isSpace()) --prompt.length;
}

} // namespace

PromptSelection withWeightChanged(const PromptSelection& prompt, double delta)
{
    PromptSelection result = prompt;
    if (result.length == 0) selectWord(result);
    trimSelection(result);
    if (result.length == 0) return prompt;

    static const QRegularExpression kWeightAfter(QStringLiteral("\\G:([0-9]*\\.?[0-9]+)\\)"));
    const int end = result.start + result.length;
    const QRegularExpressionMatch match = kWeightAfter.match(result.text, end);
    const bool isBracketed = match.hasMatch() && result.start > 0 && result.text.at(result.start - 1) == QLatin1Char('(');
    const double present = isBracketed ? match.captured(1).toDouble() : 1.0;
    const double weight = std::clamp(std::round((present + delta) * 100.0) / 100.0, 0.0, 2.0);

    if (isBracketed) {
        result.text.remove(end, match.capturedLength());
        result.text.remove(result.start - 1, 1);
        --result.start;
    }
    if (std::abs(weight - 1.0) > 0.001) {
        result.text.insert(result.start + result.length, QStringLiteral(":%1)").arg(QString::number(weight, 'g', 3)));
        result.text.insert(result.start, QLatin1Char('('));
        ++result.start;
    }
    return result;
}

} // namespace sfumato::ui
