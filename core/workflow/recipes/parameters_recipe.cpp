// The "parameters" text of A1111 and its relatives, and Fooocus' JSON, to a job.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_values.h"
#include "core/workflow/recipes/foreign_names.h"
#include "core/workflow/recipes/foreign_recipe.h"
#include "core/workflow/recipes/foreign_values.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace sfumato::workflow {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kNegative = "Negative prompt:";
constexpr std::size_t kFewestFields = 3;

std::optional<double> numberOf(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> seedOf(std::string_view text)
{
    text = trimmed(text);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
    return value;
}

bool isWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80U) != 0; }
bool isKeyPart(char c) { return isWord(c) || c == ' ' || c == '-' || c == '/'; }

// The end of a JSON string that begins here, or npos.
std::size_t endOfQuoted(std::string_view text, std::size_t begin)
{
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
        if (text[i] == '\\') ++i;
        else if (text[i] == '"')
            return i + 1;
    }
    return std::string_view::npos;
}

std::string unquoted(std::string_view value)
{
    const std::string_view inner = trimmed(value);
    if (inner.size() < 2 || inner.front() != '"' || inner.back() != '"') return std::string(value);
    const Json text = Json::parse(inner, nullptr, false);
    return text.is_string() ? text.get<std::string>() : std::string(value);
}

// "Key: value, Key: \"quoted, value\"". A key begins with a word character; a value that is not quoted ends at a comma.
std::vector<std::pair<std::string, std::string>> pairsIn(std::string_view line)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    std::size_t at = 0;
    while (at < line.size()) {
        if (!isWord(line[at])) {
            ++at;
            continue;
        }
        std::size_t colon = at;
        while (colon < line.size() && isKeyPart(line[colon])) ++colon;
        if (colon >= line.size() || line[colon] != ':') {
            at = colon == at ? at + 1 : colon;
            continue;
        }
        std::size_t begin = colon + 1;
        while (begin < line.size() && line[begin] == ' ') ++begin;
        std::size_t end = begin < line.size() && line[begin] == '"' ? endOfQuoted(line, begin) : std::string_view::npos;
        if (end == std::string_view::npos || (end < line.size() && line[end] != ',')) end = std::min(line.find(',', begin), line.size());
        pairs.emplace_back(std::string(trimmed(line.substr(at, colon - at))), unquoted(line.substr(begin, end - begin)));
        at = end + 1;
    }
    return pairs;
}

// "512x768".
std::optional<std::pair<std::string, std::string>> sidesOf(const std::string& value)
{
    const std::size_t times = value.find('x');
    const auto isNumber = [](std::string_view text) { return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; }); };
    if (times == std::string::npos || !isNumber(std::string_view(value).substr(0, times)) || !isNumber(std::string_view(value).substr(times + 1))) return std::nullopt;
    return std::pair{ value.substr(0, times), value.substr(times + 1) };
}

std::string fileNameOf(const std::string& name)
{
    const bool hasEnding = name.ends_with(".safetensors") || name.ends_with(".ckpt") || name.ends_with(".pt");
    return fileNamed(hasEnding ? name : name + ".safetensors");
}

// A LoRA of <lora:NAME:TEXT[:UNET]>, the numbers also as te= and unet=.
std::optional<LoraReference> loraOf(const NetworkTag& tag)
{
    if ((tag.kind != "lora" && tag.kind != "lyco") || tag.arguments.empty() || tag.arguments.front().empty()) return std::nullopt;
    std::optional<double> text, unet;
    int place = 0;
    for (std::size_t i = 1; i < tag.arguments.size(); ++i) {
        const std::string& argument = tag.arguments[i];
        if (argument.starts_with("te=")) text = numberOf(std::string_view(argument).substr(3));
        else if (argument.starts_with("unet="))
            unet = numberOf(std::string_view(argument).substr(5));
        else if (!argument.starts_with("dyn="))
            (place++ == 0 ? text : unet) = numberOf(argument);
    }
    LoraReference lora{ fileNameOf(tag.arguments.front()), unet.value_or(text.value_or(1.0)), std::nullopt };
    if (text && *text != lora.scale) lora.textEncoderScale = text;
    return lora;
}

void takeLoras(ParsedJob& parsed)
{
    for (const NetworkTag& tag : takeNetworkTags(parsed.job.prompt)) {
        if (auto lora = loraOf(tag)) addLora(parsed, *std::move(lora));
        else
            parsed.warnings.push_back("The prompt's <" + tag.kind + "> tag cannot be followed and was left out.");
    }
}

class FieldValues {
public:
    explicit FieldValues(const ParametersText& text) : m_fields(text.fields) { }

    [[nodiscard]] std::string text(std::string_view name) const
    {
        const auto found = m_fields.find(name);
        return found == m_fields.end() ? std::string() : found->second;
    }
    [[nodiscard]] std::optional<double> number(std::string_view name) const { return numberOf(text(name)); }
    [[nodiscard]] bool has(std::string_view name) const { return m_fields.contains(name); }

private:
    const std::map<std::string, std::string, std::less<>>& m_fields;
};

void readNoise(const FieldValues& fields, JobDescription& job)
{
    if (const auto seed = seedOf(fields.text("Seed"))) job.seed = seed;
    const std::string rng = fields.text("RNG");
    if (rng == "CPU") job.noiseOrigin = engine::NoiseOrigin::Cpu;
    if (rng == "NV" || rng == "GPU") job.noiseOrigin = engine::NoiseOrigin::Gpu;
    if (const auto delta = seedOf(fields.text("ENSD"))) job.etaNoiseSeedDelta = *delta;
}

