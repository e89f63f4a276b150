// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/names/name_cursor.h"
#include "core/engine/io/names/weight_names.h"

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

TextEncoderName plain(std::string name) { return { std::move(name), false, false }; }

std::optional<TextEncoderName> openClipLayer(NameCursor cursor)
{
    const std::optional<int> layer = cursor.takeIndex();
    if (!layer) return std::nullopt;
    const std::string place = "text_model.encoder.layers." + std::to_string(*layer) + '.';
    for (const auto& [from, to] : kOpenClipLayer) {
        if (cursor.take(from)) return plain(place + std::string(to) + std::string(cursor.rest()));
    }
    // torch's MultiheadAttention calls them in_proj_weight and in_proj_bias; some tools write a dot.
    if (!cursor.take("attn.in_proj_") && !cursor.take("attn.in_proj.")) return std::nullopt;
    if (cursor.rest() != "weight" && cursor.rest() != "bias") return std::nullopt;
    return TextEncoderName{ place + "self_attn.{}_proj." + std::string(cursor.rest()), false, true };
}

} // namespace

std::optional<TextEncoderName> textEncoderName(std::string_view name)
{
    NameCursor cursor(name);
    cursor.take("text_model.");
    for (const std::string_view head : { "embeddings.token_embedding.", "embeddings.position_embedding.", "encoder.layers.", "final_layer_norm." }) {
        if (cursor.rest().starts_with(head)) return plain("text_model." + std::string(cursor.rest()));
    }
    if (name.starts_with("text_projection.")) return plain(std::string(name)); // the weight, or the scale of an 8-bit one
    if (name == "text_projection") return TextEncoderName{ "text_projection.weight", true, false };
    if (name == "token_embedding.weight") return plain("text_model.embeddings.token_embedding.weight");
    if (name == "positional_embedding") return plain("text_model.embeddings.position_embedding.weight");
    cursor = NameCursor(name);
    if (cursor.take("ln_final.")) return plain("text_model.final_layer_norm." + std::string(cursor.rest()));
    if (cursor.take("transformer.resblocks.")) return openClipLayer(cursor);
    return std::nullopt;
}

} // namespace sfumato::engine
