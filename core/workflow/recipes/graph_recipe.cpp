// ComfyUI's API graphs and Fooocus' JSON to a job.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/recipes/foreign_names.h"
#include "core/workflow/recipes/foreign_recipe.h"
#include "core/workflow/recipes/foreign_values.h"

#include <nlohmann/json.hpp>

#include <charconv>

namespace sfumato::workflow {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kFarthest = 64; // links followed at most, should a graph run in a circle

// Some graphs hold NaN, which is no JSON; it stands for nothing there.
std::string withoutNaN(std::string_view text)
{
    constexpr std::string_view kNaN = "NaN";
    std::string clean;
    bool isInText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') isInText = !isInText;
        if (isInText && text[i] == '\\' && i + 1 < text.size()) clean += text[i++];
        if (!isInText && text.substr(i).starts_with(kNaN)) {
            clean += "null";
            i += kNaN.size() - 1;
        } else {
            clean += text[i];
        }
    }
    return clean;
}

// A node's inputs, and those of the nodes they are linked to.
class Graph {
public:
    explicit Graph(const Json& nodes) : m_nodes(nodes) { }

    [[nodiscard]] const Json* node(const std::string& id) const
    {
        const auto found = m_nodes.find(id);
        return found == m_nodes.end() || !found->is_object() || !found->contains("inputs") || !(*found)["inputs"].is_object() ? nullptr : &*found;
    }
    [[nodiscard]] static std::string kindOf(const Json& node)
    {
        const auto kind = node.find("class_type");
        return kind == node.end() || !kind->is_string() ? std::string() : kind->get<std::string>();
    }
    [[nodiscard]] static const Json* input(const Json& node, const char* name)
    {
        const auto found = node["inputs"].find(name);
        return found == node["inputs"].end() || found->is_null() ? nullptr : &*found;
    }
    // The node that an input is linked to: ["id", output].
    [[nodiscard]] const Json* linked(const Json& from, const char* name) const
    {
        const Json* value = input(from, name);
        if (value == nullptr || !value->is_array() || value->size() != 2) return nullptr;
        return node((*value)[0].is_string() ? (*value)[0].get<std::string>() : (*value)[0].dump());
    }
    // A value, or the one of the node that gives it ("PrimitiveInt", "String …").
    [[nodiscard]] const Json* value(const Json& from, const char* name) const
    {
        const Json* found = input(from, name);
        const Json* holder = &from;
        for (int i = 0; i < kFarthest && found != nullptr && found->is_array(); ++i) {
            holder = linked(*holder, name);
            if (holder == nullptr) return nullptr;
            found = nullptr;
            for (const char* candidate : { "value", "text", "string", "seed", "noise_seed", "int", "float" }) {
                if ((found = input(*holder, candidate)) == nullptr) continue;
                name = candidate;
                break;
            }
        }
        return found;
    }
    [[nodiscard]] double number(const Json& from, const char* name, double fallback) const
    {
        const Json* found = value(from, name);
        return found != nullptr && found->is_number() ? found->get<double>() : fallback;
    }
    [[nodiscard]] std::string text(const Json& from, const char* name) const
    {
        const Json* found = value(from, name);
        return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
    }
    [[nodiscard]] const Json& nodes() const { return m_nodes; }

private:
    const Json& m_nodes;
};

bool isSampler(const Json& node)
{
    const std::string kind = Graph::kindOf(node);
    return kind == "KSampler" || kind == "KSamplerAdvanced";
}

// The sampler behind the first picture that is saved or shown; without such a node any sampler.
const Json* findSampler(const Graph& graph)
{
    for (const auto& [id, node] : graph.nodes().items()) {
        const Json* at = graph.node(id);
        if (at == nullptr || (Graph::kindOf(*at) != "SaveImage" && Graph::kindOf(*at) != "PreviewImage")) continue;
        for (int i = 0; i < kFarthest && at != nullptr && !isSampler(*at); ++i) {
            const Json* next = nullptr;
            for (const char* name : { "images", "samples", "image", "pixels", "latent_image", "upscaled" })
                if (next == nullptr) next = graph.linked(*at, name);
            at = next;
        }
        if (at != nullptr && isSampler(*at)) return at;
    }
    for (const auto& [id, node] : graph.nodes().items())
        if (const Json* found = graph.node(id); found != nullptr && isSampler(*found)) return found;
    return nullptr;
}

// The prompt that a condition comes from: the text node at the end of the conditioning links.
std::string promptOf(const Graph& graph, const Json& sampler, const char* name)
{
    const Json* at = graph.linked(sampler, name);
    for (int i = 0; i < kFarthest && at != nullptr; ++i) {
        if (const std::string text = graph.text(*at, "text"); !text.empty()) return text;
        const std::string global = graph.text(*at, "text_g"), local = graph.text(*at, "text_l");
        if (!global.empty() || !local.empty()) return global.empty() ? local : global;
        const Json* next = nullptr;
        for (const char* input : { "conditioning", "conditioning_1", "conditioning_to", name })
            if (next == nullptr) next = graph.linked(*at, input);
        at = next;
    }
    return {};
}

