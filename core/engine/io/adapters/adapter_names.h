// The tensor names of LoRA files and their relatives: which layer a tensor belongs to and which part of the adapter it is.
// Thread: any, pure. Source: kohya-ss/sd-scripts, KohakuBlueleaf/LyCORIS, huggingface/peft and huggingface/diffusers (names).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace sfumato::engine {

// Letters follow the papers and LyCORIS: i inputs, o outputs, r rank, k kernel side, b block size.
enum class AdapterRole {
    Down,      // LoRA: [r, i] or [r, i, k, k]
    Up,        // [o, r] or [o, r, 1, 1]
    Mid,       // LoCon with Tucker decomposition: [r, r, k, k]
    Alpha,     // scalar
    DoraScale, // the magnitude: [o, 1, …] or [1, i, …] (LyCORIS)
    Magnitude, // the same as PEFT stores it: [o] or [1, o, 1, 1]
    HadaW1A,   // LoHa: [o, r]; with a core [r, o]
    HadaW1B,   // [r, i·k²]; with a core [r, i]
    HadaW2A,
    HadaW2B,
    HadaT1, // [r, r, k, k]
    HadaT2,
    LokrW1, // LoKr: the left factor whole, or as a product
    LokrW1A,
    LokrW1B,
    LokrW2, // the right factor whole, or as a product, or with a core
    LokrW2A,
    LokrW2B,
    LokrT2,
    GloraA1, // GLoRA
    GloraA2,
    GloraB1,
    GloraB2,
    GloraBm,
    OftBlocks, // OFT: [n, b, b]; BOFT: [m, n, b, b]
    Rescale,   // [o, 1, …]
    Ia3Weight, // [i] or [o], [1, c, 1, 1] for convolutions; only beside OnInput
    OnInput,   // scalar 0 or 1
    Diff,      // added to the weight
    DiffBias,  // added to the bias
    SetWeight, // replaces the weight
};

struct AdapterTensorName {
    std::string_view layer; // "lora_unet_mid_block_attentions_0_proj_in", "unet.mid_block.attentions.0.proj_in"
    AdapterRole role = AdapterRole::Alpha;
};

// Empty for names that are no part of an adapter. A plain ".weight" is Ia3Weight: the caller checks that OnInput is there too.
[[nodiscard]] std::optional<AdapterTensorName> parseAdapterName(std::string_view name) noexcept;

} // namespace sfumato::engine
