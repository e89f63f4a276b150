// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/kinds/foreign_family.h"

#include <algorithm>
#include <array>
#include <string>

namespace sfumato::engine {

namespace {

struct Marker {
    std::string_view part; // with underscores for dots, an underscore after its last part
    std::string_view family;
};

// More special ones first: a family that shares the blocks of another one comes before it.
constexpr std::array kMarkers{
    Marker{ "individual_token_refiner_", "Hunyuan Video" },
    Marker{ "distilled_guidance_layer_", "Chroma" },
    Marker{ "_img_mlp_net_", "Qwen-Image" },
    Marker{ "double_blocks_", "Flux" },
    Marker{ "single_transformer_blocks_", "Flux" },
    Marker{ "joint_blocks_", "SD 3" },
    Marker{ "_attn_add_q_proj_", "SD 3" },
    Marker{ "double_layers_", "AuraFlow" },
    Marker{ "_cross_attn_k_img_", "Wan" },
    Marker{ "_cross_attn_o_", "Wan" },
    Marker{ "clip_txt_mapper_", "Stable Cascade" },
    Marker{ "clip_txt_pooled_mapper_", "Stable Cascade" },
    Marker{ "mlp_t5_", "Hunyuan-DiT" },
    Marker{ "patchify_proj_", "LTX-Video" },
    Marker{ "_cross_attn_kv_linear_", "PixArt" },
    Marker{ "t5_yproj_", "Mochi" },
    Marker{ "cap_embedder_", "Lumina" },
    Marker{ "caption_projection_0_linear_", "HiDream" },
    Marker{ "blocks_block0_", "Cosmos" },
    Marker{ "encoder_hid_proj_", "Kolors" },
};

// Names of our own families, which most tensors of most files have: nothing more to look for.
bool isOurs(std::string_view name)
{
    constexpr std::array<std::string_view, 7> kParts{ "put_blocks", "down_blocks", "up_blocks", "mid_block", "middle_block", "text_model", "resblocks" };
    return std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

std::ptrdiff_t placeOf(std::string_view family) noexcept
{
    return std::find_if(kMarkers.begin(), kMarkers.end(), [&](const Marker& marker) { return marker.family == family; }) - kMarkers.begin();
}

} // namespace

std::string_view foreignFamilyOf(std::string_view name)
{
    if (isOurs(name)) return {};
    std::string flat(name);
    std::replace(flat.begin(), flat.end(), '.', '_');
    flat += '_';
    const auto* const marker = std::find_if(kMarkers.begin(), kMarkers.end(), [&](const Marker& one) { return flat.find(one.part) != std::string::npos; });
    return marker == kMarkers.end() ? std::string_view() : marker->family;
}

std::string_view moreSpecialFamily(std::string_view one, std::string_view other) noexcept { return placeOf(one) <= placeOf(other) ? one : other; }

} // namespace sfumato::engine
