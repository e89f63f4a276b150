// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/names/name_cursor.h"
#include "core/engine/io/names/weight_names.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOpenClipLayer{ {
    { "ln_1.", "layer_norm1." },
    { "ln_2.", "layer_norm2." },
    { "attn.out_proj.", "self_attn.out_proj." },
    { "mlp.c_fc.", "mlp.fc1." },
    { "mlp.c_proj.", "mlp.fc2." },
} };

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOpenClipVision{ {
    { "class_embedding", "embeddings.class_embedding" },
    { "conv1.", "embeddings.patch_embedding." },
    { "positional_embedding", "embeddings.position_embedding.weight" },
    { "ln_pre.", "pre_layrnorm." }, // the spelling of transformers
    { "ln_post.", "post_layernorm." },
} };

constexpr std::array<std::string_view, 6> kVisionHeads{ "embeddings.class_embedding", "embeddings.patch_embedding.", "embeddings.position_embedding.", "pre_layrnorm.", "encoder.layers.", "post_layernorm." };

ClipEncoderName plain(std::string name) { return { std::move(name), false, false }; }

// The rest of a name behind "transformer.resblocks.".
std::optional<ClipEncoderName> openClipLayer(NameCursor cursor, const std::string& model)
{
    const std::optional<int> layer = cursor.takeIndex();
    if (!layer) return std::nullopt;
    const std::string place = model + "encoder.layers." + std::to_string(*layer) + '.';
    for (const auto& [from, to] : kOpenClipLayer) {
        if (cursor.take(from)) return plain(place + std::string(to) + std::string(cursor.rest()));
    }
    // torch's MultiheadAttention calls them in_proj_weight and in_proj_bias; some tools write a dot.
    if (!cursor.take("attn.in_proj_") && !cursor.take("attn.in_proj.")) return std::nullopt;
    if (cursor.rest() != "weight" && cursor.rest() != "bias") return std::nullopt;
    return ClipEncoderName{ place + "self_attn.{}_proj." + std::string(cursor.rest()), false, true };
}

} // namespace

std::optional<ClipEncoderName> textEncoderName(std::string_view name)
{
    NameCursor cursor(name);
    cursor.take("text_model.");
    for (const std::string_view head : { "embeddings.token_embedding.", "embeddings.position_embedding.", "encoder.layers.", "final_layer_norm." }) {
        if (cursor.rest().starts_with(head)) return plain("text_model." + std::string(cursor.rest()));
    }
    if (name.starts_with("text_projection.")) return plain(std::string(name)); // the weight, or the scale of an 8-bit one
    if (name == "text_projection") return ClipEncoderName{ "text_projection.weight", true, false };
    if (name == "token_embedding.weight") return plain("text_model.embeddings.token_embedding.weight");
    if (name == "positional_embedding") return plain("text_model.embeddings.position_embedding.weight");
    cursor = NameCursor(name);
    if (cursor.take("ln_final.")) return plain("text_model.final_layer_norm." + std::string(cursor.rest()));
    if (cursor.take("transformer.resblocks.")) return openClipLayer(cursor, "text_model.");
    return std::nullopt;
}

std::optional<ClipEncoderName> imageEncoderName(std::string_view name)
{
    const std::string model = "vision_model.";
    NameCursor cursor(name);
    if (cursor.take("visual.")) {
        if (cursor.rest() == "proj") return ClipEncoderName{ "visual_projection.weight", true, false };
        if (cursor.take("transformer.resblocks.")) return openClipLayer(cursor, model);
        for (const auto& [from, to] : kOpenClipVision)
            if (cursor.take(from)) return plain(model + std::string(to) + std::string(cursor.rest()));
        return std::nullopt;
    }
    if (name == "visual_projection.weight") return plain(std::string(name));
    if (!cursor.take(model)) return std::nullopt;
    cursor.take(model);
    if (!std::ranges::any_of(kVisionHeads, [&](std::string_view head) { return cursor.rest().starts_with(head); })) return std::nullopt;
    return plain(model + std::string(cursor.rest()));
}

} // namespace sfumato::engine
