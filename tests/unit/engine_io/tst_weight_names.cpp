// Every name of the published architectures maps to the one in its list, through whole files opened as models.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/component_mapper.h"
#include "core/engine/io/model_files.h"
#include "core/engine/io/names/weight_names.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace sfumato;
using namespace sfumato::engine;
using namespace sfumato::engine::test;

namespace {

struct Expected {
    std::vector<std::int64_t> shape;
    bool transpose = false;
    std::int64_t rowBegin = 0;
    std::string fileTensor;
};

using ExpectedTensors = std::map<std::string, Expected>; // by diffusers name

// Lists of UNets: single-file name, diffusers name, shape.
ExpectedTensors expectedUnet(const std::string& list)
{
    ExpectedTensors expected;
    for (const auto& row : weightNameRows(list)) expected[row.at(1)] = { parseShape(row.at(2)), false, 0, row.at(0) };
    return expected;
}

// The VAE's list has the shapes of single files and a note where diffusers keeps a matrix.
ExpectedTensors expectedVae()
{
    ExpectedTensors expected;
    for (const auto& row : weightNameRows("vae_kl_f8")) {
        std::vector<std::int64_t> shape = parseShape(row.at(2));
        if (row.size() > 3 && row[3].starts_with("squeeze") && shape.size() == 4) shape.resize(2);
        expected[row.at(1)] = { shape, false, 0, row.at(0) };
    }
    return expected;
}

ExpectedTensors expectedClipL(std::size_t column)
{
    ExpectedTensors expected;
    for (const auto& row : weightNameRows("clip_l")) {
        if (!row.at(2).ends_with("position_ids")) expected[row.at(2)] = { parseShape(row.at(3)), false, 0, row.at(column) };
    }
    return expected;
}

// "a.weight rows 0:1280;b.weight rows 1280:2560;…", "text_projection.weight (transposed)", "(ignored)" or a plain name.
ExpectedTensors expectedBigG(std::size_t column)
{
    ExpectedTensors expected;
    for (const auto& row : weightNameRows("openclip_bigg")) {
        const QString target = QString::fromStdString(row.at(2));
        std::vector<std::int64_t> shape = parseShape(row.at(3));
        if (target == QLatin1String("(ignored)")) continue;
        if (target.endsWith(QLatin1String(" (transposed)"))) {
            expected[target.section(QLatin1Char(' '), 0, 0).toStdString()] = { { shape[1], shape[0] }, true, 0, row.at(column) };
            continue;
        }
        if (!target.contains(QLatin1String(" rows "))) {
            expected[row.at(2)] = { shape, false, 0, row.at(column) };
            continue;
        }
        for (const QString& part : target.split(QLatin1Char(';'))) {
            const QString rows = part.section(QLatin1Char(' '), 2, 2);
            const std::int64_t begin = rows.section(QLatin1Char(':'), 0, 0).toLongLong();
            shape[0] = rows.section(QLatin1Char(':'), 1, 1).toLongLong() - begin;
            expected[part.section(QLatin1Char(' '), 0, 0).toStdString()] = { shape, false, begin, row.at(column) };
        }
    }
    return expected;
}

void compareTensors(const ModelFiles& files, Component component, const ExpectedTensors& expected)
{
    QCOMPARE(files.unmapped(component).size(), std::size_t(0));
    QCOMPARE(files.tensors(component).size(), expected.size());
    for (const MappedTensor& tensor : files.tensors(component)) {
        const auto found = expected.find(tensor.name);
        QVERIFY2(found != expected.end(), tensor.name.c_str());
        QCOMPARE(tensor.shape, found->second.shape);
        QCOMPARE(tensor.transpose, found->second.transpose);
        QCOMPARE(tensor.rowBegin, found->second.rowBegin);
        QCOMPARE(tensor.entry->name, found->second.fileTensor);
        if (!tensor.shape.empty()) QCOMPARE(tensor.rowCount, tensor.transpose ? tensor.shape[1] : tensor.shape[0]);
    }
}

std::vector<NamedShape> joined(std::initializer_list<std::vector<NamedShape>> lists)
{
    std::vector<NamedShape> all;
    for (const std::vector<NamedShape>& list : lists) all.insert(all.end(), list.begin(), list.end());
    return all;
}

} // namespace

class TstWeightNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sdxlCheckpoint_mapsEveryName_data();
    void sdxlCheckpoint_mapsEveryName();
    void refinerCheckpoint_mapsEveryName();
    void sd1Checkpoint_mapsEveryName_data();
    void sd1Checkpoint_mapsEveryName();
    void bareUnet_mapsEveryName_data();
    void bareUnet_mapsEveryName();
    void diffusersNamesInOneFile_stay();
    void comfyPrefixes_areUnderstood();
    void distilledUnets_mapBlockByBlock_data();
    void distilledUnets_mapBlockByBlock();
    void oldVaeAttention_isRenamed();
    void unknownNames_areReportedNotDropped();
    void nameTakenTwice_isReported();
    void unetNames_refuseOddNames_data();
    void unetNames_refuseOddNames();

private:
    Result<ModelFiles> openSparse(const std::vector<NamedShape>& tensors);

    QTemporaryDir m_folder;
};

Result<ModelFiles> TstWeightNames::openSparse(const std::vector<NamedShape>& tensors)
{
    const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / "model.safetensors";
    writeSparse(path, tensors);
    return ModelFiles::open({ path, {} });
}

void TstWeightNames::sdxlCheckpoint_mapsEveryName_data()
{
    QTest::addColumn<QByteArray>("unet");
    QTest::addColumn<int>("channels");
    QTest::addColumn<qulonglong>("parameters");
    QTest::newRow("base") << QByteArray("unet_sdxl_base") << 4 << 2'567'463'684ULL;
    QTest::newRow("inpainting") << QByteArray("unet_sdxl_inpaint") << 9 << 2'567'478'084ULL;
}

void TstWeightNames::sdxlCheckpoint_mapsEveryName()
{
    QFETCH(QByteArray, unet);
    QFETCH(int, channels);
    QFETCH(qulonglong, parameters);
    const Result<ModelFiles> files = openSparse(joined({ tensorsOf(unet.toStdString(), 0, 2), tensorsOf("vae_kl_f8", 0, 2), tensorsOf("clip_l", 0, 3), tensorsOf("openclip_bigg", 0, 3) }));
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    compareTensors(*files, Component::Unet, expectedUnet(unet.toStdString()));
    compareTensors(*files, Component::Vae, expectedVae());
    compareTensors(*files, Component::TextEncoder, expectedClipL(0));
    compareTensors(*files, Component::TextEncoder2, expectedBigG(0));
    const ModelInfo& info = files->info();
    QVERIFY(info.family == ModelFamily::Sdxl);
    QCOMPARE(info.inputChannels, channels);
    QCOMPARE(info.precision, std::string("F16"));
    QVERIFY(info.hasVae && info.hasTextEncoders && files->checkComplete());
    QCOMPARE(info.parameterCount, std::uint64_t(parameters + 83'653'863 + 123'060'480 + 694'659'840));
    QCOMPARE(files->strayNames().size(), std::size_t(0));
    QCOMPARE(files->hints().vaeScalingFactor, 0.13025);
}

void TstWeightNames::refinerCheckpoint_mapsEveryName()
{
    const Result<ModelFiles> files = openSparse(joined({ tensorsOf("unet_sdxl_refiner", 0, 2), tensorsOf("vae_kl_f8", 0, 2), tensorsOf("openclip_bigg", 1, 3) }));
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    compareTensors(*files, Component::Unet, expectedUnet("unet_sdxl_refiner"));
    compareTensors(*files, Component::TextEncoder2, expectedBigG(1));
    QVERIFY(files->info().family == ModelFamily::SdxlRefiner);
    QVERIFY(!files->has(Component::TextEncoder) && files->info().hasTextEncoders && files->checkComplete());
    QVERIFY(files->hints().requiresAestheticsScore && !files->hints().forceZerosForEmptyPrompt);
}

void TstWeightNames::sd1Checkpoint_mapsEveryName_data()
{
    QTest::addColumn<QByteArray>("unet");
    QTest::addColumn<int>("channels");
    QTest::newRow("1.5") << QByteArray("unet_sd15") << 4;
    QTest::newRow("1.5 inpainting") << QByteArray("unet_sd15_inpaint") << 9;
}

