// SPDX-License-Identifier: Apache-2.0
#include "tests/support/network_shapes.h"

#include <string>

namespace sfumato::test {

namespace {

using Shape = std::vector<std::int64_t>;

// Collects names below a prefix.
class ShapeList {
public:
    void add(const std::string& name, Shape shape) { m_shapes.push_back({ name, std::move(shape) }); }
    void norm(const std::string& name, std::int64_t channels)
    {
        add(name + ".weight", { channels });
        add(name + ".bias", { channels });
    }
    void linear(const std::string& name, std::int64_t input, std::int64_t output, bool bias = true)
    {
        add(name + ".weight", { output, input });
        if (bias)
            add(name + ".bias", { output });
    }
    void conv(const std::string& name, std::int64_t input, std::int64_t output, std::int64_t kernel = 3)
    {
        add(name + ".weight", { output, input, kernel, kernel });
        add(name + ".bias", { output });
    }
    void resnet(const std::string& name, std::int64_t input, std::int64_t output, std::int64_t timeWidth)
    {
        norm(name + ".norm1", input);
        conv(name + ".conv1", input, output);
        if (timeWidth > 0)
            linear(name + ".time_emb_proj", timeWidth, output);
        norm(name + ".norm2", output);
        conv(name + ".conv2", output, output);
        if (input != output)
            conv(name + ".conv_shortcut", input, output, 1);
    }
    void transformer(const std::string& name, const engine::UnetConfig& config, std::int64_t channels, std::int64_t depth);

