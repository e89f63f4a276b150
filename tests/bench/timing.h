// What the benchmark programs share: the clock, the median, the line that is printed of a series of times.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace sfumato::bench {

// How long a piece of work takes by the clock on the wall.
template <typename Work>
[[nodiscard]] double secondsOf(const Work& work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Of at least one value.
[[nodiscard]] inline double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

inline void printTimes(const char* what, std::vector<double> seconds)
{
    std::ranges::sort(seconds);
    const auto milliseconds = [&](std::size_t index) { return seconds[index] * 1e3; };
    std::printf("%-44s median %8.3f ms   99%% %8.3f ms   max %8.3f ms   (%zu)\n", what, milliseconds(seconds.size() / 2), milliseconds(seconds.size() * 99 / 100), milliseconds(seconds.size() - 1),
        seconds.size());
}

} // namespace sfumato::bench
