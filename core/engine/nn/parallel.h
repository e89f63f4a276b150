// parallelFor: our own loops on libtorch's thread pool.
// Thread: engine; the function runs on several threads at once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace sfumato::engine {

// Calls work(begin, end) for ranges that cover 0..count, at least `grain` long (but the last), on as many threads as libtorch is set to use.
// libtorch's own at::parallel_for is a header that runs serially in code compiled without its OpenMP; this one does not depend on how we are compiled.
void parallelFor(std::int64_t count, std::int64_t grain, const std::function<void(std::int64_t begin, std::int64_t end)>& work);

} // namespace sfumato::engine
