// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/parallel.h"

#include "core/engine/nn/ops.h"

#include <ATen/TensorIterator.h>

namespace sfumato::engine {

void parallelFor(std::int64_t count, std::int64_t grain, const std::function<void(std::int64_t, std::int64_t)>& work)
{
    // An iteration over a tensor of `count` bytes that are never touched: libtorch splits it, the addresses tell which part is whose.
    at::Tensor range = at::empty({ count }, at::TensorOptions().dtype(at::kByte));
    char* const base = static_cast<char*>(range.data_ptr());
    at::TensorIterator iterator = at::TensorIterator::nullary_op(range);
    iterator.for_each(
        [&](char** addresses, const std::int64_t*, std::int64_t length, std::int64_t /*one*/) {
            const std::int64_t begin = addresses[0] - base;
            work(begin, begin + length);
        },
        grain);
}

} // namespace sfumato::engine
