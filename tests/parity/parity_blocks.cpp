// Every block and every kind of network against diffusers and transformers, in float32, on tiny sizes with synthetic weights.
// The references are made by make_block_references.py.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"
#include "core/engine/models/autoencoder_kl.h"
#include "core/engine/models/autoencoder_tiny.h"
#include "core/engine/models/clip_text_encoder.h"
#include "core/engine/models/timestep_embedding.h"
#include "core/engine/models/unet_2d_condition_model.h"
#include "core/engine/nn/attention.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "tests/support/network_shapes.h"
#include "tests/support/parity_test.h"
#include "tests/support/synthetic_weights.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace sfumato;
using engine::UnetConfig;
using test::ParityTest;
using Tensors = std::map<std::string, at::Tensor>;

constexpr double kLimit = 1e-4;            // relative, of every block
constexpr std::int64_t kMostValues = 1024; // as in make_block_references.py
constexpr double kTimestep = 499.25;
constexpr double kGuidance = 7.5; // the scale, of latent consistency models
constexpr std::int64_t kContextWidth = 96;

Tensors references(const std::string& name)
{
    return test::loadTensors(std::string(SFUMATO_SOURCE_DIR) + "/tests/parity/references/blocks_" + name + ".safetensors");
}

at::Tensor sampled(const at::Tensor& value)
{
    const at::Tensor flat = value.contiguous().flatten();
    return flat.slice(0, 0, flat.numel(), std::max<std::int64_t>(1, flat.numel() / kMostValues));
}

engine::Weights weightsOf(const std::vector<test::NamedShape>& shapes, at::ScalarType dtype = at::kFloat)
{
    return { test::syntheticSources(shapes), "synthetic weights", engine::LoadOptions{ dtype, at::kCPU, {}, {} } };
}

void timestepEmbedding(ParityTest& test)
{
    const at::Tensor values = at::empty({ 5 }, at::kFloat);
    const std::array<float, 5> timesteps{ 0.0f, 1.0f, 499.25f, 999.0f, 1536.0f };
    std::copy(timesteps.begin(), timesteps.end(), values.mutable_data_ptr<float>());
    test.compare("cos and sin", engine::sinusoidalEmbedding(values, 320), references("single").at("timestep_embedding"), kLimit);
}

void resnetBlock(ParityTest& test)
{
    const engine::Weights weights = weightsOf(test::resnetShapes("resnet", 64, 96, 256));
    const engine::ResnetBlock block = engine::loadResnetBlock(weights.scoped("resnet"), { 64, 96, 256, 1e-5 });
    weights.finish();
    const at::Tensor time = at::silu(test::syntheticInput("input.time", { 2, 256 }));
    test.compare("output", engine::forward(block, test::syntheticInput("input.x", { 2, 64, 7, 5 }), time), references("single").at("resnet"), kLimit);
}

void transformer(ParityTest& test)
{
    UnetConfig config;
    config.contextWidth = kContextWidth;
    const engine::Weights weights = weightsOf(test::transformerShapes("transformer", config, 128, 2));
    const engine::Transformer2d network = engine::loadTransformer2d(weights.scoped("transformer"), { 128, 2, 2, kContextWidth, false });
    weights.finish();
    const Tensors expected = references("single");
    const at::Tensor tokens = test::syntheticInput("input.tokens", { 2, 35, 128 });
    const at::Tensor context = test::syntheticInput("input.context", { 2, 77, kContextWidth });
    const engine::TransformerBlock& block = network.blocks.front();

    const std::vector<at::Tensor> qkv = engine::forward(block.attention1.queryKeyValue, tokens).chunk(3, -1);
    test.compare("self attention", sampled(engine::forward(block.attention1.out, engine::attention(qkv[0], qkv[1], qkv[2], 2))), expected.at("attention1"), kLimit);
    const std::vector<at::Tensor> keyValue = engine::forward(block.attention2.keyValue, context).chunk(2, -1);
    const at::Tensor mixed = engine::attention(engine::forward(block.attention2.query, tokens), keyValue[0], keyValue[1], 2);
    test.compare("cross attention", sampled(engine::forward(block.attention2.out, mixed)), expected.at("attention2"), kLimit);
    test.compare("GEGLU feed-forward", sampled(engine::forward(block.feedForward, tokens, at::zeros_like(tokens))), expected.at("feed_forward"), kLimit);
    test.compare("transformer block", sampled(engine::forward(block, tokens, context)), expected.at("transformer_block"), kLimit);
    const at::Tensor map = test::syntheticInput("input.map", { 2, 128, 7, 5 });
    test.compare("spatial transformer", sampled(engine::forward(network, map, context, {})), expected.at("transformer"), kLimit);
}

