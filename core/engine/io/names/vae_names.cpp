// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/names/name_cursor.h"
#include "core/engine/io/names/weight_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sfumato::engine {

namespace {

using Renaming = std::pair<std::string_view, std::string_view>;

constexpr std::array<std::string_view, 6> kDiffusersVaeHeads{ "conv_in.", "conv_out.", "conv_norm_out.", "down_blocks.", "up_blocks.", "mid_block." };

constexpr std::string_view kAttention = "mid_block.attentions.0.";

constexpr std::array<Renaming, 5> kLdmAttention{ { { "norm.", "group_norm." }, { "q.", "to_q." }, { "k.", "to_k." }, { "v.", "to_v." }, { "proj_out.", "to_out.0." } } };

constexpr std::array<Renaming, 4> kOldAttention{ { { "query.", "to_q." }, { "key.", "to_k." }, { "value.", "to_v." }, { "proj_attn.", "to_out.0." } } };

template <std::size_t Count>
std::optional<std::string> underAttention(std::string_view rest, const std::array<Renaming, Count>& renamings)
{
    for (const auto& [from, to] : renamings) {
        if (rest.starts_with(from)) return std::string(kAttention) + std::string(to) + std::string(rest.substr(from.size()));
    }
    return std::nullopt;
}

std::string underVaeResnet(const std::string& place, std::string_view rest)
{
    NameCursor cursor(rest);
    const char* inner = cursor.take("nin_shortcut.") ? "conv_shortcut." : ""; // its own statement: operands of + have no order
    return place + inner + std::string(cursor.rest());
}

std::optional<std::string> middle(NameCursor cursor)
{
    if (cursor.take("block_1.")) return underVaeResnet("mid_block.resnets.0.", cursor.rest());
    if (cursor.take("block_2.")) return underVaeResnet("mid_block.resnets.1.", cursor.rest());
    if (cursor.take("attn_1.")) return underAttention(cursor.rest(), kLdmAttention);
    return std::nullopt;
}

// What follows "encoder.down." or "decoder.up.".
std::optional<std::string> level(NameCursor cursor, bool isEncoder, int levels)
{
    const std::optional<int> index = cursor.takeIndex();
    if (!index || *index >= levels) return std::nullopt;
    const std::string place = isEncoder ? "down_blocks." + std::to_string(*index) + '.' : "up_blocks." + std::to_string(levels - 1 - *index) + '.';
    if (cursor.take(isEncoder ? "downsample.conv." : "upsample.conv.")) {
        return place + (isEncoder ? "downsamplers.0.conv." : "upsamplers.0.conv.") + std::string(cursor.rest());
    }
    if (!cursor.take("block.")) return std::nullopt;
    const std::optional<int> block = cursor.takeIndex();
    if (!block) return std::nullopt;
    return underVaeResnet(place + "resnets." + std::to_string(*block) + '.', cursor.rest());
}

std::optional<std::string> halfToDiffusers(std::string_view rest, bool isEncoder, int levels)
{
    if (rest.starts_with(kAttention)) {
        std::optional<std::string> old = underAttention(rest.substr(kAttention.size()), kOldAttention);
        return old ? old : std::string(rest);
    }
    if (std::any_of(kDiffusersVaeHeads.begin(), kDiffusersVaeHeads.end(), [&](std::string_view head) { return rest.starts_with(head); })) return std::string(rest);
    NameCursor cursor(rest);
    if (cursor.take("norm_out.")) return "conv_norm_out." + std::string(cursor.rest());
    if (cursor.take("mid.")) return middle(cursor);
    if (cursor.take(isEncoder ? "down." : "up.")) return level(cursor, isEncoder, levels);
    return std::nullopt;
}

} // namespace

VaeNames::VaeNames(std::span<const std::string_view> names)
{
    int levels = 0;
    for (const std::string_view name : names) {
        NameCursor cursor(name);
        if (cursor.take("decoder.up.") || cursor.take("encoder.down.")) levels = std::max(levels, cursor.takeIndex().value_or(-1) + 1);
    }
    if (levels > 0) m_levels = levels;
}

std::optional<std::string> VaeNames::toDiffusers(std::string_view name) const
{
    if (name.starts_with("quant_conv.") || name.starts_with("post_quant_conv.")) return std::string(name);
    for (const std::string_view half : { "encoder.", "decoder." }) {
        if (!name.starts_with(half)) continue;
        std::optional<std::string> rest = halfToDiffusers(name.substr(half.size()), half == "encoder.", m_levels);
        if (rest) rest->insert(0, half);
        return rest;
    }
    return std::nullopt;
}

} // namespace sfumato::engine
