// The networks at their full published sizes, with synthetic weights, against numbers computed by diffusers and transformers.
//
// Needs the folder of name lists and vectors in SFUMATO_INVENTORY (unet_sd15.tsv, …, full_model_vectors.tsv) and, for a UNet, 4 bytes of memory per parameter
// (3.4 GB for SD 1.5, 10.3 GB for SDXL). Not part of the ordinary test run.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"
#include "core/engine/models/autoencoder_kl.h"
#include "core/engine/models/autoencoder_tiny.h"
#include "core/engine/models/clip_text_encoder.h"
#include "core/engine/models/control/control_net.h"
#include "core/engine/models/control/t2i_adapter.h"
#include "core/engine/models/timestep_embedding.h"
#include "core/engine/models/unet_2d_condition_model.h"
#include "core/engine/models/vision/clip_vision_encoder.h"
#include "core/engine/models/vision/ip_adapter.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "tests/support/parity_test.h"
#include "tests/support/split_text.h"
#include "tests/support/synthetic_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace sfumato;
using test::ParityTest;
using test::split;

constexpr double kLimitOfStandardDeviation = 1e-3;
constexpr double kTimestep = 499.25;

std::vector<std::vector<std::string>> readTable(const std::string& file)
{
    const char* const folder = std::getenv("SFUMATO_INVENTORY");
    if (folder == nullptr)
        throw ParityTest::Skip{ "SFUMATO_INVENTORY does not name the folder of the vectors" };
    std::ifstream stream(std::string(folder) + '/' + file);
    if (!stream)
        throw ParityTest::Skip{ file + " is not in SFUMATO_INVENTORY" };
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty() && line.front() != '#')
            rows.push_back(split(line, '\t'));
    }
    rows.erase(rows.begin()); // column titles
    return rows;
}

std::vector<std::int64_t> parseShape(const std::string& text)
{
    std::vector<std::int64_t> shape;
    for (const std::string& side : split(text, 'x'))
        shape.push_back(std::stoll(side));
    return shape;
}

// One tensor of the network, made from the single-file tensor of another name: "name", "name (transposed)" or "name rows 0:1280".
engine::WeightSource sourceOf(const std::string& target, const std::string& fileName, const std::vector<std::int64_t>& fileShape, bool isSqueezed)
{
    const std::size_t nameEnd = target.find(' ');
    const std::size_t rows = target.find(" rows ");
    std::vector<std::int64_t> shape = fileShape;
    engine::WeightSource source{ target.substr(0, nameEnd), {}, 0, {} };
    if (rows != std::string::npos) {
        const std::vector<std::string> range = split(target.substr(rows + 6), ':');
        const std::int64_t begin = std::stoll(range[0]);
        const std::int64_t count = std::stoll(range[1]) - begin;
        shape[0] = count;
        source.read = [=] { return test::syntheticWeight(fileName, fileShape).narrow(0, begin, count).clone(); };
    } else if (target.find("(transposed)") != std::string::npos) {
        std::swap(shape[0], shape[1]);
        source.read = [=] { return test::syntheticWeight(fileName, fileShape).t(); };
    } else {
        if (isSqueezed)
            shape.resize(2);
        source.read = [=] { return test::syntheticWeight(fileName, fileShape).reshape(shape); };
    }
    source.shape = shape;
    return source;
}

// `fileColumn` has the names that the weights are made from.
engine::Weights weightsOf(const std::string& file, std::size_t nameColumn, std::size_t shapeColumn, std::size_t fileColumn = 0)
{
    std::vector<engine::WeightSource> sources;
    for (const std::vector<std::string>& row : readTable(file)) {
        if (row[nameColumn] == "(ignored)")
            continue;
        const bool isSqueezed = row.size() > shapeColumn + 1 && row[shapeColumn + 1].starts_with("squeeze");
        for (const std::string& target : split(row[nameColumn], ';'))
            sources.push_back(sourceOf(target, row[fileColumn], parseShape(row[shapeColumn]), isSqueezed));
    }
    return { std::move(sources), file, engine::LoadOptions{} };
}