// A tiny UNet and the input its reference was made with.
struct UnetCase {
    UnetConfig config;
    std::vector<std::int64_t> headHints; // empty: the rule decides
    std::array<std::int64_t, 3> size;    // batch, height, width
};

UnetConfig sdxlLike()
{
    UnetConfig config;
    config.modelChannels = 64;
    config.timeWidth = 256;
    config.contextWidth = kContextWidth;
    config.addedWidth = 256;
    config.downBlocks = { { 64, 1, { 0, 0 }, true }, { 128, 2, { 1, 1 }, true }, { 192, 3, { 2, 2 }, false } };
    config.midBlock = engine::UnetBlockConfig{ 192, 3, { 2 }, false };
    config.upBlocks = { { 192, 3, { 2, 2, 2 }, true }, { 128, 2, { 1, 1, 1 }, true }, { 64, 1, { 0, 0, 0 }, false } };
    return config;
}

std::map<std::string, UnetCase> unetCases()
{
    std::map<std::string, UnetCase> cases;
    cases["sdxl"] = { sdxlLike(), {}, { 2, 16, 24 } };

    cases["inpaint_odd"] = { sdxlLike(), {}, { 1, 13, 19 } };
    cases["inpaint_odd"].config.inputChannels = 9;

    cases["ssd"] = { sdxlLike(), {}, { 1, 12, 8 } };
    cases["ssd"].config.midBlock->depths = {};
    cases["ssd"].config.upBlocks[0].depths = { 1, 1, 3 };
    cases["ssd"].config.upBlocks[1].depths = { 2, 1, 1 };

    UnetConfig refiner = sdxlLike();
    refiner.downBlocks = { { 64, 1, { 0, 0 }, true }, { 128, 2, { 1, 1 }, true }, { 128, 2, { 1, 1 }, true }, { 64, 1, { 0, 0 }, false } };
    refiner.midBlock = engine::UnetBlockConfig{ 64, 1, { 1 }, false };
    refiner.upBlocks = { { 64, 1, { 0, 0, 0 }, true }, { 128, 2, { 1, 1, 1 }, true }, { 128, 2, { 1, 1, 1 }, true }, { 64, 1, { 0, 0, 0 }, false } };
    cases["refiner"] = { refiner, {}, { 1, 9, 16 } };

    UnetConfig sd15 = sdxlLike();
    sd15.addedWidth = 0;
    sd15.convolutionalProjection = true;
    sd15.downBlocks = { { 64, 8, { 1, 1 }, true }, { 128, 8, { 1, 1 }, true }, { 192, 8, { 1, 1 }, true }, { 192, 8, { 0, 0 }, false } };
    sd15.midBlock = engine::UnetBlockConfig{ 192, 8, { 1 }, false };
    sd15.upBlocks = { { 192, 8, { 0, 0, 0 }, true }, { 192, 8, { 1, 1, 1 }, true }, { 128, 8, { 1, 1, 1 }, true }, { 64, 8, { 1, 1, 1 }, false } };
    cases["sd15"] = { sd15, {}, { 1, 16, 8 } };

    cases["lcm"] = { sdxlLike(), {}, { 1, 8, 10 } };
    cases["lcm"].config.guidanceWidth = 256;

    UnetConfig small = sdxlLike();
    small.downBlocks = { { 64, 2, { 0 }, true }, { 128, 4, { 1 }, true }, { 192, 6, { 2 }, false } };
    small.midBlock.reset();
    small.upBlocks = { { 192, 6, { 2, 2 }, true }, { 128, 4, { 1, 1 }, true }, { 64, 2, { 0, 0 }, false } };
    cases["no_middle"] = { small, { 2, 4, 6 }, { 1, 8, 11 } };
    return cases;
}

