// Small autoencoders (TAESD) in all the ways they are stored, as a model's VAE and as a decoder for previews.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"
#include "core/engine/io/tiny_vae.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace sfumato;
using namespace sfumato::engine;
using namespace sfumato::engine::test;

namespace fs = std::filesystem;

namespace {

// The published names and shapes: column 0 diffusers', column 1 ComfyUI's combined file.
std::vector<NamedShape> listed(std::size_t column) { return tensorsOf("taesd", column, 2); }

// One half as its author publishes it: bare numbers.
std::vector<NamedShape> bareHalf(const std::string& prefix)
{
    std::vector<NamedShape> half;
    for (const NamedShape& tensor : listed(1)) {
        if (tensor.name.starts_with(prefix)) half.push_back({ tensor.name.substr(prefix.size()), tensor.shape, tensor.dtype });
    }
    return half;
}

std::set<std::string> namesOf(const std::vector<MappedTensor>& tensors)
{
    std::set<std::string> names;
    for (const MappedTensor& tensor : tensors) names.insert(tensor.name);
    return names;
}

std::set<std::string> wantedNames(std::string_view half = {})
{
    std::set<std::string> names;
    for (const NamedShape& tensor : listed(0)) {
        if (tensor.name.starts_with(half)) names.insert(tensor.name);
    }
    return names;
}

} // namespace

class TstTinyVae : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_root = m_folder.path().toStdString();
        fs::create_directories(m_root / "taesdxl");
        writeSparse(m_root / "taesdxl/diffusion_pytorch_model.safetensors", listed(0));
        std::vector<NamedShape> combined = listed(1);
        combined.push_back({ "vae_scale", {}, Dtype::F32 });
        combined.push_back({ "vae_shift", {}, Dtype::F32 });
        writeSparse(m_root / "combined.safetensors", combined);
        writeSparse(m_root / "taesd_decoder.safetensors", bareHalf("taesd_decoder."));
        writeSparse(m_root / "taesd_encoder.safetensors", bareHalf("taesd_encoder."));
        fs::create_directories(m_root / "alone");
        writeSparse(m_root / "alone/taesd_decoder.safetensors", bareHalf("taesd_decoder."));
        std::vector<NamedShape> unet = tensorsOf("unet_sdxl_base", 0, 2);
        writeSparse(m_root / "model.safetensors", unet);
    }

    void asVae_everyFormGivesTheSameNames_data()
    {
        QTest::addColumn<QByteArray>("vae");
        QTest::addColumn<bool>("hasEncoder");
        QTest::newRow("diffusers folder") << QByteArray("taesdxl") << true;
        QTest::newRow("diffusers file") << QByteArray("taesdxl/diffusion_pytorch_model.safetensors") << true;
        QTest::newRow("combined") << QByteArray("combined.safetensors") << true;
        QTest::newRow("decoder with its encoder beside it") << QByteArray("taesd_decoder.safetensors") << true;
        QTest::newRow("decoder alone") << QByteArray("alone/taesd_decoder.safetensors") << false;
    }
    void asVae_everyFormGivesTheSameNames()
    {
        QFETCH(QByteArray, vae);
        QFETCH(bool, hasEncoder);
        const Result<ModelFiles> files = ModelFiles::open({ m_root / "model.safetensors", m_root / vae.toStdString() });
        QVERIFY2(files, files ? "" : files.error().message.c_str());
        QCOMPARE(namesOf(files->tensors(Component::Vae)), hasEncoder ? wantedNames() : wantedNames("decoder."));
        QVERIFY(files->hints().isTinyVae && files->info().hasVae);
        QCOMPARE(files->hints().vaeScalingFactor, 1.0);
        for (const MappedTensor& tensor : files->tensors(Component::Vae)) QCOMPARE(tensor.shape, tensor.entry->shape);
    }

    void forPreviews_theDecoderAloneIsTaken()
    {
        for (const char* name : { "taesdxl", "combined.safetensors", "taesd_decoder.safetensors", "alone/taesd_decoder.safetensors" }) {
            const Result<TinyDecoder> decoder = openTinyDecoder(m_root / name);
            QVERIFY2(decoder, name);
            QCOMPARE(namesOf(decoder->tensors), wantedNames("decoder."));
        }
    }

    void otherFiles_areRefusedInASentence()
    {
        const Result<TinyDecoder> encoder = openTinyDecoder(m_root / "taesd_encoder.safetensors");
        QVERIFY(!encoder);
        QCOMPARE(encoder.error().message, std::string("taesd_encoder.safetensors is not a preview decoder (TAESD): decoder.layers.0.weight is not in it."));
        const Result<ModelFiles> asVae = ModelFiles::open({ m_root / "model.safetensors", m_root / "taesd_encoder.safetensors" });
        QVERIFY(!asVae);
        QVERIFY(asVae.error().message.find("is not a VAE") != std::string::npos);
        QVERIFY(!openTinyDecoder(m_root / "model.safetensors"));
        QVERIFY(!openTinyDecoder(m_root / "missing.safetensors"));
    }

private:
    QTemporaryDir m_folder;
    fs::path m_root;
};

QTEST_APPLESS_MAIN(TstTinyVae)
#include "tst_tiny_vae.moc"
