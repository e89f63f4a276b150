// The autoencoder's second attempt in float32: on weights that overflow float16, and on weights that no precision can save.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/autoencoder_kl.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "core/engine/pipeline/vae_coder.h"
#include "tests/support/network_shapes.h"
#include "tests/support/synthetic_weights.h"

#include <QTest>

#include <ATen/ops/equal.h>
#include <c10/core/InferenceMode.h>

#include <limits>
#include <memory>

using namespace sfumato::engine;

namespace {

constexpr double kOverflowingGain = 6e4; // activations of about 1e5, past float16's 65,504; the weights themselves fit

// An autoencoder whose named weight is multiplied by `gain`.
std::unique_ptr<AutoencoderKl> autoencoder(at::ScalarType dtype, const std::string& name, double gain)
{
    auto sources = sfumato::test::syntheticSources(sfumato::test::autoencoderShapes({ { 32, 32, 64, 64 }, 1, 4 }));
    for (WeightSource& source : sources) {
        if (source.name == name) source.read = [read = source.read, gain] { return read() * gain; };
    }
    LoadOptions options;
    options.dtype = dtype;
    const Weights weights(std::move(sources), "synthetic", options);
    auto vae = std::make_unique<AutoencoderKl>(weights);
    weights.finish();
    return vae;
}

at::Tensor latents() { return sfumato::test::syntheticInput("latents", { 1, 4, 8, 8 }); }

at::Tensor pixels() { return sfumato::test::syntheticInput("pixels", { 1, 3, 64, 64 }) / 2; }

} // namespace

class TstVaeCoder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ordinaryWeightsStayInHalfPrecision();
    void aDecoderThatOverflowsRunsAgainInFloat32();
    void anEncoderThatOverflowsRunsAgainInFloat32();
    void whatFloat32CannotSaveIsASentence();

private:
    c10::InferenceMode m_inference;
};

void TstVaeCoder::ordinaryWeightsStayInHalfPrecision()
{
    VaeCoder coder(autoencoder(at::kHalf, {}, 1), {});
    QVERIFY(at::isfinite(coder.decode(latents(), {})).all().item<bool>());
    QVERIFY(!coder.wasUpcast());
}

void TstVaeCoder::aDecoderThatOverflowsRunsAgainInFloat32()
{
    const std::string name = "decoder.conv_in.weight";
    const auto half = autoencoder(at::kHalf, name, kOverflowingGain);
    QVERIFY(!at::isfinite(half->decode((latents() / VaeCoderSettings{}.scalingFactor).to(at::kHalf), {})).all().item<bool>());

    VaeCoder coder(autoencoder(at::kHalf, name, kOverflowingGain), {});
    const at::Tensor decoded = coder.decode(latents(), {});
    QVERIFY(coder.wasUpcast());
    QCOMPARE(decoded.scalar_type(), at::kFloat);
    QVERIFY(at::isfinite(decoded).all().item<bool>());

    auto single = autoencoder(at::kHalf, name, kOverflowingGain); // the same rounded weights, in float32 from the start
    single->to(at::kFloat);
    VaeCoder reference(std::move(single), {});
    QVERIFY(at::equal(decoded, reference.decode(latents(), {})));
    QVERIFY(!reference.wasUpcast());
    QVERIFY(at::equal(coder.decode(latents(), {}), decoded)); // and it stays so
}

void TstVaeCoder::anEncoderThatOverflowsRunsAgainInFloat32()
{
    VaeCoder coder(autoencoder(at::kHalf, "encoder.conv_in.weight", kOverflowingGain), {});
    QVERIFY(at::isfinite(coder.encode(pixels(), {})).all().item<bool>());
    QVERIFY(coder.wasUpcast());
}

void TstVaeCoder::whatFloat32CannotSaveIsASentence()
{
    VaeCoder coder(autoencoder(at::kHalf, "decoder.conv_out.weight", std::numeric_limits<double>::quiet_NaN()), {});
    QString message;
    try {
        static_cast<void>(coder.decode(latents(), {}));
    } catch (const EngineException& error) {
        message = QString::fromStdString(error.error().message);
    }
    QCOMPARE(message, QStringLiteral("The VAE decoder gave values that are not numbers even in float32; the model file is damaged or its weights are out of range."));
}

QTEST_APPLESS_MAIN(TstVaeCoder)
#include "tst_vae_coder.moc"
