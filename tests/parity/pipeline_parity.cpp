// Whole pipelines against diffusers: final 8-bit pictures through the public Engine interface, in float32 on the CPU.
// Cases, source pictures and results are in references/pipelines*.safetensors, made by make_pipeline_references.py.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_file.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/runtime/create_engine.h"
#include "tests/parity/control_models.h"
#include "tests/parity/image_prompts.h"
#include "tests/parity/pipeline_models.h"
#include "tests/support/parity_test.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace sfumato;
using test::ParityTest;

constexpr double kLimit = 2.0; // of 255, of any sample of any picture
constexpr std::string_view kCasePrefix = "case/";
constexpr const char* kReferences[] = { "pipelines", "pipelines_samplers", "pipelines_sd1", "pipelines_refiner", "pipelines_controls", "pipelines_few_steps", "pipelines_files", "pipelines_guidance",
    "pipelines_programs", "pipelines_image_prompts" };

std::filesystem::path referencePath(const std::string& name)
{
    return std::filesystem::path(SFUMATO_SOURCE_DIR "/tests/parity/references") / (name + ".safetensors");
}

using Fields = std::map<std::string, std::string>;

// "key=value;key=value"
Fields parseFields(const std::string& line)
{
    Fields fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, ';');) {
        const std::size_t equals = field.find('=');
        fields[field.substr(0, equals)] = field.substr(equals + 1);
    }
    return fields;
}

std::vector<std::string> splitAtCommas(const std::string& list)
{
    std::vector<std::string> parts;
    std::istringstream stream(list);
    for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
    return parts;
}

// What guides a run beside the guidance scale.
void readGuidance(const Fields& fields, engine::SamplingSettings& sampling)
{
    const auto number = [&fields](const char* name, double& value) {
        if (fields.contains(name)) value = std::stod(fields.at(name));
    };
    number("rescale", sampling.guidanceRescale);
    number("pag", sampling.perturbed.scale);
    number("pag_adaptive", sampling.perturbed.adaptiveScale);
    if (fields.contains("pag_layers")) sampling.perturbed.layers = splitAtCommas(fields.at("pag_layers"));
    if (fields.contains("freeu")) {
        const std::vector<std::string> factors = splitAtCommas(fields.at("freeu"));
        sampling.freeU = engine::FreeU{ std::stod(factors.at(0)), std::stod(factors.at(1)), std::stod(factors.at(2)), std::stod(factors.at(3)), fields.contains("freeu_version") ? 2 : 1 };
    }
    number("sharpness", sampling.sharpness);
    number("adaptive", sampling.adaptiveGuidance);
    if (fields.contains("adm")) sampling.sizeEmphasis.emplace();
}

// Whose rules a run follows.
void readProgram(const Fields& fields, engine::SamplingSettings& sampling)
{
    if (!fields.contains("compatibility")) return;
    sampling.compatibility = fields.at("compatibility") == "a1111" ? engine::Compatibility::A1111 : engine::Compatibility::ComfyUi;
    if (fields.contains("noise")) sampling.noise = fields.at("noise") == "cpu" ? engine::NoiseOrigin::Cpu : engine::NoiseOrigin::Gpu;
    if (fields.contains("ensd")) sampling.etaNoiseSeedDelta = std::stoull(fields.at("ensd"));
}

engine::GenerationMode modeOf(const std::string& name)
{
    if (name == "inpaint") return engine::GenerationMode::Inpainting;
    return name == "image-to-image" ? engine::GenerationMode::ImageToImage : engine::GenerationMode::TextToImage;
}

engine::PredictionType predictionOf(const std::string& name)
{
    if (name == "sample") return engine::PredictionType::Sample;
    return name == "epsilon" ? engine::PredictionType::Epsilon : engine::PredictionType::VPrediction;
}

ImageBuffer toImage(const at::Tensor& bytes, PixelFormat format)
{
    ImageBuffer image({ static_cast<int>(bytes.size(1)), static_cast<int>(bytes.size(0)) }, format);
    std::memcpy(image.bytes(), bytes.contiguous().const_data_ptr(), image.sizeInBytes());
    return image;
}

