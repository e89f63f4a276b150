// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/norm_kernels.h"

#include "core/engine/nn/layers.h"
#include "core/engine/nn/norm_rows.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/parallel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kRowsPerBlock = 64; // summed in float32 before going to float64

// Per channel of one picture, over all its positions.
struct ChannelSums {
    std::vector<double> sums;
    std::vector<double> squares;
};

// `rows` positions of `channels`; blocks are summed in parallel, then in order, so that the result does not depend on the number of threads.
ChannelSums sumChannels(const std::uint16_t* x, std::int64_t rows, std::int64_t channels)
{
    const std::int64_t blocks = (rows + kRowsPerBlock - 1) / kRowsPerBlock;
    std::vector<float> partial(static_cast<std::size_t>(blocks * 2 * channels), 0.0f);
    parallelFor(blocks, std::max<std::int64_t>(1, 32768 / (kRowsPerBlock * channels)), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t block = begin; block < end; ++block) {
            const std::int64_t first = block * kRowsPerBlock;
            float* const sums = partial.data() + block * 2 * channels;
            normRows().sum(x + first * channels, std::min(kRowsPerBlock, rows - first), channels, sums, sums + channels);
        }
    });
    ChannelSums total{ std::vector<double>(static_cast<std::size_t>(channels)), std::vector<double>(static_cast<std::size_t>(channels)) };
    const float* values = partial.data();
    for (std::int64_t block = 0; block < blocks; ++block, values += 2 * channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            total.sums[static_cast<std::size_t>(c)] += static_cast<double>(values[c]);
            total.squares[static_cast<std::size_t>(c)] += static_cast<double>(values[channels + c]);
        }
    }
    return total;
}

// y = x·scale + shift per channel is the normalisation and the affine map together.
struct ChannelMap {
    std::vector<float> scale;
    std::vector<float> shift;
};

ChannelMap channelMap(const ChannelSums& total, std::int64_t rows, const at::Tensor& weight, const at::Tensor& bias, double epsilon)
{
    const std::size_t channels = total.sums.size();
    const std::size_t groupSize = channels / static_cast<std::size_t>(kNormGroups);
    const double count = static_cast<double>(rows) * static_cast<double>(groupSize);
    const at::Tensor weights = weight.to(at::kFloat).contiguous();
    const at::Tensor biases = bias.to(at::kFloat).contiguous();
    const float* const w = weights.const_data_ptr<float>();
    const float* const b = biases.const_data_ptr<float>();
    ChannelMap map{ std::vector<float>(channels), std::vector<float>(channels) };
    for (std::size_t first = 0; first < channels; first += groupSize) {
        double sum = 0;
        double square = 0;
        for (std::size_t c = first; c < first + groupSize; ++c) {
            sum += total.sums[c];
            square += total.squares[c];
        }
        const double mean = sum / count;
        const double deviation = std::sqrt(std::max(square / count - mean * mean, 0.0) + epsilon);
        for (std::size_t c = first; c < first + groupSize; ++c) {
            map.scale[c] = static_cast<float>(static_cast<double>(w[c]) / deviation);
            map.shift[c] = static_cast<float>(static_cast<double>(b[c]) - mean * static_cast<double>(w[c]) / deviation);
        }
    }
    return map;
}

} // namespace

bool canNormalizeGroups(const at::Tensor& x)
{
    return x.dim() == 4 && x.is_cpu() && x.scalar_type() == at::kBFloat16 && x.size(1) % kNormGroups == 0 && x.numel() > 0;
}

at::Tensor normalizeGroups(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double epsilon, bool silu)
{
    const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
    at::Tensor output = at::empty_like(input);
    const std::int64_t channels = input.size(1);
    const std::int64_t rows = input.size(2) * input.size(3);
    const std::uint16_t* const source = static_cast<const std::uint16_t*>(input.const_data_ptr());
    std::uint16_t* const target = static_cast<std::uint16_t*>(output.data_ptr());
    for (std::int64_t batch = 0; batch < input.size(0); ++batch) {
        const std::int64_t offset = batch * rows * channels;
        const ChannelMap map = channelMap(sumChannels(source + offset, rows, channels), rows, weight, bias, epsilon);
        parallelFor(rows, std::max<std::int64_t>(1, 32768 / channels), [&](std::int64_t begin, std::int64_t end) {
            const auto apply = silu ? normRows().scaleSilu : normRows().scale;
            const std::int64_t first = offset + begin * channels;
            apply(source + first, target + first, end - begin, channels, map.scale.data(), map.shift.data());
        });
    }
    return output;
}

} // namespace sfumato::engine
