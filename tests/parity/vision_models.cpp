// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/vision_models.h"

#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

namespace sfumato::test {

namespace {

using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kEncoderWidth = 96, kEncoderProjection = 80; // of "vision-h"
constexpr std::int64_t kResamplerWidth = 128, kResamplerDepth = 4, kResamplerQueries = 5, kPlainTokens = 4;

void addPair(std::vector<NamedShape>& shapes, const std::string& name, Shape weight)
{
    const std::int64_t rows = weight.front();
    shapes.push_back({ name + ".weight", std::move(weight) });
    shapes.push_back({ name + ".bias", { rows } });
}

void addResampler(std::vector<NamedShape>& shapes, std::int64_t context)
{
    constexpr std::int64_t width = kResamplerWidth;
    const std::string root = "image_proj.";
    shapes.push_back({ root + "latents", { 1, kResamplerQueries, width } });
    addPair(shapes, root + "proj_in", { width, kEncoderWidth });
    addPair(shapes, root + "proj_out", { context, width });
    addPair(shapes, root + "norm_out", { context });
    for (std::int64_t i = 0; i < kResamplerDepth; ++i) {
        const std::string layer = root + "layers." + std::to_string(i);
        addPair(shapes, layer + ".0.norm1", { width });
        addPair(shapes, layer + ".0.norm2", { width });
        shapes.push_back({ layer + ".0.to_q.weight", { width, width } });
        shapes.push_back({ layer + ".0.to_kv.weight", { 2 * width, width } });
        shapes.push_back({ layer + ".0.to_out.weight", { width, width } });
        addPair(shapes, layer + ".1.0", { width });
        shapes.push_back({ layer + ".1.1.weight", { 4 * width, width } });
        shapes.push_back({ layer + ".1.3.weight", { width, 4 * width } });
    }
}

// The width of each cross-attention: down blocks, up blocks, middle.
Shape attentionWidths(const engine::UnetConfig& unet)
{
    Shape widths;
    const auto add = [&widths](const engine::UnetBlockConfig& block) {
        for (const std::int64_t depth : block.depths) widths.insert(widths.end(), static_cast<std::size_t>(depth), block.channels);
    };
    for (const engine::UnetBlockConfig& block : unet.downBlocks) add(block);
    for (const engine::UnetBlockConfig& block : unet.upBlocks) add(block);
    if (unet.midBlock) add(*unet.midBlock);
    return widths;
}

} // namespace

engine::ClipVisionConfig visionConfig(const std::string& name)
{
    if (name == "vision-l") return { 64, 4, 3, 256, 14, 56, 48, engine::ClipActivation::QuickGelu };
    return { kEncoderWidth, 3, 4, 192, 7, 42, kEncoderProjection, engine::ClipActivation::Gelu };
}

std::vector<NamedShape> visionShapes(const engine::ClipVisionConfig& config, const std::string& prefix)
{
    std::vector<NamedShape> shapes;
    const std::int64_t width = config.width, across = config.side / config.patch;
    const std::string model = prefix + "vision_model.";
    shapes.push_back({ model + "embeddings.class_embedding", { width } });
    shapes.push_back({ model + "embeddings.patch_embedding.weight", { width, 3, config.patch, config.patch } });
    shapes.push_back({ model + "embeddings.position_embedding.weight", { 1 + across * across, width } });
    addPair(shapes, model + "pre_layrnorm", { width });
    for (std::int64_t i = 0; i < config.layers; ++i) {
        const std::string layer = model + "encoder.layers." + std::to_string(i);
        for (const char* which : { ".self_attn.q_proj", ".self_attn.k_proj", ".self_attn.v_proj", ".self_attn.out_proj" }) addPair(shapes, layer + which, { width, width });
        addPair(shapes, layer + ".layer_norm1", { width });
        addPair(shapes, layer + ".layer_norm2", { width });
        addPair(shapes, layer + ".mlp.fc1", { config.feedForwardWidth, width });
        addPair(shapes, layer + ".mlp.fc2", { width, config.feedForwardWidth });
    }
    addPair(shapes, model + "post_layernorm", { width });
    shapes.push_back({ "visual_projection.weight", { config.projection, width } });
    return shapes;
}

std::vector<engine::WeightSource> sourcesOfSet(const std::string& set, const std::vector<NamedShape>& shapes)
{
    std::vector<engine::WeightSource> sources = syntheticSources(shapes);
    for (std::size_t i = 0; i < sources.size(); ++i) sources[i].read = [name = set + '/' + shapes[i].name, shape = shapes[i].shape] { return syntheticWeight(name, shape); };
    return sources;
}

std::vector<NamedShape> projectionShapes(const std::string& kind, std::int64_t context)
{
    std::vector<NamedShape> shapes;
    if (kind == "plain") {
        addPair(shapes, "image_proj.proj", { kPlainTokens * context, kEncoderProjection });
        addPair(shapes, "image_proj.norm", { context });
    } else if (kind == "full") {
        addPair(shapes, "image_proj.proj.0", { kEncoderWidth, kEncoderWidth });
        addPair(shapes, "image_proj.proj.2", { context, kEncoderWidth });
        addPair(shapes, "image_proj.proj.3", { context });
    } else {
        addResampler(shapes, context);
    }
    return shapes;
}

std::vector<NamedShape> ipAdapterShapes(const std::string& kind, const engine::UnetConfig& unet)
{
    std::vector<NamedShape> shapes = projectionShapes(kind, unet.contextWidth);
    int number = 1;
    for (const std::int64_t width : attentionWidths(unet)) {
        for (const char* part : { ".to_k_ip.weight", ".to_v_ip.weight" }) shapes.push_back({ "ip_adapter." + std::to_string(number) + part, { width, unet.contextWidth } });
        number += 2;
    }
    return shapes;
}

void writeSet(const std::filesystem::path& path, const std::string& set, const std::vector<NamedShape>& shapes)
{
    std::filesystem::create_directories(path.parent_path());
    std::vector<at::Tensor> values;
    std::vector<engine::TensorToWrite> tensors;
    for (const NamedShape& entry : shapes) {
        values.push_back(syntheticWeight(set + '/' + entry.name, entry.shape));
        tensors.push_back({ entry.name, engine::Dtype::F32, entry.shape, { static_cast<const std::byte*>(values.back().const_data_ptr()), values.back().nbytes() } });
    }
    if (const Result<void> written = engine::writeSafetensors(path, tensors); !written) throw engine::EngineException(written.error());
}

ImageBuffer noisePicture(const std::string& name, Extent size)
{
    ImageBuffer picture(size, PixelFormat::Rgb8);
    constexpr std::int64_t kFanIn = 12; // leaves the rule's uniform numbers as they are
    const at::Tensor noise = syntheticWeight("picture/" + name, { (size.area() * 3 + kFanIn - 1) / kFanIn, kFanIn }).add_(0.5).mul_(128);
    const float* values = noise.const_data_ptr<float>();
    constexpr int kChequers[] = { 127, 76, 25 };
    for (int y = 0; y < size.height; ++y) {
        std::uint8_t* row = picture.row(y);
        for (int x = 0; x < size.width; ++x)
            for (const int chequer : kChequers) *row++ = static_cast<std::uint8_t>(static_cast<int>(*values++) + (x / 5 + y / 9) % 2 * chequer);
    }
    return picture;
}

} // namespace sfumato::test
