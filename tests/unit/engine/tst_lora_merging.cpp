// The stack of LoRAs on a loaded model: sixty files of all kinds, random orders of adding, re-weighting and removing, and everything that must be refused.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/loaded_model.h"
#include "tests/support/adapter_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <ATen/Parallel.h>
#include <ATen/ops/equal.h>
#include <c10/core/InferenceMode.h>

#include <array>
#include <fstream>
#include <memory>
#include <random>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

constexpr int kFiles = 60, kOrders = 100, kHalfOrders = 20, kOperations = 20, kMostInStack = 4;
constexpr std::int64_t kLargestPlace = 256 * 256; // a hundred orders in seconds

struct Place {
    Component component;
    std::string name; // diffusers
    std::vector<std::int64_t> shape;
};

std::string line(const std::string& name, const std::vector<std::int64_t>& shape, const std::string& rule, double gain)
{
    std::string sides;
    for (const std::int64_t side : shape) sides += (sides.empty() ? "" : ",") + std::to_string(side);
    return name + '|' + sides + '|' + rule + '|' + std::to_string(gain);
}

std::int64_t inputsOf(const Place& place)
{
    std::int64_t inputs = 1;
    for (std::size_t i = 1; i < place.shape.size(); ++i) inputs *= place.shape[i];
    return inputs;
}

// The tensors of one layer by kind.
std::vector<std::string> layerLines(const std::string& key, const Place& place, int kind, std::int64_t rank)
{
    const std::int64_t outputs = place.shape[0], inputs = inputsOf(place);
    std::vector<std::int64_t> down = place.shape, up{ outputs, rank };
    down[0] = rank;
    if (place.shape.size() == 4) up.insert(up.end(), { 1, 1 });
    const std::vector<std::string> lora{ line(key + ".lora_down.weight", down, "weight", 1), line(key + ".lora_up.weight", up, "weight", 0.3), line(key + ".alpha", {}, "constant", 2) };
    switch (kind) {
    case 0: return lora;
    case 1: return { line(key + ".lora_A.weight", down, "weight", 1), line(key + ".lora_B.weight", up, "weight", 0.3) };
    case 2: return { line(key + ".hada_w1_a", { outputs, rank }, "weight", 1), line(key + ".hada_w1_b", { rank, inputs }, "weight", 1), line(key + ".hada_w2_a", { outputs, rank }, "weight", 1), line(key + ".hada_w2_b", { rank, inputs }, "weight", 1) };
    case 3: return { line(key + ".lokr_w1", { 2, 2 }, "weight", 0.3), line(key + ".lokr_w2", { outputs / 2, inputs / 2 }, "weight", 1) };
    case 4: return { lora[0], lora[1], line(key + ".dora_scale", { outputs, 1 }, "one", 0.2) };
    case 5: return { line(key + ".oft_blocks", { outputs / 8, 8, 8 }, "weight", 0.2), line(key + ".alpha", {}, "constant", 0) };
    case 6: return { line(key + ".weight", { outputs }, "weight", 0.4), line(key + ".on_input", {}, "constant", 0) };
    case 7: return { line(key + ".diff", place.shape, "weight", 0.2), line(key + ".diff_b", { outputs }, "weight", 0.2) };
    case 8: return { line(key + ".lora.down.weight", down, "weight", 1), line(key + ".lora.up.weight", up, "weight", -0.2) };
    default: return { line(key + ".oft_blocks", { 1, outputs / 8, 8, 8 }, "weight", 0.2) };
    }
}
constexpr int kKinds = 10;

std::string flattened(std::string name)
{
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

// Kohya's names or dotted ones.
std::string keyOf(const Place& place, bool isDotted)
{
    if (isDotted) return (place.component == Component::Unet ? "unet." : place.component == Component::TextEncoder ? "text_encoder."
                                                                                                                   : "text_encoder_2.")
        + place.name;
    return (place.component == Component::Unet ? "lora_unet_" : place.component == Component::TextEncoder ? "lora_te1_"
                                                                                                          : "lora_te2_")
        + flattened(place.name);
}

bool areEqual(const std::map<std::string, at::Tensor>& a, const std::map<std::string, at::Tensor>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) { return one.first == other.first && at::equal(one.second, other.second); });
}

} // namespace

