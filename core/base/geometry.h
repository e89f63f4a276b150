// Extent and Bounds: integer pixel sizes and rectangles.
// Thread: any, pure values. x grows to the right, y downwards; a Bounds covers [x, x + width) × [y, y + height).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace sfumato {

struct Extent {
    int width = 0;
    int height = 0;

    [[nodiscard]] constexpr bool isEmpty() const noexcept { return width <= 0 || height <= 0; }
    [[nodiscard]] constexpr std::int64_t area() const noexcept { return isEmpty() ? 0 : std::int64_t{ width } * height; }
    friend constexpr bool operator==(const Extent&, const Extent&) = default;
};

struct Bounds {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;

    [[nodiscard]] static constexpr Bounds ofExtent(Extent extent) noexcept { return { 0, 0, extent.width, extent.height }; }
    [[nodiscard]] constexpr Extent extent() const noexcept { return { width, height }; }
    [[nodiscard]] constexpr bool isEmpty() const noexcept { return width <= 0 || height <= 0; }
    [[nodiscard]] constexpr int right() const noexcept { return x + width; }   // one past the last column
    [[nodiscard]] constexpr int bottom() const noexcept { return y + height; } // one past the last row
    [[nodiscard]] constexpr bool contains(int px, int py) const noexcept { return px >= x && px < right() && py >= y && py < bottom(); }
    [[nodiscard]] constexpr bool contains(const Bounds& other) const noexcept
    {
        return other.isEmpty() || (other.x >= x && other.y >= y && other.right() <= right() && other.bottom() <= bottom());
    }
    // The common part; empty (0 × 0) when there is none.
    [[nodiscard]] constexpr Bounds intersected(const Bounds& other) const noexcept
    {
        const int left = std::max(x, other.x), top = std::max(y, other.y);
        const Bounds common{ left, top, std::min(right(), other.right()) - left, std::min(bottom(), other.bottom()) - top };
        return common.isEmpty() ? Bounds{} : common;
    }
    // The smallest rectangle that holds both; an empty one adds nothing.
    [[nodiscard]] constexpr Bounds united(const Bounds& other) const noexcept
    {
        if (isEmpty()) return other;
        if (other.isEmpty()) return *this;
        const int left = std::min(x, other.x), top = std::min(y, other.y);
        return { left, top, std::max(right(), other.right()) - left, std::max(bottom(), other.bottom()) - top };
    }
    [[nodiscard]] constexpr Bounds grownBy(int px) const noexcept { return { x - px, y - px, width + 2 * px, height + 2 * px }; }
    [[nodiscard]] constexpr Bounds translated(int dx, int dy) const noexcept { return { x + dx, y + dy, width, height }; }
    friend constexpr bool operator==(const Bounds&, const Bounds&) = default;
};

} // namespace sfumato
