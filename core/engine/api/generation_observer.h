// GenerationObserver: how a running generation reports. Called on the engine thread; must not block; every method may be a no-op.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"

#include <cstdint>
#include <string_view>

namespace sfumato::engine {

enum class Stage { Loading,
    Encoding,
    Sampling,
    Decoding };

// The stable English name of a stage: "loading", "encoding", "sampling", "decoding".
[[nodiscard]] std::string_view stageName(Stage stage) noexcept;

struct StepInfo {
    int imageIndex = 0; // which of the request's images, from 0
    int step = 0;       // steps finished for this image, 1..stepCount
    int stepCount = 0;  // steps that run (after strength)
    double seconds = 0; // wall time of this step
};

// One finished picture: Rgb8, the request's size.
struct GeneratedImage {
    int index = 0;
    std::uint64_t seed = 0;
    ImageBuffer pixels;
    bool isFlagged = false; // the request's safety checker found one of its concepts; the pixels are what they are
};

class GenerationObserver {
public:
    GenerationObserver() = default;
    GenerationObserver(const GenerationObserver&) = delete;
    GenerationObserver& operator=(const GenerationObserver&) = delete;
    virtual ~GenerationObserver() = default;

    // A stage begins. While loading, `fraction` tells how much is read (0..1) and the call may repeat; otherwise it is 0.
    virtual void onStage(Stage /*stage*/, double /*fraction*/) { }
    virtual void onStep(const StepInfo& /*info*/) { }
    // A rough picture made from latents (Rgb8, size / 8), for image `imageIndex`. Only when the request asks for previews.
    virtual void onPreview(int /*imageIndex*/, const ImageBuffer& /*preview*/) { }
    // A picture is finished; the same value is part of the result.
    virtual void onImage(const GeneratedImage& /*image*/) { }
};

} // namespace sfumato::engine