class TstLoraMerging : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sixtyFilesInRandomOrders_data();
    void sixtyFilesInRandomOrders();
    void anUnknownLayerIsCounted();
    void nothingAppliedIsAnError();
    void anotherBaseModelIsNamed_data();
    void anotherBaseModelIsNamed();
    void brokenPartsAreCounted();
    void valuesThatAreNotNumbersAreRefusedAndLeaveNoTrace();
    void cancellingLeavesNoDoubt();
    void aFileThatChangedIsReadAgain();
    void scaleZeroTouchesNothing();
    void textEncodersHaveTheirOwnScale();

private:
    std::unique_ptr<LoadedModel> load(at::ScalarType dtype) const;
    std::filesystem::path write(const std::string& name, const std::vector<std::string>& lines, Dtype dtype = Dtype::F32) const;
    std::filesystem::path numbered(int index) const;
    Place place(std::size_t index) const { return m_places[index % m_places.size()]; }
    std::string errorOf(const std::vector<LoraReference>& stack) const;

    QTemporaryDir m_folder;
    std::unique_ptr<ClipTokenizer> m_tokenizer;
    std::unique_ptr<LoadedModel> m_model; // float32
    std::map<std::string, at::Tensor> m_original;
    std::vector<Place> m_places;
    c10::InferenceMode m_inference;
};

