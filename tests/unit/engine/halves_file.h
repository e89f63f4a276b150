// A small model file of float16 tensors, and its tensors as a network asks for them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/model_files.h"
#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/ops.h"

#include <QTemporaryDir>

#include <span>
#include <string>
#include <vector>

namespace sfumato::test {

// A file of tensors "t0" … with the values 0, 1, 2, … in each, as F16.
[[nodiscard]] inline engine::SafetensorsFile writeHalves(const QTemporaryDir& folder, std::size_t count, std::int64_t rows, std::int64_t columns)
{
    const at::Tensor values = at::arange(rows * columns, at::TensorOptions().dtype(at::kFloat)).remainder(512).to(at::kHalf);
    std::vector<engine::TensorToWrite> tensors;
    for (std::size_t i = 0; i < count; ++i)
        tensors.push_back({ "t" + std::to_string(i), engine::Dtype::F16, { rows, columns }, std::span(static_cast<const std::byte*>(values.const_data_ptr()), values.nbytes()) });
    const std::filesystem::path path = folder.filePath(QStringLiteral("halves.safetensors")).toStdString();
    Result<void> written = engine::writeSafetensors(path, tensors);
    Q_ASSERT(written.has_value());
    return engine::SafetensorsFile::open(path).value();
}

[[nodiscard]] inline engine::MappedTensor mapped(const std::shared_ptr<const engine::SafetensorsFile>& file, const std::string& name)
{
    engine::MappedTensor tensor;
    tensor.name = name;
    tensor.file = file;
    tensor.entry = file->find(name);
    tensor.shape = tensor.entry->shape;
    tensor.rowCount = tensor.shape.front();
    return tensor;
}

} // namespace sfumato::test