at::Tensor addedCondition(std::int64_t batch)
{
    const at::Tensor ids = at::empty({ 6 }, at::kFloat);
    const std::array<float, 6> values{ 96, 128, 8, 16, 96, 144 };
    std::copy(values.begin(), values.end(), ids.mutable_data_ptr<float>());
    const at::Tensor sizes = engine::sinusoidalEmbedding(ids, 32).flatten().unsqueeze(0).expand({ batch, 192 });
    return at::cat({ test::syntheticInput("input.pooled", { batch, 64 }), sizes }, 1);
}

bool sameBlock(const engine::UnetBlockConfig& a, const engine::UnetBlockConfig& b)
{
    return a.channels == b.channels && a.heads == b.heads && a.depths == b.depths && a.resamples == b.resamples;
}

bool sameConfig(const UnetConfig& a, const UnetConfig& b)
{
    return a.inputChannels == b.inputChannels && a.modelChannels == b.modelChannels && a.timeWidth == b.timeWidth && a.contextWidth == b.contextWidth && a.addedWidth == b.addedWidth && a.guidanceWidth == b.guidanceWidth && a.convolutionalProjection == b.convolutionalProjection && a.midBlock.has_value() == b.midBlock.has_value() && (!a.midBlock || sameBlock(*a.midBlock, *b.midBlock)) && std::equal(a.downBlocks.begin(), a.downBlocks.end(), b.downBlocks.begin(), b.downBlocks.end(), sameBlock) && std::equal(a.upBlocks.begin(), a.upBlocks.end(), b.upBlocks.begin(), b.upBlocks.end(), sameBlock);
}

void unet(ParityTest& test, const std::string& name, const UnetCase& unetCase)
{
    const engine::Weights weights = weightsOf(test::unetShapes(unetCase.config));
    engine::ModelHints hints;
    hints.attentionHeads = unetCase.headHints;
    const UnetConfig detected = engine::detectUnet(weights, hints);
    test.check(sameConfig(detected, unetCase.config), "the shapes are read as another architecture");
    const engine::Unet2dConditionModel network(weights, detected);
    weights.finish();

    const Tensors expected = references("unet_" + name);
    const auto [batch, height, width] = unetCase.size;
    const at::Tensor sample = test::syntheticInput("input.x", { batch, detected.inputChannels, height, width });
    const at::Tensor context = test::syntheticInput("input.context", { batch, 77, kContextWidth });
    std::size_t observed = 0;
    const auto observe = [&](std::string_view block, const at::Tensor& output) {
        ++observed;
        test.compare(std::string(block), sampled(output), expected.at(std::string(block)), kLimit);
    };
    const at::Tensor output = network.forward(sample, { kTimestep, kGuidance - 1.0 }, context, detected.addedWidth > 0 ? addedCondition(batch) : at::Tensor(), {}, {}, observe);
    test.compare("output", output, expected.at("output"), kLimit);
    test.check(observed + 1 == expected.size(), "some blocks were not compared");
}

void autoencoder(ParityTest& test)
{
    const engine::Weights weights = weightsOf(test::autoencoderShapes({ { 32, 64, 64, 96 }, 1, 4 }));
    const engine::AutoencoderKl network(weights);
    weights.finish();
    const Tensors expected = references("vae");
    const engine::AutoencoderKl::Moments moments = network.encode(test::syntheticInput("input.pixels", { 1, 3, 61, 83 }), {});
    test.compare("encoded mean", moments.mean, expected.at("encode_mean"), kLimit);
    test.compare("encoded log variance", moments.logVariance, expected.at("encode_logvar"), kLimit);
    test.compare("decoded", sampled(network.decode(test::syntheticInput("input.z", { 2, 4, 5, 7 }), {})), expected.at("decode"), kLimit);
}

void tinyAutoencoder(ParityTest& test)
{
    const engine::Weights weights = weightsOf(test::tinyAutoencoderShapes());
    const engine::AutoencoderTiny network(weights);
    weights.finish();
    const Tensors expected = references("tiny");
    test.compare("decoded", sampled(network.decode(test::syntheticInput("input.z", { 2, 4, 5, 7 }), {})), expected.at("decode"), kLimit);
    test.compare("encoded", network.encodeMean(test::syntheticInput("input.pixels", { 1, 3, 48, 64 }).clamp(-1, 1), {}), expected.at("encode"), kLimit);
}

