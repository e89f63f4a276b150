// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/starter_control_file.h"

#include "core/engine/io/safetensors_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::testing {

namespace {

using Shape = std::vector<std::int64_t>;

// Tensors and the bytes they hold.
class TensorList {
public:
    void add(const std::string& name, engine::Dtype dtype, const Shape& shape, std::vector<std::byte> bytes)
    {
        m_bytes.push_back(std::move(bytes));
        m_tensors.push_back({ name, dtype, shape, m_bytes.back() });
    }

    // Normally distributed around 0; the deviation keeps the size of what goes through a convolution.
    void addRandom(const std::string& name, const Shape& shape, double gain)
    {
        const auto count = static_cast<std::size_t>(std::accumulate(shape.begin(), shape.end(), std::int64_t{ 1 }, std::multiplies<>()));
        const double inputs = shape.size() > 1 ? static_cast<double>(count) / static_cast<double>(shape.front()) : 1.0;
        std::normal_distribution<float> normal(0.0F, static_cast<float>(gain / std::sqrt(inputs)));
        std::vector<std::byte> bytes(count * sizeof(float));
        auto* values = reinterpret_cast<float*>(bytes.data());
        std::generate_n(values, count, [&] { return normal(m_random); });
        add(name, engine::Dtype::F32, shape, std::move(bytes));
    }

    [[nodiscard]] std::span<const engine::TensorToWrite> tensors() const { return m_tensors; }

private:
    std::mt19937 m_random{ 11 };
    std::deque<std::vector<std::byte>> m_bytes;
    std::vector<engine::TensorToWrite> m_tensors;
};

void addHintEncoder(TensorList& list, std::int64_t modelChannels)
{
    // Input, output and number of each convolution of the hint block (cldm.py).
    const std::array<std::array<std::int64_t, 3>, 8> convolutions{ { { 3, 16, 0 }, { 16, 16, 2 }, { 16, 32, 4 }, { 32, 32, 6 }, { 32, 96, 8 }, { 96, 96, 10 }, { 96, 256, 12 }, { 256, modelChannels, 14 } } };
    for (const auto& [in, out, number] : convolutions) {
        const std::string name = "control_model.input_hint_block." + std::to_string(number);
        list.addRandom(name + ".weight", { out, in, 3, 3 }, 1.6);
        list.addRandom(name + ".bias", { out }, 0.1);
    }
}

void addResidualConvolutions(TensorList& list, const std::vector<std::int64_t>& channels)
{
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const std::string name = i + 1 < channels.size() ? "control_model.zero_convs." + std::to_string(i) + ".0" : "control_model.middle_block_out.0";
        list.addRandom(name + ".weight", { channels[i], channels[i], 1, 1 }, 0.5);
        list.addRandom(name + ".bias", { channels[i] }, 0.05);
    }
}

} // namespace

bool writeStarterControl(const std::filesystem::path& starter, const std::filesystem::path& path)
{
    constexpr std::string_view kUnet = "model.diffusion_model.";
    const auto file = engine::SafetensorsFile::open(starter);
    if (!file) return false;
    TensorList list;
    std::vector<std::int64_t> channels; // of the residuals: after each input block, then the middle
    for (const engine::TensorEntry& entry : file->tensors()) {
        if (!std::string_view(entry.name).starts_with(kUnet)) continue;
        const std::string name = entry.name.substr(kUnet.size());
        const bool isEncoder = std::ranges::any_of(std::array{ "input_blocks.", "middle_block.", "time_embed.", "label_emb." }, [&](const char* part) { return name.starts_with(part); });
        if (!isEncoder) continue;
        std::vector<std::byte> bytes(entry.sizeInBytes());
        if (!file->read(entry, bytes)) return false;
        list.add("control_model." + name, entry.dtype, entry.shape, std::move(bytes));
    }
    for (int block = 0;; ++block) {
        const std::string prefix = std::string(kUnet) + "input_blocks." + std::to_string(block) + ".0.";
        const engine::TensorEntry* output = nullptr;
        for (const char* part : { "out_layers.3.weight", "op.weight", "weight" })
            if (!output) output = file->find(prefix + part);
        if (!output) break;
        channels.push_back(output->shape.front());
    }
    if (channels.empty()) return false;
    channels.push_back(channels.back());
    addHintEncoder(list, channels.front());
    addResidualConvolutions(list, channels);
    return engine::writeSafetensors(path, list.tensors()).has_value();
}

} // namespace sfumato::testing
