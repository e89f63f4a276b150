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

at::ScalarType weightType(const TensorEntry& entry, const std::string& file)
{
    switch (entry.dtype) {
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
        "The tensor " + entry.name + " in " + file + " is stored as " + std::string(dtypeName(entry.dtype)) + ", but weights must be F32, F16, BF16, F64 or an 8-bit float.",
        entry.name);
}

at::Tensor readRows(const SafetensorsFile& file, const TensorEntry& entry, const std::vector<std::int64_t>& shape, std::uint64_t offset, at::ScalarType type)
{
    at::Tensor result = at::empty(shape, at::TensorOptions().dtype(type));
    const std::span<std::byte> bytes(static_cast<std::byte*>(result.data_ptr()), result.nbytes());
    if (Result<void> read = file.read(entry, bytes, offset); !read)
        throw EngineException(std::move(read).error());
    return result;
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
    std::uint64_t offset = 0;
    if (tensor.rowBegin > 0 && !tensor.entry->shape.empty()) {
        const std::uint64_t rows = static_cast<std::uint64_t>(std::max<std::int64_t>(tensor.entry->shape.front(), 1));
        offset = tensor.entry->sizeInBytes() / rows * static_cast<std::uint64_t>(tensor.rowBegin);
    }
    const at::Tensor result = readRows(*tensor.file, *tensor.entry, stored, offset, weightType(*tensor.entry, displayName(tensor.file->path())));
    return tensor.transpose ? result.t() : result;
}

} // namespace sfumato::engine
