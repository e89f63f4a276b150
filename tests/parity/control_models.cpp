// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/control_models.h"

#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "tests/parity/pipeline_models.h"
#include "tests/parity/single_file_names.h"
#include "tests/support/network_shapes.h"

#include <array>
#include <fstream>
#include <map>
#include <sstream>

namespace sfumato::test {

namespace {

namespace fs = std::filesystem;
using Shapes = std::vector<NamedShape>;

constexpr std::array<std::int64_t, 4> kHintChannels{ 16, 24, 32, 48 };
constexpr std::int64_t kLoraRank = 4;

// Controls have weights of their own, not those of the UNet that has layers of the same names.
at::Tensor controlWeight(const NamedShape& shape)
{
    return syntheticWeight("control." + shape.name, shape.shape);
}

bool isOfEncoder(const std::string& name)
{
    for (const char* head : { "conv_in.", "time_embedding.", "add_embedding.", "down_blocks.", "mid_block." })
        if (name.starts_with(head)) return true;
    return false;
}

void addConv(Shapes& shapes, const std::string& name, std::int64_t input, std::int64_t output, std::int64_t kernel)
{
    shapes.push_back({ name + ".weight", { output, input, kernel, kernel } });
    shapes.push_back({ name + ".bias", { output } });
}

void addLinear(Shapes& shapes, const std::string& name, std::int64_t input, std::int64_t output)
{
    shapes.push_back({ name + ".weight", { output, input } });
    shapes.push_back({ name + ".bias", { output } });
}

Shapes encoderShapes(const engine::UnetConfig& config)
{
    Shapes shapes;
    for (const NamedShape& shape : unetShapes(config))
        if (isOfEncoder(shape.name)) shapes.push_back(shape);
    return shapes;
}

Shapes controlNetShapes(const engine::UnetConfig& config)
{
    Shapes shapes = encoderShapes(config);
    const std::string hint = "controlnet_cond_embedding.";
    addConv(shapes, hint + "conv_in", 3, kHintChannels.front(), 3);
    for (std::size_t i = 0; i + 1 < kHintChannels.size(); ++i) {
        addConv(shapes, hint + "blocks." + std::to_string(2 * i), kHintChannels[i], kHintChannels[i], 3);
        addConv(shapes, hint + "blocks." + std::to_string(2 * i + 1), kHintChannels[i], kHintChannels[i + 1], 3);
    }
    addConv(shapes, hint + "conv_out", kHintChannels.back(), config.modelChannels, 3);
    std::vector<std::int64_t> skips{ config.modelChannels };
    for (const engine::UnetBlockConfig& block : config.downBlocks) skips.insert(skips.end(), block.depths.size() + (block.resamples ? 1 : 0), block.channels);
    for (std::size_t i = 0; i < skips.size(); ++i) addConv(shapes, "controlnet_down_blocks." + std::to_string(i), skips[i], skips[i], 1);
    addConv(shapes, "controlnet_mid_block", config.downBlocks.back().channels, config.downBlocks.back().channels, 1);
    return shapes;
}

Shapes unionShapes(const engine::UnetConfig& config, std::int64_t tasks)
{
    Shapes shapes = controlNetShapes(config);
    const std::int64_t channels = config.modelChannels;
    const std::string layer = "transformer_layes.0.";
    shapes.push_back({ "task_embedding", { tasks, channels } });
    shapes.push_back({ layer + "attn.in_proj_weight", { 3 * channels, channels } });
    shapes.push_back({ layer + "attn.in_proj_bias", { 3 * channels } });
    addLinear(shapes, layer + "attn.out_proj", channels, channels);
    for (const char* norm : { "ln_1", "ln_2" })
        for (const char* part : { ".weight", ".bias" }) shapes.push_back({ layer + norm + part, { channels } });
    addLinear(shapes, layer + "mlp.c_fc", channels, 4 * channels);
    addLinear(shapes, layer + "mlp.c_proj", 4 * channels, channels);
    addLinear(shapes, "spatial_ch_projs", channels, channels);
    addLinear(shapes, "control_add_embedding.linear_1", 32 * tasks, config.timeWidth);
    addLinear(shapes, "control_add_embedding.linear_2", config.timeWidth, config.timeWidth);
    return shapes;
}

Shapes adapterShapes(std::int64_t unshuffled)
{
    const std::array<std::int64_t, 4> channels{ 32, 64, 96, 96 };
    Shapes shapes;
    addConv(shapes, "adapter.conv_in", unshuffled, channels[0], 3);
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const std::string level = "adapter.body." + std::to_string(i) + '.';
        if (i > 0 && channels[i] != channels[i - 1]) addConv(shapes, level + "in_conv", channels[i - 1], channels[i], 1);
        for (const char* residual : { "resnets.0.", "resnets.1." }) {
            addConv(shapes, level + residual + "block1", channels[i], channels[i], 3);
            addConv(shapes, level + residual + "block2", channels[i], channels[i], 1);
        }
    }
    return shapes;
}

Shapes lightAdapterShapes()
{
    const std::array<std::int64_t, 5> channels{ 192, 32, 64, 96, 96 };
    Shapes shapes;
    for (std::size_t i = 1; i < channels.size(); ++i) {
        const std::string level = "adapter.body." + std::to_string(i - 1) + '.';
        addConv(shapes, level + "in_conv", channels[i - 1], channels[i] / 4, 1);
        for (int k = 0; k < 4; ++k)
            for (const char* block : { "block1", "block2" }) addConv(shapes, level + "resnets." + std::to_string(k) + '.' + block, channels[i] / 4, channels[i] / 4, 3);
        addConv(shapes, level + "out_conv", channels[i] / 4, channels[i], 1);
    }
    return shapes;
}

// "controlnet_cond_embedding.blocks.0.weight" → "input_hint_block.2.weight".
std::string hintName(const std::string& name)
{
    const std::string rest = name.substr(std::string("controlnet_cond_embedding.").size());
    if (rest.starts_with("conv_in.")) return "input_hint_block.0." + rest.substr(8);
    if (rest.starts_with("conv_out.")) return "input_hint_block.14." + rest.substr(9);
    const int block = std::stoi(rest.substr(7));
    return "input_hint_block." + std::to_string(2 * block + 2) + rest.substr(rest.find('.', 7));
}

// What lllyasviel's files call a tensor.
std::string originalName(const std::string& name)
{
    if (name.starts_with("controlnet_cond_embedding.")) return hintName(name);
    if (name.starts_with("controlnet_mid_block.")) return "middle_block_out.0." + name.substr(21);
    if (name.starts_with("controlnet_down_blocks.")) {
        const std::string rest = name.substr(23);
        const std::size_t dot = rest.find('.');
        return "zero_convs." + rest.substr(0, dot) + ".0" + rest.substr(dot);
    }
    return ldmUnetName(name);
}

// What TencentARC's files call one: residual blocks of all levels are numbered through; light adapters number their levels.
std::string originalAdapterName(const std::string& name, bool isLight)
{
    const std::string bare = name.substr(8);
    if (!bare.starts_with("body.")) return bare;
    const int level = std::stoi(bare.substr(5));
    const std::string rest = bare.substr(bare.find('.', 5) + 1);
    const bool isResidual = rest.starts_with("resnets.");
    if (isLight) return "body." + std::to_string(level) + '.' + (isResidual ? "body." + rest.substr(8) : rest);
    return isResidual ? "body." + std::to_string(2 * level + std::stoi(rest.substr(8))) + rest.substr(rest.find('.', 8)) : "body." + std::to_string(2 * level) + '.' + rest;
}

void write(const fs::path& path, const NamedTensors& named)
{
    std::vector<engine::TensorToWrite> tensors;
    for (const auto& [name, tensor] : named)
        tensors.push_back({ name, engine::Dtype::F32, tensor.sizes().vec(), { static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes() } });
    if (const Result<void> written = engine::writeSafetensors(path, tensors); !written) throw engine::EngineException(written.error());
}

void writeSingle(const fs::path& path, const std::string& name)
{
    const std::string prefix = name.starts_with("cn-sd1") ? "control_model." : "";
    NamedTensors tensors;
    for (const NamedShape& shape : controlShapes(name)) {
        at::Tensor weight = controlWeight(shape);
        if (name == "cn-sd1-difference" && isOfEncoder(shape.name)) weight = weight - syntheticWeight(shape.name, shape.shape);
        tensors.emplace_back(prefix + originalName(shape.name), weight);
    }
    if (name == "cn-sd1-difference") tensors.emplace_back("difference", at::ones({ 1 }));
    write(path, tensors);
}

void writeAdapter(const fs::path& path, const std::string& name)
{
    NamedTensors tensors;
    for (const NamedShape& shape : controlShapes(name))
        tensors.emplace_back(name.ends_with("-original") ? originalAdapterName(shape.name, name.starts_with("t2i-light")) : shape.name, controlWeight(shape));
    write(path, tensors);
}

std::string stemOf(const std::string& name)
{
    return name.substr(0, name.size() - std::string(".weight").size());
}

bool isLowRank(const NamedShape& shape)
{
    return isOfEncoder(shape.name) && shape.shape.size() >= 2;
}

// up [out, rank], down [rank, in, kernel, kernel] or [rank, in].
std::pair<at::Tensor, at::Tensor> upAndDown(const NamedShape& shape)
{
    std::vector<std::int64_t> down = shape.shape;
    down.front() = kLoraRank;
    return { syntheticWeight(stemOf(shape.name) + ".up", { shape.shape.front(), kLoraRank }), syntheticWeight(stemOf(shape.name) + ".down", down) };
}

at::Tensor changedWeight(const NamedShape& shape)
{
    const auto [up, down] = upAndDown(shape);
    return syntheticWeight(shape.name, shape.shape) + at::matmul(up, down.flatten(1)).reshape(shape.shape);
}

void writeLora(const fs::path& path)
{
    NamedTensors tensors{ { "lora_controlnet", at::zeros({ 0 }) } };
    for (const NamedShape& shape : controlShapes("cn-xl-lora")) {
        const std::string name = originalName(shape.name);
        if (!isLowRank(shape)) {
            tensors.emplace_back(name, controlWeight(shape));
            continue;
        }
        const auto [up, down] = upAndDown(shape);
        tensors.emplace_back(stemOf(name) + ".up", shape.shape.size() == 4 ? up.unsqueeze(-1).unsqueeze(-1) : up);
        tensors.emplace_back(stemOf(name) + ".down", down);
    }
    write(path, tensors);
}

void writeFolder(const fs::path& root, const std::string& name)
{
    fs::create_directories(root);
    NamedTensors tensors;
    for (const NamedShape& shape : controlShapes(name)) tensors.emplace_back(shape.name, controlWeight(shape));
    write(root / "diffusion_pytorch_model.safetensors", tensors);
    const std::string heads = name.starts_with("cn-sd1") ? R"("attention_head_dim": 8, "block_out_channels": [32, 64, 96, 96])" : R"("attention_head_dim": [1, 2, 3], "block_out_channels": [32, 64, 96])";
    const std::string pools = name == "cn-sd1-shuffle" ? "true" : "false";
    std::ofstream(root / "config.json") << "{" << heads << R"(, "global_pool_conditions": )" << pools << "}\n";
}

engine::ControlType typeOf(const std::string& name)
{
    using engine::ControlType;
    static const std::map<std::string, ControlType> types{ { "pose", ControlType::Pose }, { "depth", ControlType::Depth }, { "soft_edge", ControlType::SoftEdge },
        { "line", ControlType::Line }, { "normal", ControlType::Normal }, { "segment", ControlType::Segment }, { "tile", ControlType::Tile },
        { "inpaint", ControlType::Inpaint }, { "reference", ControlType::Reference } };
    return types.at(name);
}

} // namespace

