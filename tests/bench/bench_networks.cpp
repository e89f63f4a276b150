// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/autoencoder_kl.h"
#include "core/engine/models/unet_2d_condition_model.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "tests/bench/bench_cases.h"
#include "tests/support/network_shapes.h"

#include <cmath>
#include <string>
#include <vector>

namespace sfumato::bench {

namespace {

constexpr double kTimestep = 499.0;

// Random weights, drawn in the wanted type so that no float32 copy of a whole network ever exists.
std::vector<engine::WeightSource> randomSources(const std::vector<test::NamedShape>& shapes, at::ScalarType dtype)
{
    std::vector<engine::WeightSource> sources;
    for (const test::NamedShape& entry : shapes) {
        const auto draw = [entry, dtype] {
            double fanIn = 1;
            for (std::size_t i = 1; i < entry.shape.size(); ++i)
                fanIn *= static_cast<double>(entry.shape[i]);
            const double deviation = entry.shape.size() > 1 ? 1.0 / std::sqrt(fanIn) : 0.05;
            const double mean = entry.shape.size() == 1 && entry.name.ends_with(".weight") ? 1.0 : 0.0;
            return at::randn(entry.shape, at::TensorOptions().dtype(at::kFloat)).mul_(deviation).add_(mean).to(dtype);
        };
        sources.push_back({ entry.name, entry.shape, 0, draw });
    }
    return sources;
}

engine::Weights randomWeights(const BenchOptions& options, const std::vector<test::NamedShape>& shapes)
{
    return { randomSources(shapes, options.dtype), "random weights", engine::LoadOptions{ options.dtype, options.device, {}, {} } };
}

// Multiply-adds of SDXL at 1024²: UNet 3.381e12 in all, of which self-attention 0.376e12 grows with the square of the area and the text's keys and values,
// 0.026e12, not at all; decoder 4.96e12 and 0.275e12.
double unetFlops(const BenchOptions& options)
{
    const double area = static_cast<double>(options.size * options.size) / (1024.0 * 1024.0);
    return 2e12 * static_cast<double>(options.batch) * (0.026 + (3.381 - 0.376 - 0.026) * area + 0.376 * area * area);
}

double decoderFlops(const BenchOptions& options)
{
    const double area = static_cast<double>(options.size * options.size) / (1024.0 * 1024.0);
    return 2e12 * static_cast<double>(options.batch) * (4.96 * area + 0.275 * area * area);
}

std::string label(const BenchOptions& options)
{
    return options.what + ' ' + std::to_string(options.size) + " batch " + std::to_string(options.batch);
}

} // namespace

void benchUnet(const BenchOptions& options)
{
    const engine::UnetConfig config = test::sdxlBaseConfig();
    const engine::Weights weights = randomWeights(options, test::unetShapes(config));
    const engine::Unet2dConditionModel unet(weights, config);
    weights.finish();
    const at::TensorOptions kind = at::TensorOptions().dtype(at::kFloat);
    const std::int64_t side = options.size / 8;
    const at::Tensor sample = at::randn({ options.batch, 4, side, side }, kind).to(options.device, options.dtype);
    const at::Tensor context = at::randn({ options.batch, 77, config.contextWidth }, kind).to(options.device, options.dtype);
    const at::Tensor added = at::randn({ options.batch, config.addedWidth }, kind).to(options.device, options.dtype);
    measure(options, label(options), unetFlops(options), [&] {
        const at::Tensor output = unet.forward(sample, kTimestep, context, added, {});
        static_cast<void>(output.to(at::kCPU)); // waits for the device
    });
}

void benchAutoencoder(const BenchOptions& options)
{
    const engine::Weights weights = randomWeights(options, test::autoencoderShapes());
    const engine::AutoencoderKl autoencoder(weights);
    weights.finish();
    const std::int64_t side = options.size / 8;
    const at::Tensor latents = at::randn({ options.batch, 4, side, side }, at::TensorOptions().dtype(at::kFloat)).to(options.device, options.dtype);
    measure(options, label(options), decoderFlops(options), [&] { static_cast<void>(autoencoder.decode(latents, {}).to(at::kCPU)); });
}

} // namespace sfumato::bench