std::string baseName(const std::string& path) { return fileNamed(path.substr(path.find_last_of("/\\") + 1)); }

// Checkpoint and LoRAs along the model links, the first LoRA first.
void readModels(const Graph& graph, const Json& sampler, ParsedJob& parsed)
{
    std::vector<LoraReference> lastFirst;
    const Json* at = graph.linked(sampler, "model");
    for (int i = 0; i < kFarthest && at != nullptr; ++i) {
        if (const std::string checkpoint = graph.text(*at, "ckpt_name"); !checkpoint.empty()) {
            parsed.job.model = baseName(checkpoint);
            break;
        }
        if (const std::string name = graph.text(*at, "lora_name"); !name.empty()) {
            const double scale = graph.number(*at, "strength_model", 1.0);
            LoraReference lora{ baseName(name), scale, std::nullopt };
            const double text = Graph::kindOf(*at) == "LoraLoaderModelOnly" ? 0.0 : graph.number(*at, "strength_clip", scale);
            if (text != scale) lora.textEncoderScale = text;
            lastFirst.push_back(std::move(lora));
        }
        at = graph.linked(*at, "model");
    }
    for (auto lora = lastFirst.rbegin(); lora != lastFirst.rend(); ++lora) addLora(parsed, *lora);
}

void readClipSkip(const Graph& graph, JobDescription& job)
{
    for (const auto& [id, any] : graph.nodes().items()) {
        const Json* node = graph.node(id);
        if (node == nullptr || Graph::kindOf(*node) != "CLIPSetLastLayer") continue;
        job.clipSkip = wholeWithin(-graph.number(*node, "stop_at_clip_layer", -1) - 1, 0, JobDescription::kMostClipSkip);
    }
}

void readLatent(const Graph& graph, const Json& sampler, JobDescription& job)
{
    const Json* latent = graph.linked(sampler, "latent_image");
    if (latent == nullptr) return;
    const double width = graph.number(*latent, "width", 0), height = graph.number(*latent, "height", 0);
    if (width > 0 && height > 0) job.imageSize = sizeOf(width, height);
    job.imageCount = wholeWithin(graph.number(*latent, "batch_size", 1), 1, 8);
}

void takeScheduler(ParsedJob& parsed, const std::string& sampler, const std::string& schedule)
{
    const auto scheduler = schedulerFromComfyNames(sampler, schedule);
    if (!scheduler) {
        parsed.warnings.push_back("The sampler \"" + sampler + "\" is not one of this program's; " + parsed.job.scheduler + " is used.");
        return;
    }
    parsed.job.scheduler = scheduler->name;
    if (scheduler->isOnGpu) parsed.job.noiseOrigin = engine::NoiseOrigin::Gpu;
    if (!scheduler->knowsSchedule) parsed.warnings.push_back("The schedule \"" + schedule + "\" is not one of this program's; \"normal\" is used.");
}

void readSeed(const Json* value, JobDescription& job)
{
    if (value != nullptr && value->is_number_unsigned() && value->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)) job.seed = value->get<std::uint64_t>();
}

void readSampler(const Graph& graph, const Json& sampler, ParsedJob& parsed)
{
    JobDescription& job = parsed.job;
    const bool isAdvanced = Graph::kindOf(sampler) == "KSamplerAdvanced";
    readSeed(graph.value(sampler, isAdvanced ? "noise_seed" : "seed"), job);
    job.steps = wholeWithin(graph.number(sampler, "steps", 20), 1, JobDescription::kMostSteps);
    job.guidanceScale = within(graph.number(sampler, "cfg", 8.0), 1.0, 30.0);
    takeScheduler(parsed, graph.text(sampler, "sampler_name"), graph.text(sampler, "scheduler"));
    if (!isAdvanced) {
        job.strength = within(graph.number(sampler, "denoise", 1.0), 0.01, 1.0);
    } else if (graph.number(sampler, "start_at_step", 0) > 0 || graph.number(sampler, "end_at_step", job.steps) < job.steps) {
        parsed.warnings.emplace_back("The recipe's sampler runs a part of its steps; all of them are run.");
    }
}

// "(1.5, 0.8, 0.3)" or "1152 × 896": the numbers in a text.
std::vector<double> numbersIn(const std::string& text)
{
    std::vector<double> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        double value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error == std::errc{}) numbers.push_back(value);
        at = error == std::errc{} ? next : at + 1;
    }
    return numbers;
}