void readSampler(const FieldValues& fields, ParsedJob& parsed)
{
    const std::string sampler = fields.text("Sampler");
    if (sampler.empty()) return;
    if (auto name = schedulerFromLabels(sampler, fields.text("Schedule type"))) parsed.job.scheduler = *std::move(name);
    else
        parsed.warnings.push_back("The sampler \"" + sampler + "\" is not one of this program's; " + parsed.job.scheduler + " is used.");
}

void warnOfTheRest(const FieldValues& fields, ParsedJob& parsed)
{
    for (const auto& [name, what] : { std::pair{ "Hires upscale", "a second pass at a larger size" }, std::pair{ "Hires resize", "a second pass at a larger size" }, std::pair{ "Variation seed", "a variation seed" }, std::pair{ "ControlNet 0", "control pictures" } })
        if (fields.has(name)) parsed.warnings.push_back(std::string("The recipe has ") + what + ", which is not taken over.");
}

} // namespace

ParametersText splitParameters(std::string_view text)
{
    ParametersText parts;
    text = trimmed(text);
    const std::size_t lastBreak = text.rfind('\n');
    std::string_view lastLine = lastBreak == std::string_view::npos ? text : text.substr(lastBreak + 1);
    std::string_view body = lastBreak == std::string_view::npos ? std::string_view() : text.substr(0, lastBreak);
    auto pairs = pairsIn(lastLine);
    if (pairs.size() < kFewestFields) {
        pairs.clear();
        body = text;
    }
    for (auto& [name, value] : pairs) {
        if (auto sides = sidesOf(value)) {
            parts.fields.emplace(name + "-1", sides->first);
            parts.fields.emplace(name + "-2", sides->second);
        } else {
            parts.fields.insert_or_assign(std::move(name), std::move(value));
        }
    }
    bool isNegative = false, isFirst = true;
    while (!body.empty()) {
        const std::size_t end = std::min(body.find('\n'), body.size());
        std::string_view line = trimmed(body.substr(0, end));
        body.remove_prefix(std::min(end + 1, body.size()));
        if (!isNegative && line.starts_with(kNegative)) {
            isNegative = isFirst = true;
            line = trimmed(line.substr(kNegative.size()));
        }
        std::string& target = isNegative ? parts.negativePrompt : parts.prompt;
        if (!isFirst) target += '\n';
        target += line;
        isFirst = false;
    }
    return parts;
}

std::vector<NetworkTag> takeNetworkTags(std::string& prompt)
{
    std::vector<NetworkTag> tags;
    std::string rest;
    std::size_t at = 0;
    while (at < prompt.size()) {
        std::size_t colon = at + 1;
        while (colon < prompt.size() && isWord(prompt[colon])) ++colon;
        const bool begins = prompt[at] == '<' && colon > at + 1 && colon < prompt.size() && prompt[colon] == ':';
        const std::size_t end = begins ? prompt.find('>', colon + 2) : std::string::npos;
        if (end == std::string::npos || prompt[colon + 1] == '>') {
            rest += prompt[at++];
            continue;
        }
        NetworkTag tag{ prompt.substr(at + 1, colon - at - 1), {} };
        for (std::size_t begin = colon + 1; begin <= end;) {
            const std::size_t stop = std::min(prompt.find(':', begin), end);
            tag.arguments.push_back(prompt.substr(begin, stop - begin));
            begin = stop + 1;
        }
        tags.push_back(std::move(tag));
        at = end + 1;
    }
    prompt = std::move(rest);
    return tags;
}

std::optional<ParsedJob> jobFromParameters(std::string_view text)
{
    const ParametersText parts = splitParameters(text);
    const FieldValues fields(parts);
    const auto steps = fields.number("Steps");
    if (!steps) return std::nullopt;
    ParsedJob parsed;
    JobDescription& job = parsed.job;
    job.compatibility = engine::Compatibility::A1111;
    job.prompt = parts.prompt;
    job.negativePrompt = parts.negativePrompt;
    takeLoras(parsed);
    job.steps = wholeWithin(*steps, 1, JobDescription::kMostSteps);
    readSampler(fields, parsed);
    if (const auto scale = fields.number("CFG scale")) job.guidanceScale = within(*scale, 1.0, 30.0);
    readNoise(fields, job);
    const auto width = fields.number("Size-1"), height = fields.number("Size-2");
    if (width && height) job.imageSize = sizeOf(*width, *height);
    if (const std::string model = fields.text("Model"); !model.empty()) job.model = fileNameOf(model);
    if (const auto strength = fields.number("Denoising strength")) job.strength = within(*strength, 0.01, 1.0);
    if (const auto skip = fields.number("Clip skip")) job.clipSkip = wholeWithin(*skip - 1, 0, JobDescription::kMostClipSkip);
    if (const std::string refiner = fields.text("Refiner"); !refiner.empty())
        job.refiner = RefinerSettings{ fileNameOf(refiner.substr(0, refiner.find(" ["))), within(fields.number("Refiner switch at").value_or(0.8), 0.01, 0.99) };
    warnOfTheRest(fields, parsed);
    return parsed;
}

} // namespace sfumato::workflow