// The published numbers of one model, by output name.
class Vectors {
public:
    Vectors(ParityTest& test, const std::string& model) : m_test(test)
    {
        for (const std::vector<std::string>& row : readTable("full_model_vectors.tsv")) {
            if (row[0] == model)
                m_rows[row[1]] = row;
        }
    }

    // Compares the row whose name begins with `output`: first six values, mean, standard deviation, largest value.
    void compare(const std::string& output, const at::Tensor& value) const
    {
        const auto row = m_rows.lower_bound(output);
        m_test.check(row != m_rows.end() && row->first.starts_with(output), "there is no vector \"" + output + "\"");
        if (row == m_rows.end())
            return;
        const at::Tensor flat = value.to(at::kDouble).contiguous().flatten();
        const double* const values = flat.const_data_ptr<double>();
        const double deviation = std::stod(row->second[5]);
        double worst = std::max({ std::abs(flat.mean().item<double>() - std::stod(row->second[4])), std::abs(flat.std(false).item<double>() - deviation),
            std::abs(flat.abs().max().item<double>() - std::stod(row->second[6])) });
        std::size_t index = 0;
        for (const std::string& first : split(row->second[3], ' '))
            worst = std::max(worst, std::abs(values[index++] - std::stod(first)));
        std::printf("%s: largest difference %.3g, %.3g of the standard deviation\n", row->first.c_str(), worst, worst / deviation);
        m_test.check(std::to_string(flat.numel()) == row->second[2], output + " has another size");
        m_test.check(worst <= kLimitOfStandardDeviation * deviation, output + " differs");
    }

private:
    ParityTest& m_test;
    std::map<std::string, std::vector<std::string>> m_rows;
};

at::Tensor addedCondition(const std::vector<double>& timeIds)
{
    const at::Tensor ids = at::empty({ static_cast<std::int64_t>(timeIds.size()) }, at::kFloat);
    std::transform(timeIds.begin(), timeIds.end(), ids.mutable_data_ptr<float>(), [](double id) { return static_cast<float>(id); });
    return at::cat({ test::syntheticInput("input.pooled", { 1, 1280 }), engine::sinusoidalEmbedding(ids, 256).flatten().unsqueeze(0) }, 1);
}

void unet(ParityTest& test, const std::string& model, const std::vector<double>& timeIds)
{
    const Vectors vectors(test, model);
    const engine::Weights weights = weightsOf(model + ".tsv", 1, 2);
    const engine::UnetConfig config = engine::detectUnet(weights, {});
    const engine::Unet2dConditionModel network(weights, config);
    weights.finish();
    const at::Tensor added = config.addedWidth > 0 ? addedCondition(timeIds) : at::Tensor();
    const auto observe = [&](std::string_view block, const at::Tensor& output) {
        const std::string number(1, block.back());
        vectors.compare(block == "conv_in" ? "input_blocks.0" : block == "mid_block" ? "middle_block"
                                                                                     : (block.starts_with("down") ? "down block " : "up block ") + number,
            output);
    };
    const at::Tensor output = network.forward(test::syntheticInput("input.x", { 1, config.inputChannels, 16, 24 }), kTimestep,
        test::syntheticInput("input.context", { 1, 77, config.contextWidth }), added, {}, {}, observe);
    vectors.compare("output", output);
}

void autoencoder(ParityTest& test)
{
    const Vectors vectors(test, "vae_kl_f8");
    const engine::Weights weights = weightsOf("vae_kl_f8.tsv", 1, 2);
    const engine::AutoencoderKl network(weights);
    weights.finish();
    vectors.compare("decode", network.decode(test::syntheticInput("input.z", { 1, 4, 12, 16 }), {}));
    const engine::AutoencoderKl::Moments moments = network.encode(test::syntheticInput("input.pixels", { 1, 3, 96, 128 }), {});
    vectors.compare("encode(pixels) mean", moments.mean);
    vectors.compare("encode(pixels) logvar", moments.logVariance);
}

