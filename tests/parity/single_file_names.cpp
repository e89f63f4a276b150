// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/single_file_names.h"

#include "core/engine/nn/ops.h"

#include <cstdlib>
#include <optional>
#include <set>
#include <string_view>

namespace sfumato::test {

namespace {

constexpr int kLayers = 2; // residual blocks of a level on the way down

using Renames = std::vector<std::pair<std::string_view, std::string_view>>;

// `name` with its beginning replaced by the first rule that fits; empty when none does.
std::optional<std::string> renamed(const std::string& name, const Renames& rules)
{
    for (const auto& [from, to] : rules)
        if (name.starts_with(from)) return std::string(to) + name.substr(from.size());
    return std::nullopt;
}

// The parts of "down_blocks.1.resnets.0.conv1.weight": block 1, "resnets", index 0, "conv1.weight".
struct BlockName {
    int block = 0;
    std::string kind;
    int index = 0;
    std::string rest;
};

BlockName parseBlock(const std::string& name, std::string_view prefix)
{
    const std::string tail = name.substr(prefix.size());
    const std::size_t first = tail.find('.'), second = tail.find('.', first + 1), third = tail.find('.', second + 1);
    return { std::atoi(tail.c_str()), tail.substr(first + 1, second - first - 1), std::atoi(tail.c_str() + second + 1), tail.substr(third + 1) };
}

std::string unetResnet(const std::string& name)
{
    const Renames rules{ { "norm1.", "in_layers.0." }, { "conv1.", "in_layers.2." }, { "time_emb_proj.", "emb_layers.1." }, { "norm2.", "out_layers.0." },
        { "conv2.", "out_layers.3." }, { "conv_shortcut.", "skip_connection." } };
    return renamed(name, rules).value();
}

std::string unetDown(const std::string& name)
{
    const BlockName part = parseBlock(name, "down_blocks.");
    const int block = 1 + part.block * (kLayers + 1) + (part.kind == "downsamplers" ? kLayers : part.index);
    const std::string prefix = "input_blocks." + std::to_string(block);
    if (part.kind == "downsamplers") return prefix + ".0.op." + part.rest.substr(std::string_view("conv.").size());
    return part.kind == "attentions" ? prefix + ".1." + part.rest : prefix + ".0." + unetResnet(part.rest);
}

std::string unetUp(const std::string& name, const std::set<int>& attentive)
{
    const BlockName part = parseBlock(name, "up_blocks.");
    const int block = part.block * (kLayers + 1) + (part.kind == "upsamplers" ? kLayers : part.index);
    const std::string prefix = "output_blocks." + std::to_string(block);
    if (part.kind == "upsamplers") return prefix + (attentive.contains(part.block) ? ".2." : ".1.") + part.rest;
    return part.kind == "attentions" ? prefix + ".1." + part.rest : prefix + ".0." + unetResnet(part.rest);
}

std::string unetName(const std::string& name, const std::set<int>& attentive)
{
    if (name.starts_with("down_blocks.")) return unetDown(name);
    if (name.starts_with("up_blocks.")) return unetUp(name, attentive);
    if (name.starts_with("mid_block.resnets.0.")) return "middle_block.0." + unetResnet(name.substr(20));
    if (name.starts_with("mid_block.resnets.1.")) return "middle_block.2." + unetResnet(name.substr(20));
    const Renames rules{ { "mid_block.attentions.0.", "middle_block.1." }, { "time_embedding.linear_1.", "time_embed.0." }, { "time_embedding.linear_2.", "time_embed.2." },
        { "add_embedding.linear_1.", "label_emb.0.0." }, { "add_embedding.linear_2.", "label_emb.0.2." }, { "conv_in.", "input_blocks.0.0." },
        { "conv_norm_out.", "out.0." }, { "conv_out.", "out.2." } };
    return renamed(name, rules).value();
}

// What is inside a coder: "encoder." or "decoder." is taken off.
std::string coderName(const std::string& name, int levels)
{
    const bool isUp = name.starts_with("up_blocks.");
    if (isUp || name.starts_with("down_blocks.")) {
        const BlockName part = parseBlock(name, isUp ? "up_blocks." : "down_blocks.");
        const std::string level = isUp ? "up." + std::to_string(levels - 1 - part.block) : "down." + std::to_string(part.block);
        if (part.kind == "upsamplers") return level + ".upsample." + part.rest;
        if (part.kind == "downsamplers") return level + ".downsample." + part.rest;
        return level + ".block." + std::to_string(part.index) + '.' + renamed(part.rest, { { "conv_shortcut.", "nin_shortcut." }, { "", "" } }).value();
    }
    const Renames rules{ { "mid_block.resnets.0.", "mid.block_1." }, { "mid_block.resnets.1.", "mid.block_2." }, { "mid_block.attentions.0.group_norm.", "mid.attn_1.norm." },
        { "mid_block.attentions.0.to_q.", "mid.attn_1.q." }, { "mid_block.attentions.0.to_k.", "mid.attn_1.k." }, { "mid_block.attentions.0.to_v.", "mid.attn_1.v." },
        { "mid_block.attentions.0.to_out.0.", "mid.attn_1.proj_out." }, { "conv_norm_out.", "norm_out." }, { "", "" } };
    return renamed(name, rules).value();
}

// The attention of an autoencoder is stored as 1 × 1 convolutions.
at::Tensor asStored(const NamedShape& shape)
{
    const at::Tensor weight = syntheticWeight(shape.name, shape.shape);
    const bool isAttention = shape.name.find("mid_block.attentions.0.to_") != std::string::npos && weight.dim() == 2;
    return isAttention ? weight.unsqueeze(-1).unsqueeze(-1) : weight;
}

std::string openClipName(const std::string& name)
{
    const Renames rules{ { "text_model.embeddings.token_embedding.", "token_embedding." }, { "text_model.final_layer_norm.", "ln_final." } };
    if (const auto outside = renamed(name, rules)) return *outside;
    constexpr std::string_view kLayer = "text_model.encoder.layers.";
    const std::size_t dot = name.find('.', kLayer.size());
    const std::string block = "transformer.resblocks." + name.substr(kLayer.size(), dot - kLayer.size()) + '.';
    const Renames inside{ { "layer_norm1.", "ln_1." }, { "layer_norm2.", "ln_2." }, { "mlp.fc1.", "mlp.c_fc." }, { "mlp.fc2.", "mlp.c_proj." }, { "self_attn.out_proj.", "attn.out_proj." } };
    return block + renamed(name.substr(dot + 1), inside).value();
}

} // namespace

NamedTensors ldmUnet(const std::vector<NamedShape>& shapes)
{
    std::set<int> attentive; // up blocks with transformers: their upsampler comes third
    for (const NamedShape& shape : shapes)
        if (shape.name.starts_with("up_blocks.") && shape.name.find(".attentions.") != std::string::npos) attentive.insert(parseBlock(shape.name, "up_blocks.").block);
    NamedTensors tensors;
    for (const NamedShape& shape : shapes) tensors.emplace_back("model.diffusion_model." + unetName(shape.name, attentive), syntheticWeight(shape.name, shape.shape));
    return tensors;
}

std::string ldmUnetName(const std::string& name)
{
    return unetName(name, {});
}

NamedTensors ldmAutoencoder(const std::vector<NamedShape>& shapes, int levels)
{
    NamedTensors tensors;
    for (const NamedShape& shape : shapes) {
        const bool isCoder = shape.name.starts_with("encoder.") || shape.name.starts_with("decoder.");
        const std::string name = isCoder ? shape.name.substr(0, 8) + coderName(shape.name.substr(8), levels) : shape.name;
        tensors.emplace_back("first_stage_model." + name, asStored(shape));
    }
    return tensors;
}

NamedTensors ldmClip(const std::vector<NamedShape>& shapes)
{
    NamedTensors tensors;
    for (const NamedShape& shape : shapes) tensors.emplace_back("cond_stage_model.transformer." + shape.name, syntheticWeight(shape.name, shape.shape));
    tensors.emplace_back("cond_stage_model.transformer.text_model.embeddings.position_ids", at::arange(77, at::kLong).unsqueeze(0));
    return tensors;
}

NamedTensors openClip(const std::vector<NamedShape>& shapes, const std::string& prefix)
{
    NamedTensors tensors;
    for (const NamedShape& shape : shapes) {
        const at::Tensor weight = syntheticWeight(shape.name, shape.shape);
        const auto part = [&](const char* which) { return shape.name.find(std::string(".self_attn.") + which) != std::string::npos; };
        if (shape.name == "text_projection.weight") {
            tensors.emplace_back(prefix + "text_projection", weight.t().contiguous());
        } else if (shape.name == "text_model.embeddings.position_embedding.weight") {
            tensors.emplace_back(prefix + "positional_embedding", weight);
        } else if (part("q_proj")) { // query, key and value are one matrix
            const std::size_t at = shape.name.find("q_proj");
            const auto sibling = [&](const char* which) { return syntheticWeight(std::string(shape.name).replace(at, 6, which), shape.shape); };
            const std::string block = openClipName(std::string(shape.name).replace(at, 6, "out_proj"));
            const bool isBias = shape.name.ends_with(".bias");
            tensors.emplace_back(prefix + block.substr(0, block.find("out_proj")) + (isBias ? "in_proj_bias" : "in_proj_weight"),
                at::cat({ weight, sibling("k_proj"), sibling("v_proj") }));
        } else if (!part("k_proj") && !part("v_proj")) {
            tensors.emplace_back(prefix + openClipName(shape.name), weight);
        }
    }
    return tensors;
}

} // namespace sfumato::test
