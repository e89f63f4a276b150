// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/names/name_cursor.h"
#include "core/engine/io/names/weight_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sfumato::engine {

namespace {

using Renaming = std::pair<std::string_view, std::string_view>;

constexpr std::array<Renaming, 7> kOuterLayers{ {
    { "time_embedding.linear_1", "time_embed.0" },
    { "time_embedding.linear_2", "time_embed.2" },
    { "add_embedding.linear_1", "label_emb.0.0" },
    { "add_embedding.linear_2", "label_emb.0.2" },
    { "conv_in", "input_blocks.0.0" },
    { "conv_norm_out", "out.0" },
    { "conv_out", "out.2" },
} };

constexpr std::array<Renaming, 6> kResidualLayers{ {
    { "norm1", "in_layers.0" },
    { "conv1", "in_layers.2" },
    { "time_emb_proj", "emb_layers.1" },
    { "norm2", "out_layers.0" },
    { "conv2", "out_layers.3" },
    { "conv_shortcut", "skip_connection" },
} };

template <std::size_t Count>
std::string exactlyRenamed(std::string_view name, const std::array<Renaming, Count>& renamings)
{
    const auto* const found = std::find_if(renamings.begin(), renamings.end(), [&](const Renaming& one) { return one.first == name; });
    return found == renamings.end() ? std::string() : std::string(found->second);
}

std::string residual(const std::string& place, std::string_view layer)
{
    const std::string inner = exactlyRenamed(layer, kResidualLayers);
    return inner.empty() ? inner : place + inner;
}

} // namespace

SingleFileUnetNames::SingleFileUnetNames(std::vector<std::string> diffusersNames) : m_names(std::move(diffusersNames))
{
    std::sort(m_names.begin(), m_names.end());
    int blocks = 0;
    while (hasAny("down_blocks.0.resnets." + std::to_string(blocks) + '.')) ++blocks;
    if (blocks > 0) m_blocksPerLevel = blocks;
}

bool SingleFileUnetNames::hasAny(std::string_view prefix) const
{
    const auto first = std::lower_bound(m_names.begin(), m_names.end(), prefix);
    return first != m_names.end() && first->starts_with(prefix);
}

std::string SingleFileUnetNames::of(std::string_view diffusersName) const
{
    if (std::string outer = exactlyRenamed(diffusersName, kOuterLayers); !outer.empty()) return outer;
    NameCursor cursor(diffusersName);
    if (cursor.take("down_blocks.")) return inBlock(cursor.rest(), true);
    if (cursor.take("up_blocks.")) return inBlock(cursor.rest(), false);
    if (cursor.take("mid_block.")) return inMiddle(cursor.rest());
    return {};
}

std::string SingleFileUnetNames::inBlock(std::string_view rest, bool isDown) const
{
    NameCursor cursor(rest);
    const std::optional<int> level = cursor.takeIndex();
    if (!level) return {};
    // Input blocks count conv_in as the first; a level of the down path ends with its downsampler, one of the up path has one residual block more instead.
    const int first = *level * (m_blocksPerLevel + 1) + (isDown ? 1 : 0);
    const std::string path = isDown ? "input_blocks." : "output_blocks.";
    if (cursor.take("downsamplers.0.conv")) return cursor.rest().empty() ? path + std::to_string(first + m_blocksPerLevel) + ".0.op" : std::string();
    if (cursor.take("upsamplers.0.conv")) {
        const bool hasAttention = hasAny("up_blocks." + std::to_string(*level) + ".attentions." + std::to_string(m_blocksPerLevel) + '.');
        return cursor.rest().empty() ? path + std::to_string(first + m_blocksPerLevel) + (hasAttention ? ".2.conv" : ".1.conv") : std::string();
    }
    const bool isResidual = cursor.take("resnets.");
    if (!isResidual && !cursor.take("attentions.")) return {};
    const std::optional<int> block = cursor.takeIndex();
    if (!block) return {};
    const std::string place = path + std::to_string(first + *block);
    return isResidual ? residual(place + ".0.", cursor.rest()) : place + ".1." + std::string(cursor.rest());
}

std::string SingleFileUnetNames::inMiddle(std::string_view rest) const
{
    NameCursor cursor(rest);
    if (cursor.take("attentions.0.")) return "middle_block.1." + std::string(cursor.rest());
    if (cursor.take("resnets.0.")) return residual("middle_block.0.", cursor.rest());
    if (cursor.take("resnets.1.")) return residual("middle_block.2.", cursor.rest());
    return {};
}

} // namespace sfumato::engine
