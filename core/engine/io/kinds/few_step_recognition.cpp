// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/kinds/few_step_recognition.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace sfumato::engine {

namespace {

constexpr std::size_t kLongestName = 256; // of a name that is looked at

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), text) != words.end();
}

enum class Letter { None,
    Lower,
    Upper,
    Digit };

Letter letterOf(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    if (std::isdigit(byte) != 0) return Letter::Digit;
    if (std::isupper(byte) != 0) return Letter::Upper;
    return std::islower(byte) != 0 ? Letter::Lower : Letter::None;
}

// A name as lower-case words and numbers: "juggernautXL_v9Lightning4Steps" → juggernaut, xl, v, 9, lightning, 4, steps.
std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words;
    Letter before = Letter::None;
    for (const char c : name.substr(0, kLongestName)) {
        const Letter letter = letterOf(c);
        const bool goesOn = letter == before || (before == Letter::Upper && letter == Letter::Lower && words.back().size() == 1);
        if (letter != Letter::None && !goesOn) words.emplace_back();
        if (letter != Letter::None) words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        before = letter;
    }
    return words;
}

// One name, taken apart.
class NameReading {
public:
    NameReading(std::string_view name, bool isAdapter) : m_words(wordsOf(name)), m_isAdapter(isAdapter) { }

    [[nodiscard]] std::optional<FewStepAdvice> advice() const
    {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            if (std::optional<FewStepAdvice> found = adviceAt(i)) return found;
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] std::string_view wordAt(std::size_t i) const { return i < m_words.size() ? std::string_view(m_words[i]) : std::string_view(); }
    [[nodiscard]] bool has(std::string_view word) const { return std::find(m_words.begin(), m_words.end(), word) != m_words.end(); }

    // The number before "step" or "steps"; 0 without one.
    [[nodiscard]] int steps() const
    {
        for (std::size_t i = 1; i < m_words.size(); ++i) {
            if (!isOneOf(m_words[i], { "step", "steps" })) continue;
            int count = 0;
            const std::string& number = m_words[i - 1];
            const auto parsed = std::from_chars(number.data(), number.data() + number.size(), count);
            if (parsed.ec == std::errc{} && count >= 1 && count <= 16) return count;
        }
        return 0;
    }

    // Words that are also common ones count in the name of a LoRA only where it speaks of steps or of the base model right before or after.
    [[nodiscard]] bool isMeantAt(std::size_t i) const
    {
        const auto isBase = [](std::string_view word) { return isOneOf(word, { "sdxl", "sd", "xl", "lora" }); };
        return !m_isAdapter || steps() > 0 || (i > 0 && isBase(m_words[i - 1])) || isBase(wordAt(i + 1));
    }

    // "hyper" stands before many a word ("hyper realistic").
    [[nodiscard]] bool isHyperAt(std::size_t i) const
    {
        if (m_words[i] == "hypersd" || m_words[i] == "hypersdxl") return true;
        if (m_words[i] != "hyper" || !isMeantAt(i)) return false;
        const std::string_view next = wordAt(i + 1);
        const bool isNumber = !next.empty() && letterOf(next.front()) == Letter::Digit;
        return next.empty() || isNumber || isOneOf(next, { "sd", "sdxl", "xl", "lora", "unet", "cfg", "step", "steps", "v", "fp", "bf", "pruned", "vae", "baked", "bakedvae", "inpainting" });
    }

    [[nodiscard]] std::optional<FewStepAdvice> adviceAt(std::size_t i) const
    {
        const std::string_view word = m_words[i];
        if (word == "lightning" && isMeantAt(i)) return lightning();
        if (word == "turbo" && isMeantAt(i)) return FewStepAdvice{ FewStepMethod::Turbo, std::max(steps(), 4), 1, 10, 1.0, 1.0, 3.0, "euler_a_trailing" };
        if (word == "lcm") return FewStepAdvice{ FewStepMethod::Lcm, steps() > 0 ? steps() : 4, 2, 12, 1.0, 1.0, 2.0, "lcm" };
        if (word == "tcd") return FewStepAdvice{ FewStepMethod::Tcd, steps() > 0 ? steps() : 4, 2, 50, 1.0, 1.0, 2.0, "tcd" };
        if (word == "dmd" && wordAt(i + 1) == "2") return dmd2();
        if (isHyperAt(i)) return hyper();
        return std::nullopt;
    }

