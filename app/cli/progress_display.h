// ProgressDisplay: a running job on standard error: a bar that is redrawn on a terminal, one line a step otherwise.
// Thread: the engine's. Owner: the caller, together with the stream.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_observer.h"

#include <cstdio>
#include <string>

namespace sfumato::app {

enum class ProgressStyle { Bar,
    Lines,
    None };

// Bar on a terminal, lines elsewhere.
[[nodiscard]] ProgressStyle progressStyleOf(std::FILE* stream) noexcept;

class ProgressDisplay final : public engine::GenerationObserver {
public:
    ProgressDisplay(std::FILE* stream, ProgressStyle style) : m_stream(stream), m_style(style) { }
    ~ProgressDisplay() override;

    // A new job begins, of so many images.
    void beginJob(int imageCount);
    // Takes the bar off the terminal.
    void clear();

    void onStage(engine::Stage stage, double fraction) override;
    void onStep(const engine::StepInfo& info) override;

private:
    void show(const std::string& text);

    std::FILE* m_stream;
    ProgressStyle m_style;
    int m_imageCount = 1;
    int m_loadedPercent = -1;
    double m_secondsAStep = 0; // running mean
    bool m_barShown = false;
};

} // namespace sfumato::app
