// LoRAs of every layout and kind against diffusers with peft and against LyCORIS: merged weights and the picture of the merged model, in float32 on the CPU.
// Cases and results are in references/adapters.safetensors, made by make_adapter_references.py; the LoRA files are written here by the same rule.
// SPDX-License-Identifier: Apache-2.0
#include "core/base/json_value.h"
#include "core/engine/io/safetensors_file.h"
#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/loaded_model.h"
#include "core/engine/runtime/create_engine.h"
#include "tests/parity/pipeline_models.h"
#include "tests/support/adapter_files.h"
#include "tests/support/parity_test.h"
#include "tests/support/split_text.h"

#include <ATen/ops/equal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace sfumato;
using test::ParityTest;
using test::split;

constexpr double kWeightLimit = 1e-3; // relative to the largest number of a weight's row in the table
constexpr double kPictureLimit = 2.0; // of 255
constexpr int kSamples = 8;
constexpr std::string_view kCasePrefix = "case/", kEmbeddingPrefix = "embedding/";
constexpr char kReferences[] = SFUMATO_SOURCE_DIR "/tests/parity/references/adapters.safetensors";
constexpr char kVocabulary[] = SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt";

double numberIn(const std::string& line, const std::string& key)
{
    for (const std::string& field : split(line, ';'))
        if (field.starts_with(key + '=')) return std::stod(field.substr(key.size() + 1));
    throw engine::EngineException(ErrorCode::Internal, "The case has no " + key + '.');
}

engine::Component componentOf(const std::string& name)
{
    if (name == "text_encoder") return engine::Component::TextEncoder;
    return name == "text_encoder_2" ? engine::Component::TextEncoder2 : engine::Component::Unet;
}

class AdapterCases {
public:
    explicit AdapterCases(const engine::SafetensorsFile& references)
        : m_metadata(references.metadata()), m_work(std::filesystem::path(SFUMATO_BUILD_DIR) / "tests/adapter_parity")
    {
        std::filesystem::remove_all(m_work);
        std::filesystem::create_directories(m_work);
    }
    ~AdapterCases() { std::filesystem::remove_all(m_work); }
    AdapterCases(const AdapterCases&) = delete;
    AdapterCases& operator=(const AdapterCases&) = delete;

    void addTo(ParityTest& test)
    {
        for (const auto& [key, line] : m_metadata) {
            if (!key.starts_with(kCasePrefix)) continue;
            const std::string name = key.substr(kCasePrefix.size());
            test.add("weights/" + name, [this, &test, name] { compareWeights(test, name); });
            test.add("picture/" + name, [this, &test, name] {
                engine::GenerationRequest request = requestFor("a red house on grass");
                request.loras = { writeLora(name) };
                comparePicture(test, name, request);
            });
        }
        for (const auto& [key, lines] : m_metadata) {
            if (key.starts_with(kEmbeddingPrefix)) addEmbedding(test, key.substr(kEmbeddingPrefix.size()));
        }
    }

private:
    const at::Tensor& tensor(const std::string& name)
    {
        if (m_tensors.empty()) m_tensors = test::loadTensors(kReferences);
        return m_tensors.at(name);
    }

    engine::LoraReference writeLora(const std::string& name)
    {
        const std::filesystem::path path = m_work / (name + ".safetensors");
        std::map<std::string, std::string> header;
        if (const auto found = m_metadata.find("header/" + name); found != m_metadata.end()) {
            const auto json = JsonValue::parse(found->second, "header");
            for (const auto& [key, value] : json->members()) header[key] = *value.toString();
        }
        test::writeAdapter(path, name, split(m_metadata.at("lora/" + name), '\n'), header);
        const std::string& line = m_metadata.at("case/" + name);
        return { path, numberIn(line, "scale"), numberIn(line, "text") };
    }

    engine::LoadedModel& loadedModel()
    {
        if (m_model) return *m_model;
        auto tokenizer = engine::ClipTokenizer::load(kVocabulary);
        if (!tokenizer) throw ParityTest::Skip{ tokenizer.error().message };
        m_tokenizer = std::make_unique<engine::ClipTokenizer>(std::move(tokenizer).value());
        const auto files = engine::ModelFiles::open({ test::pipelineModelPath("folder", m_work), {} }, engine::VariantPreference::Float32);
        if (!files) throw engine::EngineException(files.error());
        m_model = std::make_unique<engine::LoadedModel>(*files, *m_tokenizer, engine::LoadModelOptions{});
        return *m_model;
    }

