// SPDX-License-Identifier: Apache-2.0
#include "app/cli/progress_display.h"

#include <array>
#include <cmath>
#include <unistd.h>

namespace sfumato::app {

namespace {

constexpr int kBarWidth = 24;
constexpr double kNewestWeight = 0.3; // of the running mean; the first steps of a job are slower than the rest
constexpr int kLoadingInterval = 10;  // percent between two lines

template <typename... Values>
std::string formatted(const char* format, Values... values)
{
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string bar(double fraction)
{
    const int filled = static_cast<int>(std::lround(fraction * kBarWidth));
    return "[" + std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(kBarWidth - filled), '.') + "]";
}

std::string duration(double seconds)
{
    if (seconds < 100) return formatted("%.1f s", seconds);
    const int whole = static_cast<int>(seconds);
    return formatted("%d:%02d min", whole / 60, whole % 60);
}

} // namespace

ProgressStyle progressStyleOf(std::FILE* stream) noexcept
{
    return isatty(fileno(stream)) ? ProgressStyle::Bar : ProgressStyle::Lines;
}

ProgressDisplay::~ProgressDisplay() { clear(); }

void ProgressDisplay::beginJob(int imageCount)
{
    m_imageCount = imageCount;
    m_loadedPercent = -1;
    m_secondsAStep = 0;
}

void ProgressDisplay::clear()
{
    if (m_barShown) std::fputs("\r\033[K", m_stream);
    m_barShown = false;
}

void ProgressDisplay::show(const std::string& text)
{
    if (m_style == ProgressStyle::None) return;
    if (m_style == ProgressStyle::Bar) {
        std::fprintf(m_stream, "\r\033[K%s", text.c_str());
        m_barShown = true;
    } else {
        std::fprintf(m_stream, "%s\n", text.c_str());
    }
    std::fflush(m_stream);
}

void ProgressDisplay::onStage(engine::Stage stage, double fraction)
{
    if (stage == engine::Stage::Sampling) return; // each step says more
    const std::string name(engine::stageName(stage));
    if (stage != engine::Stage::Loading) {
        show(name);
        return;
    }
    const int percent = static_cast<int>(fraction * 100);
    const int interval = m_style == ProgressStyle::Bar ? 1 : kLoadingInterval;
    const bool isAnother = percent < m_loadedPercent; // model of the same job
    if (m_loadedPercent >= 0 && !isAnother && percent < m_loadedPercent + interval) return;
    m_loadedPercent = percent;
    show(m_style == ProgressStyle::Bar ? bar(fraction) + " " + name + formatted(" %d %%", percent) : name + formatted(" %d %%", percent));
}

void ProgressDisplay::onStep(const engine::StepInfo& info)
{
    m_secondsAStep = m_secondsAStep == 0 ? info.seconds : m_secondsAStep + kNewestWeight * (info.seconds - m_secondsAStep);
    const int doneSteps = info.imageIndex * info.stepCount + info.step, allSteps = m_imageCount * info.stepCount;
    const std::string place = (m_imageCount > 1 ? formatted("image %d/%d, ", info.imageIndex + 1, m_imageCount) : std::string())
        + formatted("step %d/%d, ", info.step, info.stepCount) + duration(info.seconds) + " a step, " + duration(m_secondsAStep * (allSteps - doneSteps)) + " left";
    show(m_style == ProgressStyle::Bar ? bar(static_cast<double>(doneSteps) / allSteps) + " " + place : place);
}

} // namespace sfumato::app
