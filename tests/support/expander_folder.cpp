// SPDX-License-Identifier: Apache-2.0
#include "tests/support/expander_folder.h"

#include <fstream>

namespace sfumato::test {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kVocabulary = 1201;

} // namespace

std::map<std::string, ExpanderShape> expanderCases()
{
    return {
        { "prefixed", {} },
        { "untied", { 64, 4, 2, 200, 96, "transformer.", R"(, "activation_function": "gelu", "layer_norm_epsilon": 1e-06, "tie_word_embeddings": false)", false, false } },
        { "worded", { 128, 2, 2, 512, 200, "", {}, true, true } },
    };
}

std::vector<NamedShape> expanderShapes(const ExpanderShape& shape)
{
    const std::int64_t width = shape.width;
    const std::string& prefix = shape.prefix;
    std::vector<NamedShape> shapes{ { prefix + "wte.weight", { kVocabulary, width } }, { prefix + "wpe.weight", { shape.positions, width } } };
    const auto add = [&](const std::string& name, std::vector<std::int64_t> weight) {
        const std::int64_t last = weight.back();
        shapes.push_back({ name + ".weight", std::move(weight) });
        shapes.push_back({ name + ".bias", { last } });
    };
    for (std::int64_t i = 0; i < shape.layers; ++i) {
        const std::string layer = prefix + "h." + std::to_string(i);
        add(layer + ".ln_1", { width });
        add(layer + ".attn.c_attn", { width, 3 * width });
        add(layer + ".attn.c_proj", { width, width });
        add(layer + ".ln_2", { width });
        add(layer + ".mlp.c_fc", { width, shape.feedForwardWidth });
        add(layer + ".mlp.c_proj", { shape.feedForwardWidth, width });
        // A mask, as older files carry it.
        if (prefix.empty()) shapes.push_back({ layer + ".attn.bias", { 1, 1, shape.positions, shape.positions } });
    }
    add(prefix + "ln_f", { width });
    if (!shape.isTied) shapes.push_back({ "lm_head.weight", { kVocabulary, width } });
    return shapes;
}

void writeExpander(const fs::path& folder, const ExpanderShape& shape, const fs::path& texts)
{
    fs::create_directories(folder);
    for (const char* name : { "vocab.json", "merges.txt" }) fs::copy_file(texts / name, folder / name, fs::copy_options::overwrite_existing);
    if (shape.hasWords) fs::copy_file(texts / "positive.txt", folder / "positive.txt", fs::copy_options::overwrite_existing);
    std::ofstream config(folder / "config.json");
    config << R"({"model_type": "gpt2", "n_head": )" << shape.heads << R"(, "eos_token_id": 1200)" << shape.config << "}\n";
    writeSyntheticModel(folder / "model.safetensors", expanderShapes(shape), at::kFloat);
}

} // namespace sfumato::test
