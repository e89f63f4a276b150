// 8-bit weights against torch: every code of both types, and scaled weights, as networks of each precision get them. References by
// tests/parity/make_float8_references.py. What cannot be read is refused in a sentence.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/weights.h"
#include "tests/support/parity_test.h"
#include "tests/unit/engine/halves_file.h"

#include <QTest>

#include <array>
#include <cstring>
#include <memory>
#include <string>

using namespace sfumato;
using namespace sfumato::engine;
using sfumato::test::mapped;

namespace {

constexpr char kReferences[] = SFUMATO_SOURCE_DIR "/tests/parity/references/float8.safetensors";

std::shared_ptr<const SafetensorsFile> openShared(const std::filesystem::path& path)
{
    Result<SafetensorsFile> file = SafetensorsFile::open(path);
    return file ? std::make_shared<const SafetensorsFile>(std::move(*file)) : nullptr;
}

at::Tensor stored(const std::shared_ptr<const SafetensorsFile>& file, const std::string& name)
{
    const Weights reader({ mapped(file, name) }, "reference", {});
    return reader.take(name, file->find(name)->shape);
}

MappedTensor scalar(const std::shared_ptr<const SafetensorsFile>& file, const std::string& name)
{
    MappedTensor tensor;
    tensor.name = name;
    tensor.file = file;
    tensor.entry = file->find(name);
    tensor.shape = tensor.entry->shape;
    return tensor;
}

// The same bits, and the same places without a number.
bool areEqual(const at::Tensor& actual, const at::Tensor& expected)
{
    const at::Tensor a = actual.to(at::kFloat).contiguous(), b = expected.to(at::kFloat).contiguous();
    if (a.sizes() != b.sizes()) return false;
    for (std::int64_t i = 0; i < a.numel(); ++i) {
        const float x = a.const_data_ptr<float>()[i], y = b.const_data_ptr<float>()[i];
        if (std::isnan(x) || std::isnan(y) ? std::isnan(x) != std::isnan(y) : std::memcmp(&x, &y, sizeof x) != 0) return false;
    }
    return true;
}

std::string messageOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const EngineException& exception) {
        return exception.error().message;
    }
    return "no error";
}

constexpr std::array kPrecisions{ std::pair{ "float32", at::kFloat }, std::pair{ "bfloat16", at::kBFloat16 }, std::pair{ "float16", at::kHalf } };

} // namespace

class TstFloat8 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_file = openShared(kReferences);
        QVERIFY(m_file);
    }

    void everyCode_isReadAsTorchReadsIt_data() { addRows(); }
    void everyCode_isReadAsTorchReadsIt()
    {
        QFETCH(QByteArray, type);
        const std::string name = type.toStdString() + ".weight";
        for (const auto& [precision, dtype] : kPrecisions) {
            LoadOptions options;
            options.dtype = dtype;
            const Weights weights({ mapped(m_file, name) }, "float8.safetensors", options);
            const at::Tensor values = weights.take(name, { 256 });
            QVERIFY(values.scalar_type() == dtype);
            QVERIFY2(areEqual(values, stored(m_file, type.toStdString() + '/' + precision)), precision);
        }
    }

    void scaledWeights_areMultipliedOut_data() { addRows(); }
    void scaledWeights_areMultipliedOut()
    {
        QFETCH(QByteArray, type);
        const std::string base = "scaled_" + type.toStdString();
        for (const auto& [precision, dtype] : kPrecisions) {
            LoadOptions options;
            options.dtype = dtype;
            options.isAdaptable = true;
            const Weights weights({ mapped(m_file, base + ".weight"), scalar(m_file, base + ".scale_weight") }, "float8.safetensors", options);
            const at::Tensor values = weights.take(base + ".weight", { 24, 16 });
            QVERIFY2(areEqual(values, stored(m_file, base + '/' + precision)), precision);
            QCOMPARE(messageOf([&] { weights.finish(); }), std::string("no error"));
            QVERIFY(weights.adaptable()->shapeOf(base + ".weight") != nullptr);
        }
    }

    void laterNames_meanTheSame()
    {
        MappedTensor scale = scalar(m_file, "scaled_e4m3fn.scale_weight");
        scale.name = "scaled_e4m3fn.weight_scale";
        const Weights weights({ mapped(m_file, "scaled_e4m3fn.weight"), scale }, "float8.safetensors", {});
        QVERIFY(areEqual(weights.take("scaled_e4m3fn.weight", { 24, 16 }), stored(m_file, "scaled_e4m3fn/float32")));
        QCOMPARE(messageOf([&] { weights.finish(); }), std::string("no error"));
    }

    void foreignVariants_areRefusedInASentence()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("odd.safetensors")).toStdString();
        const std::array<std::byte, 24> bytes{};
        const std::vector<TensorToWrite> tensors{ { "rows.weight", Dtype::F8E4M3, { 6, 4 }, std::span(bytes) }, { "rows.scale_weight", Dtype::F32, { 6, 1 }, std::span(bytes) },
            { "exponents.weight", Dtype::F8E8M0, { 6, 4 }, std::span(bytes) }, { "packed.weight", Dtype::U8, { 6, 4 }, std::span(bytes) } };
        QVERIFY(writeSafetensors(path, tensors).has_value());
        const auto file = openShared(path);
        const Weights weights({ mapped(file, "rows.weight"), mapped(file, "rows.scale_weight"), mapped(file, "exponents.weight"), mapped(file, "packed.weight") }, "odd.safetensors", {});
        QCOMPARE(messageOf([&] { static_cast<void>(weights.take("rows.weight", { 6, 4 })); }),
            std::string("The tensor rows.scale_weight in odd.safetensors has 6 numbers; 8-bit weights can have one scale for the whole tensor only."));
        QCOMPARE(messageOf([&] { static_cast<void>(weights.take("exponents.weight", { 6, 4 })); }),
            std::string("The tensor exponents.weight in odd.safetensors is stored as F8_E8M0, but weights must be F32, F16, BF16, F64 or an 8-bit float."));
        QVERIFY(messageOf([&] { static_cast<void>(weights.take("packed.weight", { 6, 4 })); }).starts_with("The tensor packed.weight in odd.safetensors is stored as U8, "));
    }

private:
    static void addRows()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("e4m3fn") << QByteArray("e4m3fn");
        QTest::newRow("e5m2") << QByteArray("e5m2");
    }

    std::shared_ptr<const SafetensorsFile> m_file;
};

QTEST_APPLESS_MAIN(TstFloat8)
#include "tst_float8.moc"
