// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/tiny_vae.h"

#include "core/engine/io/message_text.h"
#include "core/engine/io/names/name_cursor.h"

#include <algorithm>
#include <optional>
#include <system_error>

namespace sfumato::engine {

namespace {

namespace fs = std::filesystem;

// Empty for names to be left out. `isDecoder`: what bare numbers belong to.
std::string tinyName(std::string_view name, bool isDecoder)
{
    NameCursor cursor(name);
    if (name == "vae_scale" || name == "vae_shift") return {};
    const bool named = cursor.take("taesd_decoder."), namedEncoder = !named && cursor.take("taesd_encoder.");
    const bool decodes = named || (!namedEncoder && isDecoder);
    const std::optional<int> index = cursor.takeIndex();
    if (!index || (decodes && *index < 1)) return std::string(name); // diffusers' own
    return std::string(decodes ? "decoder.layers." : "encoder.layers.") + std::to_string(decodes ? *index - 1 : *index) + '.' + std::string(cursor.rest());
}

} // namespace

std::vector<MappedTensor> mapTinyVae(const std::shared_ptr<const SafetensorsFile>& file)
{
    const bool isDecoder = file->find("0.weight") == nullptr; // a decoder begins with the clamp, which has no weights
    std::vector<MappedTensor> tensors;
    for (const TensorEntry& entry : file->tensors()) {
        MappedTensor tensor;
        tensor.name = tinyName(entry.name, isDecoder);
        if (tensor.name.empty()) continue;
        tensor.file = file;
        tensor.entry = &entry;
        tensor.shape = entry.shape;
        tensor.rowCount = tensor.shape.empty() ? 0 : tensor.shape.front();
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

fs::path tinyEncoderBeside(const fs::path& decoder)
{
    constexpr std::string_view kDecoder = "decoder";
    std::string name = decoder.filename().string();
    const std::size_t place = name.rfind(kDecoder);
    if (place == std::string::npos) return {};
    const fs::path encoder = decoder.parent_path() / name.replace(place, kDecoder.size(), "encoder");
    std::error_code ignored;
    return fs::is_regular_file(encoder, ignored) ? encoder : fs::path();
}

Result<TinyDecoder> openTinyDecoder(const fs::path& path)
{
    std::error_code ignored;
    const fs::path weights = fs::is_directory(path, ignored) ? path / "diffusion_pytorch_model.safetensors" : path;
    Result<SafetensorsFile> file = SafetensorsFile::open(weights);
    if (!file) return std::move(file).error();
    TinyDecoder decoder{ mapTinyVae(std::make_shared<const SafetensorsFile>(std::move(*file))), displayName(path) };
    std::erase_if(decoder.tensors, [](const MappedTensor& tensor) { return !tensor.name.starts_with("decoder.layers."); });
    if (std::ranges::none_of(decoder.tensors, [](const MappedTensor& tensor) { return tensor.name == kTinyDecoderInput; }))
        return fileError(path, "is not a preview decoder (TAESD): decoder.layers.0.weight is not in it.", ErrorCode::UnsupportedModel);
    return decoder;
}

} // namespace sfumato::engine