at::Tensor toTensor(const ImageBuffer& image)
{
    at::Tensor bytes = at::empty({ image.height(), image.width(), 3 }, at::kByte);
    std::memcpy(bytes.data_ptr(), image.bytes(), image.sizeInBytes());
    return bytes;
}

// The starter model that the references were made with has this CRC-32 (zlib's).
std::uint32_t crc32OfFile(const std::filesystem::path& path)
{
    std::uint32_t table[256];
    for (std::uint32_t i = 0; i < 256; ++i) {
        table[i] = i;
        for (int bit = 0; bit < 8; ++bit) table[i] = (table[i] >> 1) ^ ((table[i] & 1U) != 0 ? 0xedb88320U : 0U);
    }
    std::ifstream file(path, std::ios::binary);
    std::uint32_t crc = 0xffffffffU;
    for (std::istreambuf_iterator<char> byte(file), end; byte != end; ++byte) crc = table[(crc ^ static_cast<std::uint8_t>(*byte)) & 0xffU] ^ (crc >> 8);
    return ~crc;
}

// Engine, references and models, made on first use.
class PipelineCases {
public:
    PipelineCases() : m_work(std::filesystem::path(SFUMATO_BUILD_DIR) / "tests/pipeline_models") { std::filesystem::remove_all(m_work); }
    ~PipelineCases() { std::filesystem::remove_all(m_work); }
    PipelineCases(const PipelineCases&) = delete;
    PipelineCases& operator=(const PipelineCases&) = delete;

    // The cases of one file of references.
    void add(ParityTest& test, const std::map<std::string, std::string>& metadata, const std::string& file)
    {
        for (const auto& [key, line] : metadata) {
            if (!key.starts_with(kCasePrefix)) continue;
            const std::string name = key.substr(kCasePrefix.size());
            Fields fields = parseFields(line);
            fields["file"] = file;
            fields["starter-crc32"] = metadata.at("starter-crc32");
            test.add(name, [this, &test, name, fields] { run(test, name, fields); });
        }
    }

    void printSummary() const
    {
        if (m_pictures > 0) std::printf("%d pictures: largest difference %.0f of 255, largest RMS %.4f of 255\n", m_pictures, m_largest, m_largestRms);
    }

private:
    engine::GenerationRequest requestFor(const Fields& fields)
    {
        engine::GenerationRequest request;
        request.model.path = test::pipelineModelPath(fields.at("model"), m_work);
        if (fields.contains("vae")) request.model.vae = test::pipelineModelPath(fields.at("vae"), m_work);
        request.mode = modeOf(fields.at("mode"));
        request.prompt = fields.at("prompt");
        request.negativePrompt = fields.at("negative");
        request.size = { std::stoi(fields.at("width")), std::stoi(fields.at("height")) };
        request.sampling.scheduler = fields.at("scheduler");
        request.sampling.steps = std::stoi(fields.at("steps"));
        request.sampling.guidanceScale = std::stod(fields.at("guidance"));
        request.sampling.strength = std::stod(fields.at("strength"));
        request.sampling.seed = std::stoull(fields.at("seed"));
        request.sampling.imageCount = std::stoi(fields.at("images"));
        request.precision = engine::Precision::Float32;
        request.device = "cpu";
        readGuidance(fields, request.sampling);
        readProgram(fields, request.sampling);
        if (fields.contains("prediction")) request.parametrisation.prediction = predictionOf(fields.at("prediction"));
        if (fields.contains("zero_snr")) request.parametrisation.zeroTerminalSnr = fields.at("zero_snr") == "True";
        if (fields.contains("skip")) request.clipSkip = std::stoi(fields.at("skip"));
        if (fields.contains("score")) request.aestheticScore = std::stod(fields.at("score"));
        if (fields.contains("negative_score")) request.negativeAestheticScore = std::stod(fields.at("negative_score"));
        if (fields.contains("refiner")) request.refiner = { { test::pipelineModelPath(fields.at("refiner"), m_work), {} }, std::stod(fields.at("switch")) };
        if (fields.contains("references")) request.controls = test::imagePrompts(fields.at("references"), request.model.path, m_work);
        const std::string size = fields.at("width") + "x" + fields.at("height");
        if (fields.contains("controls"))
            request.controls = test::parseControls(fields.at("controls"), m_work, [&](const std::string& picture) { return toImage(tensor(fields, "control/" + picture + "/" + size), PixelFormat::Rgb8); });
        if (request.mode != engine::GenerationMode::TextToImage) request.image = toImage(tensor(fields, "picture/" + size), PixelFormat::Rgb8);
        if (request.mode == engine::GenerationMode::Inpainting) request.mask = toImage(tensor(fields, "mask/" + size), PixelFormat::Gray8);
        return request;
    }