void TstWeightNames::sd1Checkpoint_mapsEveryName()
{
    QFETCH(QByteArray, unet);
    QFETCH(int, channels);
    std::vector<NamedShape> tensors = joined({ tensorsOf(unet.toStdString(), 0, 2), tensorsOf("vae_kl_f8", 0, 2), tensorsOf("clip_l", 1, 3) });
    // What training files carry along.
    for (const char* name : { "betas", "alphas_cumprod", "alphas_cumprod_prev", "sqrt_one_minus_alphas_cumprod", "posterior_variance", "posterior_mean_coef1", "model_ema.decay",
             "model_ema.num_updates", "model_ema.diffusion_modelinput_blocks00weight", "first_stage_model.loss.logvar", "embedding_manager.x",
             "cond_stage_model.transformer.text_model.embeddings.position_ids", "cond_stage_model.logit_scale", "global_step" }) {
        tensors.push_back({ name, { 1 }, Dtype::F32 });
    }
    const Result<ModelFiles> files = openSparse(tensors);
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    compareTensors(*files, Component::Unet, expectedUnet(unet.toStdString()));
    compareTensors(*files, Component::Vae, expectedVae());
    compareTensors(*files, Component::TextEncoder, expectedClipL(1));
    QVERIFY(files->info().family == ModelFamily::Sd1);
    QCOMPARE(files->info().inputChannels, channels);
    QCOMPARE(files->info().nativeSize, (Extent{ 512, 512 }));
    QCOMPARE(files->hints().vaeScalingFactor, 0.18215);
    QVERIFY(!files->has(Component::TextEncoder2) && files->checkComplete());
    QCOMPARE(files->strayNames().size(), std::size_t(0));
}

void TstWeightNames::bareUnet_mapsEveryName_data()
{
    QTest::addColumn<QByteArray>("unet");
    QTest::addColumn<QByteArray>("prefix");
    for (const char* unet : { "unet_sdxl_base", "unet_sdxl_refiner", "unet_sd15" }) {
        for (const char* prefix : { "model.diffusion_model.", "", "diffusion_model." })
            QTest::addRow("%s with prefix \"%s\"", unet, prefix) << QByteArray(unet) << QByteArray(prefix);
    }
}

void TstWeightNames::bareUnet_mapsEveryName()
{
    QFETCH(QByteArray, unet);
    QFETCH(QByteArray, prefix);
    const std::string_view usual = "model.diffusion_model.";
    std::vector<NamedShape> tensors = tensorsOf(unet.toStdString(), 0, 2, Dtype::BF16);
    for (NamedShape& tensor : tensors) tensor.name.replace(0, usual.size(), prefix.toStdString());
    ExpectedTensors expected = expectedUnet(unet.toStdString());
    for (auto& [name, one] : expected) one.fileTensor.replace(0, usual.size(), prefix.toStdString());
    const Result<ModelFiles> files = openSparse(tensors);
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    compareTensors(*files, Component::Unet, expected);
    QCOMPARE(files->info().precision, std::string("BF16"));
    QVERIFY(!files->info().hasVae && !files->info().hasTextEncoders);
    const Result<void> complete = files->checkComplete();
    QVERIFY(!complete);
    const std::string& message = complete.error().message;
    QVERIFY2(message.starts_with("model.safetensors lacks a part of the model: it has no ") && message.ends_with(" and VAE."), message.c_str());
}

void TstWeightNames::diffusersNamesInOneFile_stay()
{
    std::vector<NamedShape> tensors = tensorsOf("unet_sdxl_base", 1, 2);
    for (NamedShape& tensor : tensors) tensor.name.insert(0, "unet.");
    for (NamedShape tensor : tensorsOf("clip_l", 2, 3)) {
        tensor.name.insert(0, "text_encoder.");
        tensors.push_back(tensor);
    }
    for (const auto& [name, expected] : expectedVae()) tensors.push_back({ "vae." + name, expected.shape });
    const Result<ModelFiles> files = openSparse(tensors);
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    std::set<std::string> names;
    for (const MappedTensor& tensor : files->tensors(Component::Unet)) names.insert(tensor.name);
    for (const auto& [name, expected] : expectedUnet("unet_sdxl_base")) QVERIFY2(names.contains(name), name.c_str());
    QCOMPARE(files->tensors(Component::Vae).size(), std::size_t(248));
    QCOMPARE(files->tensors(Component::TextEncoder).size(), std::size_t(196));
    QCOMPARE(files->unmapped(Component::Unet).size() + files->unmapped(Component::Vae).size() + files->unmapped(Component::TextEncoder).size(), std::size_t(0));
}

