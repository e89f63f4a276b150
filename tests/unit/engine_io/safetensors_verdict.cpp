// Reads paths from standard input, one a line, and writes for each what SafetensorsFile makes of it: "accepted" and a digest of names, types, shapes,
// bytes and metadata, or "refused" and the sentence. The last line is the peak memory in KiB. Used by the differential test against the reference
// library (tests/parity/safetensors_differential.py) and by tst_bad_model_files.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_file.h"

#include <algorithm>
#include <fstream>
#include <iostream>

namespace {

using namespace sfumato;
using namespace sfumato::engine;

// FNV-1a, 64 bits.
class Digest {
public:
    void add(std::string_view bytes)
    {
        for (const char byte : bytes) m_value = (m_value ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
        m_value = (m_value ^ 0xFFU) * 0x100000001B3ULL; // ends a field: no UTF-8 text holds this byte
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return m_value; }

private:
    std::uint64_t m_value = 0xCBF29CE484222325ULL;
};

Result<std::uint64_t> digestOf(const SafetensorsFile& file)
{
    std::vector<const TensorEntry*> entries;
    for (const TensorEntry& entry : file.tensors()) entries.push_back(&entry);
    std::sort(entries.begin(), entries.end(), [](const TensorEntry* a, const TensorEntry* b) { return a->name < b->name; });
    Digest digest;
    for (const TensorEntry* entry : entries) {
        digest.add(entry->name);
        digest.add(dtypeName(entry->dtype));
        for (const std::int64_t dimension : entry->shape) digest.add(std::to_string(dimension));
        std::string bytes(entry->sizeInBytes(), '\0');
        if (Result<void> outcome = file.read(*entry, std::as_writable_bytes(std::span(bytes))); !outcome) return std::move(outcome).error();
        digest.add(bytes);
    }
    for (const auto& [key, value] : file.metadata()) {
        digest.add(key);
        digest.add(value);
    }
    return digest.value();
}

} // namespace

int main()
{
    for (std::string path; std::getline(std::cin, path);) {
        const Result<SafetensorsFile> file = SafetensorsFile::open(path);
        const Result<std::uint64_t> digest = file ? digestOf(*file) : Result<std::uint64_t>(file.error());
        if (digest) std::cout << "accepted " << std::hex << *digest << std::dec << '\n';
        else
            std::cout << "refused " << digest.error().message << '\n';
    }
    // Not getrusage, whose peak is inherited from the program that started this one.
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        constexpr std::string_view kPeak = "VmHWM:";
        if (line.starts_with(kPeak)) std::cout << "peak " << std::stol(line.substr(kPeak.size())) << '\n';
    }
}