    void compareWeights(ParityTest& test, const std::string& name)
    {
        engine::LoadedModel& model = loadedModel();
        const std::map<std::string, at::Tensor> before = test::networkWeights(model.loras());
        const std::vector<engine::LoraReference> stack{ writeLora(name) };
        const auto reports = model.applyLoras(stack, {}, {});
        test.check(reports.front().appliedLayers == reports.front().totalLayers, "only " + std::to_string(reports.front().appliedLayers) + " layers were applied");
        const std::map<std::string, at::Tensor> after = test::networkWeights(model.loras());

        const std::vector<std::string> names = split(m_metadata.at("weights/" + name), '\n');
        std::vector<at::Tensor> rows;
        std::size_t changed = 0;
        for (const auto& [key, value] : after) changed += static_cast<std::size_t>(!at::equal(value, before.at(key)));
        test.check(changed == names.size(), std::to_string(changed) + " weights changed instead of " + std::to_string(names.size()));
        for (const std::string& line : names) {
            const std::vector<std::string> parts = split(line, '|');
            const std::string key = test::weightKey(componentOf(parts[0]), parts[1]);
            const at::Tensor flat = after.at(key).flatten().to(at::kDouble);
            at::Tensor row = at::empty({ kSamples + 2 }, at::kFloat);
            for (int i = 0; i < kSamples; ++i) row[i] = flat[flat.numel() * i / kSamples].item<double>();
            row[kSamples] = flat.norm().item<double>();
            row[kSamples + 1] = (flat - before.at(key).flatten().to(at::kDouble)).norm().item<double>();
            rows.push_back(row);
        }
        // Each row against its own largest sample, so that a small weight counts as much as a large one.
        const at::Tensor expected = tensor("merged/" + name);
        const at::Tensor scale = expected.narrow(1, 0, kSamples).abs().amax(1, true);
        const at::Tensor norms = expected.narrow(1, kSamples, 2);
        const at::Tensor actual = at::stack(rows);
        test.compare("samples", actual.narrow(1, 0, kSamples) / scale, expected.narrow(1, 0, kSamples) / scale, kWeightLimit);
        test.compare("norms", actual.narrow(1, kSamples, 2) / norms, at::ones_like(norms), kWeightLimit);

        static_cast<void>(model.applyLoras({}, {}, {}));
        for (const auto& [key, value] : test::networkWeights(model.loras())) test.check(at::equal(value, before.at(key)), key + " is not the file's own after removal");
    }

    // As a file of its own, and as it comes inside a LoRA that changes nothing.
    void addEmbedding(ParityTest& test, const std::string& name)
    {
        const std::vector<std::string> prompts = split(m_metadata.at("prompts/" + name), '\n');
        engine::GenerationRequest request = requestFor(prompts.front());
        request.negativePrompt = prompts.size() > 1 ? prompts.back() : std::string();
        const std::filesystem::path path = m_work / "sfumo.safetensors", lora = m_work / "bundle.safetensors";
        const std::vector<std::string> lines = split(m_metadata.at(std::string(kEmbeddingPrefix) + name), '\n');
        test.add("embedding/" + name, [this, &test, name, request, path, lines]() mutable {
            test::writeAdapter(path, name, lines);
            request.embeddings = { { path, {} } };
            comparePicture(test, name, request);
        });
        if (name != "two-vectors") return; // the bundle's values follow from its own names
        test.add("bundled/" + name, [this, &test, name, request, lora, lines]() mutable {
            test::writeAdapter(lora, name, lines, {}, engine::Dtype::F32, "bundle_emb.sfumo.", { "lora_unet_mid_block_attentions_0_proj_in.diff|96,96|constant|0" });
            request.loras = { { lora, 1.0, 1.0 } };
            comparePicture(test, name, request);
        });
    }

    static engine::GenerationRequest requestFor(const std::string& prompt)
    {
        engine::GenerationRequest request;
        request.prompt = prompt;
        request.size = { 64, 64 };
        request.sampling.scheduler = "euler";
        request.sampling.steps = 4;
        request.sampling.guidanceScale = 3.0;
        request.sampling.seed = 5;
        request.precision = engine::Precision::Float32;
        request.device = "cpu";
        return request;
    }

    void comparePicture(ParityTest& test, const std::string& name, engine::GenerationRequest request)
    {
        if (!m_engine) {
            auto created = engine::createEngine({ kVocabulary, 1, 0 });
            if (!created) throw ParityTest::Skip{ created.error().message };
            m_engine = std::move(*created);
        }
        request.model.path = test::pipelineModelPath("folder", m_work);
        engine::GenerationObserver observer;
        const engine::GenerationOutcome outcome = m_engine->generate(request, observer, {});
        if (const auto* error = std::get_if<Error>(&outcome)) return test.check(false, error->message);
        const auto& result = std::get<engine::GenerationResult>(outcome);
        const ImageBuffer& pixels = result.images.front().pixels;
        at::Tensor bytes = at::empty({ pixels.height(), pixels.width(), 3 }, at::kByte);
        std::memcpy(bytes.data_ptr(), pixels.bytes(), pixels.sizeInBytes());
        const at::Tensor expected = tensor("image/" + name);
        test.compare("picture", bytes, expected, kPictureLimit / expected.max().item<double>());
    }

    const std::map<std::string, std::string> m_metadata;
    const std::filesystem::path m_work;
    std::map<std::string, at::Tensor> m_tensors;
    std::unique_ptr<engine::ClipTokenizer> m_tokenizer;
    std::unique_ptr<engine::LoadedModel> m_model;
    std::unique_ptr<engine::Engine> m_engine;
};

} // namespace

int main(int argc, char** argv)
{
    const auto references = engine::SafetensorsFile::open(kReferences);
    if (!references) {
        std::printf("FAIL %s\n", references.error().message.c_str());
        return 1;
    }
    ParityTest test(argc, argv);
    AdapterCases cases(*references);
    cases.addTo(test);
    return test.run();
}