void tinyAutoencoder(ParityTest& test)
{
    const Vectors vectors(test, "taesd");
    const engine::Weights weights = weightsOf("taesd.tsv", 0, 2, 1);
    const engine::AutoencoderTiny network(weights);
    weights.finish();
    vectors.compare("decode", network.decode(test::syntheticInput("input.z", { 1, 4, 12, 16 }), {}));
    vectors.compare("encode", network.encodeMean(test::syntheticInput("input.pixels", { 1, 3, 96, 128 }), {}));
}

at::Tensor promptIds(std::int64_t padding)
{
    at::Tensor ids = at::full({ 1, 77 }, padding, at::kLong);
    const std::vector<std::int64_t> prompt{ 49406, 320, 1125, 539, 320, 2368, 267, 49407 };
    std::copy(prompt.begin(), prompt.end(), ids.mutable_data_ptr<std::int64_t>());
    return ids;
}

void clipL(ParityTest& test)
{
    const Vectors vectors(test, "clip_l");
    const engine::Weights weights = weightsOf("clip_l.tsv", 2, 3);
    const engine::ClipTextEncoder network(weights, engine::ClipActivation::QuickGelu);
    weights.finish();
    vectors.compare("hidden_states[11]", network.forward(promptIds(49407), 1, {}).hidden);
    const at::Tensor last = network.finalNorm(network.forward(promptIds(49407), 0, {}).hidden);
    vectors.compare("last layer", last);
    vectors.compare("row of", last.select(1, 7));
}

void openClipBigG(ParityTest& test)
{
    const Vectors vectors(test, "openclip_bigg");
    const engine::Weights weights = weightsOf("openclip_bigg.tsv", 2, 3);
    const engine::ClipTextEncoder network(weights, engine::ClipActivation::Gelu);
    weights.finish();
    const engine::ClipTextEncoder::Output output = network.forward(promptIds(0), 1, {});
    vectors.compare("hidden_states[31]", output.hidden);
    vectors.compare("pooled", output.pooled);
}

void clipVision(ParityTest& test, const std::string& model, engine::ClipActivation activation)
{
    const Vectors vectors(test, model);
    const engine::Weights weights = weightsOf(model + ".tsv", 0, 1);
    const engine::ClipVisionEncoder network(weights, activation, 16);
    weights.finish();
    const at::Tensor pixels = test::syntheticInput("input.vision", { 1, 3, 224, 224 });
    vectors.compare("image_embeds", network.embed(pixels, {}));
    vectors.compare("penultimate hidden state", network.penultimate(pixels, {}));
}

// The resampler alone; the attention layers' names in the file are not those the network binds.
void ipAdapterPlus(ParityTest& test)
{
    const std::string model = "ip_adapter_plus_sdxl_vit-h";
    const Vectors vectors(test, model);
    const engine::IpAdapter network(weightsOf(model + ".tsv", 0, 1), 2048);
    vectors.compare("resampler output", network.tokens(test::syntheticInput("input.imgtokens", { 1, 257, 1280 })));
}

at::Tensor hint(const std::string& name)
{
    return test::syntheticInput(name, { 1, 3, 128, 192 }) / static_cast<float>(std::sqrt(12.0)) + 0.5;
}

// A ControlNet's residuals, and how `vectors` call them.
class FullControlNet {
public:
    explicit FullControlNet(const engine::Weights& weights) : m_network(weights, engine::detectUnetEncoder(weights, {})) { weights.finish(); }

    [[nodiscard]] const engine::ControlNet& network() const { return m_network; }

