// preprocessControl: from an ordinary picture to what a control model was trained to see: edges, lines, scribbles, flat colours.
// Thread: any, pure: the same input gives the same bytes.
// Source: the OpenCV preprocessors that artists know from the ControlNet extensions (the annotators of sd-webui-controlnet); what differs is said below.
// Depth, pose and normals need networks: such pictures are made elsewhere and pass through (None).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"

#include <array>
#include <span>
#include <string_view>

namespace sfumato::imaging {

enum class ControlPreprocessor {
    None,              // the picture as it is
    Canny,             // cv::Canny on the colour picture: white lines, one pixel wide, on black
    SoftEdge,          // gradients of three scales, white on black. Approximates HED, which is a network: wider and softer than Canny, without its sense of objects
    LineArt,           // the "standard" recipe: what is darker than its surroundings, at 127 of 255 for a middling line
    Scribble,          // extended difference of Gaussians, broad white strokes on black
    ScribbleThreshold, // white where a drawing is dark: for dark lines on light paper
    Tile,              // reduced by a factor and enlarged again: keeps the composition, frees the detail
    Blur,              // Gaussian
    Luminance,         // L of CIE Lab, as grey: for recolouring
    Intensity,         // V of HSV, as grey
    ColorGrid,         // square cells of one colour
    Segments,          // regions of one flat colour each. Approximates a segmentation; the colours are the picture's, not a class palette
    Invert,            // 255 − x, for black lines on white
    Threshold,         // white where the darkest channel is above the level
};

// What a person may set. Parameters are numbers; `name` is the one that jobs use.
struct PreprocessorParameter {
    std::string_view name;
    double least = 0;
    double most = 0;
    double fallback = 0;
    double step = 1; // 1: whole numbers alone are of use
};

inline constexpr std::size_t kMostPreprocessorParameters = 2;

struct PreprocessorDescription {
    ControlPreprocessor preprocessor;
    std::string_view name; // "canny", "soft_edge", …: the one that jobs use
    std::span<const PreprocessorParameter> parameters;
};

// All of them, in the order of the enumeration.
[[nodiscard]] std::span<const PreprocessorDescription> controlPreprocessors() noexcept;
[[nodiscard]] const PreprocessorDescription& describePreprocessor(ControlPreprocessor preprocessor) noexcept;

struct ControlPreprocessing {
    ControlPreprocessor preprocessor = ControlPreprocessor::None;
    std::array<double, kMostPreprocessorParameters> parameters{}; // as the description lists them; the rest is 0

    // With every parameter at its default.
    [[nodiscard]] static ControlPreprocessing withDefaults(ControlPreprocessor preprocessor) noexcept;

    friend bool operator==(const ControlPreprocessing&, const ControlPreprocessing&) = default;
};

// Rgb8 of the same size. Transparent parts lie on white. Widths (σ, cells) are pixels of `image`: preprocess at the size the model works at. Parameters are clamped to their ranges.
//   errors  InvalidRequest for an empty picture; Internal when memory runs out
//   cost    1 megapixel on one core: SoftEdge and Segments below a second, the others below a quarter of one
[[nodiscard]] Result<ImageBuffer> preprocessControl(ImageView image, const ControlPreprocessing& how);

} // namespace sfumato::imaging
