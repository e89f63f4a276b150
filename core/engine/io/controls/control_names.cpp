// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/controls/control_names.h"

#include "core/engine/io/names/name_cursor.h"

#include <algorithm>
#include <array>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr std::array<std::string_view, 7> kDiffusersHeads{ "controlnet_cond_embedding.", "controlnet_down_blocks.", "controlnet_mid_block.", "task_embedding",
    "transformer_layes.", "spatial_ch_projs.", "control_add_embedding." };

std::string_view withoutPrefix(std::string_view name)
{
    NameCursor cursor(name);
    cursor.take("control_model.");
    return cursor.rest();
}

std::vector<std::string_view> withoutPrefixes(std::span<const std::string_view> names)
{
    std::vector<std::string_view> bare;
    bare.reserve(names.size());
    for (const std::string_view name : names) bare.push_back(withoutPrefix(name));
    return bare;
}

// torch's MultiheadAttention calls them in_proj_weight and in_proj_bias; some tools write a dot.
std::string unionName(std::string_view name)
{
    constexpr std::string_view kDotted = ".attn.in_proj.";
    std::string text(name);
    if (const std::size_t at = text.find(kDotted); at != std::string::npos) text[at + kDotted.size() - 1] = '_';
    return text;
}

} // namespace

ControlNetNames::ControlNetNames(std::span<const std::string_view> names) : m_unet(withoutPrefixes(names))
{
    int last = 0;
    for (const std::string_view name : names) {
        NameCursor cursor(withoutPrefix(name));
        if (cursor.take("input_hint_block.")) last = std::max(last, cursor.takeIndex().value_or(0));
    }
    if (last > 0) m_lastHint = last;
}

std::optional<std::string> ControlNetNames::toDiffusers(std::string_view name) const
{
    const std::string_view bare = withoutPrefix(name);
    const auto begins = [&](std::string_view head) { return bare.starts_with(head); };
    if (std::any_of(kDiffusersHeads.begin(), kDiffusersHeads.end(), begins)) return unionName(bare);
    NameCursor cursor(bare);
    if (cursor.take("input_hint_block.")) {
        const std::optional<int> layer = cursor.takeIndex();
        if (!layer || *layer % 2 != 0) return std::nullopt; // activations stand between the convolutions
        const std::string place = *layer == 0 ? "conv_in." : *layer == m_lastHint ? "conv_out."
                                                                                  : "blocks." + std::to_string(*layer / 2 - 1) + '.';
        return "controlnet_cond_embedding." + place + std::string(cursor.rest());
    }
    if (cursor.take("zero_convs.")) {
        const std::optional<int> block = cursor.takeIndex();
        if (!block || !cursor.take("0.")) return std::nullopt;
        return "controlnet_down_blocks." + std::to_string(*block) + '.' + std::string(cursor.rest());
    }
    if (cursor.take("middle_block_out.0.")) return "controlnet_mid_block." + std::string(cursor.rest());
    return m_unet.toDiffusers(bare);
}

T2iAdapterNames::T2iAdapterNames(std::span<const std::string_view> names)
{
    const auto isLight = [](std::string_view name) { return name.find(".out_conv.") != std::string_view::npos; };
    if (std::any_of(names.begin(), names.end(), isLight)) m_blocksPerLevel = 1;
}

std::optional<std::string> T2iAdapterNames::toDiffusers(std::string_view name) const
{
    NameCursor cursor(name);
    if (cursor.take("adapter.")) return std::string(cursor.rest());
    if (cursor.rest().starts_with("conv_in.")) return std::string(name);
    if (!cursor.take("body.")) return std::nullopt;
    const std::optional<int> block = cursor.takeIndex();
    if (!block) return std::nullopt;
    if (cursor.rest().starts_with("resnets.")) return std::string(name);
    const std::string level = "body." + std::to_string(*block / m_blocksPerLevel) + '.';
    if (cursor.take("body.")) return level + "resnets." + std::string(cursor.rest()); // light
    if (cursor.rest().starts_with("block")) return level + "resnets." + std::to_string(*block % m_blocksPerLevel) + '.' + std::string(cursor.rest());
    return level + std::string(cursor.rest());
}

} // namespace sfumato::engine
