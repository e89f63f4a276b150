// SPDX-License-Identifier: Apache-2.0
#include "tests/parity/image_prompts.h"

#include "core/engine/io/model_files.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/weights.h"
#include "tests/parity/vision_models.h"

#include <fstream>
#include <sstream>

namespace sfumato::test {

namespace {

namespace fs = std::filesystem;

constexpr char kEncoder[] = "vision-h";

std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

engine::UnetConfig unetOf(const fs::path& model)
{
    const auto files = engine::ModelFiles::open({ model, {} });
    if (!files) throw engine::EngineException(files.error());
    return engine::detectUnet(engine::Weights(files->tensors(engine::Component::Unet), model.string(), {}), files->hints());
}

Extent sizeOf(const std::string& text)
{
    Extent size;
    char times = 0;
    std::istringstream(text) >> size.width >> times >> size.height;
    return size;
}

} // namespace

std::filesystem::path imageEncoderPath(const std::filesystem::path& work)
{
    const fs::path folder = work / kEncoder;
    if (fs::exists(folder)) return folder;
    const engine::ClipVisionConfig config = visionConfig(kEncoder);
    writeSet(folder / "model.safetensors", kEncoder, visionShapes(config));
    std::ofstream(folder / "config.json") << R"({"hidden_act": "gelu", "num_attention_heads": )" << config.heads << "}";
    return folder;
}

std::filesystem::path ipAdapterPath(const std::string& kind, std::size_t index, const std::filesystem::path& model, const std::filesystem::path& work)
{
    const std::string set = "ip-" + kind + '-' + std::to_string(index);
    const fs::path path = work / (model.stem().string() + '-' + set + ".safetensors");
    if (!fs::exists(path)) writeSet(path, set, ipAdapterShapes(kind, unetOf(model)));
    return path;
}

std::vector<engine::ControlReference> imagePrompts(const std::string& field, const std::filesystem::path& model, const std::filesystem::path& work)
{
    std::vector<engine::ControlReference> references;
    for (const std::string& entry : split(field, '|')) {
        const std::vector<std::string> parts = split(entry, ',');
        engine::ControlReference reference;
        reference.model = ipAdapterPath(parts.at(0), references.size(), model, work);
        reference.imageEncoder = imageEncoderPath(work);
        reference.type = engine::ControlType::Reference;
        reference.weight = std::stod(parts.at(1));
        reference.start = std::stod(parts.at(2));
        reference.end = std::stod(parts.at(3));
        reference.image = noisePicture(parts.at(4), sizeOf(parts.at(4)));
        references.push_back(std::move(reference));
    }
    return references;
}

} // namespace sfumato::test
