// ControlFile: one control model on disk: which kind, for which models, and where its tensors are.
// Thread: any; read-only after open. Owner: whoever loads; tensors keep their files open by shared_ptr.
//
// Understood: ControlNet of SD 1.5 and SDXL, full, mid and small, and Union, as a file with the names of diffusers or lllyasviel ("control_model." or bare) or as a
// diffusers folder; difference files and Control-LoRAs, which need the weights of the model they control; T2I-Adapters, full and light, in both namings.
// Only headers and configs are read.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/model_info.h"
#include "core/engine/io/file_description.h"
#include "core/engine/io/model_facts.h"
#include "core/engine/io/model_files.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

struct SourceTensor;

// What a ControlNet and its UNet must have in common; 0 where a model has none.
struct ControlFacts {
    std::int64_t modelChannels = 0; // of the first convolution
    std::int64_t contextWidth = 0;
    std::int64_t addedWidth = 0;
};

class ControlFile {
public:
    // `path` is a .safetensors file or a diffusers folder.
    // Errors: those of SafetensorsFile::open and of folders; UnsupportedModel when it is no control model (the sentence says what it is).
    [[nodiscard]] static Result<ControlFile> open(const std::filesystem::path& path, VariantPreference preference = VariantPreference::Half);

    // ControlNet, ControlNetUnion, ControlLora, ControlLllite, T2iAdapter or IpAdapter.
    [[nodiscard]] FileKind kind() const noexcept { return m_kind; }
    [[nodiscard]] ModelFamily family() const noexcept { return m_family; } // Unknown where nothing tells
    [[nodiscard]] int taskCount() const noexcept { return m_taskCount; }   // of a Union
    // Its weights are added to those of the model it controls (difference file), or are changes of them (Control-LoRA).
    [[nodiscard]] bool needsBase() const noexcept { return m_isDifference || m_kind == FileKind::ControlLora; }
    [[nodiscard]] bool isDifference() const noexcept { return m_isDifference; }
    // Each residual is its mean over the picture: told by a folder's config, or by "shuffle" at the end of a file's name.
    [[nodiscard]] bool poolsResiduals() const noexcept { return m_poolsResiduals; }
    [[nodiscard]] const std::vector<std::int64_t>& attentionHeads() const noexcept { return m_attentionHeads; } // per level, from a folder's config; else empty

    // Under the names of diffusers; IP-Adapters and LLLites keep those of the file. Sorted by file offset.
    [[nodiscard]] const std::vector<MappedTensor>& tensors() const noexcept { return m_tensors; }
    [[nodiscard]] const std::string& fileName() const noexcept { return m_fileName; } // for messages
    [[nodiscard]] const ControlFacts& facts() const noexcept { return m_facts; }

    // Refuses a model it was not made for. `title` and `family` are the model's.
    // Errors: InvalidRequest, a sentence that names both.
    [[nodiscard]] Result<void> checkFits(const std::string& title, ModelFamily family, const ControlFacts& unet) const;

private:
    ControlFile() = default;
    [[nodiscard]] Result<void> openFolder(const std::filesystem::path& path, VariantPreference preference);
    [[nodiscard]] Result<void> openFile(const std::filesystem::path& path);
    [[nodiscard]] Result<void> place(const std::filesystem::path& path, std::span<const SourceTensor> sources);
    void learnFacts();

    FileKind m_kind = FileKind::Unknown;
    ModelFamily m_family = ModelFamily::Unknown;
    int m_taskCount = 0;
    bool m_isDifference = false;
    bool m_poolsResiduals = false;
    std::vector<std::int64_t> m_attentionHeads;
    std::vector<MappedTensor> m_tensors;
    std::string m_fileName;
    ControlFacts m_facts;
};

// Control models of all kinds, from names and shapes: by the width of the text their attention reads, else by their size conditioning or their input.
[[nodiscard]] ModelFamily controlFamily(std::span<const TensorEntry* const> entries);

} // namespace sfumato::engine