void TstLoraMerging::initTestCase()
{
    at::set_num_threads(1); // the model is so small that a second thread mostly waits
    auto tokenizer = ClipTokenizer::load(SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt");
    QVERIFY(tokenizer);
    m_tokenizer = std::make_unique<ClipTokenizer>(std::move(tokenizer).value());
    m_model = load(at::kFloat);
    m_original = test::networkWeights(m_model->loras());
    QVERIFY(m_original.size() > 100);
    // Every third smaller weight of more than one dimension, so that fused, split, pointwise and convolution layers of all components are among them.
    const auto files = ModelFiles::open({ SFUMATO_SOURCE_DIR "/resources/models/starter/starter.safetensors", {} });
    for (const Component component : { Component::TextEncoder, Component::Unet, Component::TextEncoder2 }) {
        int index = 0;
        for (const MappedTensor& tensor : files->tensors(component)) {
            const bool isLayer = tensor.name.ends_with(".weight") && tensor.shape.size() > 1 && tensor.name.find("embedding") == std::string::npos;
            const bool isHandy = isLayer && tensor.shape[0] % 16 == 0 && tensor.shape[1] % 2 == 0 && tensor.shape[0] * tensor.shape[1] <= kLargestPlace;
            if (isHandy && ++index % 3 == 0) m_places.push_back({ component, tensor.name.substr(0, tensor.name.size() - 7), tensor.shape });
        }
    }
    QVERIFY(m_places.size() >= 20);
}

std::unique_ptr<LoadedModel> TstLoraMerging::load(at::ScalarType dtype) const
{
    const auto files = ModelFiles::open({ SFUMATO_SOURCE_DIR "/resources/models/starter/starter.safetensors", {} });
    LoadModelOptions options;
    options.dtype = dtype;
    return std::make_unique<LoadedModel>(*files, *m_tokenizer, options);
}

std::filesystem::path TstLoraMerging::write(const std::string& name, const std::vector<std::string>& lines, Dtype dtype) const
{
    const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / (name + ".safetensors");
    test::writeAdapter(path, name, lines, {}, dtype);
    return path;
}

// Kinds, naming schemes, ranks and types by turns; every fifth file has a layer that no model knows and one whose half is missing.
std::filesystem::path TstLoraMerging::numbered(int index) const
{
    constexpr std::array kRanks{ 1, 4, 16, 64, 512 };
    constexpr std::array kTypes{ Dtype::F32, Dtype::F16, Dtype::BF16, Dtype::F8E4M3, Dtype::F8E5M2 };
    const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / ("lora" + std::to_string(index) + ".safetensors");
    if (std::filesystem::exists(path)) return path;
    std::vector<std::string> lines;
    const auto number = static_cast<std::size_t>(index);
    for (std::size_t layer = 0; layer < 5; ++layer) {
        const Place target = place(number * 3 + layer * 4);
        const auto parts = layerLines(keyOf(target, index % 3 == 1), target, index % kKinds, kRanks[number % kRanks.size()]);
        if (lines.empty() || lines.front().substr(0, lines.front().find('|')) != parts.front().substr(0, parts.front().find('|'))) lines.insert(lines.end(), parts.begin(), parts.end());
    }
    if (index % 5 == 0) {
        lines.push_back(line("lora_unet_there_is_no_such_layer.lora_down.weight", { 4, 8 }, "weight", 1));
        lines.push_back(line("lora_unet_there_is_no_such_layer.lora_up.weight", { 8, 4 }, "weight", 1));
        lines.push_back(line(keyOf(place(number + 1), true) + ".lora_A.weight", { 4, inputsOf(place(number + 1)) }, "weight", 1));
    }
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    return write("lora" + std::to_string(index), lines, kTypes[number / 2 % kTypes.size()]);
}

std::string TstLoraMerging::errorOf(const std::vector<LoraReference>& stack) const
{
    try {
        static_cast<void>(m_model->applyLoras(stack, {}, {}));
    } catch (const EngineException& error) {
        return error.error().message;
    }
    return {};
}

void TstLoraMerging::sixtyFilesInRandomOrders_data()
{
    QTest::addColumn<bool>("isHalf");
    QTest::newRow("float32") << false;
    QTest::newRow("bfloat16") << true;
}

void TstLoraMerging::sixtyFilesInRandomOrders()
{
    QFETCH(bool, isHalf);
    const auto model = load(isHalf ? at::kBFloat16 : at::kFloat), fresh = load(isHalf ? at::kBFloat16 : at::kFloat);
    const auto original = test::networkWeights(model->loras());
    std::mt19937 random(7);
    const auto below = [&random](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    const int orders = isHalf ? kHalfOrders : kOrders;
    for (int order = 0; order < orders; ++order) {
        std::vector<LoraReference> stack;
        for (int operation = 0; operation < kOperations; ++operation) {
            const std::size_t what = below(4);
            if (stack.empty() || (what == 0 && stack.size() < kMostInStack)) {
                const LoraReference added{ numbered(static_cast<int>(below(kFiles))), 0.5, 1.0 };
                if (std::none_of(stack.begin(), stack.end(), [&](const LoraReference& one) { return one.path == added.path; })) stack.push_back(added);
            } else if (what == 1)
                stack.erase(stack.begin() + static_cast<std::ptrdiff_t>(below(stack.size())));
            else if (what == 2)
                stack[below(stack.size())].scale = static_cast<double>(below(5)) * 0.4 - 0.4;
            else
                std::shuffle(stack.begin(), stack.end(), random);
            const auto reports = model->applyLoras(stack, {}, {});
            QCOMPARE(reports.size(), stack.size());
        }
        if (order % 10 == 0) { // however it came about, the stack decides the weights
            static_cast<void>(fresh->applyLoras({}, {}, {}));
            static_cast<void>(fresh->applyLoras(stack, {}, {}));
            QVERIFY(areEqual(test::networkWeights(model->loras()), test::networkWeights(fresh->loras())));
        }
        static_cast<void>(model->applyLoras({}, {}, {}));
        QVERIFY(model->loras().isEmpty());
        if (order % 10 == 0 || order == orders - 1) QVERIFY(areEqual(test::networkWeights(model->loras()), original));
    }
}

void TstLoraMerging::anUnknownLayerIsCounted()
{
    const Place target = place(2);
    std::vector<std::string> lines = layerLines(keyOf(target, false), target, 0, 4);
    const auto foreign = layerLines("lora_unet_nowhere", target, 0, 4);
    lines.insert(lines.end(), foreign.begin(), foreign.end());
    const auto reports = m_model->applyLoras(std::vector<LoraReference>{ { write("counted", lines), 1.0, 1.0 } }, {}, {});
    QCOMPARE(reports.front().appliedLayers, 1);
    QCOMPARE(reports.front().totalLayers, 2);
    QCOMPARE(reports.front().unmatched, std::vector<std::string>{ "lora_unet_nowhere" });
    static_cast<void>(m_model->applyLoras({}, {}, {}));
}

void TstLoraMerging::nothingAppliedIsAnError()
{
    const auto path = write("nothing", layerLines("lora_unet_nowhere", place(0), 0, 4));
    const std::string message = errorOf({ { path, 1.0, 1.0 } });
    QVERIFY2(message.starts_with("nothing.safetensors does not fit starter.safetensors: none of its 1 layers can be applied"), message.c_str());
    QVERIFY(m_model->loras().isEmpty());
}

void TstLoraMerging::anotherBaseModelIsNamed_data()
{
    QTest::addColumn<QString>("layer");
    QTest::addColumn<int>("inputs");
    QTest::addColumn<QString>("family");
    QTest::newRow("SD 1.5") << "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k" << 768 << "SD 1.x";
    QTest::newRow("SD 2") << "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k" << 1024 << "SD 2.x";
    QTest::newRow("Flux") << "lora_unet_double_blocks_0_img_attn_qkv" << 3072 << "Flux";
}

void TstLoraMerging::anotherBaseModelIsNamed()
{
    QFETCH(QString, layer);
    QFETCH(int, inputs);
    QFETCH(QString, family);
    const auto path = write("foreign", layerLines(layer.toStdString(), { Component::Unet, {}, { 64, inputs } }, 0, 4));
    const std::string message = errorOf({ { path, 1.0, 1.0 } });
    QCOMPARE(QString::fromStdString(message), QStringLiteral("foreign.safetensors is a LoRA for %1; the model starter.safetensors is SDXL.").arg(family));
}

void TstLoraMerging::brokenPartsAreCounted()
{
    const Place good = place(4), bad = place(5);
    std::vector<std::string> lines = layerLines(keyOf(good, false), good, 0, 4);
    lines.push_back(line(keyOf(bad, false) + ".lora_down.weight", { 4, inputsOf(bad) }, "weight", 1));
    lines.push_back(line(keyOf(bad, false) + ".lora_up.weight", { bad.shape[0], 3 }, "weight", 1)); // another rank
    const Place half = place(6);
    lines.push_back(line(keyOf(half, false) + ".lora_down.weight", { 4, inputsOf(half) }, "weight", 1)); // no other half
    const auto reports = m_model->applyLoras(std::vector<LoraReference>{ { write("broken", lines), 1.0, 1.0 } }, {}, {});
    QCOMPARE(reports.front().appliedLayers, 1);
    QCOMPARE(reports.front().totalLayers, 3);
    static_cast<void>(m_model->applyLoras({}, {}, {}));
    QVERIFY(areEqual(test::networkWeights(m_model->loras()), m_original));
}

void TstLoraMerging::valuesThatAreNotNumbersAreRefusedAndLeaveNoTrace()
{
    const Place first = place(7), second = place(8);
    std::vector<std::string> lines = layerLines(keyOf(first, false), first, 0, 4);
    lines.push_back(line(keyOf(second, false) + ".diff", second.shape, "constant", std::numeric_limits<double>::quiet_NaN()));
    const std::string message = errorOf({ { write("poisoned", lines), 1.0, 1.0 } });
    QVERIFY2(message.find("poisoned.safetensors is damaged") == 0, message.c_str());
    static_cast<void>(m_model->applyLoras({}, {}, {}));
    QVERIFY(areEqual(test::networkWeights(m_model->loras()), m_original));
}

void TstLoraMerging::cancellingLeavesNoDoubt()
{
    std::vector<LoraReference> stack;
    for (int index = 0; index < 3; ++index) stack.push_back({ numbered(index), 0.7, 0.7 });
    static_cast<void>(m_model->applyLoras(stack, {}, {}));
    const auto merged = test::networkWeights(m_model->loras());
    static_cast<void>(m_model->applyLoras({}, {}, {}));
    for (int after = 1; after <= 10; ++after) {
        std::stop_source source;
        int seen = 0;
        try {
            static_cast<void>(m_model->applyLoras(
                stack, [&](double) { if (++seen == after) source.request_stop(); }, source.get_token()));
        } catch (const CancelledException&) {
            QVERIFY(seen >= after);
        }
        if (after % 2 == 0) {
            static_cast<void>(m_model->applyLoras({}, {}, {}));
            QVERIFY(areEqual(test::networkWeights(m_model->loras()), m_original));
        } else {
            static_cast<void>(m_model->applyLoras(stack, {}, {}));
            QVERIFY(areEqual(test::networkWeights(m_model->loras()), merged));
        }
    }
    static_cast<void>(m_model->applyLoras({}, {}, {}));
}

void TstLoraMerging::aFileThatChangedIsReadAgain()
{
    const Place target = *std::find_if(m_places.begin(), m_places.end(), [this](const Place& one) { return m_original.contains(test::weightKey(one.component, one.name + ".bias")); });
    const auto path = write("edited", layerLines(keyOf(target, false), target, 0, 4));
    const std::vector<LoraReference> stack{ { path, 1.0, 1.0 } };
    static_cast<void>(m_model->applyLoras(stack, {}, {}));
    const auto before = test::networkWeights(m_model->loras());
    write("edited", layerLines(keyOf(target, false), target, 7, 4));
    std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) + std::chrono::seconds(2));
    static_cast<void>(m_model->applyLoras(stack, {}, {}));
    QVERIFY(!areEqual(test::networkWeights(m_model->loras()), before));
    static_cast<void>(m_model->applyLoras({}, {}, {}));
    QVERIFY(areEqual(test::networkWeights(m_model->loras()), m_original));
}