void TstWeightNames::comfyPrefixes_areUnderstood()
{
    std::vector<NamedShape> tensors = tensorsOf("unet_sdxl_base", 0, 2);
    ExpectedTensors clipL = expectedClipL(2);
    for (auto& [name, expected] : clipL) {
        expected.fileTensor = "clip_l.transformer." + name;
        tensors.push_back({ expected.fileTensor, expected.shape });
    }
    ExpectedTensors bigG;
    for (const auto& [name, expected] : expectedBigG(0)) {
        bigG[name] = { expected.shape, false, 0, "clip_g.transformer." + name };
        tensors.push_back({ "clip_g.transformer." + name, expected.shape });
    }
    for (const char* ignored : { "clip_l.logit_scale", "clip_g.logit_scale" }) tensors.push_back({ ignored, {} });
    tensors.push_back({ "clip_l.transformer.text_projection.weight", { 768, 768 } });
    const Result<ModelFiles> files = openSparse(tensors);
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    compareTensors(*files, Component::TextEncoder, clipL);
    compareTensors(*files, Component::TextEncoder2, bigG);
    QVERIFY(!files->info().hasVae && files->info().hasTextEncoders);
}

void TstWeightNames::distilledUnets_mapBlockByBlock_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("mapped");
    QTest::addColumn<int>("firstDownsampler"); // 3 with two blocks a level, 2 with one (KOALA, the starter model)
    const auto row = [](const char* name, const char* mapped, int firstDownsampler) {
        QTest::addRow("%s after %d", name, firstDownsampler) << QByteArray(name) << QByteArray(mapped) << firstDownsampler;
    };
    row("input_blocks.1.0.in_layers.2.weight", "down_blocks.0.resnets.0.conv1.weight", 2);
    row("input_blocks.2.0.op.bias", "down_blocks.0.downsamplers.0.conv.bias", 2);
    row("input_blocks.3.0.skip_connection.weight", "down_blocks.1.resnets.0.conv_shortcut.weight", 2);
    row("input_blocks.5.1.transformer_blocks.4.attn2.to_k.weight", "down_blocks.2.attentions.0.transformer_blocks.4.attn2.to_k.weight", 2);
    row("output_blocks.1.2.conv.weight", "up_blocks.0.upsamplers.0.conv.weight", 2);
    row("output_blocks.2.1.norm.weight", "up_blocks.1.attentions.0.norm.weight", 2);
    row("output_blocks.5.0.emb_layers.1.bias", "up_blocks.2.resnets.1.time_emb_proj.bias", 2);
    row("middle_block.0.out_layers.3.weight", "mid_block.resnets.0.conv2.weight", 3);
    row("middle_block.1.in_layers.0.weight", "mid_block.resnets.1.norm1.weight", 3); // a middle without attention
    row("middle_block.1.proj_in.weight", "mid_block.attentions.0.proj_in.weight", 3);
    row("output_blocks.2.1.conv.weight", "up_blocks.0.upsamplers.0.conv.weight", 3); // no transformer before it
    row("output_blocks.2.2.conv.weight", "up_blocks.0.upsamplers.0.conv.weight", 3);
    row("output_blocks.8.0.out_layers.0.bias", "up_blocks.2.resnets.2.norm2.bias", 3);
    row("time_embed.cond_proj.weight", "time_embedding.cond_proj.weight", 3);
}

void TstWeightNames::distilledUnets_mapBlockByBlock()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, mapped);
    QFETCH(int, firstDownsampler);
    const std::string first = "input_blocks." + std::to_string(firstDownsampler) + ".0.op.weight";
    const std::string second = "input_blocks." + std::to_string(2 * firstDownsampler) + ".0.op.weight";
    const std::string_view names[] = { second, first, "input_blocks.5.0.in_layers.0.weight" };
    const UnetNames map(names);
    QCOMPARE(map.blocksPerLevel(), firstDownsampler - 1);
    QCOMPARE(QByteArray::fromStdString(map.toDiffusers(name.toStdString()).value_or("(none)")), mapped);
}