// The rows of make_block_references.py: a short prompt padded with end tokens, a full one, one padded with zeros.
at::Tensor promptIds()
{
    at::Tensor ids = at::full({ 3, 77 }, 49407, at::kLong);
    std::int64_t* const values = ids.mutable_data_ptr<std::int64_t>();
    const std::array<std::int64_t, 6> prompt{ 320, 1125, 539, 320, 2368, 267 };
    std::copy(prompt.begin(), prompt.end(), values + 1);
    for (std::int64_t i = 0; i < 75; ++i)
        values[77 + 1 + i] = (i * 613 + 7) % 49000;
    std::fill(values + 2 * 77 + 1, values + 3 * 77, 0);
    values[2 * 77 + 1] = 320;
    values[2 * 77 + 2] = 1125;
    values[2 * 77 + 3] = 49407;
    for (std::int64_t row = 0; row < 3; ++row)
        values[row * 77] = 49406;
    return ids;
}

void textEncoder(ParityTest& test, const std::string& name, const engine::ClipTextConfig& config)
{
    const engine::Weights weights = weightsOf(test::textEncoderShapes(config));
    const engine::ClipTextEncoder network(weights, config.activation);
    weights.finish();
    const Tensors expected = references("text");
    for (int skip = 0; skip < 3; ++skip) {
        const engine::ClipTextEncoder::Output output = network.forward(promptIds(), skip, {});
        const std::string key = name + "_skip" + std::to_string(skip);
        test.compare("hidden, skip " + std::to_string(skip), sampled(output.hidden), expected.at(key), kLimit);
        if (config.projection > 0)
            test.compare("pooled, skip " + std::to_string(skip), output.pooled, expected.at(name + "_pooled"), kLimit);
        else
            test.check(!output.pooled.defined(), "there is a pooled embedding without a projection");
        if (skip == 0 && config.projection == 0)
            test.compare("final norm", sampled(network.finalNorm(output.hidden)), expected.at(name + "_final"), kLimit);
    }
}

// The bfloat16 path has weights in another layout and kernels of its own: it must agree with float32 as far as its eight bits go.
void bfloat16(ParityTest& test)
{
    constexpr double kHalfLimit = 6e-2;
    const UnetCase unetCase = unetCases().at("inpaint_odd");
    const engine::Unet2dConditionModel network(weightsOf(test::unetShapes(unetCase.config), at::kBFloat16), unetCase.config);
    const auto [batch, height, width] = unetCase.size;
    const at::Tensor output = network.forward(test::syntheticInput("input.x", { batch, 9, height, width }), kTimestep,
        test::syntheticInput("input.context", { batch, 77, kContextWidth }), addedCondition(batch), {});
    test.compare("unet", output.to(at::kFloat), references("unet_inpaint_odd").at("output"), kHalfLimit);

    engine::AutoencoderKl autoencoder(weightsOf(test::autoencoderShapes({ { 32, 64, 64, 96 }, 1, 4 }), at::kBFloat16));
    const at::Tensor latents = test::syntheticInput("input.z", { 2, 4, 5, 7 });
    test.compare("decoded", sampled(autoencoder.decode(latents, {})).to(at::kFloat), references("vae").at("decode"), kHalfLimit);
    autoencoder.to(at::kFloat);
    test.compare("decoded after the change to float32", sampled(autoencoder.decode(latents, {})), references("vae").at("decode"), kHalfLimit);
}

} // namespace

int main(int argc, char** argv)
{
    ParityTest test(argc, argv);
    test.add("timestep_embedding", [&] { timestepEmbedding(test); });
    test.add("resnet_block", [&] { resnetBlock(test); });
    test.add("transformer", [&] { transformer(test); });
    for (const auto& [name, unetCase] : unetCases())
        test.add("unet_" + name, [&test, name = name, unetCase = unetCase] { unet(test, name, unetCase); });
    test.add("autoencoder", [&] { autoencoder(test); });
    test.add("tiny_autoencoder", [&] { tinyAutoencoder(test); });
    test.add("clip_l", [&] { textEncoder(test, "clip_l", { 64, 1, 3, 256, 77, 49408, 0, engine::ClipActivation::QuickGelu }); });
    test.add("openclip_bigg", [&] { textEncoder(test, "bigg", { 128, 2, 4, 512, 77, 49408, 80, engine::ClipActivation::Gelu }); });
    test.add("bfloat16", [&] { bfloat16(test); });
    return test.run();
}
