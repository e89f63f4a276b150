// secondsOf: how long a piece of work takes by the clock on the wall.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace sfumato::bench {

template <typename Work>
[[nodiscard]] double secondsOf(const Work& work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

} // namespace sfumato::bench
