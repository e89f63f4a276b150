// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/weights.h"
#include "tests/unit/engine/halves_file.h"

#include <QTest>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

using namespace sfumato::engine;
using sfumato::test::mapped;
using sfumato::test::writeHalves;

namespace {

// Largest resident size of this process so far, and a way to start counting anew.
std::uint64_t peakResidentBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:"))
            return std::stoull(line.substr(6)) * 1024;
    }
    return 0;
}

bool resetPeak()
{
    std::ofstream reset("/proc/self/clear_refs");
    reset << "5";
    reset.flush();
    return reset.good();
}

} // namespace

// On its own, because it measures the whole process and may be skipped.
class TstWeightsMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mapped_peakStaysNearTheFile();
    void eightBitWeights_peakStaysNearWhatIsKept();
};

void TstWeightsMemory::mapped_peakStaysNearTheFile()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("the sanitizer's allocator keeps what was freed");
#endif
    const QTemporaryDir folder;
    const auto file = std::make_shared<const SafetensorsFile>(writeHalves(folder, 48, 1024, 2048)); // 192 MiB
    std::vector<MappedTensor> tensors;
    for (std::size_t i = 0; i < 48; ++i)
        tensors.push_back(mapped(file, "t" + std::to_string(i)));
    if (!resetPeak())
        QSKIP("the peak of the resident memory cannot be reset here");
    const std::uint64_t before = peakResidentBytes();
    LoadOptions options;
    options.dtype = at::kBFloat16; // every tensor is converted
    const Weights weights(tensors, "halves.safetensors", options);
    std::vector<at::Tensor> taken;
    for (const MappedTensor& tensor : tensors)
        taken.push_back(weights.take(tensor.name, { 1024, 2048 }));
    const double used = static_cast<double>(peakResidentBytes() - before);
    QVERIFY2(used <= 1.15 * static_cast<double>(file->sizeInBytes()), std::to_string(used / static_cast<double>(file->sizeInBytes())).c_str());
}

// Half the file's bytes become twice as many; a scaled weight passes through float32 on its way.
void TstWeightsMemory::eightBitWeights_peakStaysNearWhatIsKept()
{
#if defined(__SANITIZE_ADDRESS__)
    QSKIP("the sanitizer's allocator keeps what was freed");
#endif
    constexpr std::size_t kCount = 48;
    const QTemporaryDir folder;
    const std::vector<std::byte> bytes(1024 * 2048, std::byte{ 0x38 }); // 1.0
    const float scale = 0.5F;
    std::vector<TensorToWrite> stored;
    for (std::size_t i = 0; i < kCount; ++i) {
        stored.push_back({ "t" + std::to_string(i) + ".weight", Dtype::F8E4M3, { 1024, 2048 }, std::span(bytes) });
        stored.push_back({ "t" + std::to_string(i) + ".scale_weight", Dtype::F32, { 1 }, std::as_bytes(std::span(&scale, 1)) });
    }
    const std::filesystem::path path = folder.filePath(QStringLiteral("scaled.safetensors")).toStdString();
    QVERIFY(writeSafetensors(path, stored).has_value());
    const auto file = std::make_shared<const SafetensorsFile>(SafetensorsFile::open(path).value());
    std::vector<MappedTensor> tensors;
    for (const TensorEntry& entry : file->tensors())
        tensors.push_back(mapped(file, entry.name));
    if (!resetPeak())
        QSKIP("the peak of the resident memory cannot be reset here");
    const std::uint64_t before = peakResidentBytes();
    LoadOptions options;
    options.dtype = at::kBFloat16;
    const Weights weights(tensors, "scaled.safetensors", options);
    std::vector<at::Tensor> taken;
    for (std::size_t i = 0; i < kCount; ++i)
        taken.push_back(weights.take("t" + std::to_string(i) + ".weight", { 1024, 2048 }));
    QCOMPARE(taken.back().flatten()[0].item<float>(), 0.5F);
    const double used = static_cast<double>(peakResidentBytes() - before), kept = static_cast<double>(kCount * taken.front().nbytes());
    QVERIFY2(used <= 1.15 * kept, std::to_string(used / kept).c_str());
}

QTEST_APPLESS_MAIN(TstWeightsMemory)

#include "tst_weights_memory.moc"