    void compare(const Vectors& vectors, const std::string& prefix, const engine::ControlCondition& condition, double factor, const std::vector<std::size_t>& skips) const
    {
        engine::UnetAdditions output = m_network.forward(test::syntheticInput("input.x", { 1, 4, 16, 24 }), kTimestep, test::syntheticInput("input.context", { 1, 77, 2048 }),
            addedCondition({ 1024, 768, 16, 32, 1024, 1152 }), condition, {});
        engine::scale(output, factor);
        for (const std::size_t skip : skips)
            vectors.compare(prefix + "residual " + std::to_string(skip), output.skips.at(skip));
        vectors.compare(prefix + "middle residual", output.middle);
    }

private:
    engine::ControlNet m_network;
};

void controlNet(ParityTest& test)
{
    const Vectors vectors(test, "controlnet_sdxl");
    const FullControlNet control(weightsOf("controlnet_sdxl.tsv", 0, 2, 1));
    control.compare(vectors, "", { control.network().encodeHint(hint("input.hint")), {} }, 1.0, { 0, 3, 5, 8 });
}

void controlNetUnion(ParityTest& test)
{
    const Vectors vectors(test, "controlnet_union");
    const FullControlNet control(weightsOf("controlnet_union_promax_sdxl.tsv", 0, 1));
    const engine::ControlNet& network = control.network();
    const at::Tensor first = network.encodeHint(hint("input.hint")), second = network.encodeHint(hint("input.hint2"));
    const std::vector<engine::UnionPicture> one{ { first, 3, 1.0 } }, two{ { first, 1, 0.7 }, { second, 3, 0.5 } };
    control.compare(vectors, "type 3 (thin lines) scale 1: ", network.join(one), 1.0, { 0, 8 });
    control.compare(vectors, "types 1 and 3, scales 0.7 and 0.5: ", network.join(two), 1.0, { 0, 8 });
}

void t2iAdapter(ParityTest& test)
{
    const Vectors vectors(test, "t2i_adapter_sdxl");
    const engine::Weights weights = weightsOf("t2i_adapter_sdxl.tsv", 0, 1);
    const engine::T2iAdapter network(weights.scoped("adapter"));
    weights.finish();
    const std::vector<at::Tensor> features = network.forward(hint("input.hint"), {});
    for (std::size_t i = 0; i < features.size(); ++i)
        vectors.compare("feature " + std::to_string(i), features[i]);
}

} // namespace

int main(int argc, char** argv)
{
    ParityTest test(argc, argv);
    test.add("clip_l", [&] { clipL(test); });
    test.add("vae_kl_f8", [&] { autoencoder(test); });
    test.add("taesd", [&] { tinyAutoencoder(test); });
    test.add("openclip_bigg", [&] { openClipBigG(test); });
    test.add("clip_vision_l_safety", [&] { clipVision(test, "clip_vision_l_safety", engine::ClipActivation::QuickGelu); });
    test.add("clip_vision_h", [&] { clipVision(test, "clip_vision_h", engine::ClipActivation::Gelu); });
    test.add("ip_adapter_plus", [&] { ipAdapterPlus(test); });
    test.add("unet_sd15", [&] { unet(test, "unet_sd15", {}); });
    test.add("unet_sd15_inpaint", [&] { unet(test, "unet_sd15_inpaint", {}); });
    test.add("unet_sdxl_base", [&] { unet(test, "unet_sdxl_base", { 1024, 768, 16, 32, 1024, 1152 }); });
    test.add("unet_sdxl_inpaint", [&] { unet(test, "unet_sdxl_inpaint", { 1024, 768, 16, 32, 1024, 1152 }); });
    test.add("unet_sdxl_refiner", [&] { unet(test, "unet_sdxl_refiner", { 1024, 768, 16, 32, 6 }); });
    test.add("t2i_adapter_sdxl", [&] { t2iAdapter(test); });
    test.add("controlnet_sdxl", [&] { controlNet(test); });
    test.add("controlnet_union", [&] { controlNetUnion(test); });
    return test.run();
}
