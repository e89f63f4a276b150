// What networks make of pictures, against transformers, diffusers and Pillow, in float32 on the CPU: image encoders, what they are given, the safety checker's rule, and the
// tokens of IP-Adapters. References are made by make_vision_references.py.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/vision/ip_adapter.h"
#include "core/engine/models/vision/safety_checker.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/vision/clip_pixels.h"
#include "tests/parity/vision_models.h"
#include "tests/support/parity_test.h"

#include <ATen/ops/equal.h>

#include <cstring>
#include <sstream>

namespace {

using namespace sfumato;
using test::ParityTest;
using Tensors = std::map<std::string, at::Tensor>;

constexpr double kLimit = 1e-4; // relative
constexpr double kThousandth = 1.001e-3;
constexpr std::int64_t kContextWidth = 96, kRowStep = 8, kPictures = 6;

const Tensors& references()
{
    static const Tensors tensors = test::loadTensors(SFUMATO_SOURCE_DIR "/tests/parity/references/vision.safetensors");
    return tensors;
}

engine::Weights weightsOf(std::vector<engine::WeightSource> sources, at::ScalarType dtype = at::kFloat)
{
    return { std::move(sources), "synthetic weights", engine::LoadOptions{ dtype, at::kCPU, {}, {} } };
}

void encoder(ParityTest& test, const std::string& name, at::ScalarType dtype, double limit)
{
    const engine::ClipVisionConfig config = test::visionConfig(name);
    const engine::Weights weights = weightsOf(test::sourcesOfSet(name, test::visionShapes(config)), dtype);
    const engine::ClipVisionEncoder network(weights, config.activation, config.heads);
    weights.finish();
    test.check(network.config().side == config.side && network.config().layers == config.layers && network.config().projection == config.projection, "the shapes are read as another encoder");
    const at::Tensor pixels = test::syntheticInput("input.vision", { 2, 3, config.side, config.side });
    test.compare("embedding", network.embed(pixels, {}).to(at::kFloat), references().at("encoder/" + name + "/embedding"), limit);
    test.compare("hidden states", network.penultimate(pixels, {}).to(at::kFloat), references().at("encoder/" + name + "/hidden"), limit);
}

// "97x61/56"
void pixels(ParityTest& test, const std::string& key)
{
    Extent size;
    int side = 0;
    char ignored = 0;
    std::istringstream(key) >> size.width >> ignored >> size.height >> ignored >> side;
    const ImageBuffer picture = test::noisePicture(key.substr(0, key.find('/')), size);
    const ImageBuffer square = engine::clipSquare(picture, side);
    at::Tensor bytes = at::empty({ side, side, 3 }, at::kByte);
    std::memcpy(bytes.data_ptr(), square.bytes(), square.sizeInBytes());
    const at::Tensor& expected = references().at("pixels/" + key);
    test.compare("bytes", bytes.slice(0, 0, side, expected.size(0) == side ? 1 : kRowStep), expected, 0);
    const auto normalised = references().find("normalised/" + key);
    if (normalised != references().end()) test.compare("normalised", engine::toClipPixels(picture, side)[0], normalised->second, 1e-6);
}

std::vector<engine::WeightSource> checkerSources(const at::Tensor& thresholds)
{
    const engine::ClipVisionConfig config = test::visionConfig("vision-l");
    std::vector<engine::WeightSource> sources = test::sourcesOfSet("vision-l", test::visionShapes(config));
    const auto add = [&](const std::string& name, std::int64_t count, std::int64_t first) {
        sources.push_back({ name, { count, config.projection }, 0, [=] { return test::syntheticInput("safety/" + name, { count, config.projection }); } });
        sources.push_back({ name + "_weights", { count }, 0, [=] { return thresholds.narrow(0, first, count).clone(); } });
    };
    add("special_care_embeds", 3, 0);
    add("concept_embeds", 17, 3);
    return sources;
}

// The scores are rounded to three decimals: where the reference lies at the edge of a thousandth, ours may lie in the next one.
void safety(ParityTest& test, const std::string& name)
{
    const std::string root = "safety/" + name;
    const engine::ClipVisionConfig config = test::visionConfig("vision-l");
    const engine::Weights weights = weightsOf(checkerSources(references().at(root + "/thresholds")));
    const engine::SafetyChecker checker(weights, config.activation, config.heads);
    weights.finish();
    const at::Tensor pixels = test::syntheticInput("input.safety", { kPictures, 3, config.side, config.side });
    const at::Tensor scores = at::empty({ kPictures, 20 }, at::kFloat), flags = at::empty({ kPictures }, at::kByte);
    for (std::int64_t i = 0; i < kPictures; ++i) {
        const engine::SafetyScores found = checker.check(pixels.narrow(0, i, 1), {});
        float* out = scores[i].mutable_data_ptr<float>();
        for (const std::vector<float>* group : { &found.special, &found.ordinary })
            for (const float score : *group) *out++ = score;
        flags[i] = static_cast<std::uint8_t>(found.isFlagged());
    }
    const at::Tensor& expected = references().at(root + "/scores");
    test.compare("scores", scores, expected, kThousandth / expected.abs().max().item<double>());
    test.check(at::equal(flags, references().at(root + "/flags")), "other pictures are flagged");
}

void projection(ParityTest& test, const std::string& kind)
{
    const engine::Weights weights = weightsOf(test::sourcesOfSet("ip-" + kind, test::projectionShapes(kind, kContextWidth)));
    const engine::IpAdapter adapter(weights, kContextWidth);
    weights.finish();
    const engine::ClipVisionConfig config = test::visionConfig("vision-h");
    const std::int64_t tokens = 1 + (config.side / config.patch) * (config.side / config.patch);
    const at::Tensor features = kind == "plain" ? test::syntheticInput("input.features", { 2, config.projection }) : test::syntheticInput("input.features", { 2, tokens, config.width });
    test.compare("tokens", adapter.tokens(features), references().at("projection/" + kind), kLimit);
}

} // namespace

int main(int argc, char** argv)
{
    ParityTest test(argc, argv);
    for (const char* name : { "vision-l", "vision-h" }) {
        test.add(std::string("encoder/") + name, [&test, name] { encoder(test, name, at::kFloat, kLimit); });
        test.add(std::string("bfloat16/") + name, [&test, name] { encoder(test, name, at::kBFloat16, 6e-2); });
    }
    for (const auto& [name, value] : references()) {
        if (name.starts_with("pixels/")) test.add(name, [&test, key = name.substr(7)] { pixels(test, key); });
        if (name.starts_with("safety/") && name.ends_with("/flags")) test.add(name.substr(0, name.rfind('/')), [&test, key = name.substr(7, name.rfind('/') - 7)] { safety(test, key); });
        if (name.starts_with("projection/")) test.add(name, [&test, key = name.substr(11)] { projection(test, key); });
    }
    return test.run();
}