    std::vector<NamedShape> take() { return std::move(m_shapes); }

private:
    std::vector<NamedShape> m_shapes;
};

void ShapeList::transformer(const std::string& name, const engine::UnetConfig& config, std::int64_t channels, std::int64_t depth)
{
    const auto projection = [&](const std::string& which) {
        if (config.convolutionalProjection)
            conv(name + which, channels, channels, 1);
        else
            linear(name + which, channels, channels);
    };
    norm(name + ".norm", channels);
    projection(".proj_in");
    projection(".proj_out");
    for (std::int64_t i = 0; i < depth; ++i) {
        const std::string block = name + ".transformer_blocks." + std::to_string(i);
        for (const char* which : { ".norm1", ".norm2", ".norm3" })
            norm(block + which, channels);
        for (const char* which : { ".attn1", ".attn2" }) {
            const std::int64_t context = std::string(which) == ".attn1" ? channels : config.contextWidth;
            linear(block + which + ".to_q", channels, channels, false);
            linear(block + which + ".to_k", context, channels, false);
            linear(block + which + ".to_v", context, channels, false);
            linear(block + which + ".to_out.0", channels, channels);
        }
        linear(block + ".ff.net.0.proj", channels, 8 * channels);
        linear(block + ".ff.net.2", 4 * channels, channels);
    }
}

std::string indexed(const std::string& name, std::size_t index)
{
    return name + '.' + std::to_string(index);
}

void addMiddle(ShapeList& list, const engine::UnetConfig& config)
{
    const engine::UnetBlockConfig& mid = *config.midBlock;
    list.resnet("mid_block.resnets.0", mid.channels, mid.channels, config.timeWidth);
    for (std::size_t i = 0; i < mid.depths.size(); ++i) {
        list.transformer(indexed("mid_block.attentions", i), config, mid.channels, mid.depths[i]);
        list.resnet(indexed("mid_block.resnets", i + 1), mid.channels, mid.channels, config.timeWidth);
    }
}

void addAutoencoderMiddle(ShapeList& list, const std::string& name, std::int64_t channels)
{
    list.resnet(name + ".resnets.0", channels, channels, 0);
    list.norm(name + ".attentions.0.group_norm", channels);
    for (const char* which : { ".to_q", ".to_k", ".to_v", ".to_out.0" })
        list.linear(name + ".attentions.0" + which, channels, channels);
    list.resnet(name + ".resnets.1", channels, channels, 0);
}

} // namespace

engine::UnetConfig sdxlBaseConfig()
{
    engine::UnetConfig config;
    config.addedWidth = 2816;
    config.downBlocks = { { 320, 5, { 0, 0 }, true }, { 640, 10, { 2, 2 }, true }, { 1280, 20, { 10, 10 }, false } };
    config.midBlock = engine::UnetBlockConfig{ 1280, 20, { 10 }, false };
    config.upBlocks = { { 1280, 20, { 10, 10, 10 }, true }, { 640, 10, { 2, 2, 2 }, true }, { 320, 5, { 0, 0, 0 }, false } };
    return config;
}

std::vector<NamedShape> unetShapes(const engine::UnetConfig& config)
{
    ShapeList list;
    Shape skips{ config.modelChannels };
    std::int64_t channels = config.modelChannels;
    list.conv("conv_in", config.inputChannels, channels);
    list.linear("time_embedding.linear_1", channels, config.timeWidth);
    list.linear("time_embedding.linear_2", config.timeWidth, config.timeWidth);
    if (config.guidanceWidth > 0) list.linear("time_embedding.cond_proj", config.guidanceWidth, channels, false);
    if (config.addedWidth > 0) {
        list.linear("add_embedding.linear_1", config.addedWidth, config.timeWidth);
        list.linear("add_embedding.linear_2", config.timeWidth, config.timeWidth);
    }
    const auto layer = [&](const std::string& block, const engine::UnetBlockConfig& shape, std::size_t index, std::int64_t input) {
        list.resnet(indexed(block + ".resnets", index), input, shape.channels, config.timeWidth);
        if (shape.depths[index] > 0)
            list.transformer(indexed(block + ".attentions", index), config, shape.channels, shape.depths[index]);
        channels = shape.channels;
    };
    for (std::size_t i = 0; i < config.downBlocks.size(); ++i) {
        const engine::UnetBlockConfig& block = config.downBlocks[i];
        for (std::size_t k = 0; k < block.depths.size(); ++k) {
            layer(indexed("down_blocks", i), block, k, channels);
            skips.push_back(channels);
        }
        if (block.resamples) {
            list.conv(indexed("down_blocks", i) + ".downsamplers.0.conv", channels, channels);
            skips.push_back(channels);
        }
    }
    if (config.midBlock)
        addMiddle(list, config);
    for (std::size_t i = 0; i < config.upBlocks.size(); ++i) {
        const engine::UnetBlockConfig& block = config.upBlocks[i];
        for (std::size_t k = 0; k < block.depths.size(); ++k) {
            const std::int64_t skip = skips.back();
            skips.pop_back();
            layer(indexed("up_blocks", i), block, k, channels + skip);
        }
        if (block.resamples)
            list.conv(indexed("up_blocks", i) + ".upsamplers.0.conv", channels, channels);
    }
    list.norm("conv_norm_out", channels);
    list.conv("conv_out", channels, config.outputChannels);
    return list.take();
}

std::vector<NamedShape> resnetShapes(const std::string& name, std::int64_t inputChannels, std::int64_t outputChannels, std::int64_t timeWidth)
{
    ShapeList list;
    list.resnet(name, inputChannels, outputChannels, timeWidth);
    return list.take();
}

std::vector<NamedShape> transformerShapes(const std::string& name, const engine::UnetConfig& config, std::int64_t channels, std::int64_t depth)
{
    ShapeList list;
    list.transformer(name, config, channels, depth);
    return list.take();
}

std::vector<NamedShape> textEncoderShapes(const engine::ClipTextConfig& config)
{
    ShapeList list;
    const std::int64_t width = config.width;
    list.add("text_model.embeddings.token_embedding.weight", { config.vocabulary, width });
    list.add("text_model.embeddings.position_embedding.weight", { config.positions, width });
    for (std::int64_t i = 0; i < config.layers; ++i) {
        const std::string layer = "text_model.encoder.layers." + std::to_string(i);
        list.norm(layer + ".layer_norm1", width);
        for (const char* which : { ".q_proj", ".k_proj", ".v_proj", ".out_proj" })
            list.linear(layer + ".self_attn" + which, width, width);
        list.norm(layer + ".layer_norm2", width);
        list.linear(layer + ".mlp.fc1", width, config.feedForwardWidth);
        list.linear(layer + ".mlp.fc2", config.feedForwardWidth, width);
    }
    list.norm("text_model.final_layer_norm", width);
    if (config.projection > 0)
        list.linear("text_projection", width, config.projection, false);
    return list.take();
}

std::vector<NamedShape> tinyAutoencoderShapes()
{
    constexpr std::int64_t kWidth = 64;
    ShapeList list;
    const auto blocks = [&](const std::string& half, std::initializer_list<std::size_t> numbers) {
        for (const std::size_t number : numbers) {
            for (const char* conv : { ".conv.0", ".conv.2", ".conv.4" }) list.conv(indexed(half, number) + conv, kWidth, kWidth);
        }
    };
    const auto resizings = [&](const std::string& half, std::initializer_list<std::size_t> numbers) {
        for (const std::size_t number : numbers) list.add(indexed(half, number) + ".weight", { kWidth, kWidth, 3, 3 });
    };
    list.conv("encoder.layers.0", 3, kWidth);
    blocks("encoder.layers", { 1, 3, 4, 5, 7, 8, 9, 11, 12, 13 });
    resizings("encoder.layers", { 2, 6, 10 });
    list.conv("encoder.layers.14", kWidth, 4);
    list.conv("decoder.layers.0", 4, kWidth);
    blocks("decoder.layers", { 2, 3, 4, 7, 8, 9, 12, 13, 14, 17 });
    resizings("decoder.layers", { 6, 11, 16 });
    list.conv("decoder.layers.18", kWidth, 3);
    return list.take();
}

std::vector<NamedShape> autoencoderShapes(const AutoencoderSize& size)
{
    ShapeList list;
    const std::int64_t deepest = size.channels.back();
    std::int64_t channels = size.channels.front();
    list.conv("encoder.conv_in", 3, channels);
    for (std::size_t i = 0; i < size.channels.size(); ++i) {
        const std::string block = indexed("encoder.down_blocks", i);
        for (std::size_t k = 0; k < static_cast<std::size_t>(size.layers); ++k) {
            list.resnet(indexed(block + ".resnets", k), channels, size.channels[i], 0);
            channels = size.channels[i];
        }
        if (i + 1 < size.channels.size())
            list.conv(block + ".downsamplers.0.conv", channels, channels);
    }
    addAutoencoderMiddle(list, "encoder.mid_block", deepest);
    list.norm("encoder.conv_norm_out", deepest);
    list.conv("encoder.conv_out", deepest, 2 * size.latentChannels);
    list.conv("quant_conv", 2 * size.latentChannels, 2 * size.latentChannels, 1);
    list.conv("post_quant_conv", size.latentChannels, size.latentChannels, 1);
    list.conv("decoder.conv_in", size.latentChannels, deepest);
    addAutoencoderMiddle(list, "decoder.mid_block", deepest);
    channels = deepest;
    for (std::size_t i = 0; i < size.channels.size(); ++i) {
        const std::string block = indexed("decoder.up_blocks", i);
        const std::int64_t output = size.channels[size.channels.size() - 1 - i];
        for (std::size_t k = 0; k <= static_cast<std::size_t>(size.layers); ++k) {
            list.resnet(indexed(block + ".resnets", k), channels, output, 0);
            channels = output;
        }
        if (i + 1 < size.channels.size())
            list.conv(block + ".upsamplers.0.conv", channels, channels);
    }
    list.norm("decoder.conv_norm_out", channels);
    list.conv("decoder.conv_out", channels, 3);
    return list.take();
}

} // namespace sfumato::test
