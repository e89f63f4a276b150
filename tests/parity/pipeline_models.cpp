// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/pipeline_models.h"

#include "core/engine/io/safetensors_file.h"
#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "tests/parity/single_file_names.h"
#include "tests/support/network_shapes.h"
#include "tests/support/synthetic_weights.h"

#include <cstring>
#include <fstream>
#include <initializer_list>
#include <span>
#include <vector>

namespace sfumato::test {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kInpaintChannels = 9;
constexpr std::int64_t kGuidanceWidth = 256; // of the guidance embedding of latent consistency models
constexpr double kWidenedGain = 0.5;         // of the added channels of conv_in
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

// A weight of the starter as an 8-bit file has it: every matrix and convolution, or the UNet's matrices with a scale each. Undefined: as it is.
struct EightBits {
    at::Tensor values;
    at::Tensor scale; // undefined without one
};

EightBits eightBits(const engine::TensorEntry& entry, const std::vector<std::byte>& bytes, const std::string& kind)
{
    const at::ScalarType type = kind == "e5m2" ? at::kFloat8_e5m2 : at::kFloat8_e4m3fn;
    const bool isScaled = kind == "scaled";
    if (entry.shape.size() < 2 || (isScaled && (entry.shape.size() != 2 || !entry.name.starts_with("model.diffusion_model.")))) return {};
    const at::Tensor stored = at::from_blob(const_cast<std::byte*>(bytes.data()), entry.shape, at::TensorOptions(at::kHalf)).to(at::kFloat);
    if (!isScaled) return { stored.to(type), {} };
    const at::Tensor scale = stored.abs().max() / 448.0;
    return { (stored / scale).to(type), scale };
}

// Writes the starter with its weights in 8 bits; `kind` is one of pipeline_models.py.
void writeStarterInEightBits(const fs::path& path, const std::string& kind)
{
    const auto file = valueOrThrow(engine::SafetensorsFile::open(starterPath()));
    const auto span = [](const at::Tensor& tensor) { return std::span(static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()); };
    std::vector<std::vector<std::byte>> contents;
    std::vector<EightBits> made;
    std::vector<engine::TensorToWrite> tensors;
    contents.reserve(file.tensors().size());
    made.reserve(file.tensors().size());
    for (const engine::TensorEntry& entry : file.tensors()) {
        const EightBits& bits = made.emplace_back(eightBits(entry, contents.emplace_back(bytesOf(file, entry)), kind));
        if (!bits.values.defined()) tensors.push_back({ entry.name, entry.dtype, entry.shape, contents.back() });
        else
            tensors.push_back({ entry.name, kind == "e5m2" ? engine::Dtype::F8E5M2 : engine::Dtype::F8E4M3, entry.shape, span(bits.values) });
        const std::string base = entry.name.substr(0, entry.name.rfind('.'));
        if (bits.scale.defined()) tensors.push_back({ base + ".scale_weight", engine::Dtype::F32, {}, span(bits.scale) });
    }
    if (kind == "scaled") tensors.push_back({ "model.diffusion_model.scaled_fp8", engine::Dtype::F8E4M3, { 0 }, {} });
    if (const Result<void> written = engine::writeSafetensors(path, tensors, file.metadata()); !written) throw engine::EngineException(written.error());
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

void writeFolder(const fs::path& root, bool isInpaint, bool isVelocity, bool isConsistency)
{
    writeNetwork(root / "unet/diffusion_pytorch_model.safetensors", unetShapes(folderUnet(isInpaint, isConsistency)));
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

const AutoencoderSize kSd1Vae{ { 32, 64, 64, 96 }, 1, 4 }, kRefinerVae{ { 32, 32, 64, 64 }, 1, 4 };

void writeSd1Folder(const fs::path& root, bool isInpaint, bool isVelocity, bool isConsistency)
{
    writeNetwork(root / "unet/diffusion_pytorch_model.safetensors", unetShapes(sd1Unet(isInpaint, isConsistency)));
    writeNetwork(root / "vae/diffusion_pytorch_model.safetensors", autoencoderShapes(kSd1Vae));
    writeNetwork(root / "text_encoder/model.safetensors", textEncoderShapes(folderText(64, 3, 0)));
    writeText(root / "unet/config.json", R"({"attention_head_dim": 8, "block_out_channels": [32, 64, 96, 96], "sample_size": 8})");
    writeText(root / "vae/config.json", R"({"scaling_factor": 0.18215})");
    writeText(root / "text_encoder/config.json", R"({"hidden_act": "quick_gelu", "num_attention_heads": 1})");
    writeText(root / "model_index.json", R"({"_class_name": "StableDiffusionPipeline"})");
    writeText(root / "scheduler/scheduler_config.json", isVelocity ? R"({"prediction_type": "v_prediction"})" : R"({"prediction_type": "epsilon", "skip_prk_steps": true})");
}

engine::UnetConfig refinerUnet()
{
    engine::UnetConfig config;
    config.modelChannels = 32;
    config.timeWidth = 128;
    config.contextWidth = 128;
    config.addedWidth = 64 + 5 * 32;
    config.downBlocks = { { 32, 1, { 0, 0 }, true }, { 64, 1, { 2, 2 }, true }, { 64, 1, { 2, 2 }, true }, { 128, 2, { 0, 0 }, false } };
    config.midBlock = engine::UnetBlockConfig{ 128, 2, { 2 }, false };
    config.upBlocks = { { 128, 2, { 0, 0, 0 }, true }, { 64, 1, { 2, 2, 2 }, true }, { 64, 1, { 2, 2, 2 }, true }, { 32, 1, { 0, 0, 0 }, false } };
    return config;
}

void writeRefinerFolder(const fs::path& root)
{
    writeNetwork(root / "unet/diffusion_pytorch_model.safetensors", unetShapes(refinerUnet()));
    writeNetwork(root / "vae/diffusion_pytorch_model.safetensors", autoencoderShapes(kRefinerVae));
    writeNetwork(root / "text_encoder_2/model.safetensors", textEncoderShapes(folderText(128, 3, 64)));
    writeText(root / "unet/config.json", R"({"attention_head_dim": [1, 1, 1, 2], "block_out_channels": [32, 64, 64, 128], "sample_size": 16, "use_linear_projection": true})");
    writeText(root / "vae/config.json", R"({"force_upcast": true, "scaling_factor": 0.13025})");
    writeText(root / "text_encoder_2/config.json", R"({"hidden_act": "gelu", "num_attention_heads": 2})");
    writeText(root / "model_index.json", R"({"_class_name": "StableDiffusionXLImg2ImgPipeline", "force_zeros_for_empty_prompt": false, "requires_aesthetics_score": true})");
    writeText(root / "scheduler/scheduler_config.json", R"({"prediction_type": "epsilon"})");
}

void writeSingle(const fs::path& path, std::initializer_list<NamedTensors> parts)
{
    std::vector<engine::TensorToWrite> tensors;
    for (const NamedTensors& part : parts)
        for (const auto& [name, tensor] : part) {
            const auto* bytes = static_cast<const std::byte*>(tensor.const_data_ptr());
            tensors.push_back({ name, tensor.scalar_type() == at::kLong ? engine::Dtype::I64 : engine::Dtype::F32, tensor.sizes().vec(), { bytes, tensor.nbytes() } });
        }
    if (const Result<void> written = engine::writeSafetensors(path, tensors); !written) throw engine::EngineException(written.error());
}

// Under the names of ComfyUI's combined file, with its two scalars.
void writeTinyVae(const fs::path& path)
{
    NamedTensors tensors{ { "vae_scale", at::full({}, 0.13025) }, { "vae_shift", at::zeros({}) } };
    for (const NamedShape& shape : tinyAutoencoderShapes()) {
        const bool decodes = shape.name.starts_with("decoder.layers.");
        const std::string rest = shape.name.substr(std::string_view("decoder.layers.").size());
        const std::size_t dot = rest.find('.');
        const int number = std::stoi(rest.substr(0, dot)) + (decodes ? 1 : 0);
        tensors.emplace_back((decodes ? "taesd_decoder." : "taesd_encoder.") + std::to_string(number) + rest.substr(dot), syntheticWeight(shape.name, shape.shape));
    }
    writeSingle(path, { tensors });
}

void writeSd1Single(const fs::path& path, bool isInpaint, bool isVelocity)
{
    writeSingle(path, { ldmUnet(unetShapes(sd1Unet(isInpaint, false))), ldmAutoencoder(autoencoderShapes(kSd1Vae), 4), ldmClip(textEncoderShapes(folderText(64, 3, 0))) });
    if (isVelocity) writeText(fs::path(path).replace_extension(".yaml"), "model:\n  params:\n    parameterization: \"v\"");
}

void writeRefinerSingle(const fs::path& path)
{
    writeSingle(path, { ldmUnet(unetShapes(refinerUnet())), ldmAutoencoder(autoencoderShapes(kRefinerVae), 4), openClip(textEncoderShapes(folderText(128, 3, 64)), "conditioner.embedders.0.model.") });
}

} // namespace

engine::UnetConfig folderUnet(bool isInpaint, bool isConsistency)
{
    engine::UnetConfig config;
    config.guidanceWidth = isConsistency ? kGuidanceWidth : 0;
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

engine::UnetConfig sd1Unet(bool isInpaint, bool isConsistency)
{
    engine::UnetConfig config;
    config.guidanceWidth = isConsistency ? kGuidanceWidth : 0;
    config.inputChannels = isInpaint ? kInpaintChannels : 4;
    config.modelChannels = 32;
    config.timeWidth = 128;
    config.contextWidth = 64;
    config.convolutionalProjection = true;
    config.downBlocks = { { 32, 8, { 1, 1 }, true }, { 64, 8, { 1, 1 }, true }, { 96, 8, { 1, 1 }, true }, { 96, 8, { 0, 0 }, false } };
    config.midBlock = engine::UnetBlockConfig{ 96, 8, { 1 }, false };
    config.upBlocks = { { 96, 8, { 0, 0, 0 }, true }, { 96, 8, { 1, 1, 1 }, true }, { 64, 8, { 1, 1, 1 }, true }, { 32, 8, { 1, 1, 1 }, false } };
    return config;
}

std::filesystem::path starterPath()
{
    return fs::path(SFUMATO_SOURCE_DIR) / "resources/models/starter/starter.safetensors";
}

std::filesystem::path pipelineModelPath(const std::string& name, const std::filesystem::path& work)
{
    if (name == "starter") return starterPath();
    const bool isInpaint = name.ends_with("-inpaint");
    const bool isVelocity = name.ends_with("-v");
    const bool isConsistency = name.ends_with("-lcm");
    const bool isSd1 = name.starts_with("sd1-"), isRefiner = name.starts_with("refiner");
    const bool isFolder = name.starts_with("folder") || name.starts_with("sd1-folder") || name == "refiner";
    const fs::path path = work / (isFolder ? name : name + ".safetensors");
    if (fs::exists(path)) return path;
    fs::create_directories(work);
    if (name == "taesd")
        writeTinyVae(path);
    else if (name.starts_with("starter-fp8"))
        writeStarterInEightBits(path, name == "starter-fp8" ? "e4m3fn" : name.substr(std::string_view("starter-fp8-").size()));
    else if (isRefiner)
        isFolder ? writeRefinerFolder(path) : writeRefinerSingle(path);
    else if (isSd1)
        isFolder ? writeSd1Folder(path, isInpaint, isVelocity, isConsistency) : writeSd1Single(path, isInpaint, isVelocity);
    else if (isFolder)
        writeFolder(path, isInpaint, isVelocity, isConsistency);
    else
        writeStarter(path, isInpaint, isVelocity);
    return path;
}

} // namespace sfumato::test
