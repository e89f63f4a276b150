// Previews by a small decoder: they wait until they cost no noticeable part of the time, and stay out where the latents are not a family's.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/autoencoder_kl.h"
#include "core/engine/models/autoencoder_tiny.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "core/engine/pipeline/step_previews.h"
#include "tests/support/network_shapes.h"
#include "tests/support/synthetic_weights.h"

#include <QTest>

#include <c10/core/InferenceMode.h>

#include <memory>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

template <typename Network>
std::unique_ptr<Network> network(const std::vector<test::NamedShape>& shapes)
{
    const Weights weights(test::syntheticSources(shapes), "synthetic", {});
    auto made = std::make_unique<Network>(weights);
    weights.finish();
    return made;
}

VaeCoder coder(std::optional<ModelFamily> published)
{
    return { network<AutoencoderKl>(test::autoencoderShapes({ { 32, 32, 64, 64 }, 1, 4 })), { 0.13025, 0, published } };
}

std::shared_ptr<const Autoencoder> smallDecoder() { return network<AutoencoderTiny>(test::tinyAutoencoderShapes()); }

at::Tensor latents(std::int64_t height, std::int64_t width) { return test::syntheticInput("latents", { 1, 4, height, width }); }

} // namespace

class TstStepPreviews : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutDecoder_everyStepShowsTheLinearMap()
    {
        VaeCoder vae = coder(ModelFamily::Sdxl);
        StepPreviews previews(vae, nullptr, {});
        for (int step = 0; step < 3; ++step) {
            const auto picture = previews.render(latents(6, 9), 0);
            QVERIFY(picture.has_value());
            QCOMPARE(picture->extent(), (Extent{ 9, 6 }));
        }
    }

    void decoder_waitsForItsShareOfTheTime()
    {
        VaeCoder vae = coder(ModelFamily::Sdxl);
        StepPreviews previews(vae, smallDecoder(), {});
        const auto first = previews.render(latents(6, 9), 1e-9);
        QVERIFY(first.has_value());
        QCOMPARE(first->extent(), (Extent{ 72, 48 }));
        for (int step = 0; step < 20; ++step) QVERIFY(!previews.render(latents(6, 9), 1e-9)); // quick steps leave no time for it
        QVERIFY(previews.render(latents(6, 9), 3600).has_value());
        for (int step = 0; step < 3; ++step) QVERIFY(previews.render(latents(6, 9), 3600).has_value()); // slow ones do
    }

    void largePictures_areHalvedUntilTheyFit()
    {
        VaeCoder vae = coder(ModelFamily::Sd1);
        StepPreviews previews(vae, smallDecoder(), {});
        const auto picture = previews.render(latents(8, 72), 3600);
        QVERIFY(picture.has_value());
        QCOMPARE(picture->extent(), (Extent{ 288, 32 }));
    }

    void modelWithLatentsOfItsOwn_keepsTheLinearMap()
    {
        VaeCoder vae = coder(std::nullopt);
        StepPreviews previews(vae, smallDecoder(), {});
        const auto picture = previews.render(latents(6, 9), 3600);
        QVERIFY(picture.has_value());
        QCOMPARE(picture->extent(), (Extent{ 9, 6 }));
    }

    void decoderAlone_cannotReadPictures()
    {
        std::vector<test::NamedShape> shapes = test::tinyAutoencoderShapes();
        std::erase_if(shapes, [](const test::NamedShape& shape) { return shape.name.starts_with("encoder."); });
        const auto decoder = network<AutoencoderTiny>(shapes);
        QString message;
        try {
            static_cast<void>(decoder->encodeMean(test::syntheticInput("pixels", { 1, 3, 16, 16 }), {}));
        } catch (const EngineException& exception) {
            message = QString::fromStdString(exception.error().message);
            QCOMPARE(exception.error().detail, std::string("vae"));
        }
        QVERIFY2(message.startsWith(QStringLiteral("The small decoder that vae names (TAESD) holds no encoder")), qPrintable(message));
    }

private:
    c10::InferenceMode m_inference;
};

QTEST_APPLESS_MAIN(TstStepPreviews)
#include "tst_step_previews.moc"
