// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/weights.h"

#include "core/engine/io/message_text.h"
#include "core/engine/io/model_files.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace sfumato::engine {

namespace {

constexpr std::size_t kNamesInMessage = 8;
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

at::ScalarType scalarType(Dtype dtype, const std::string& name, const std::string& file)
{
    switch (dtype) {
    case Dtype::F16: return at::kHalf;
    case Dtype::BF16: return at::kBFloat16;
    case Dtype::F32: return at::kFloat;
    case Dtype::F64: return at::kDouble;
    case Dtype::F8E4M3: return at::kFloat8_e4m3fn;
    case Dtype::F8E5M2: return at::kFloat8_e5m2;
    case Dtype::F8E4M3Fnuz: return at::kFloat8_e4m3fnuz;
    case Dtype::F8E5M2Fnuz: return at::kFloat8_e5m2fnuz;
    default: break;
    }
    throw EngineException(ErrorCode::UnsupportedModel,
        "The tensor " + name + " in " + file + " is stored as " + std::string(dtypeName(dtype)) + ", but weights must be F32, F16, BF16, F64 or an 8-bit float.",
        name);
}

// Reads the rows of one mapped tensor into memory of its own, in the stored type.
at::Tensor readMapped(const MappedTensor& tensor)
{
    const std::string file = displayName(tensor.file->path());
    std::vector<std::int64_t> stored = tensor.shape;
    if (tensor.transpose)
        std::reverse(stored.begin(), stored.end());
    at::Tensor result = at::empty(stored, at::TensorOptions().dtype(scalarType(tensor.entry->dtype, tensor.name, file)));
    std::uint64_t offset = 0;
    if (tensor.rowBegin > 0 && !tensor.entry->shape.empty()) {
        const std::uint64_t rows = static_cast<std::uint64_t>(std::max<std::int64_t>(tensor.entry->shape.front(), 1));
        offset = tensor.entry->sizeInBytes() / rows * static_cast<std::uint64_t>(tensor.rowBegin);
    }
    const std::span<std::byte> bytes(static_cast<std::byte*>(result.data_ptr()), result.nbytes());
    if (Result<void> read = tensor.file->read(*tensor.entry, bytes, offset); !read)
        throw EngineException(std::move(read).error());
    return tensor.transpose ? result.t() : result;
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
        sources.push_back({ tensor.name, tensor.shape, byteCount(tensor), [tensor] { return readMapped(tensor); } });
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

    // The tensor as stored, counted and reported; the entry's source is dropped, so that files close with the last tensor.
    at::Tensor read(Entry& entry)
    {
        throwIfStopped(options.stop);
        at::Tensor tensor = entry.source.read();
        bytesRead += entry.source.byteCount;
        if (bytesRead - bytesAtLastRelease > std::min(totalBytes / kReleasesPerLoad, kMostBytesBetweenReleases)) {
            releaseFreedMemory();
            bytesAtLastRelease = bytesRead;
        }
        if (options.progress)
            options.progress(bytesRead);
        return tensor;
    }

    // ComfyUI's scaled 8-bit weights: the factor of X.weight is X.scale_weight; 1 without one.
    double scaleOf(std::string_view name)
    {
        constexpr std::string_view kSuffix = ".weight";
        if (!name.ends_with(kSuffix))
            return 1.0;
        const std::string base(name.substr(0, name.size() - kSuffix.size()));
        if (const auto input = entries.find(base + ".scale_input"); input != entries.end())
            input->second.isUsed = true; // scales activations of 8-bit products, which are not used here
        const auto scale = entries.find(base + ".scale_weight");
        if (scale == entries.end())
            return 1.0;
        scale->second.isUsed = true;
        const at::Tensor value = read(scale->second);
        return value.numel() == 1 ? value.to(at::kDouble).item<double>() : 1.0;
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
    const std::string fullName = m_prefix + std::string(name);
    const auto found = m_state->entries.find(fullName);
    if (found == m_state->entries.end()) {
        m_state->missing.push_back(fullName);
        return {};
    }
    State::Entry& entry = found->second;
    entry.isUsed = true;
    if (at::IntArrayRef(entry.source.shape) != shape) {
        m_state->misshapen.push_back(fullName + " is " + shapeText(entry.source.shape) + ", expected " + shapeText(shape));
        return {};
    }
    const double scale = m_state->scaleOf(fullName);
    at::Tensor tensor = m_state->read(entry);
    if (scale != 1.0)
        tensor = tensor.to(at::kFloat).mul_(scale);
    return tensor.to(m_state->options.device, m_state->options.dtype).contiguous();
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
