// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/library/generated_library.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

namespace sfumato::bench {

namespace {

constexpr int kRank = 16;
constexpr std::array kWords = { "ink", "wash", "paper", "sumi", "brush", "charcoal", "pastel", "gouache", "etching", "woodcut", "fresco", "mosaic", "portrait", "landscape",
    "castle", "forest", "river", "dragon", "armor", "cloak", "lantern", "market", "harbor", "mist", "sunset", "neon", "retro", "vintage", "anime", "pixel", "clay", "glass" };

using Random = std::mt19937;

std::string word(Random& random)
{
    return kWords.at(random() % kWords.size());
}

void require(bool isDone, const QString& what)
{
    if (!isDone) qFatal("%s", qPrintable(what));
}

void writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    require(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size(), path + QStringLiteral(" could not be written"));
}

// The layers that kohya's trainer changes in SDXL's UNet, with the sizes of their inputs and outputs.
struct Layer {
    std::string name;
    int inputs;
    int outputs;
};

void addTransformer(const std::string& block, int width, int depth, std::vector<Layer>& layers)
{
    constexpr int kContext = 2048;
    layers.push_back({ block + "_proj_in", width, width });
    layers.push_back({ block + "_proj_out", width, width });
    for (int i = 0; i < depth; ++i) {
        const std::string inner = block + "_transformer_blocks_" + std::to_string(i);
        for (const char* attention : { "_attn1_", "_attn2_" }) {
            const int source = attention[5] == '2' ? kContext : width;
            layers.push_back({ inner + attention + "to_q", width, width });
            layers.push_back({ inner + attention + "to_k", source, width });
            layers.push_back({ inner + attention + "to_v", source, width });
            layers.push_back({ inner + attention + "to_out_0", width, width });
        }
        layers.push_back({ inner + "_ff_net_0_proj", width, 8 * width });
        layers.push_back({ inner + "_ff_net_2", 4 * width, width });
    }
}

std::vector<Layer> unetLayers()
{
    std::vector<Layer> layers;
    for (const int i : { 4, 5 }) addTransformer("lora_unet_input_blocks_" + std::to_string(i) + "_1", 640, 2, layers);
    for (const int i : { 7, 8 }) addTransformer("lora_unet_input_blocks_" + std::to_string(i) + "_1", 1280, 10, layers);
    addTransformer("lora_unet_middle_block_1", 1280, 10, layers);
    for (const int i : { 0, 1, 2 }) addTransformer("lora_unet_output_blocks_" + std::to_string(i) + "_1", 1280, 10, layers);
    for (const int i : { 3, 4, 5 }) addTransformer("lora_unet_output_blocks_" + std::to_string(i) + "_1", 640, 2, layers);
    return layers;
}

nlohmann::json trainingMetadata(Random& random)
{
    constexpr int kTags = 120;
    nlohmann::json tags = nlohmann::json::object();
    for (int i = 0; i < kTags; ++i) tags[word(random) + ' ' + word(random)] = random() % 500;
    return { { "ss_tag_frequency", nlohmann::json{ { "10_train", tags } }.dump() }, { "ss_base_model_version", "sdxl_base_v1-0" }, { "ss_network_module", "networks.lora" },
        { "ss_network_dim", std::to_string(kRank) }, { "ss_resolution", "(1024, 1024)" }, { "modelspec.title", word(random) + ' ' + word(random) },
        { "modelspec.trigger_phrase", word(random) + " style" } };
}

void writeSparseLora(const QString& path, Random& random)
{
    nlohmann::json header;
    header["__metadata__"] = trainingMetadata(random);
    std::uint64_t end = 0;
    const auto add = [&](const std::string& name, int rows, int columns) {
        const std::uint64_t begin = end;
        end += std::uint64_t{ 2 } * static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
        header[name] = { { "dtype", "F16" }, { "shape", { rows, columns } }, { "data_offsets", { begin, end } } };
    };
    for (const Layer& layer : unetLayers()) {
        add(layer.name + ".lora_down.weight", kRank, layer.inputs);
        add(layer.name + ".lora_up.weight", layer.outputs, kRank);
        add(layer.name + ".alpha", 1, 1);
    }
    const std::string text = header.dump();
    QByteArray bytes;
    for (std::uint64_t length = text.size(), i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i));
    bytes += QByteArray::fromStdString(text);
    writeFile(path, bytes);
    require(QFile::resize(path, bytes.size() + static_cast<qint64>(end)), path);
}

QByteArray pictureOf(Random& random)
{
    QImage picture(512, 768, QImage::Format_RGB32);
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) picture.setPixel(x, y, qRgb(x / 2, y / 3, static_cast<int>(random() % 64)));
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    require(buffer.open(QIODevice::WriteOnly) && picture.save(&buffer, "JPG", 90), QStringLiteral("A picture could not be encoded"));
    return bytes;
}

void writeSidecars(const QString& stem, Random& random)
{
    if (random() % 10 < 3) {
        nlohmann::json own;
        own["activation text"] = word(random) + ", " + word(random);
        own["preferred weight"] = 0.1 * static_cast<double>(random() % 12);
        own["notes"] = word(random) + " with " + word(random);
        writeFile(stem + QStringLiteral(".json"), QByteArray::fromStdString(own.dump(4)));
    }
    if (random() % 2 == 0) {
        std::string description = "<p>";
        for (int i = 0; i < 150; ++i) description += word(random) + ' ';
        nlohmann::json civitai;
        civitai["baseModel"] = random() % 4 == 0 ? "Pony" : "SDXL 1.0";
        civitai["trainedWords"] = { word(random) + " style", word(random) };
        civitai["description"] = description + "</p>";
        civitai["model"]["name"] = word(random) + ' ' + word(random);
        civitai["model"]["tags"] = { word(random), word(random) };
        writeFile(stem + QStringLiteral(".civitai.info"), QByteArray::fromStdString(civitai.dump()));
    }
}

void hardLink(const QString& from, const QString& to)
{
    require(::link(from.toUtf8().constData(), to.toUtf8().constData()) == 0, to + QStringLiteral(" could not be linked"));
}

} // namespace

void generateLibrary(const QString& folder, const GeneratedLibrary& wanted)
{
    constexpr int kPictures = 20;
    Random random(20'26);
    const QDir root(folder);
    require(root.mkpath(QStringLiteral("loras")) && root.mkpath(QStringLiteral("templates")), folder);
    const auto model = [&](int i) { return root.filePath(QStringLiteral("templates/%1.model").arg(i)); };
    const auto picture = [&](int i) { return root.filePath(QStringLiteral("templates/%1.jpg").arg(i)); };
    for (int i = 0; i < wanted.distinct; ++i) writeSparseLora(model(i), random);
    for (int i = 0; i < kPictures; ++i) writeFile(picture(i), pictureOf(random));
    for (int i = 0; i < wanted.files; ++i) {
        const QString inFolder = QStringLiteral("loras/%1").arg(i % wanted.folders);
        if (i < wanted.folders) require(root.mkpath(inFolder), inFolder);
        const QString stem = root.filePath(QStringLiteral("%1/%2_%3_v%4").arg(inFolder, QString::fromStdString(word(random)), QString::fromStdString(word(random))).arg(i));
        hardLink(model(i % wanted.distinct), stem + QStringLiteral(".safetensors"));
        if (random() % 10 < 7) hardLink(picture(static_cast<int>(random() % kPictures)), stem + QStringLiteral(".preview.jpg"));
        writeSidecars(stem, random);
    }
}

} // namespace sfumato::bench
