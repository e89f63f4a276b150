// AdapterTargets: which weight of a model a layer of a LoRA file means, whatever naming scheme the file uses.
// Thread: any; read-only once made. Cost: some 20,000 short strings for SDXL; made when the first LoRA is wanted.
//
// Every alias of every weight is in one table and names are looked up whole: underscores cannot be split, they are part of names.
// Source: kohya-ss/sd-scripts networks/lora.py, huggingface/diffusers lora_conversion_utils.py, Comfy-Org/ComfyUI comfy/lora.py (naming schemes).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/model_files.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace sfumato::engine {

struct AdapterTarget {
    Component component = Component::Unet;
    std::string parameter; // the diffusers or transformers name without ".weight": "down_blocks.1.attentions.0.proj_in"

    friend bool operator==(const AdapterTarget&, const AdapterTarget&) = default;
};

class AdapterTargets {
public:
    explicit AdapterTargets(const ModelFiles& files);

    // Null when the model has no such layer.
    [[nodiscard]] const AdapterTarget* find(std::string_view layer) const;

private:
    void addUnet(const ModelFiles& files);
    void addTextEncoder(const ModelFiles& files, Component component);
    void add(std::string alias, const AdapterTarget& target);

    std::unordered_map<std::string, AdapterTarget> m_byAlias;
};

} // namespace sfumato::engine