std::string fooocusText(const Json& json, const char* name)
{
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

void readFooocusOptions(const Json& json, JobDescription& job)
{
    const auto first = [&](const char* name, double fallback) {
        const std::vector<double> numbers = numbersIn(fooocusText(json, name));
        return numbers.empty() ? fallback : numbers.front();
    };
    job.sharpness = within(first("sharpness", 2.0), 0.0, engine::kLargestSharpness);
    job.adaptiveGuidance = within(first("adaptive_cfg", 7.0), 0.0, 30.0);
    const std::vector<double> sizes = numbersIn(fooocusText(json, "adm_guidance"));
    job.sizeEmphasis.emplace();
    if (sizes.size() == 3) {
        const auto factor = [](double value) { return within(value, engine::kSmallestSizeFactor, engine::kLargestSizeFactor); };
        job.sizeEmphasis = engine::SizeEmphasis{ factor(sizes[0]), factor(sizes[1]), within(sizes[2], 0.0, 1.0) };
    }
    job.steps = wholeWithin(first("steps", 30), 1, JobDescription::kMostSteps);
    job.guidanceScale = within(first("guidance_scale", 4.0), 1.0, 30.0);
    job.clipSkip = wholeWithin(first("clip_skip", 2) - 1, 0, JobDescription::kMostClipSkip);
}

void readFooocusLoras(const Json& json, ParsedJob& parsed)
{
    constexpr int kMostLoras = 32;
    for (int i = 1; i <= kMostLoras; ++i) {
        const std::string lora = fooocusText(json, ("lora_combined_" + std::to_string(i)).c_str());
        const std::size_t colon = lora.rfind(" : ");
        if (colon == std::string::npos) continue;
        const std::vector<double> weight = numbersIn(lora.substr(colon + 3));
        addLora(parsed, { baseName(lora.substr(0, colon)), weight.empty() ? 1.0 : weight.front(), std::nullopt });
    }
}

} // namespace

std::optional<ParsedJob> jobFromComfyGraph(std::string_view json)
{
    const auto document = parseJsonDocument(withoutNaN(json), "prompt");
    if (!document || !document->is_object()) return std::nullopt;
    const Graph graph(*document);
    const Json* sampler = findSampler(graph);
    if (sampler == nullptr) return std::nullopt;
    ParsedJob parsed;
    parsed.job.compatibility = engine::Compatibility::ComfyUi;
    readSampler(graph, *sampler, parsed);
    parsed.job.prompt = promptOf(graph, *sampler, "positive");
    parsed.job.negativePrompt = promptOf(graph, *sampler, "negative");
    readModels(graph, *sampler, parsed);
    readLatent(graph, *sampler, parsed.job);
    readClipSkip(graph, parsed.job);
    return parsed;
}

std::optional<ParsedJob> jobFromFooocus(std::string_view json)
{
    const auto document = parseJsonDocument(json, "parameters");
    if (!document || !document->is_object() || !document->contains("prompt") || !(document->contains("base_model") || document->contains("resolution"))) return std::nullopt;
    ParsedJob parsed;
    JobDescription& job = parsed.job;
    job.compatibility = engine::Compatibility::ComfyUi;
    job.prompt = fooocusText(*document, "prompt");
    job.negativePrompt = fooocusText(*document, "negative_prompt");
    readFooocusOptions(*document, job);
    takeScheduler(parsed, fooocusText(*document, "sampler"), fooocusText(*document, "scheduler"));
    const std::vector<double> size = numbersIn(fooocusText(*document, "resolution"));
    if (size.size() == 2) job.imageSize = sizeOf(size[0], size[1]);
    const std::vector<double> seed = numbersIn(fooocusText(*document, "seed"));
    if (!seed.empty() && seed.front() >= 0 && seed.front() < 9e15) job.seed = static_cast<std::uint64_t>(seed.front());
    if (const std::string model = fooocusText(*document, "base_model"); !model.empty()) job.model = baseName(model);
    readFooocusLoras(*document, parsed);
    parsed.warnings.emplace_back("Fooocus' styles are part of its recipe only as they are in the prompt.");
    return parsed;
}

std::optional<ParsedJob> jobFromPicture(const RecipeTexts& recipe)
{
    if (!recipe.job.empty())
        if (auto own = parseRecipe(recipe.job, "recipe")) return *std::move(own);
    if (recipe.parameters.starts_with('{')) {
        if (auto fooocus = jobFromFooocus(recipe.parameters)) return fooocus;
    } else if (!recipe.parameters.empty()) {
        if (auto a1111 = jobFromParameters(recipe.parameters)) return a1111;
    }
    return recipe.comfyGraph.empty() ? std::nullopt : jobFromComfyGraph(recipe.comfyGraph);
}

} // namespace sfumato::workflow
