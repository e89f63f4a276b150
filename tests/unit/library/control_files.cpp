// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/library/control_files.h"

#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QDir>
#include <QFileInfo>

namespace sfumato::test {

namespace {

std::vector<engine::test::NamedShape> tensorsOf(ControlFileKind kind)
{
    switch (kind) {
    case ControlFileKind::Sdxl: return { { "controlnet_cond_embedding.conv_in.weight", { 16, 3, 3, 3 } }, { "add_embedding.linear_1.weight", { 1280, 2816 } }, { "conv_in.weight", { 320, 4, 3, 3 } } };
    case ControlFileKind::Sd15: return { { "control_model.input_hint_block.0.weight", { 16, 3, 3, 3 } }, { "control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight", { 320, 768 } } };
    case ControlFileKind::Union: return engine::test::tensorsOf("controlnet_union_promax_sdxl", 0, 1);
    case ControlFileKind::IpAdapter: return engine::test::tensorsOf("ip_adapter_sdxl", 0, 1);
    case ControlFileKind::Vae: break;
    }
    return { { "decoder.conv_in.weight", { 512, 4, 3, 3 } }, { "encoder.conv_in.weight", { 128, 3, 3, 3 } } };
}

} // namespace

void writeControlFile(const QString& path, ControlFileKind kind)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    engine::test::writeSparse(path.toStdString(), tensorsOf(kind));
}

} // namespace sfumato::test
