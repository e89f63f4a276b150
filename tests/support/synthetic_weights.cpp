// SPDX-License-Identifier: Apache-2.0
#include "tests/support/synthetic_weights.h"

#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <cmath>
#include <span>

namespace sfumato::test {

namespace {

std::uint32_t crc32(std::string_view text)
{
    std::uint32_t crc = 0xffffffffu;
    for (const char character : text) {
        crc ^= static_cast<std::uint8_t>(character);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xedb88320u : 0u);
    }
    return ~crc;
}

std::uint32_t mix(std::uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

at::Tensor uniform(std::string_view name, at::IntArrayRef shape)
{
    at::Tensor tensor = at::empty(shape, at::TensorOptions().dtype(at::kFloat));
    const std::uint32_t offset = crc32(name);
    float* const values = tensor.mutable_data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        values[i] = static_cast<float>(static_cast<double>(mix(static_cast<std::uint32_t>(i) + offset)) / 4294967296.0 - 0.5);
    return tensor;
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

engine::Dtype storedType(at::ScalarType dtype)
{
    switch (dtype) {
    case at::kHalf: return engine::Dtype::F16;
    case at::kBFloat16: return engine::Dtype::BF16;
    default: return engine::Dtype::F32;
    }
}

} // namespace

at::Tensor syntheticWeight(std::string_view name, at::IntArrayRef shape)
{
    at::Tensor tensor = uniform(name, shape);
    if (shape.size() < 2)
        return name.ends_with(".weight") ? tensor.mul_(0.2f).add_(1.0f) : tensor.mul_(0.2f);
    if (contains(name, "embedding") && !contains(name, "time_embed"))
        return tensor.mul_(0.05f);
    double fanIn = 1;
    for (const std::int64_t side : shape.slice(1))
        fanIn *= static_cast<double>(side);
    return tensor.mul_(static_cast<float>(std::sqrt(12.0 / fanIn)));
}

at::Tensor syntheticInput(std::string_view name, at::IntArrayRef shape)
{
    return uniform(name, shape).mul_(static_cast<float>(std::sqrt(12.0)));
}

std::vector<engine::WeightSource> syntheticSources(const std::vector<NamedShape>& shapes)
{
    std::vector<engine::WeightSource> sources;
    sources.reserve(shapes.size());
    for (const NamedShape& entry : shapes) {
        std::uint64_t bytes = sizeof(float);
        for (const std::int64_t side : entry.shape)
            bytes *= static_cast<std::uint64_t>(side);
        sources.push_back({ entry.name, entry.shape, bytes, [entry] { return syntheticWeight(entry.name, entry.shape); } });
    }
    return sources;
}

void writeSyntheticModel(const std::filesystem::path& path, const std::vector<NamedShape>& shapes, at::ScalarType dtype)
{
    std::vector<at::Tensor> tensors; // keep the bytes alive until they are written
    std::vector<engine::TensorToWrite> entries;
    for (const NamedShape& entry : shapes) {
        tensors.push_back(syntheticWeight(entry.name, entry.shape).to(dtype));
        const at::Tensor& tensor = tensors.back();
        entries.push_back({ entry.name, storedType(dtype), entry.shape, std::span(static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()) });
    }
    if (const Result<void> written = engine::writeSafetensors(path, entries); !written)
        throw engine::EngineException(written.error());
}

} // namespace sfumato::test
