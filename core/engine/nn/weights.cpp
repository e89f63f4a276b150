// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/weights.h"

#include "core/engine/io/model_files.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/tensor_reading.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace sfumato::engine {

namespace {

constexpr std::size_t kNamesInMessage = 8;
constexpr std::string_view kWeightSuffix = ".weight";
// Of 8-bit weights: X.weight is to be multiplied by X.scale_weight (ComfyUI) or X.weight_scale (its later files).
constexpr std::array<std::string_view, 2> kScaleSuffixes{ ".scale_weight", ".weight_scale" };
// They scale the activations of 8-bit products, which are not used here, or repeat in words what the stored type says.
constexpr std::array<std::string_view, 3> kIdleSuffixes{ ".scale_input", ".input_scale", ".comfy_quant" };
constexpr std::uint64_t kReleasesPerLoad = 16;
constexpr std::uint64_t kMostBytesBetweenReleases = 256u << 20;

// Gives the pages of freed tensors back. Without it loading takes twice the memory: tensors are aligned, and the C library of Debian 12 cannot put an aligned
// tensor into the gap that one of the same size left behind.
void releaseFreedMemory()
{
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

std::string shapeText(at::IntArrayRef shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    return text + "]";
}

std::uint64_t byteCount(const MappedTensor& tensor)
{
    std::uint64_t bits = static_cast<std::uint64_t>(bitsPerElement(tensor.entry->dtype));
    for (const std::int64_t side : tensor.shape)
        bits *= static_cast<std::uint64_t>(side);
    return bits / 8;
}

std::vector<WeightSource> sourcesOf(const std::vector<MappedTensor>& tensors)
{
    std::vector<WeightSource> sources;
    sources.reserve(tensors.size());
    for (const MappedTensor& tensor : tensors)
        sources.push_back(weightSource(tensor));
    return sources;
}

// "3 tensors are missing: a, b and 1 more"; empty for no names.
std::string countedNames(const std::vector<std::string>& names, const std::string& singular, const std::string& plural)
{
    if (names.empty())
        return {};
    std::string text = names.size() == 1 ? "1 tensor " + singular : std::to_string(names.size()) + " tensors " + plural;
    for (std::size_t i = 0; i < std::min(names.size(), kNamesInMessage); ++i)
        text += (i == 0 ? ": " : ", ") + names[i];
    if (names.size() > kNamesInMessage)
        text += " and " + std::to_string(names.size() - kNamesInMessage) + " more";
    return text;
}

// Multiplied in float32, where the product of an 8-bit weight and its scale is rounded once.
at::Tensor scaled(const at::Tensor& weight, const at::Tensor& scale)
{
    const double factor = scale.to(at::kDouble).item<double>();
    return factor == 1.0 ? weight : weight.to(at::kFloat).mul_(factor);
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator)
{
    std::string text;
    for (const std::string& part : parts) {
        if (part.empty())
            continue;
        if (!text.empty())
            text += separator;
        text += part;
    }
    return text;
}

} // namespace

WeightSource weightSource(const MappedTensor& tensor)
{
    return { tensor.name, tensor.shape, byteCount(tensor), weightReader(tensor) };
}

struct Weights::State {
    struct Entry {
        WeightSource source;
        bool isUsed = false;
    };

    std::map<std::string, Entry, std::less<>> entries;
    std::string fileName;
    LoadOptions options;
    std::uint64_t totalBytes = 0;
    std::uint64_t bytesRead = 0;
    std::uint64_t bytesAtLastRelease = 0;
    std::vector<std::string> missing;
    std::vector<std::string> misshapen; // "name is [..], expected [..]"
    std::vector<WeightSlot> slots;      // filled when the options ask for it

    // The tensor as stored, counted and reported.
    at::Tensor read(Entry& entry)
    {
        throwIfStopped(options.stop);
        at::Tensor tensor = entry.source.read();
        onRead(entry);
        return tensor;
    }