void TstWeightNames::oldVaeAttention_isRenamed()
{
    std::vector<NamedShape> tensors = tensorsOf("unet_sdxl_base", 0, 2);
    const std::pair<std::string, std::string> renamings[] = { { "to_q.", "query." }, { "to_k.", "key." }, { "to_v.", "value." }, { "to_out.0.", "proj_attn." } };
    ExpectedTensors expected = expectedVae();
    for (auto& [name, one] : expected) {
        one.fileTensor = "vae." + name;
        for (const auto& [present, old] : renamings) {
            if (const std::size_t at = one.fileTensor.find(present); at != std::string::npos) one.fileTensor.replace(at, present.size(), old);
        }
        tensors.push_back({ one.fileTensor, one.shape });
    }
    const Result<ModelFiles> files = openSparse(tensors);
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    compareTensors(*files, Component::Vae, expected);
}

void TstWeightNames::unknownNames_areReportedNotDropped()
{
    std::vector<NamedShape> tensors = joined({ tensorsOf("unet_sd15", 0, 2), tensorsOf("vae_kl_f8", 0, 2), tensorsOf("clip_l", 1, 3) });
    const std::vector<std::string> strange{ "model.diffusion_model.input_blocks.1.0.gate.weight", "model.diffusion_model.extra", "model.diffusion_model.output_blocks.2.9.conv.weight" };
    for (const std::string& name : strange) tensors.push_back({ name, { 2 } });
    tensors.push_back({ "first_stage_model.decoder.up.0.attn.0.q.weight", { 4, 4, 1, 1 } });
    tensors.push_back({ "cond_stage_model.transformer.text_model.adapter", { 4 } });
    tensors.push_back({ "somebody.else", { 4 } });
    const Result<ModelFiles> files = openSparse(tensors);
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QVERIFY(files->unmapped(Component::Unet) == strange);
    QVERIFY(files->unmapped(Component::Vae) == std::vector<std::string>{ "first_stage_model.decoder.up.0.attn.0.q.weight" });
    QVERIFY(files->unmapped(Component::TextEncoder) == std::vector<std::string>{ "cond_stage_model.transformer.text_model.adapter" });
    QVERIFY(files->strayNames() == std::vector<std::string>{ "somebody.else" });
    QCOMPARE(files->tensors(Component::Unet).size(), std::size_t(686 + 3));
    const auto isStrange = [&](const MappedTensor& tensor) { return tensor.name == strange[1]; };
    QCOMPARE(std::count_if(files->tensors(Component::Unet).begin(), files->tensors(Component::Unet).end(), isStrange), std::ptrdiff_t(1));
}

void TstWeightNames::nameTakenTwice_isReported()
{
    std::vector<NamedShape> tensors = tensorsOf("unet_sd15", 0, 2);
    tensors.push_back({ "model.diffusion_model.conv_in.weight", { 320, 4, 3, 3 } });
    const Result<ModelFiles> files = openSparse(tensors);
    QVERIFY(files);
    QVERIFY(files->unmapped(Component::Unet) == std::vector<std::string>{ "model.diffusion_model.conv_in.weight" });
}

void TstWeightNames::unetNames_refuseOddNames_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char* name : { "", "input_blocks", "input_blocks.", "input_blocks.x.0.in_layers.0.weight", "input_blocks.-1.0.in_layers.0.weight", "input_blocks.99999.0.in_layers.0.weight",
             "input_blocks.1", "input_blocks.1.", "input_blocks.1.3.norm.weight", "input_blocks.3.1.op.weight", "input_blocks.1.0.op.weight", "middle_block.3.in_layers.0.weight",
             "output_blocks.1.2.conv.weight", "output_blocks.2.3.conv.weight", "out.1.weight", "time_embed.1.weight", "conv_in", "zero_convs.0.0.weight" }) {
        QTest::newRow(name) << QByteArray(name);
    }
}

void TstWeightNames::unetNames_refuseOddNames()
{
    QFETCH(QByteArray, name);
    const std::string_view names[] = { "input_blocks.3.0.op.weight" };
    QVERIFY(!UnetNames(names).toDiffusers(name.toStdString()));
}

QTEST_APPLESS_MAIN(TstWeightNames)
#include "tst_weight_names.moc"
