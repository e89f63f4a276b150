// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/tensor_reading.h"

#include "core/engine/io/message_text.h"
#include "core/engine/io/model_files.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <algorithm>
#include <optional>
#include <span>

namespace sfumato::engine {

namespace {

std::optional<at::ScalarType> integerType(Dtype dtype)
{
    switch (dtype) {
    case Dtype::Bool: return at::kBool;
    case Dtype::U8: return at::kByte;
    case Dtype::I8: return at::kChar;
    case Dtype::I16: return at::kShort;
    case Dtype::I32: return at::kInt;
    case Dtype::I64: return at::kLong;
    default: return std::nullopt;
    }
}

std::optional<at::ScalarType> floatType(Dtype dtype)
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
    default: return std::nullopt;
    }
}

at::ScalarType weightType(const TensorEntry& entry, const std::string& file)
{
    if (const std::optional<at::ScalarType> type = floatType(entry.dtype))
        return *type;
    throw EngineException(ErrorCode::UnsupportedModel,
        "The tensor " + entry.name + " in " + file + " is stored as " + std::string(dtypeName(entry.dtype)) + ", but weights must be F32, F16, BF16, F64 or an 8-bit float.",
        entry.name);
}

// Fills a contiguous tensor from `offset` in the entry on.
void readInto(const at::Tensor& target, const SafetensorsFile& file, const TensorEntry& entry, std::uint64_t offset)
{
    const std::span<std::byte> bytes(static_cast<std::byte*>(target.data_ptr()), target.nbytes());
    if (Result<void> read = file.read(entry, bytes, offset); !read)
        throw EngineException(std::move(read).error());
}

at::Tensor readRows(const SafetensorsFile& file, const TensorEntry& entry, const std::vector<std::int64_t>& shape, std::uint64_t offset, at::ScalarType type)
{
    at::Tensor result = at::empty(shape, at::TensorOptions().dtype(type));
    readInto(result, file, entry, offset);
    return result;
}

std::uint64_t bytesPerRow(const TensorEntry& entry)
{
    return entry.shape.empty() ? 0 : entry.sizeInBytes() / static_cast<std::uint64_t>(std::max<std::int64_t>(entry.shape.front(), 1));
}

} // namespace

at::Tensor readTensor(const SafetensorsFile& file, const TensorEntry& entry)
{
    return readRows(file, entry, entry.shape, 0, weightType(entry, displayName(file.path())));
}

double readScalar(const SafetensorsFile& file, const TensorEntry& entry)
{
    const std::string name = displayName(file.path());
    if (entry.elementCount() != 1)
        throw EngineException(ErrorCode::UnsupportedModel, "The tensor " + entry.name + " in " + name + " has " + std::to_string(entry.elementCount()) + " numbers, but must have one.", entry.name);
    const auto integer = integerType(entry.dtype);
    return readRows(file, entry, entry.shape, 0, integer ? *integer : weightType(entry, name)).to(at::kDouble).item<double>();
}

at::Tensor readTensor(const MappedTensor& tensor)
{
    std::vector<std::int64_t> stored = tensor.shape;
    if (tensor.transpose)
        std::reverse(stored.begin(), stored.end());
    const std::uint64_t offset = bytesPerRow(*tensor.entry) * static_cast<std::uint64_t>(tensor.rowBegin);
    const at::Tensor result = readRows(*tensor.file, *tensor.entry, stored, offset, weightType(*tensor.entry, displayName(tensor.file->path())));
    return tensor.transpose ? result.t() : result;
}

WeightReader weightReader(const MappedTensor& tensor)
{
    const auto whole = [tensor] { return readTensor(tensor); };
    const std::optional<at::ScalarType> stored = floatType(tensor.entry->dtype);
    if (tensor.transpose || tensor.shape.empty() || !stored)
        return whole;
    const auto rows = [tensor, rowBytes = bytesPerRow(*tensor.entry)](std::int64_t first, const at::Tensor& target) {
        readInto(target, *tensor.file, *tensor.entry, rowBytes * static_cast<std::uint64_t>(tensor.rowBegin + first));
    };
    return { whole, rows, *stored };
}

} // namespace sfumato::engine
