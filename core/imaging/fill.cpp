// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/fill.h"

#include "core/imaging/mask.h"
#include "core/imaging/opencv_bridge.h"
#include "core/imaging/pixel_conversion.h"
#include "core/imaging/push_pull.h"
#include "core/imaging/sample_rows.h"

#include <opencv2/imgproc.hpp>
#include <opencv2/photo.hpp>

#include <cmath>

namespace sfumato::imaging {

namespace {

constexpr double kMostBorderPixels = 65536.0;
constexpr int kBorderContextPx = 32;
constexpr double kBorderRadiusPx = 5.0;
constexpr double kMidGray = 128.0 / 255.0;

// Colours 0..1 (CV_32FC3) and how far each may serve as a source (CV_32FC1).
struct Surroundings {
    cv::Mat colors;
    cv::Mat weights;
};

Surroundings surroundingsOf(ImageView image, ImageView mask, const Bounds& area)
{
    Surroundings result{ cv::Mat(area.height, area.width, CV_32FC3), cv::Mat(area.height, area.width, CV_32FC1) };
    const ImageView part = cropped(image, area);
    std::vector<std::uint16_t> samples(static_cast<std::size_t>(area.width) * 4);
    for (int y = 0; y < area.height; ++y) {
        unpackRow(part, y, samples.data());
        const std::uint8_t* masked = mask.row(area.y + y) + area.x;
        for (int x = 0; x < area.width; ++x) {
            const std::uint16_t* pixel = samples.data() + 4 * x;
            for (int c = 0; c < 3; ++c) result.colors.at<cv::Vec3f>(y, x)[c] = static_cast<float>(pixel[c]) / 65535.0F;
            result.weights.at<float>(y, x) = masked[x] == 0 ? static_cast<float>(pixel[3]) / 65535.0F : 0.0F;
        }
    }
    return result;
}

cv::Mat borderFill(const Surroundings& source)
{
    const cv::Mat unknown = source.weights <= 0.0F;
    const int unknownCount = cv::countNonZero(unknown);
    if (unknownCount == 0 || unknownCount == static_cast<int>(unknown.total())) return pushPull(source.colors, source.weights, cv::Scalar::all(kMidGray));

    const double scale = std::min(1.0, std::sqrt(kMostBorderPixels / unknownCount));
    const cv::Size size(std::max(1, cvRound(unknown.cols * scale)), std::max(1, cvRound(unknown.rows * scale)));
    cv::Mat colors, holes, continued, result;
    // Averages over partly unknown cells would drag unknown colours in; those cells are completed first.
    cv::resize(pushPull(source.colors, source.weights, cv::Scalar::all(kMidGray)), colors, size, 0, 0, cv::INTER_AREA);
    colors.convertTo(colors, CV_8UC3, 255.0);
    cv::resize(unknown, holes, size, 0, 0, cv::INTER_NEAREST);
    cv::inpaint(colors, holes, continued, kBorderRadiusPx, cv::INPAINT_NS);
    continued.convertTo(continued, CV_32FC3, 1.0 / 255.0);
    cv::resize(continued, result, source.colors.size(), 0, 0, cv::INTER_LINEAR);
    return result;
}

cv::Mat fillColors(ImageView image, ImageView mask, const Bounds& area, FillMode mode)
{
    if (mode == FillMode::Neutral) return { area.height, area.width, CV_32FC3, cv::Scalar::all(kMidGray) };
    const Surroundings source = surroundingsOf(image, mask, area);
    return mode == FillMode::Border ? borderFill(source) : pushPull(source.colors, source.weights, cv::Scalar::all(kMidGray));
}

// Row `y` of the image, mixed with the fill by the mask, in 16-bit samples.
void mixRow(std::uint16_t* samples, const cv::Vec3f* fill, const std::uint8_t* mask, int width)
{
    for (int x = 0; x < width; ++x) {
        std::uint16_t* pixel = samples + 4 * x;
        const float amount = static_cast<float>(mask[x]) / 255.0F;
        for (int c = 0; c < 3; ++c) {
            const float color = std::clamp(fill[x][c], 0.0F, 1.0F) * 65535.0F;
            pixel[c] = static_cast<std::uint16_t>(std::lround(std::lerp(static_cast<float>(pixel[c]), color, amount)));
        }
        pixel[3] = static_cast<std::uint16_t>(std::lround(std::lerp(static_cast<float>(pixel[3]), 65535.0F, amount)));
    }
}

} // namespace

Result<ImageBuffer> fillMasked(ImageView image, ImageView mask, FillMode mode)
{
    if (mask.format != PixelFormat::Gray8 || mask.extent != image.extent) {
        return Error{ ErrorCode::InvalidRequest, "The mask has another size than the picture it fills.", "mask" };
    }
    return translated("Filling the masked area", [&]() -> ImageBuffer {
        ImageBuffer result = copied(image);
        const Bounds painted = paintedBounds(mask);
        if (mode == FillMode::Original || painted.isEmpty()) return result;
        const Bounds whole = Bounds::ofExtent(image.extent);
        const Bounds area = mode == FillMode::Border ? painted.grownBy(kBorderContextPx).intersected(whole) : whole;
        const cv::Mat colors = fillColors(image, mask, area, mode);
        std::vector<std::uint16_t> samples(static_cast<std::size_t>(painted.width) * 4);
        for (int y = painted.y; y < painted.bottom(); ++y) {
            const Bounds line{ painted.x, y, painted.width, 1 };
            ImageSpan target = result.span();
            target.bytes += y * target.bytesPerRow + std::ptrdiff_t{ painted.x } * bytesPerPixel(target.format);
            target.extent = line.extent();
            unpackRow(cropped(image, line), 0, samples.data());
            mixRow(samples.data(), colors.ptr<cv::Vec3f>(y - area.y) + (painted.x - area.x), mask.row(y) + painted.x, painted.width);
            packRow(samples.data(), target, 0);
        }
        return result;
    });
}

} // namespace sfumato::imaging
