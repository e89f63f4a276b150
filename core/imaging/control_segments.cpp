// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/control_segments.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <vector>

namespace sfumato::imaging {

namespace {

constexpr double kLongestWorkSide = 512.0;
constexpr double kMeanShiftRadiusPx = 8.0;

// Sets of pixels by union–find; the root of a set is its smallest pixel, so that results do not depend on the order of joining.
class PixelSets {
public:
    explicit PixelSets(int count) : m_parents(static_cast<std::size_t>(count)) { std::iota(m_parents.begin(), m_parents.end(), 0); }

    int root(int pixel)
    {
        while (parent(pixel) != pixel) {
            parent(pixel) = parent(parent(pixel));
            pixel = parent(pixel);
        }
        return pixel;
    }

    void join(int a, int b)
    {
        a = root(a);
        b = root(b);
        parent(std::max(a, b)) = std::min(a, b);
    }

private:
    int& parent(int pixel) { return m_parents[static_cast<std::size_t>(pixel)]; }

    std::vector<int> m_parents;
};

// Calls `visit` with each pair of pixels that touch by a side.
template <typename Visit>
void forEachPair(cv::Size size, Visit visit)
{
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const int pixel = y * size.width + x;
            if (x + 1 < size.width) visit(pixel, pixel + 1);
            if (y + 1 < size.height) visit(pixel, pixel + size.width);
        }
    }
}

struct Region {
    cv::Vec3d sum; // of colours
    int pixels = 0;
    int mostAlike = -1; // the neighbour with the nearest mean
    double distance = std::numeric_limits<double>::max();

    [[nodiscard]] cv::Vec3d mean() const { return sum / std::max(pixels, 1); }
};

std::vector<Region> measured(const cv::Mat& colors, PixelSets& sets)
{
    std::vector<Region> regions(colors.total());
    for (int pixel = 0; pixel < static_cast<int>(colors.total()); ++pixel) {
        Region& region = regions[static_cast<std::size_t>(sets.root(pixel))];
        const cv::Vec3b& color = colors.at<cv::Vec3b>(pixel / colors.cols, pixel % colors.cols);
        region.sum += cv::Vec3d(color[0], color[1], color[2]);
        ++region.pixels;
    }
    return regions;
}

void joinLikeNeighbours(const cv::Mat& colors, double tolerance, PixelSets& sets)
{
    const auto* pixels = colors.ptr<cv::Vec3b>(0);
    forEachPair(colors.size(), [&](int a, int b) {
        int distance = 0;
        for (int c = 0; c < 3; ++c) distance = std::max(distance, std::abs(int{ pixels[a][c] } - int{ pixels[b][c] }));
        if (distance <= tolerance) sets.join(a, b);
    });
}

void noteNeighbour(std::vector<Region>& regions, int region, int neighbour, double distance)
{
    Region& entry = regions[static_cast<std::size_t>(region)];
    if (distance > entry.distance || (distance == entry.distance && neighbour >= entry.mostAlike)) return;
    entry.distance = distance;
    entry.mostAlike = neighbour;
}

// One round: each region that is too small joins the neighbour most like it. False when there was none.
bool absorbSmall(const cv::Mat& colors, int fewestPixels, PixelSets& sets)
{
    std::vector<Region> regions = measured(colors, sets);
    forEachPair(colors.size(), [&](int a, int b) {
        a = sets.root(a);
        b = sets.root(b);
        if (a == b) return;
        const double distance = cv::norm(regions[static_cast<std::size_t>(a)].mean(), regions[static_cast<std::size_t>(b)].mean(), cv::NORM_L2SQR);
        noteNeighbour(regions, a, b, distance);
        noteNeighbour(regions, b, a, distance);
    });
    bool joined = false;
    for (int root = 0; root < static_cast<int>(regions.size()); ++root) {
        const Region& region = regions[static_cast<std::size_t>(root)];
        if (region.pixels == 0 || region.pixels >= fewestPixels || region.mostAlike < 0) continue;
        sets.join(root, region.mostAlike);
        joined = true;
    }
    return joined;
}

} // namespace

cv::Mat flatSegments(const cv::Mat& rgb, double tolerance, double smallestPart)
{
    const double scale = std::min(1.0, kLongestWorkSide / std::max(rgb.cols, rgb.rows));
    const cv::Size size(std::max(1, cvRound(rgb.cols * scale)), std::max(1, cvRound(rgb.rows * scale)));
    cv::Mat work, lab, smooth, result;
    cv::resize(rgb, work, size, 0, 0, cv::INTER_AREA);
    cv::cvtColor(work, lab, cv::COLOR_RGB2Lab);
    cv::pyrMeanShiftFiltering(lab, smooth, kMeanShiftRadiusPx, tolerance);

    PixelSets sets(static_cast<int>(work.total()));
    joinLikeNeighbours(smooth, tolerance / 4.0, sets);
    const int fewestPixels = static_cast<int>(std::lround(smallestPart * static_cast<double>(work.total())));
    while (absorbSmall(smooth, fewestPixels, sets)) { }

    const std::vector<Region> regions = measured(work, sets);
    for (int pixel = 0; pixel < static_cast<int>(work.total()); ++pixel) {
        const cv::Vec3d mean = regions[static_cast<std::size_t>(sets.root(pixel))].mean();
        for (int c = 0; c < 3; ++c) work.at<cv::Vec3b>(pixel / work.cols, pixel % work.cols)[c] = cv::saturate_cast<std::uint8_t>(mean[c]);
    }
    cv::resize(work, result, rgb.size(), 0, 0, cv::INTER_NEAREST);
    return result;
}

} // namespace sfumato::imaging
