// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/generate_texts.h"

#include "core/workflow/steps.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr double kRefineBelow = 0.7;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(GenerateTexts)
};

QString phraseText(workflow::StrengthPhrase phrase)
{
    switch (phrase) {
    case workflow::StrengthPhrase::TouchUp: return Texts::tr("touch up");
    case workflow::StrengthPhrase::Restyle: return Texts::tr("restyle, keep shapes");
    case workflow::StrengthPhrase::NewContent: return Texts::tr("new content, same place");
    case workflow::StrengthPhrase::StartFresh: return Texts::tr("start fresh");
    }
    return {};
}

double secondsLeft(const RunProgress& run)
{
    const auto& p = run.progress;
    const int imagesAfter = std::max(0, run.imageCount - p.imageIndex - 1);
    return p.secondsPerStep * (std::max(0, p.stepCount - p.step) + imagesAfter * p.stepCount);
}

} // namespace

QString intentText(engine::GenerationMode mode, double strength)
{
    switch (mode) {
    case engine::GenerationMode::TextToImage: return Texts::tr("Create picture");
    case engine::GenerationMode::ImageToImage: return Texts::tr("Rework picture");
    case engine::GenerationMode::Inpainting: return strength < kRefineBelow ? Texts::tr("Refine area") : Texts::tr("Replace area");
    }
    return {};
}

QString blockerText(workspace::GenerateBlocker blocker)
{
    switch (blocker) {
    case workspace::GenerateBlocker::None: return {};
    case workspace::GenerateBlocker::NoModel: return Texts::tr("Choose a model first");
    case workspace::GenerateBlocker::NoPicture: return Texts::tr("Open a picture first");
    case workspace::GenerateBlocker::MaskEmpty: return Texts::tr("Paint an area first");
    case workspace::GenerateBlocker::NoStepsRun: return Texts::tr("Strength too low for a step to run");
    }
    return {};
}

QString strengthText(engine::GenerationMode mode, const workflow::JobDescription& job)
{
    const int total = engine::stepRange(job.compatibility, job.steps, job.strength).total;
    const QString counted = Texts::tr("runs %1 of %n step(s)", "below the strength", total).arg(workflow::stepsThatRun(mode, job));
    return QStringLiteral("%1 – %2").arg(counted, phraseText(workflow::strengthPhrase(job.strength)));
}

QString frameText(const workflow::ContextArea& area)
{
    const QLocale locale;
    const auto size = [&locale](int width, int height) { return QStringLiteral("%1\u00A0×\u00A0%2").arg(locale.toString(width), locale.toString(height)); };
    const QString percent = locale.toString(static_cast<int>(std::lround(area.scale() * 100)));
    return Texts::tr("%1 works at %2 (%3 %)", "size of the cut-out, size the model works at, scale")
        .arg(size(area.crop.width, area.crop.height), size(area.workSize.width, area.workSize.height), percent);
}

QString durationText(double seconds)
{
    if (seconds < 10) return Texts::tr("%1 s", "seconds").arg(std::max(1, static_cast<int>(std::ceil(seconds))));
    if (seconds < 120) return Texts::tr("%1 s", "seconds").arg(static_cast<int>(std::ceil(seconds / 5)) * 5);
    return Texts::tr("%1 min", "minutes").arg(static_cast<int>(std::ceil(seconds / 60)));
}

QString progressText(const RunProgress& run)
{
    const auto& p = run.progress;
    switch (run.state) {
    case workspace::SessionState::Queued: return Texts::tr("Preparing");
    case workspace::SessionState::LoadingModel: return Texts::tr("Loading model – %1 %").arg(static_cast<int>(p.stageFraction * 100));
    case workspace::SessionState::Encoding: return Texts::tr("Reading the prompt");
    case workspace::SessionState::Decoding: return Texts::tr("Developing the picture");
    default: break;
    }
    if (p.stepCount == 0) return Texts::tr("Starting");
    QString words = Texts::tr("Step %1 of %2").arg(p.step).arg(p.stepCount);
    if (run.imageCount > 1) words = Texts::tr("%1/%2: step %3 of %4", "variation, of how many, step, of how many").arg(p.imageIndex + 1).arg(run.imageCount).arg(p.step).arg(p.stepCount);
    if (p.secondsPerStep <= 0) return words;
    return Texts::tr("%1 – %2 left", "progress, time").arg(words, durationText(secondsLeft(run)));
}

std::optional<double> progressFraction(const RunProgress& run)
{
    const auto& p = run.progress;
    if (run.state == workspace::SessionState::LoadingModel) return p.stageFraction;
    if (p.stepCount == 0 || run.imageCount == 0) return std::nullopt;
    return std::clamp((static_cast<double>(p.imageIndex) * p.stepCount + p.step) / (static_cast<double>(run.imageCount) * p.stepCount), 0.0, 1.0);
}

QString sealText(std::int64_t outsideDifferences)
{
    return Texts::tr("%n pixel(s) changed outside the mask", "the seal of a variation", static_cast<int>(outsideDifferences));
}

} // namespace sfumato::ui