Shapes controlShapes(const std::string& name)
{
    if (name.starts_with("t2i-xl")) return adapterShapes(768);
    if (name.starts_with("t2i-sd1")) return adapterShapes(64);
    if (name.starts_with("t2i-light")) return lightAdapterShapes();
    if (name.starts_with("cn-sd1")) return controlNetShapes(sd1Unet(false));
    engine::UnetConfig config = folderUnet(false);
    if (name.starts_with("union")) return unionShapes(config, name == "union-promax" ? 8 : 6);
    if (name == "cn-xl-mid" || name == "cn-xl-small") {
        config.downBlocks[1].depths = { 0, 0 };
        const bool isMid = name == "cn-xl-mid";
        config.downBlocks[2].depths = isMid ? std::vector<std::int64_t>{ 1, 1 } : std::vector<std::int64_t>{ 0, 0 };
        config.midBlock->depths = isMid ? std::vector<std::int64_t>{ 1 } : std::vector<std::int64_t>{};
    }
    return controlNetShapes(config);
}

fs::path controlModelPath(const std::string& name, const fs::path& work)
{
    const bool isAdapter = name.starts_with("t2i"), isLora = name == "cn-xl-lora";
    const bool isFile = isAdapter || isLora || name.ends_with("-single") || name.ends_with("-difference");
    const fs::path path = work / (isFile ? name + ".safetensors" : name);
    if (fs::exists(path)) return path;
    fs::create_directories(work);
    if (isAdapter) writeAdapter(path, name);
    else if (isLora)
        writeLora(path);
    else if (isFile)
        writeSingle(path, name);
    else
        writeFolder(path, name);
    return path;
}

std::vector<engine::ControlReference> parseControls(const std::string& text, const fs::path& work, const std::function<ImageBuffer(const std::string&)>& picture)
{
    std::vector<engine::ControlReference> controls;
    std::istringstream all(text);
    for (std::string one; std::getline(all, one, '|');) {
        std::istringstream stream(one);
        std::array<std::string, 6> parts;
        for (std::string& part : parts) std::getline(stream, part, ':');
        controls.push_back({ controlModelPath(parts[0], work), {}, typeOf(parts[1]), picture(parts[5]), std::stod(parts[2]), std::stod(parts[3]), std::stod(parts[4]) });
    }
    return controls;
}

std::vector<engine::WeightSource> controlSources(const std::string& name)
{
    std::vector<engine::WeightSource> sources;
    for (const NamedShape& shape : controlShapes(name)) {
        const bool isChange = name == "cn-xl-lora" && isLowRank(shape);
        sources.push_back({ shape.name, shape.shape, 0, [shape, isChange] { return isChange ? changedWeight(shape) : controlWeight(shape); } });
    }
    return sources;
}

} // namespace sfumato::test
