// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/blend_mask.h"

#include "core/imaging/mask.h"
#include "core/imaging/opencv_bridge.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

namespace sfumato::imaging {

namespace {

// Distances are measured between pixel centres; the edge itself lies half a pixel before the first unpainted centre.
constexpr float kHalfPixel = 0.5F;
// A disc of this radius already has four times the widest fade as its diameter.
constexpr float kRadiusOfWidestFade = 2.0F * kInsideEdgePx + kHalfPixel;

float smoothStep(float t) noexcept
{
    const float clamped = std::clamp(t, 0.0F, 1.0F);
    return clamped * clamped * (3.0F - 2.0F * clamped);
}

// Distance of every non-zero pixel to the nearest zero one; very large where there is none.
cv::Mat distanceInside(const cv::Mat& area)
{
    cv::Mat distance;
    cv::distanceTransform(area, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    return distance;
}

// On the skeleton: no neighbour's disc holds this one's. Along the gradient the distance grows by at least cos 22.5° = 0.92 of the step in one of eight directions.
bool isOnSkeleton(const cv::Mat& distance, int x, int y) noexcept
{
    const float own = distance.at<float>(y, x);
    for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
            const int nx = x + dx, ny = y + dy;
            if ((dx == 0 && dy == 0) || nx < 0 || ny < 0 || nx >= distance.cols || ny >= distance.rows) continue;
            if (distance.at<float>(ny, nx) >= own + (dx != 0 && dy != 0 ? 1.41421356F : 1.0F) - 0.1F) return false;
        }
    }
    return true;
}

void raiseDisc(cv::Mat& radii, int cx, int cy, float radius)
{
    const int reach = static_cast<int>(std::ceil(radius));
    for (int y = std::max(0, cy - reach); y <= std::min(radii.rows - 1, cy + reach); ++y) {
        float* row = radii.ptr<float>(y);
        for (int x = std::max(0, cx - reach); x <= std::min(radii.cols - 1, cx + reach); ++x) {
            const int dx = x - cx, dy = y - cy;
            if (static_cast<float>(dx * dx + dy * dy) < radius * radius) row[x] = std::max(row[x], radius);
        }
    }
}

// For every pixel the radius of the largest disc inside the area that covers it, as far as it matters here (kRadiusOfWidestFade).
cv::Mat coveringRadii(const cv::Mat& distance)
{
    cv::Mat radii = cv::min(distance, kRadiusOfWidestFade);
    const cv::Mat thin = distance < kRadiusOfWidestFade;
    if (cv::countNonZero(thin) < static_cast<int>(thin.total())) {
        cv::Mat toThick;
        cv::distanceTransform(thin, toThick, cv::DIST_L2, cv::DIST_MASK_PRECISE);
        radii.setTo(kRadiusOfWidestFade, toThick < kRadiusOfWidestFade);
    }
    for (int y = 0; y < distance.rows; ++y) {
        for (int x = 0; x < distance.cols; ++x) {
            const float radius = distance.at<float>(y, x);
            if (radius <= 1.0F || radius >= kRadiusOfWidestFade || !isOnSkeleton(distance, x, y)) continue;
            raiseDisc(radii, x, y, radius);
        }
    }
    return radii;
}

// Inside: CV_32FC1, 0..1.
cv::Mat insideBlend(const cv::Mat& paint)
{
    const cv::Mat distance = distanceInside(paint);
    const cv::Mat radii = coveringRadii(distance);
    cv::Mat blend(paint.size(), CV_32FC1, cv::Scalar(0));
    for (int y = 0; y < paint.rows; ++y) {
        for (int x = 0; x < paint.cols; ++x) {
            const int level = paint.at<std::uint8_t>(y, x);
            if (level == 0) continue;
            const float thickness = 2.0F * (radii.at<float>(y, x) - kHalfPixel);
            const float fade = std::min(static_cast<float>(kInsideEdgePx), thickness / 4.0F);
            const float depth = distance.at<float>(y, x) - kHalfPixel;
            blend.at<float>(y, x) = smoothStep(depth / fade) * smoothStep(static_cast<float>(level) / static_cast<float>(kFullPaintLevel));
        }
    }
    return blend;
}

// Adds the fade across or outside the edge of the fully painted area to what Inside gives the faint paint around it.
void spreadOutwards(cv::Mat& blend, const cv::Mat& paint, const BlendEdge& edge)
{
    const cv::Mat core = paint >= static_cast<int>(kFullPaintLevel);
    if (cv::countNonZero(core) == 0) return;
    const cv::Mat outside = ~core;
    const cv::Mat depth = distanceInside(core);
    const cv::Mat away = distanceInside(outside);
    const auto reach = static_cast<float>(edge.reachPx);
    const float zeroAt = edge.mode == EdgeMode::Outward ? reach : reach / 2.0F;
    const auto furthest = static_cast<float>(outsideReach(edge));
    for (int y = 0; y < blend.rows; ++y) {
        for (int x = 0; x < blend.cols; ++x) {
            const bool inCore = core.at<std::uint8_t>(y, x) != 0;
            const float inwards = inCore ? depth.at<float>(y, x) - kHalfPixel : kHalfPixel - away.at<float>(y, x);
            const bool isBeyond = !inCore && away.at<float>(y, x) > furthest;
            const float ramp = isBeyond ? 0.0F : smoothStep((inwards + zeroAt) / reach);
            float& value = blend.at<float>(y, x);
            value = inCore ? ramp : std::max(value, ramp);
        }
    }
}

} // namespace

int outsideReach(const BlendEdge& edge) noexcept
{
    switch (edge.mode) {
    case EdgeMode::Inside: return 0;
    case EdgeMode::Centred: return (edge.reachPx + 1) / 2;
    case EdgeMode::Outward: return edge.reachPx;
    }
    return 0;
}

Result<ImageBuffer> blendMask(ImageView paint, const BlendEdge& edge)
{
    assert(paint.format == PixelFormat::Gray8);
    if (edge.mode != EdgeMode::Inside && (edge.reachPx < 1 || edge.reachPx > 256)) {
        return Error{ ErrorCode::InvalidRequest, "The edge reaches " + std::to_string(edge.reachPx) + " pixels; 1 to 256 are allowed.", "edge" };
    }
    return translated("Shaping the edge", [&]() -> ImageBuffer {
        ImageBuffer result(paint.extent, PixelFormat::Gray8);
        const Bounds area = paintedBounds(paint).grownBy(outsideReach(edge) + 1).intersected(Bounds::ofExtent(paint.extent));
        if (paintedBounds(paint).isEmpty()) return result;
        const cv::Rect rectangle(area.x, area.y, area.width, area.height);
        const cv::Mat part = asMatrix(paint)(rectangle);
        cv::Mat blend = insideBlend(part);
        if (edge.mode != EdgeMode::Inside) spreadOutwards(blend, part, edge);
        cv::Mat target = asMatrix(result.span())(rectangle);
        blend.convertTo(target, CV_8U, 255.0);
        return result;
    });
}

} // namespace sfumato::imaging