    // The tensor in the wanted type.
    at::Tensor readConverted(Entry& entry)
    {
        if (!options.device.is_cpu() || !entry.source.read.hasRows())
            return read(entry).to(options.device, options.dtype).contiguous();
        throwIfStopped(options.stop);
        at::Tensor tensor = at::empty(entry.source.shape, at::TensorOptions().dtype(options.dtype));
        streamRows(entry.source.read, tensor);
        onRead(entry);
        return tensor;
    }

    void onRead(const Entry& entry)
    {
        bytesRead += entry.source.byteCount;
        if (bytesRead - bytesAtLastRelease > std::min(totalBytes / kReleasesPerLoad, kMostBytesBetweenReleases)) {
            releaseFreedMemory();
            bytesAtLastRelease = bytesRead;
        }
        if (options.progress)
            options.progress(bytesRead);
    }

    // The scale of a weight; null without one.
    Entry* findScale(std::string_view name)
    {
        if (!name.ends_with(kWeightSuffix))
            return nullptr;
        const std::string base(name.substr(0, name.size() - kWeightSuffix.size()));
        for (const std::string_view suffix : kIdleSuffixes) {
            if (const auto idle = entries.find(base + std::string(suffix)); idle != entries.end())
                idle->second.isUsed = true;
        }
        for (const std::string_view suffix : kScaleSuffixes) {
            if (const auto scale = entries.find(base + std::string(suffix)); scale != entries.end())
                return &scale->second;
        }
        return nullptr;
    }

    // Undefined without one. Throws when it is no single number.
    at::Tensor scaleOf(std::string_view name)
    {
        Entry* const scale = findScale(name);
        if (scale == nullptr)
            return {};
        scale->isUsed = true;
        std::int64_t numbers = 1;
        for (const std::int64_t side : scale->source.shape)
            numbers *= side;
        if (numbers != 1) {
            throw EngineException(ErrorCode::UnsupportedModel,
                "The tensor " + scale->source.name + " in " + fileName + " has " + std::to_string(numbers) + " numbers; 8-bit weights can have one scale for the whole tensor only.", scale->source.name);
        }
        return read(*scale);
    }