void TstLoraMerging::scaleZeroTouchesNothing()
{
    const auto reports = m_model->applyLoras(std::vector<LoraReference>{ { numbered(4), 0.0, 0.0 } }, {}, {});
    QVERIFY(reports.front().appliedLayers > 0);
    QVERIFY(m_model->loras().isEmpty());
    QVERIFY(areEqual(test::networkWeights(m_model->loras()), m_original));
}

void TstLoraMerging::textEncodersHaveTheirOwnScale()
{
    const Place text = m_places.front(), unet = *std::find_if(m_places.begin(), m_places.end(), [](const Place&one) { return one.component == Component::Unet; });
    QCOMPARE(text.component, Component::TextEncoder);
    std::vector<std::string> lines = layerLines(keyOf(text, false), text, 0, 4);
    const auto more = layerLines(keyOf(unet, false), unet, 0, 4);
    lines.insert(lines.end(), more.begin(), more.end());
    static_cast<void>(m_model->applyLoras(std::vector<LoraReference>{ { write("both", lines), 1.0, 0.0 } }, {}, {}));
    const auto weights = test::networkWeights(m_model->loras());
    const std::string textKey = test::weightKey(text.component, text.name + ".weight"), unetKey = test::weightKey(unet.component, unet.name + ".weight");
    QVERIFY(at::equal(weights.at(textKey), m_original.at(textKey)));
    QVERIFY(!at::equal(weights.at(unetKey), m_original.at(unetKey)));
    static_cast<void>(m_model->applyLoras({}, {}, {}));
}

QTEST_APPLESS_MAIN(TstLoraMerging)
#include "tst_lora_merging.moc"
