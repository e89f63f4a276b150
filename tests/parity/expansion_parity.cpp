// Prompt expansion against transformers: logits of small networks, tokens drawn from them and whole texts, in float32 on the CPU.
// Results are in references/expansion.safetensors, made by make_expansion_references.py.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/language_model_files.h"
#include "core/engine/models/gpt2_model.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "core/engine/pipeline/prompt_expander.h"
#include "core/engine/sampling/token_sampler.h"
#include "tests/support/expander_folder.h"
#include "tests/support/parity_test.h"

#include <ATen/ops/equal.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace sfumato;
using engine::TokenSamplingRules;
using test::ParityTest;
namespace fs = std::filesystem;

constexpr double kLimit = 1e-4; // relative
constexpr std::int64_t kVocabulary = 1201;
constexpr int kDraws = 200;

// As in make_expansion_references.py.
const std::map<std::string, TokenSamplingRules>& rules()
{
    static const std::map<std::string, TokenSamplingRules> table{ { "", {} }, { "_warped", { 0.7, 20, 0.9 } }, { "_open", { 1.0, 0, 0.5 } }, { "_greedy", { 1.0, 1, 1.0 } } };
    return table;
}

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::vector<std::string> prompts()
{
    return { "a lighthouse", "  two red foxes,,  in the   snow. ", "Zürich at night, 8k uhd, (detailed:1.2)", "日本語の城 😀", "a\nb", repeated("x ", 60), repeated("a cat, ", 24) };
}

constexpr std::array<std::uint64_t, 3> kSeeds{ 0, 7, 4294967296ULL + 12345 };

at::Tensor idTensor(std::int64_t count)
{
    at::Tensor ids = at::empty({ 1, count }, at::kLong);
    for (std::int64_t i = 0; i < count; ++i) ids.mutable_data_ptr<std::int64_t>()[i] = (i * 37 + 5) % (kVocabulary - 1);
    return ids;
}

std::string textOf(const at::Tensor& bytes)
{
    const at::Tensor flat = bytes.contiguous();
    return { reinterpret_cast<const char*>(flat.const_data_ptr<std::uint8_t>()), static_cast<std::size_t>(flat.numel()) };
}

class Expanders {
public:
    explicit Expanders(ParityTest& test) : m_test(test), m_expected(test::loadTensors(SFUMATO_SOURCE_DIR "/tests/parity/references/expansion.safetensors"))
    {
        std::string folder = (fs::temp_directory_path() / "sfumato-expansion-XXXXXX").string();
        if (!mkdtemp(folder.data())) throw engine::EngineException(ErrorCode::Internal, "There is no place for temporary files.");
        m_work = folder;
        for (const auto& [name, shape] : test::expanderCases()) test::writeExpander(m_work / name, shape, SFUMATO_SOURCE_DIR "/tests/data/tokenizer/byte_level");
    }
    Expanders(const Expanders&) = delete;
    Expanders& operator=(const Expanders&) = delete;
    ~Expanders()
    {
        std::error_code ignored;
        fs::remove_all(m_work, ignored);
    }

    // All tokens at once, and the same with the last ones read one by one.
    void compareLogits(const std::string& name)
    {
        constexpr std::int64_t kTokens = 60, kAtOnce = 41, kStep = 6;
        const auto files = engine::LanguageModelFiles::open(m_work / name);
        if (!files) throw engine::EngineException(files.error());
        const engine::Weights weights(files->tensors, files->name, { at::kFloat, at::kCPU, {}, {} });
        const engine::Gpt2Model model(weights, files->settings);
        weights.finish();
        const at::Tensor ids = idTensor(kTokens), &expected = m_expected.at(name + ".logits");
        engine::Gpt2Cache whole, stepwise;
        const at::Tensor logits = model.logits(model.forward(ids, whole, {})).squeeze(0);
        m_test.compare("logits of 60 tokens", logits.slice(0, 0, kTokens, kStep), expected, kLimit);
        std::vector<at::Tensor> parts{ model.forward(ids.narrow(1, 0, kAtOnce), stepwise, {}) };
        for (std::int64_t i = kAtOnce; i < kTokens; ++i) parts.push_back(model.forward(ids.narrow(1, i, 1), stepwise, {}));
        m_test.compare("logits with cached keys and values", model.logits(at::cat(parts, 1)).squeeze(0).slice(0, 0, kTokens, kStep), expected, kLimit);
    }

    void compareTexts(const std::string& name)
    {
        const engine::PromptExpander expander(m_work / name, {});
        const std::vector<std::string> all = prompts();
        int equal = 0;
        for (const auto& [rule, settings] : rules()) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                const engine::PromptExpansion made = expander.expand({ {}, all[i], kSeeds[i % kSeeds.size()], settings.temperature, settings.topK, settings.topP }, {});
                const std::string expected = textOf(m_expected.at(name + ".text" + rule + '.' + std::to_string(i)));
                m_test.check(made.prompt == expected, "text" + rule + ' ' + std::to_string(i) + " is \"" + made.prompt + "\" instead of \"" + expected + '"');
                m_test.check(made.prompt.ends_with(made.addition), "the addition \"" + made.addition + "\" is no end of the prompt");
                equal += made.prompt == expected ? 1 : 0;
            }
        }
        std::printf("%s/texts equal: %d of %zu\n", name.c_str(), equal, rules().size() * all.size());
    }

    void compareDraws()
    {
        constexpr std::uint64_t kSeed = 99;
        const at::Tensor logits = (test::syntheticInput("input.logits", { 1, kVocabulary }) * 2).squeeze(0);
        for (const auto& [rule, settings] : rules()) {
            engine::TokenSampler sampler(kSeed, settings);
            at::Tensor drawn = at::empty({ kDraws }, at::kLong);
            for (int i = 0; i < kDraws; ++i) drawn.mutable_data_ptr<std::int64_t>()[i] = sampler.draw(logits);
            m_test.compare("200 draws" + rule, drawn.to(at::kDouble), m_expected.at("drawn" + rule).to(at::kDouble), 0.0);
        }
    }

private:
    ParityTest& m_test;
    std::map<std::string, at::Tensor> m_expected;
    fs::path m_work;
};

} // namespace

int main(int argc, char** argv)
{
    ParityTest test(argc, argv);
    Expanders expanders(test);
    for (const auto& [name, shape] : test::expanderCases()) {
        test.add("gpt2_" + name, [&expanders, name = name] { expanders.compareLogits(name); });
        test.add("expansion_" + name, [&expanders, name = name] { expanders.compareTexts(name); });
    }
    test.add("drawn_tokens", [&] { expanders.compareDraws(); });
    return test.run();
}
