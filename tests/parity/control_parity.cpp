// Control networks against diffusers, in float32, on tiny sizes with synthetic weights. Whole pictures with controls are compared by parity_pipelines.
// The references are made by make_control_references.py.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/control/control_net.h"
#include "core/engine/models/control/t2i_adapter.h"
#include "core/engine/models/timestep_embedding.h"
#include "core/engine/models/unet_config.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "tests/parity/control_models.h"
#include "tests/support/parity_test.h"
#include "tests/support/synthetic_weights.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace sfumato;
using test::ParityTest;
using Tensors = std::map<std::string, at::Tensor>;

constexpr double kLimit = 1e-4;     // relative, of every residual and feature
constexpr double kHalfLimit = 6e-2; // of the bfloat16 path
constexpr std::int64_t kMostValues = 1024;
constexpr double kTimestep = 499.25;

const Tensors& references()
{
    static const Tensors tensors = test::loadTensors(std::string(SFUMATO_SOURCE_DIR) + "/tests/parity/references/blocks_controls.safetensors");
    return tensors;
}

at::Tensor sampled(const at::Tensor& value)
{
    const at::Tensor flat = value.contiguous().flatten();
    return flat.slice(0, 0, flat.numel(), std::max<std::int64_t>(1, flat.numel() / kMostValues)).to(at::kFloat);
}

at::Tensor hint(const std::string& name, std::int64_t height, std::int64_t width)
{
    return test::syntheticInput(name, { 1, 3, height, width }) / static_cast<float>(std::sqrt(12.0)) + 0.5;
}

at::Tensor addedCondition()
{
    const at::Tensor ids = at::empty({ 6 }, at::kFloat);
    constexpr float kIds[] = { 96, 128, 8, 16, 96, 144 };
    std::copy(std::begin(kIds), std::end(kIds), ids.mutable_data_ptr<float>());
    const at::Tensor embedded = engine::sinusoidalEmbedding(ids, 32).flatten().unsqueeze(0);
    return at::cat({ test::syntheticInput("input.pooled", { 2, 64 }), at::cat({ embedded, embedded }) }, 1);
}

struct NetCase {
    std::string model;
    std::int64_t height = 0; // of the latents
    std::int64_t width = 0;
    std::vector<int> tasks; // of a Union
    std::vector<double> scales;
};

std::map<std::string, NetCase> netCases()
{
    return { { "cn-xl", { "cn-xl", 16, 24, {}, {} } }, { "cn-xl-mid", { "cn-xl-mid", 9, 13, {}, {} } }, { "cn-xl-small", { "cn-xl-small", 9, 13, {}, {} } },
        { "cn-sd1", { "cn-sd1", 13, 8, {}, {} } }, { "cn-sd1-shuffle", { "cn-sd1-shuffle", 13, 8, {}, {} } }, { "cn-xl-lora", { "cn-xl-lora", 8, 8, {}, {} } },
        { "union-1", { "union", 9, 13, { 3 }, { 0.7 } } }, { "union-2", { "union", 9, 13, { 1, 3 }, { 0.7, 0.5 } } },
        { "promax-3", { "union-promax", 9, 13, { 0, 6, 7 }, { 1.0, 0.25, 1.5 } } } };
}

engine::ControlCondition conditionOf(const engine::ControlNet& network, const NetCase& one)
{
    const std::int64_t height = 8 * one.height, width = 8 * one.width;
    if (!network.isUnion()) return { network.encodeHint(hint("input.hint", height, width)), {} };
    std::vector<engine::UnionPicture> pictures;
    for (std::size_t i = 0; i < one.tasks.size(); ++i)
        pictures.push_back({ network.encodeHint(hint("input.hint" + std::to_string(i), height, width)), one.tasks[i], one.scales[i] });
    return network.join(pictures);
}

void controlNet(ParityTest& test, const std::string& name, const NetCase& one, at::ScalarType dtype, double limit)
{
    const bool isXl = !one.model.starts_with("cn-sd1");
    const engine::Weights weights(test::controlSources(one.model), one.model, engine::LoadOptions{ dtype, at::kCPU, {}, {} });
    const std::vector<std::int64_t> heads = isXl ? std::vector<std::int64_t>{ 1, 2, 3 } : std::vector<std::int64_t>{ 8, 8, 8, 8 };
    const engine::ControlNet network(weights, engine::detectUnetEncoder(weights, heads), one.model == "cn-sd1-shuffle");
    weights.finish();
    engine::UnetAdditions output = network.forward(test::syntheticInput("input.x", { 2, 4, one.height, one.width }), kTimestep,
        test::syntheticInput("input.context", { 2, 77, isXl ? 192 : 64 }), isXl ? addedCondition() : at::Tensor(), conditionOf(network, one), {});
    if (one.scales.size() == 1) engine::scale(output, one.scales.front());
    for (std::size_t i = 0; i < output.skips.size(); ++i)
        test.compare("skip " + std::to_string(i), sampled(output.skips[i]), references().at(name + "/skip " + std::to_string(i)), limit);
    test.compare("middle", sampled(output.middle), references().at(name + "/middle"), limit);
    test.check(!references().contains(name + "/skip " + std::to_string(output.skips.size())), "the reference has more residuals");
}

void adapter(ParityTest& test, const std::string& name, std::int64_t height, std::int64_t width)
{
    std::vector<engine::WeightSource> sources = test::controlSources(name);
    for (engine::WeightSource& source : sources) source.name = source.name.substr(std::string("adapter.").size());
    const engine::Weights weights(std::move(sources), name, engine::LoadOptions{});
    const engine::T2iAdapter network(weights);
    weights.finish();
    at::Tensor picture = hint("input.hint", height, width);
    if (name == "t2i-sd1") { // as a grey picture
        const at::Tensor grey = at::round(picture.narrow(1, 0, 1) * 255.0) / 255.0;
        picture = at::cat({ grey, grey, grey }, 1);
    }
    const std::vector<at::Tensor> features = network.forward(picture, {});
    test.check(features.size() == 4, "there are not four levels");
    for (std::size_t i = 0; i < features.size(); ++i)
        test.compare("feature " + std::to_string(i), sampled(features[i]), references().at(name + "/feature " + std::to_string(i)), kLimit);
}

} // namespace

int main(int argc, char** argv)
{
    ParityTest test(argc, argv);
    for (const auto& [name, one] : netCases()) {
        test.add(name, [&test, name = name, one = one] { controlNet(test, name, one, at::kFloat, kLimit); });
        if (!name.ends_with("-lora")) test.add(name + "/bfloat16", [&test, name = name, one = one] { controlNet(test, name, one, at::kBFloat16, kHalfLimit); });
    }
    test.add("t2i-xl", [&] { adapter(test, "t2i-xl", 96, 160); });
    test.add("t2i-sd1", [&] { adapter(test, "t2i-sd1", 72, 104); });
    test.add("t2i-light", [&] { adapter(test, "t2i-light", 72, 104); });
    return test.run();
}
