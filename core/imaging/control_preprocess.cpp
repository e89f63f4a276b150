// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/control_preprocess.h"

#include "core/imaging/control_edges.h"
#include "core/imaging/control_segments.h"
#include "core/imaging/opencv_bridge.h"
#include "core/imaging/pixel_conversion.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace sfumato::imaging {

namespace {

constexpr PreprocessorParameter kCanny[] = { { "low", 0, 255, 100, 1 }, { "high", 0, 255, 200, 1 } };
constexpr PreprocessorParameter kSoftEdge[] = { { "sigma", 0.5, 8, 1, 0.1 }, { "gain", 0.1, 8, 2, 0.1 } };
constexpr PreprocessorParameter kLineArt[] = { { "sigma", 0.5, 30, 6, 0.5 }, { "threshold", 0, 64, 8, 1 } };
constexpr PreprocessorParameter kScribble[] = { { "threshold", 1, 64, 32, 1 } };
constexpr PreprocessorParameter kLevel[] = { { "level", 0, 255, 127, 1 } };
constexpr PreprocessorParameter kTile[] = { { "factor", 1, 16, 1, 0.1 } };
constexpr PreprocessorParameter kBlur[] = { { "sigma", 0.1, 64, 9, 0.1 } };
constexpr PreprocessorParameter kGamma[] = { { "gamma", 0.1, 4, 1, 0.05 } };
constexpr PreprocessorParameter kColorGrid[] = { { "cell", 2, 256, 64, 1 } };
constexpr PreprocessorParameter kSegments[] = { { "tolerance", 4, 64, 20, 1 }, { "smallest", 0, 5, 0.1, 0.05 } };

constexpr PreprocessorDescription kPreprocessors[] = {
    { ControlPreprocessor::None, "none", {} },
    { ControlPreprocessor::Canny, "canny", kCanny },
    { ControlPreprocessor::SoftEdge, "soft_edge", kSoftEdge },
    { ControlPreprocessor::LineArt, "lineart", kLineArt },
    { ControlPreprocessor::Scribble, "scribble", kScribble },
    { ControlPreprocessor::ScribbleThreshold, "scribble_threshold", kLevel },
    { ControlPreprocessor::Tile, "tile", kTile },
    { ControlPreprocessor::Blur, "blur", kBlur },
    { ControlPreprocessor::Luminance, "luminance", kGamma },
    { ControlPreprocessor::Intensity, "intensity", kGamma },
    { ControlPreprocessor::ColorGrid, "color_grid", kColorGrid },
    { ControlPreprocessor::Segments, "segments", kSegments },
    { ControlPreprocessor::Invert, "invert", {} },
    { ControlPreprocessor::Threshold, "threshold", kLevel },
};

cv::Mat blurred(const cv::Mat& rgb, double sigma)
{
    cv::Mat result;
    cv::GaussianBlur(rgb, result, cv::Size(), sigma);
    return result;
}

// Reduced by `factor` and enlarged again; a side keeps at least one pixel.
cv::Mat reduced(const cv::Mat& rgb, double factor, int reduceBy, int enlargeBy)
{
    cv::Mat small, result;
    const cv::Size size(std::max(1, static_cast<int>(std::lround(rgb.cols / factor))), std::max(1, static_cast<int>(std::lround(rgb.rows / factor))));
    if (size == rgb.size()) return rgb.clone();
    cv::resize(rgb, small, size, 0, 0, reduceBy);
    cv::resize(small, result, rgb.size(), 0, 0, enlargeBy);
    return result;
}

// One channel of a colour space, raised to `gamma`.
cv::Mat lightness(const cv::Mat& rgb, int conversion, int channel, double gamma)
{
    cv::Mat converted, plane, table(1, 256, CV_8UC1), result;
    cv::cvtColor(rgb, converted, conversion);
    cv::extractChannel(converted, plane, channel);
    for (int value = 0; value < 256; ++value) table.at<std::uint8_t>(0, value) = cv::saturate_cast<std::uint8_t>(std::lround(std::pow(value / 255.0, gamma) * 255.0));
    cv::LUT(plane, table, result);
    return result;
}

cv::Mat processed(const cv::Mat& rgb, ControlPreprocessor preprocessor, double first, double second)
{
    constexpr double kPerCent = 0.01;
    switch (preprocessor) {
    case ControlPreprocessor::None: return rgb;
    case ControlPreprocessor::Canny: return cannyEdges(rgb, first, second);
    case ControlPreprocessor::SoftEdge: return softEdges(rgb, first, second);
    case ControlPreprocessor::LineArt: return lineArt(rgb, first, second);
    case ControlPreprocessor::Scribble: return scribbleLines(rgb, first);
    case ControlPreprocessor::ScribbleThreshold: return darkerThan(rgb, first);
    case ControlPreprocessor::Tile: return reduced(rgb, first, cv::INTER_AREA, cv::INTER_CUBIC);
    case ControlPreprocessor::Blur: return blurred(rgb, first);
    case ControlPreprocessor::Luminance: return lightness(rgb, cv::COLOR_RGB2Lab, 0, first);
    case ControlPreprocessor::Intensity: return lightness(rgb, cv::COLOR_RGB2HSV, 2, first);
    case ControlPreprocessor::ColorGrid: return reduced(rgb, first, cv::INTER_CUBIC, cv::INTER_NEAREST);
    case ControlPreprocessor::Segments: return flatSegments(rgb, first, second * kPerCent);
    case ControlPreprocessor::Invert: return cv::Scalar::all(255) - rgb;
    case ControlPreprocessor::Threshold: return lighterThan(rgb, first);
    }
    return rgb;
}

ImageBuffer asRgb(const cv::Mat& pixels)
{
    ImageBuffer result({ pixels.cols, pixels.rows }, PixelFormat::Rgb8);
    cv::Mat target = asMatrix(result.span());
    if (pixels.channels() == 1) cv::cvtColor(pixels, target, cv::COLOR_GRAY2RGB);
    else
        pixels.copyTo(target);
    return result;
}

} // namespace

std::span<const PreprocessorDescription> controlPreprocessors() noexcept { return kPreprocessors; }

const PreprocessorDescription& describePreprocessor(ControlPreprocessor preprocessor) noexcept
{
    return *std::ranges::find(kPreprocessors, preprocessor, &PreprocessorDescription::preprocessor);
}

ControlPreprocessing ControlPreprocessing::withDefaults(ControlPreprocessor preprocessor) noexcept
{
    ControlPreprocessing result{ preprocessor, {} };
    std::ranges::transform(describePreprocessor(preprocessor).parameters, result.parameters.begin(), &PreprocessorParameter::fallback);
    return result;
}

Result<ImageBuffer> preprocessControl(ImageView image, const ControlPreprocessing& how)
{
    if (image.extent.isEmpty()) return Error{ ErrorCode::InvalidRequest, "The control picture is empty.", "image" };
    return translated("Preparing the control picture", [&]() -> ImageBuffer {
        ImageBuffer flat = flattened(image);
        if (how.preprocessor == ControlPreprocessor::None) return flat;
        std::array<double, kMostPreprocessorParameters> values{};
        const auto parameters = describePreprocessor(how.preprocessor).parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i) values[i] = std::clamp(how.parameters[i], parameters[i].least, parameters[i].most);
        return asRgb(processed(asMatrix(flat.view()), how.preprocessor, values[0], values[1]));
    });
}

} // namespace sfumato::imaging