    const at::Tensor& tensor(const Fields& fields, const std::string& name)
    {
        auto& tensors = m_tensors[fields.at("file")];
        if (tensors.empty()) tensors = test::loadTensors(referencePath(fields.at("file")));
        return tensors.at(name);
    }

    engine::Engine& startedEngine()
    {
        if (!m_engine) {
            constexpr int kThreads = 1; // the networks are so small that a second one mostly waits
            auto created = engine::createEngine({ SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt", kThreads, 0 });
            if (!created && created.error().code == ErrorCode::FileNotFound) throw ParityTest::Skip{ created.error().message };
            if (!created) throw engine::EngineException(created.error());
            m_engine = std::move(*created);
        }
        return *m_engine;
    }

    void checkStarter(ParityTest& test, const Fields& fields)
    {
        if (m_starterCrc.empty()) m_starterCrc = std::to_string(crc32OfFile(test::starterPath()));
        test.check(m_starterCrc == fields.at("starter-crc32"),
            "the starter model is not the one the references were made with; run tests/parity/make_pipeline_references.py again");
    }

    void run(ParityTest& test, const std::string& name, const Fields& fields)
    {
        if (fields.at("model").starts_with("starter")) checkStarter(test, fields);
        engine::GenerationObserver observer;
        const engine::GenerationRequest request = requestFor(fields);
        const engine::GenerationOutcome outcome = startedEngine().generate(request, observer, {});
        if (const auto* error = std::get_if<Error>(&outcome)) return test.check(false, error->message);
        const auto* result = std::get_if<engine::GenerationResult>(&outcome);
        const at::Tensor& expected = tensor(fields, "images/" + (fields.contains("pictures") ? fields.at("pictures") : name));
        if (result == nullptr || static_cast<std::int64_t>(result->images.size()) != expected.size(0)) return test.check(false, "gave another number of pictures");
        for (std::size_t k = 0; k < result->images.size(); ++k) {
            test.check(result->images[k].seed == request.sampling.seed + k, "a picture has another seed");
            compare(test, "picture " + std::to_string(k + 1), toTensor(result->images[k].pixels), expected[static_cast<std::int64_t>(k)]);
        }
    }

    void compare(ParityTest& test, const std::string& value, const at::Tensor& actual, const at::Tensor& expected)
    {
        // The limit is an absolute one; the harness compares relative to the largest sample.
        test.compare(value, actual, expected, kLimit / expected.max().item<double>());
        const test::TensorError error = test::tensorError(actual, expected);
        m_largest = std::max(m_largest, error.comparable ? error.max : HUGE_VAL);
        m_largestRms = std::max(m_largestRms, error.rms);
        ++m_pictures;
    }

    const std::filesystem::path m_work;
    std::map<std::string, std::map<std::string, at::Tensor>> m_tensors; // of each file of references
    std::unique_ptr<engine::Engine> m_engine;
    std::string m_starterCrc;
    double m_largest = 0;
    double m_largestRms = 0;
    int m_pictures = 0;
};

} // namespace

int main(int argc, char** argv)
{
    ParityTest test(argc, argv);
    PipelineCases cases;
    for (const char* name : kReferences) {
        const auto references = engine::SafetensorsFile::open(referencePath(name));
        if (!references) {
            std::printf("FAIL %s\n", references.error().message.c_str());
            return 1;
        }
        cases.add(test, references->metadata(), name);
    }
    const int status = test.run();
    cases.printSummary();
    return status;
}
