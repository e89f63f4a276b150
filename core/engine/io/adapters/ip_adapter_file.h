// IpAdapterFile: an IP-Adapter as a file has it: which picture features it reads, and where its tensors are.
// Thread: any; read-only after open. Owner: whoever loads or describes it; keeps the file open.
// Source: tencent-ailab/IP-Adapter (names, variants), diffusers loaders/unet.py (order of the attention layers).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/model_info.h"
#include "core/engine/io/safetensors_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace sfumato::engine {

enum class IpAdapterKind {
    Plain,    // a few tokens from the encoder's embedding
    Plus,     // a resampler over its hidden states; "plus" and "plus-face"
    FullFace, // each hidden state one token
};

// "plain", "plus", "full_face".
[[nodiscard]] std::string_view ipAdapterKindName(IpAdapterKind kind) noexcept;

// Keys and values that one attention layer reads the picture's tokens with: both [layer's width, contextWidth].
struct IpAdapterLayer {
    const TensorEntry* key = nullptr;
    const TensorEntry* value = nullptr;
};

struct IpAdapterFile {
    std::shared_ptr<const SafetensorsFile> file;
    IpAdapterKind kind = IpAdapterKind::Plain;
    ModelFamily family = ModelFamily::Unknown;  // by the width of the context
    std::int64_t contextWidth = 0;              // of the tokens: that of the UNet's prompt embeddings
    std::int64_t imageWidth = 0;                // of what is read of the encoder: its embedding (Plain) or its hidden states
    std::vector<const TensorEntry*> projection; // of the network that makes tokens, names "image_proj.…"
    std::vector<IpAdapterLayer> layers;         // by the reference's count: down blocks, up blocks, middle

    // Whether it reads hidden states instead of the embedding.
    [[nodiscard]] bool readsHidden() const noexcept { return kind != IpAdapterKind::Plain; }

    // Errors: those of SafetensorsFile::open; UnsupportedModel for other files and for FaceID adapters, whose face recognition the engine does not have.
    [[nodiscard]] static Result<IpAdapterFile> open(const std::filesystem::path& path);
};

} // namespace sfumato::engine