    // One weight in the wanted type, or undefined and recorded.
    at::Tensor take(const std::string& name, at::IntArrayRef shape)
    {
        const auto found = entries.find(name);
        if (found == entries.end()) {
            missing.push_back(name);
            return {};
        }
        Entry& entry = found->second;
        entry.isUsed = true;
        if (at::IntArrayRef(entry.source.shape) != shape) {
            misshapen.push_back(name + " is " + shapeText(entry.source.shape) + ", expected " + shapeText(shape));
            return {};
        }
        const at::Tensor scale = scaleOf(name);
        return scale.defined() ? scaled(read(entry), scale).to(options.device, options.dtype).contiguous() : readConverted(entry);
    }
};

Weights::Weights(std::vector<WeightSource> sources, std::string fileName, LoadOptions options)
    : m_state(std::make_shared<State>())
{
    m_state->fileName = std::move(fileName);
    m_state->options = std::move(options);
    for (WeightSource& source : sources) {
        const bool isMarker = source.name == "scaled_fp8" || source.name.ends_with(".scaled_fp8");
        std::string name = source.name;
        m_state->totalBytes += source.byteCount;
        m_state->entries.insert_or_assign(std::move(name), State::Entry{ std::move(source), isMarker });
    }
}

Weights::Weights(const std::vector<MappedTensor>& tensors, std::string fileName, LoadOptions options)
    : Weights(sourcesOf(tensors), std::move(fileName), std::move(options))
{
}

Weights::Weights(std::shared_ptr<State> state, std::string prefix)
    : m_state(std::move(state)), m_prefix(std::move(prefix))
{
}

Weights Weights::scoped(std::string_view prefix) const
{
    return { m_state, m_prefix + std::string(prefix) + '.' };
}

Weights Weights::scoped(std::string_view prefix, std::size_t index) const
{
    return { m_state, m_prefix + std::string(prefix) + '.' + std::to_string(index) + '.' };
}

bool Weights::has(std::string_view name) const
{
    return m_state->entries.contains(m_prefix + std::string(name));
}

bool Weights::hasScope(std::string_view prefix) const
{
    const std::string full = m_prefix + std::string(prefix) + '.';
    const auto first = m_state->entries.lower_bound(full);
    return first != m_state->entries.end() && first->first.starts_with(full);
}

std::int64_t Weights::count(std::string_view prefix) const
{
    std::int64_t count = 0;
    while (hasScope(std::string(prefix) + '.' + std::to_string(count)))
        ++count;
    return count;
}

std::vector<std::int64_t> Weights::shapeOf(std::string_view name) const
{
    const auto found = m_state->entries.find(m_prefix + std::string(name));
    return found == m_state->entries.end() ? std::vector<std::int64_t>{} : found->second.source.shape;
}

std::int64_t Weights::sizeOf(std::string_view name, std::size_t dimension) const
{
    const std::vector<std::int64_t> shape = shapeOf(name);
    return dimension < shape.size() ? shape[dimension] : 0;
}

at::Tensor Weights::take(std::string_view name, at::IntArrayRef shape) const
{
    return bind({ { std::string(name), shape.vec() } }, 1, [](const std::vector<at::Tensor>& parts) { return parts; }).front();
}

std::vector<at::Tensor> Weights::bind(const std::vector<WeightPart>& parts, std::size_t count, AssembleWeights assemble) const
{
    std::vector<at::Tensor> tensors;
    std::vector<std::string> names;
    bool isComplete = true;
    for (const WeightPart& part : parts) {
        names.push_back(m_prefix + part.name);
        tensors.push_back(m_state->take(names.back(), part.shape));
        isComplete = isComplete && tensors.back().defined();
    }
    if (!isComplete)
        return std::vector<at::Tensor>(count);
    std::vector<at::Tensor> made = assemble(tensors);
    if (m_state->options.isAdaptable)
        m_state->slots.push_back({ std::move(names), std::move(assemble), made });
    return made;
}

std::unique_ptr<AdaptableWeights> Weights::adaptable() const
{
    std::map<std::string, WeightOrigin> origins;
    for (const auto& [name, entry] : m_state->entries) {
        if (const State::Entry* scale = m_state->findScale(name))
            origins.emplace(name, WeightOrigin{ entry.source.shape, [read = entry.source.read, readScale = scale->source.read] { return scaled(read(), readScale()); } });
        else
            origins.emplace(name, WeightOrigin{ entry.source.shape, entry.source.read });
    }
    return std::make_unique<AdaptableWeights>(std::move(origins), m_state->slots, m_state->options.dtype, m_state->options.device);
}

void Weights::finish() const
{
    releaseFreedMemory();
    std::vector<std::string> extra;
    for (const auto& [name, entry] : m_state->entries) {
        if (!entry.isUsed)
            extra.push_back(name);
    }
    const std::vector<std::string>& missing = m_state->missing;
    const std::vector<std::string>& misshapen = m_state->misshapen;
    if (missing.empty() && misshapen.empty() && extra.empty())
        return;
    const ErrorCode code = !missing.empty() ? ErrorCode::WeightMissing
        : !misshapen.empty()                ? ErrorCode::WeightShapeMismatch
                                            : ErrorCode::UnsupportedModel;
    const std::string message = joined({ countedNames(missing, "is missing", "are missing"), countedNames(misshapen, "has another shape", "have other shapes"),
                                           countedNames(extra, "is unknown", "are unknown") },
        "; ");
    const std::string detail = joined({ missing.empty() ? "" : "missing:\n" + joined(missing, "\n"), misshapen.empty() ? "" : "other shape:\n" + joined(misshapen, "\n"),
                                          extra.empty() ? "" : "unknown:\n" + joined(extra, "\n") },
        "\n");
    throw EngineException(code, "The weights in " + m_state->fileName + " do not fit the network: " + message + ".", detail);
}

at::ScalarType Weights::dtype() const { return m_state->options.dtype; }

at::Device Weights::device() const { return m_state->options.device; }

} // namespace sfumato::engine
