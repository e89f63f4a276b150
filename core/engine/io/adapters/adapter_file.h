// AdapterFile: a LoRA or one of its relatives, taken apart into layers. Names and shapes only; no weights are read.
// Thread: any; read-only after open.
//
// Kinds (papers): LoRA (Hu 2021, arXiv:2106.09685), LoCon, LoHa and LoKr (LyCORIS, arXiv:2309.14859), DoRA (arXiv:2402.09353), OFT (arXiv:2306.07280), BOFT
// (arXiv:2311.06243), GLoRA (arXiv:2306.07967), IA3 (arXiv:2205.05638), whole differences. A file may mix kinds and naming schemes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/adapters/adapter_names.h"
#include "core/engine/io/safetensors_file.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sfumato::engine {

enum class AdapterKind {
    None, // a bias difference alone
    Lora, // with or without Tucker core
    Loha,
    Lokr,
    Glora,
    Ia3,
    Oft,
    Boft,
    Difference,  // "diff", norms
    Replacement, // "set_weight"
};

// What one layer of the file holds.
struct AdapterLayer {
    std::string name; // as in the file, without the role's suffix
    AdapterKind kind = AdapterKind::None;
    std::map<AdapterRole, const TensorEntry*> tensors;
    std::optional<double> scale; // alpha / rank where a header says so and no alpha tensor does (PEFT's lora_alpha, use_rslora)

    [[nodiscard]] const TensorEntry* find(AdapterRole role) const;
    [[nodiscard]] bool has(AdapterRole role) const { return find(role) != nullptr; }
    // The shape of a part; empty when it is missing.
    [[nodiscard]] const std::vector<std::int64_t>& shapeOf(AdapterRole role) const;
};

class AdapterFile {
public:
    // Errors: those of SafetensorsFile::open; UnsupportedModel when no tensor of it is part of an adapter.
    [[nodiscard]] static Result<AdapterFile> open(const std::filesystem::path& path);

    [[nodiscard]] const SafetensorsFile& file() const noexcept { return *m_file; }
    [[nodiscard]] const std::shared_ptr<const SafetensorsFile>& sharedFile() const noexcept { return m_file; }
    // In the order of the file's names. Layers whose parts do not make a kind (an "up" without its "down") have kind None and no bias part.
    [[nodiscard]] const std::vector<AdapterLayer>& layers() const noexcept { return m_layers; }
    // Tensors that are no part of any layer, bundled embeddings ("bundle_emb.NAME.…") left out.
    [[nodiscard]] const std::vector<std::string>& strayNames() const noexcept { return m_strayNames; }
    // The tensors of embeddings that came with the adapter: "bundle_emb.NAME.string_to_param.*" and the like, by NAME.
    [[nodiscard]] const std::map<std::string, std::vector<const TensorEntry*>>& bundledEmbeddings() const noexcept { return m_embeddings; }

private:
    AdapterFile() = default;

    std::shared_ptr<const SafetensorsFile> m_file;
    std::vector<AdapterLayer> m_layers;
    std::vector<std::string> m_strayNames;
    std::map<std::string, std::vector<const TensorEntry*>> m_embeddings;
};

// Why a layer cannot change a weight of this shape ("its change is 640 × 640, the weight 1280 × 640"); empty when it can. Checks every dimension that the merge relies on.
[[nodiscard]] std::string adapterMisfit(const AdapterLayer& layer, const std::vector<std::int64_t>& weightShape);

} // namespace sfumato::engine
