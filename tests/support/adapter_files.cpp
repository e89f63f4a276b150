// SPDX-License-Identifier: Apache-2.0
#include "tests/support/adapter_files.h"

#include "core/engine/io/safetensors_writer.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/packed_layers.h"
#include "tests/support/split_text.h"
#include "tests/support/synthetic_weights.h"

#include <cmath>
#include <numeric>

namespace sfumato::test {

namespace {

// The uniform numbers in ±1/2 that synthetic inputs are made of.
at::Tensor uniform(const std::string& name, const std::vector<std::int64_t>& shape) { return syntheticInput(name, shape) / std::sqrt(12.0); }

at::Tensor valuesOf(const std::string& name, const std::vector<std::int64_t>& shape, const std::string& rule, double gain)
{
    if (rule == "constant") return at::full(shape, gain, at::kFloat);
    return rule == "one" ? uniform(name, shape) * gain + 1.0 : syntheticWeight(name, shape) * gain;
}

at::ScalarType scalarTypeOf(engine::Dtype dtype)
{
    switch (dtype) {
    case engine::Dtype::F16: return at::kHalf;
    case engine::Dtype::BF16: return at::kBFloat16;
    case engine::Dtype::F8E4M3: return at::kFloat8_e4m3fn;
    case engine::Dtype::F8E5M2: return at::kFloat8_e5m2;
    default: return at::kFloat;
    }
}

// The part of a fused or split tensor that belongs to one of its names, in the shape of the origin.
void takeApart(const engine::AdaptableWeights& weights, const engine::WeightSlot& slot, engine::Component component, std::map<std::string, at::Tensor>& all)
{
    std::vector<at::Tensor> rows;
    for (const at::Tensor& tensor : slot.tensors) rows.push_back(engine::isPacked(tensor) ? engine::unpackWeight(tensor) : tensor.contiguous());
    const at::Tensor whole = at::cat(rows);
    std::int64_t begin = 0;
    for (const std::string& name : slot.parts) {
        const std::vector<std::int64_t>& shape = *weights.shapeOf(name);
        all[weightKey(component, name)] = whole.narrow(0, begin, shape.front()).reshape(shape).clone();
        begin += shape.front();
    }
}

} // namespace

void writeAdapter(const std::filesystem::path& path, const std::string& set, const std::vector<std::string>& lines, const std::map<std::string, std::string>& metadata, engine::Dtype dtype,
    const std::string& prefix, const std::vector<std::string>& more)
{
    std::vector<at::Tensor> values;
    std::vector<engine::TensorToWrite> tensors;
    const auto add = [&](const std::string& line, const std::string& before) {
        const std::vector<std::string> fields = split(line, '|');
        std::vector<std::int64_t> shape;
        for (const std::string& side : split(fields.at(1), ',')) shape.push_back(std::stoll(side));
        values.push_back(valuesOf(set + '/' + fields[0], shape, fields.at(2), std::stod(fields.at(3))).to(scalarTypeOf(dtype)).contiguous());
        tensors.push_back({ before + fields[0], dtype, shape, { static_cast<const std::byte*>(values.back().const_data_ptr()), values.back().nbytes() } });
    };
    for (const std::string& line : lines) add(line, prefix);
    for (const std::string& line : more) add(line, {});
    if (const Result<void> written = engine::writeSafetensors(path, tensors, metadata); !written) throw engine::EngineException(written.error());
}

std::string weightKey(engine::Component component, const std::string& name) { return std::to_string(static_cast<int>(component)) + ' ' + name; }

std::map<std::string, at::Tensor> networkWeights(const engine::LoraStack& stack)
{
    std::map<std::string, at::Tensor> all;
    for (const engine::Component component : engine::kComponents) {
        const engine::AdaptableWeights* const weights = stack.weights(component);
        if (!weights) continue;
        for (const engine::WeightSlot& slot : weights->slots()) takeApart(*weights, slot, component, all);
    }
    return all;
}

} // namespace sfumato::test
