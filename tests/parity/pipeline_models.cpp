// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/pipeline_models.h"

#include "core/engine/io/safetensors_file.h"
#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "tests/support/network_shapes.h"
#include "tests/support/synthetic_weights.h"

#include <cstring>
#include <fstream>
#include <span>
#include <vector>

namespace sfumato::test {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kInpaintChannels = 9;
constexpr double kWidenedGain = 0.5; // of the added channels of conv_in
constexpr char kConvIn[] = "model.diffusion_model.input_blocks.0.0.weight";

template <typename T>
T valueOrThrow(Result<T> result)
{
    if (!result) throw engine::EngineException(result.error());
    return std::move(*result);
}

std::vector<std::byte> bytesOf(const engine::SafetensorsFile& file, const engine::TensorEntry& entry)
{
    std::vector<std::byte> bytes(entry.sizeInBytes());
    if (const Result<void> read = file.read(entry, bytes); !read) throw engine::EngineException(read.error());
    return bytes;
}

// conv_in of the starter, as float32, with channels for the mask and the masked picture.
at::Tensor widenedConvIn(const engine::TensorEntry& entry, std::vector<std::byte> bytes)
{
    if (entry.dtype != engine::Dtype::F16) throw engine::EngineException(ErrorCode::UnsupportedModel, "The starter model is not stored as F16.", entry.name);
    const at::Tensor stored = at::from_blob(bytes.data(), entry.shape, at::TensorOptions(at::kHalf)).to(at::kFloat);
    std::vector<std::int64_t> shape = entry.shape;
    shape[1] = kInpaintChannels - shape[1];
    return at::cat({ stored, syntheticWeight(std::string("inpaint.") + kConvIn, shape) * kWidenedGain }, 1).contiguous();
}

void writeStarter(const fs::path& path, bool isInpaint, bool isVelocity)
{
    const auto file = valueOrThrow(engine::SafetensorsFile::open(starterPath()));
    std::vector<std::vector<std::byte>> contents;
    std::vector<engine::TensorToWrite> tensors;
    contents.reserve(file.tensors().size() + 2);
    for (const engine::TensorEntry& entry : file.tensors()) {
        engine::TensorToWrite tensor{ entry.name, entry.dtype, entry.shape, {} };
        contents.push_back(bytesOf(file, entry));
        if (isInpaint && entry.name == kConvIn) {
            const at::Tensor wide = widenedConvIn(entry, std::move(contents.back()));
            contents.back().resize(wide.nbytes());
            std::memcpy(contents.back().data(), wide.const_data_ptr(), wide.nbytes());
            tensor.dtype = engine::Dtype::F32;
            tensor.shape = wide.sizes().vec();
        }
        tensor.bytes = contents.back();
        tensors.push_back(std::move(tensor));
    }
    for (const char* marker : { "v_pred", "ztsnr" }) {
        if (isVelocity) tensors.push_back({ marker, engine::Dtype::F32, { 0 }, {} });
    }
    auto metadata = file.metadata();
    if (isVelocity) metadata.erase("modelspec.prediction_type");
    if (const Result<void> written = engine::writeSafetensors(path, tensors, metadata); !written) throw engine::EngineException(written.error());
}

void writeText(const fs::path& path, const std::string& text)
{
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text << '\n';
}

void writeNetwork(const fs::path& path, const std::vector<NamedShape>& shapes)
{
    fs::create_directories(path.parent_path());
    writeSyntheticModel(path, shapes, at::kFloat);
}

engine::UnetConfig folderUnet(bool isInpaint)
{
    engine::UnetConfig config;
    config.inputChannels = isInpaint ? kInpaintChannels : 4;
    config.modelChannels = 32;
    config.timeWidth = 128;
    config.contextWidth = 192;
    config.addedWidth = 256;
    config.downBlocks = { { 32, 1, { 0, 0 }, true }, { 64, 2, { 1, 1 }, true }, { 96, 3, { 2, 2 }, false } };
    config.midBlock = engine::UnetBlockConfig{ 96, 3, { 2 }, false };
    config.upBlocks = { { 96, 3, { 2, 2, 2 }, true }, { 64, 2, { 1, 1, 1 }, true }, { 32, 1, { 0, 0, 0 }, false } };
    return config;
}

engine::ClipTextConfig folderText(std::int64_t width, std::int64_t layers, std::int64_t projection)
{
    engine::ClipTextConfig config;
    config.width = width;
    config.heads = width / 64;
    config.layers = layers;
    config.feedForwardWidth = 4 * width;
    config.projection = projection;
    return config;
}

void writeFolder(const fs::path& root, bool isInpaint, bool isVelocity)
{
    writeNetwork(root / "unet/diffusion_pytorch_model.safetensors", unetShapes(folderUnet(isInpaint)));
    writeNetwork(root / "vae/diffusion_pytorch_model.safetensors", autoencoderShapes({ { 32, 64, 64, 96 }, 1, 4 }));
    writeNetwork(root / "text_encoder/model.safetensors", textEncoderShapes(folderText(64, 3, 0)));
    writeNetwork(root / "text_encoder_2/model.safetensors", textEncoderShapes(folderText(128, 4, 64)));
    writeText(root / "unet/config.json", R"({"attention_head_dim": [1, 2, 3], "block_out_channels": [32, 64, 96], "sample_size": 16, "use_linear_projection": true})");
    writeText(root / "vae/config.json", R"({"force_upcast": true, "scaling_factor": 0.13025})");
    writeText(root / "text_encoder/config.json", R"({"hidden_act": "quick_gelu", "num_attention_heads": 1})");
    writeText(root / "text_encoder_2/config.json", R"({"hidden_act": "gelu", "num_attention_heads": 2})");
    writeText(root / "model_index.json", R"({"_class_name": "StableDiffusionXLPipeline", "force_zeros_for_empty_prompt": true})");
    writeText(root / "scheduler/scheduler_config.json", isVelocity ? R"({"prediction_type": "v_prediction", "rescale_betas_zero_snr": true})" : R"({"prediction_type": "epsilon", "rescale_betas_zero_snr": false})");
}

} // namespace

std::filesystem::path starterPath()
{
    return fs::path(SFUMATO_SOURCE_DIR) / "resources/models/starter/starter.safetensors";
}

std::filesystem::path pipelineModelPath(const std::string& name, const std::filesystem::path& work)
{
    if (name == "starter") return starterPath();
    const bool isInpaint = name.ends_with("-inpaint");
    const bool isVelocity = name.ends_with("-v");
    const bool isFolder = name.starts_with("folder");
    const fs::path path = work / (isFolder ? name : name + ".safetensors");
    if (fs::exists(path)) return path;
    fs::create_directories(work);
    if (isFolder)
        writeFolder(path, isInpaint, isVelocity);
    else
        writeStarter(path, isInpaint, isVelocity);
    return path;
}

} // namespace sfumato::test
