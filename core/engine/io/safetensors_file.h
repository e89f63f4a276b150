// SafetensorsFile: one .safetensors file, opened, checked in full, and read by piece.
// Thread: any; a const SafetensorsFile may be read from several threads at once. Owner: whoever loads; share it by shared_ptr.
// Source: huggingface/safetensors, README "Format" and the validation of its Rust library; what that refuses is refused here.
// Differs: also refused are names given twice, names longer than kMaxNameBytes, more than kMaxTensors tensors, more than kMaxDimensions
// dimensions, dimensions beyond 2^63 − 1 and tensor entries written as arrays. Values (NaN, infinity) are not looked at.
// Files are read with pread into the caller's memory and never mapped: a file that shrinks is an error, not a signal.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/regular_file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

// The element types of the format, in the order the reference writer sorts by (last first). F8E4M3 is the "fn" kind: largest value 448, no infinity.
enum class Dtype {
    Bool,
    F4,
    F6E2M3,
    F6E3M2,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    F8E8M0,
    F8E4M3Fnuz,
    F8E5M2Fnuz,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    C64,
    F64,
    I64,
    U64,
};

// The name in a file: "F16", "F8_E4M3".
[[nodiscard]] std::string_view dtypeName(Dtype dtype) noexcept;
[[nodiscard]] std::optional<Dtype> dtypeFromName(std::string_view name) noexcept;
[[nodiscard]] int bitsPerElement(Dtype dtype) noexcept; // 4..64

struct TensorEntry {
    std::string name;
    Dtype dtype = Dtype::F32;
    std::vector<std::int64_t> shape; // row-major; empty for a scalar; a dimension may be 0
    std::uint64_t begin = 0;         // absolute offsets in the file; not necessarily aligned
    std::uint64_t end = 0;

    [[nodiscard]] std::uint64_t sizeInBytes() const noexcept { return end - begin; }
    [[nodiscard]] std::uint64_t elementCount() const noexcept;
};

class SafetensorsFile {
public:
    static constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
    static constexpr std::size_t kMaxTensors = 100'000;
    static constexpr std::size_t kMaxNameBytes = 4096;
    static constexpr std::size_t kMaxDimensions = 64;

    // Reads and checks the whole header; no tensor is read. Devices, pipes and folders are refused without being waited for.
    // Errors: FileNotFound; FileUnreadable (malformed, cut short, no permission); UnsupportedModel (a pickle, GGUF, web page or other known kind of file).
    // Cost: milliseconds for real models, below a second and below 256 MiB for any file.
    [[nodiscard]] static Result<SafetensorsFile> open(const std::filesystem::path& path);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_file.path(); }
    [[nodiscard]] std::uint64_t sizeInBytes() const noexcept { return m_file.sizeInBytes(); }
    [[nodiscard]] std::uint64_t dataBegin() const noexcept { return m_dataBegin; } // absolute offset of the first tensor byte: 8 + header length

    // In the order of their bytes in the file. Pointers and references stay valid when the object is moved.
    [[nodiscard]] std::span<const TensorEntry> tensors() const noexcept { return m_tensors; }
    [[nodiscard]] const TensorEntry* find(std::string_view name) const noexcept; // null when absent
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const noexcept { return m_metadata; }

    // Fills `target` with the bytes of `entry` from `offsetInTensor` on, as they are stored (little-endian).
    // Errors: InvalidRequest when the range leaves the tensor; FileUnreadable when the file became shorter or the disk fails.
    [[nodiscard]] Result<void> read(const TensorEntry& entry, std::span<std::byte> target, std::uint64_t offsetInTensor = 0) const;

    // Fills `target` from any place of the file (for hashing).
    [[nodiscard]] Result<void> readAt(std::uint64_t offset, std::span<std::byte> target) const { return m_file.read(offset, target); }

private:
    explicit SafetensorsFile(RegularFile file) : m_file(std::move(file)) { }
    [[nodiscard]] Result<void> readHeader();

    RegularFile m_file;
    std::uint64_t m_dataBegin = 0;
    std::vector<TensorEntry> m_tensors;
    std::vector<std::uint32_t> m_byName; // indices into m_tensors, sorted by name
    std::map<std::string, std::string> m_metadata;
};

} // namespace sfumato::engine
