// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/names/name_cursor.h"
#include "core/engine/io/names/weight_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sfumato::engine {

namespace {

using Renaming = std::pair<std::string_view, std::string_view>;

constexpr std::array<std::string_view, 9> kDiffusersHeads{ "conv_in.", "conv_out.", "conv_norm_out.", "time_embedding.", "add_embedding.",
    "class_embedding.", "down_blocks.", "mid_block.", "up_blocks." };

constexpr std::array<Renaming, 8> kOuterNames{ {
    { "time_embed.0.", "time_embedding.linear_1." },
    { "time_embed.2.", "time_embedding.linear_2." },
    { "time_embed.cond_proj.", "time_embedding.cond_proj." },
    { "label_emb.0.0.", "add_embedding.linear_1." },
    { "label_emb.0.2.", "add_embedding.linear_2." },
    { "input_blocks.0.0.", "conv_in." },
    { "out.0.", "conv_norm_out." },
    { "out.2.", "conv_out." },
} };

constexpr std::array<Renaming, 6> kResidualNames{ {
    { "in_layers.0.", "norm1." },
    { "in_layers.2.", "conv1." },
    { "emb_layers.1.", "time_emb_proj." },
    { "out_layers.0.", "norm2." },
    { "out_layers.3.", "conv2." },
    { "skip_connection.", "conv_shortcut." },
} };

constexpr std::array<std::string_view, 4> kTransformerHeads{ "norm.", "proj_in.", "proj_out.", "transformer_blocks." };

template <std::size_t Count>
std::optional<std::string> renamed(std::string_view name, const std::array<Renaming, Count>& renamings)
{
    for (const auto& [from, to] : renamings) {
        if (name.starts_with(from)) return std::string(to) + std::string(name.substr(from.size()));
    }
    return std::nullopt;
}

template <std::size_t Count>
bool beginsWithOneOf(std::string_view name, const std::array<std::string_view, Count>& heads)
{
    return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) { return name.starts_with(head); });
}

std::optional<std::string> underResnet(const std::string& place, std::string_view rest)
{
    std::optional<std::string> inner = renamed(rest, kResidualNames);
    if (inner) inner->insert(0, place);
    return inner;
}

std::optional<std::string> underTransformer(const std::string& place, std::string_view rest)
{
    if (!beginsWithOneOf(rest, kTransformerHeads)) return std::nullopt;
    return place + std::string(rest);
}

std::optional<std::string> middleBlock(std::string_view rest)
{
    NameCursor cursor(rest);
    const std::optional<int> part = cursor.takeIndex();
    if (!part || *part > 2) return std::nullopt;
    if (*part == 1) {
        if (std::optional<std::string> name = underTransformer("mid_block.attentions.0.", cursor.rest())) return name;
    }
    return underResnet(*part == 0 ? "mid_block.resnets.0." : "mid_block.resnets.1.", cursor.rest());
}

} // namespace

UnetNames::UnetNames(std::span<const std::string_view> names)
{
    int firstDownsampler = 0;
    int lastBlock = 0;
    for (const std::string_view name : names) {
        NameCursor cursor(name);
        if (!cursor.take("input_blocks.")) continue;
        const int block = cursor.takeIndex().value_or(0);
        lastBlock = std::max(lastBlock, block);
        if (cursor.rest().starts_with("0.op.") && (firstDownsampler == 0 || block < firstDownsampler)) firstDownsampler = block;
    }
    // Blocks 1 … R are residual and R + 1 is the first downsampler; a UNet of one level has none.
    if (firstDownsampler > 1) m_blocksPerLevel = firstDownsampler - 1;
    else if (lastBlock > 0)
        m_blocksPerLevel = lastBlock;
}

std::optional<std::string> UnetNames::toDiffusers(std::string_view name) const
{
    if (beginsWithOneOf(name, kDiffusersHeads)) return std::string(name);
    if (std::optional<std::string> outer = renamed(name, kOuterNames)) return outer;
    NameCursor cursor(name);
    if (cursor.take("input_blocks.")) return inputBlock(cursor.rest());
    if (cursor.take("middle_block.")) return middleBlock(cursor.rest());
    if (cursor.take("output_blocks.")) return outputBlock(cursor.rest());
    return std::nullopt;
}

std::optional<std::string> UnetNames::inputBlock(std::string_view rest) const
{
    NameCursor cursor(rest);
    const std::optional<int> block = cursor.takeIndex();
    const std::optional<int> part = cursor.takeIndex();
    if (!block || !part || *block < 1) return std::nullopt;
    const std::string level = "down_blocks." + std::to_string((*block - 1) / (m_blocksPerLevel + 1)) + '.';
    const int layer = (*block - 1) % (m_blocksPerLevel + 1);
    if (layer == m_blocksPerLevel) {
        if (*part != 0 || !cursor.take("op.")) return std::nullopt;
        return level + "downsamplers.0.conv." + std::string(cursor.rest());
    }
    if (*part == 0) return underResnet(level + "resnets." + std::to_string(layer) + '.', cursor.rest());
    if (*part == 1) return underTransformer(level + "attentions." + std::to_string(layer) + '.', cursor.rest());
    return std::nullopt;
}

std::optional<std::string> UnetNames::outputBlock(std::string_view rest) const
{
    NameCursor cursor(rest);
    const std::optional<int> block = cursor.takeIndex();
    const std::optional<int> part = cursor.takeIndex();
    if (!block || !part) return std::nullopt;
    const std::string level = "up_blocks." + std::to_string(*block / (m_blocksPerLevel + 1)) + '.';
    const int layer = *block % (m_blocksPerLevel + 1);
    if (*part == 0) return underResnet(level + "resnets." + std::to_string(layer) + '.', cursor.rest());
    // The upsampler comes after the transformer, or in its place where the block has none.
    if (*part <= 2 && layer == m_blocksPerLevel && cursor.take("conv.")) return level + "upsamplers.0.conv." + std::string(cursor.rest());
    if (*part == 1) return underTransformer(level + "attentions." + std::to_string(layer) + '.', cursor.rest());
    return std::nullopt;
}

} // namespace sfumato::engine
