// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/unet_additions.h"

#include "core/engine/nn/ops.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sfumato::engine {

namespace {

void accumulate(at::Tensor& sum, at::Tensor more)
{
    if (!more.defined()) return;
    sum = sum.defined() ? sum + more : std::move(more); // not in place: one of the two may be a mean over the picture, or belong to a control
}

void accumulate(std::vector<at::Tensor>& sums, std::vector<at::Tensor>&& more)
{
    sums.resize(std::max(sums.size(), more.size()));
    for (std::size_t i = 0; i < more.size(); ++i) accumulate(sums[i], std::move(more[i]));
}

} // namespace

void accumulate(UnetAdditions& sum, UnetAdditions more)
{
    accumulate(sum.skips, std::move(more.skips));
    accumulate(sum.middle, std::move(more.middle));
    accumulate(sum.features, std::move(more.features));
    std::ranges::move(more.pictures, std::back_inserter(sum.pictures));
}

void scale(UnetAdditions& additions, double factor)
{
    if (factor == 1.0)
        return;
    const auto multiply = [factor](at::Tensor& tensor) {
        if (tensor.defined())
            tensor = tensor * factor;
    };
    for (at::Tensor& skip : additions.skips)
        multiply(skip);
    for (at::Tensor& feature : additions.features)
        multiply(feature);
    multiply(additions.middle);
    for (PictureAttention& picture : additions.pictures)
        picture.weight *= factor;
}

} // namespace sfumato::engine
