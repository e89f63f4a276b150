// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_targets.h"

#include "core/engine/io/names/weight_names.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

namespace sfumato::engine {

namespace {

// kohya's form: dots become underscores.
std::string flattened(std::string name)
{
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    if (const std::size_t place = text.rfind(from); place != std::string::npos) text.replace(place, from.size(), to);
    return text;
}

// Parameter names without ".weight" and ".bias", each once.
std::set<std::string> parameters(const ModelFiles& files, Component component)
{
    std::set<std::string> names;
    for (const MappedTensor& tensor : files.tensors(component)) {
        for (const std::string_view suffix : { ".weight", ".bias" }) {
            if (tensor.name.ends_with(suffix)) names.insert(tensor.name.substr(0, tensor.name.size() - suffix.size()));
        }
    }
    return names;
}

// The oldest diffusers files name the attention's processor: "attn1.to_q" → "attn1.processor.to_q", "attn1.to_out.0" → "attn1.processor.to_out".
std::string processorName(const std::string& name)
{
    for (const auto& [from, to] : { std::pair{ ".to_q", ".processor.to_q" }, std::pair{ ".to_k", ".processor.to_k" }, std::pair{ ".to_v", ".processor.to_v" },
             std::pair{ ".to_out.0", ".processor.to_out" } }) {
        if (name.ends_with(from)) return replaced(name, from, to);
    }
    return {};
}

// The same age for text encoders: "self_attn.q_proj" → "self_attn.to_q".
std::string oldTextName(const std::string& name)
{
    for (const auto& [from, to] : { std::pair{ ".q_proj", ".to_q" }, std::pair{ ".k_proj", ".to_k" }, std::pair{ ".v_proj", ".to_v" }, std::pair{ ".out_proj", ".to_out" } }) {
        if (name.ends_with(from)) return replaced(name, from, to);
    }
    return {};
}

} // namespace

AdapterTargets::AdapterTargets(const ModelFiles& files)
{
    addUnet(files);
    addTextEncoder(files, Component::TextEncoder);
    addTextEncoder(files, Component::TextEncoder2);
}

const AdapterTarget* AdapterTargets::find(std::string_view layer) const
{
    const auto found = m_byAlias.find(std::string(layer));
    return found == m_byAlias.end() ? nullptr : &found->second;
}

void AdapterTargets::add(std::string alias, const AdapterTarget& target)
{
    if (!alias.empty()) m_byAlias.try_emplace(std::move(alias), target);
}

void AdapterTargets::addUnet(const ModelFiles& files)
{
    const std::set<std::string> names = parameters(files, Component::Unet);
    const SingleFileUnetNames singleFile(std::vector<std::string>(names.begin(), names.end()));
    for (const std::string& name : names) {
        const AdapterTarget target{ Component::Unet, name };
        const std::string processor = processorName(name);
        add("lora_unet_" + flattened(name), target);
        add("lycoris_" + flattened(name), target);
        add("lycoris_unet_" + flattened(name), target);
        add("unet." + name, target);
        add("base_model.model." + name, target);
        add(name, target);
        if (!processor.empty()) {
            add("unet." + processor, target);
            add(processor, target);
        }
        if (const std::string single = singleFile.of(name); !single.empty()) {
            add("lora_unet_" + flattened(single), target);
            add("lycoris_" + flattened(single), target);
            add("diffusion_model." + single, target);
            add("model.diffusion_model." + single, target);
        }
    }
}

void AdapterTargets::addTextEncoder(const ModelFiles& files, Component component)
{
    const bool isFirst = component == Component::TextEncoder;
    const bool isOnly = !files.has(isFirst ? Component::TextEncoder2 : Component::TextEncoder);
    const std::string kohya = isFirst ? "lora_te1_" : "lora_te2_", lycoris = isFirst ? "lycoris_text_encoder_" : "lycoris_text_encoder_2_";
    const std::string diffusers = isFirst ? "text_encoder." : "text_encoder_2.", comfy = isFirst ? "text_encoders.clip_l.transformer." : "text_encoders.clip_g.transformer.";
    for (const std::string& name : parameters(files, component)) {
        const AdapterTarget target{ component, name };
        // transformers 5 dropped the middle name that every published file has.
        const std::string shortName = name.starts_with("text_model.") ? name.substr(std::string_view("text_model.").size()) : name;
        for (const std::string& form : { name, shortName }) {
            add(kohya + flattened(form), target);
            add(lycoris + flattened(form), target);
            add(diffusers + form, target);
            add(comfy + form, target);
            if (isOnly) add("lora_te_" + flattened(form), target);
        }
        if (const std::string old = oldTextName(name); !old.empty()) add(diffusers + old, target);
    }
}

} // namespace sfumato::engine