    [[nodiscard]] FewStepAdvice lightning() const
    {
        const int count = steps();
        FewStepAdvice advice{ FewStepMethod::Lightning, count, count, count, 1.0, 1.0, 2.0, "euler_trailing" };
        advice.predictsSample = count == 1; // the one-step model alone
        if (count > 0) return advice;
        advice.steps = 6; // of a merge that keeps its count to itself
        advice.leastSteps = 3;
        advice.mostSteps = 12;
        advice.mostGuidance = 3.0;
        return advice;
    }

    // The one-step UNet visits a timestep of its own that has no name here.
    [[nodiscard]] std::optional<FewStepAdvice> dmd2() const
    {
        if (steps() == 1) return std::nullopt;
        return FewStepAdvice{ FewStepMethod::Dmd2, 4, 4, 8, 1.0, 1.0, 1.5, "lcm_trailing" };
    }

    [[nodiscard]] FewStepAdvice hyper() const
    {
        const int count = steps();
        if (has("cfg")) return { FewStepMethod::Hyper, count > 0 ? count : 8, count > 0 ? count : 8, 12, 5.0, 3.0, 8.0, "ddim_trailing" };
        if (count == 1 && has("unet")) return { FewStepMethod::Hyper, 1, 1, 1, 1.0, 1.0, 1.0, "lcm_hyper" };
        if (count == 1) return { FewStepMethod::Hyper, 1, 1, 8, 1.0, 1.0, 1.5, "tcd_eta1" }; // one LoRA for 1 to 8 steps
        if (count > 0) return { FewStepMethod::Hyper, count, count, count, 1.0, 1.0, 2.0, "ddim_trailing" };
        return { FewStepMethod::Hyper, 8, 4, 12, 1.0, 1.0, 3.0, "ddim_trailing" };
    }

    std::vector<std::string> m_words;
    bool m_isAdapter;
};

// Names, the most telling first.
std::vector<std::string> namesOf(const FewStepEvidence& evidence, const Metadata& metadata)
{
    const std::string stem = evidence.path.extension() == ".safetensors" ? evidence.path.stem().string() : evidence.path.filename().string();
    std::vector<std::string> names{ stem };
    if (isOneOf(stem, { "pytorch_lora_weights", "diffusion_pytorch_model", "adapter_model", "model", "unet" })) names.push_back(evidence.path.parent_path().filename().string());
    for (const char* key : { "modelspec.title", "ss_output_name", "modelspec.usage_hint" }) names.push_back(metadataValue(metadata, key));
    return names;
}

std::optional<FewStepAdvice> adviceOfConfig(const FewStepEvidence& evidence)
{
    if (evidence.schedulerClass == "LCMScheduler") return FewStepAdvice{ FewStepMethod::Lcm, 4, 2, 12, 1.0, 1.0, 2.0, "lcm" };
    if (evidence.schedulerClass == "TCDScheduler") return FewStepAdvice{ FewStepMethod::Tcd, 4, 2, 50, 1.0, 1.0, 2.0, "tcd" };
    if (evidence.schedulerClass == "EulerAncestralDiscreteScheduler" && evidence.isTrailing) return FewStepAdvice{ FewStepMethod::Turbo, 4, 1, 10, 1.0, 1.0, 3.0, "euler_a_trailing" };
    return std::nullopt;
}

} // namespace

std::optional<FewStepAdvice> recogniseFewSteps(const FewStepEvidence& evidence, const Metadata& metadata)
{
    // Guidance is an input of these networks: a scale of 8 costs nothing (Luo et al. 2023, section 4.2; trained for 3 to 15).
    if (evidence.hasGuidanceEmbedding) return FewStepAdvice{ FewStepMethod::Lcm, 4, 1, 12, 8.0, 3.0, 15.0, "lcm" };
    for (const std::string& name : namesOf(evidence, metadata)) {
        if (std::optional<FewStepAdvice> advice = NameReading(name, evidence.isAdapter).advice()) return advice;
    }
    return adviceOfConfig(evidence);
}

} // namespace sfumato::engine
