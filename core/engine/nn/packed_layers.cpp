// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/packed_layers.h"

#include "core/engine/nn/ops.h"
#include "core/engine/nn/processor.h"

#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/util/string_view.h>

#include <array>
#include <optional>

namespace sfumato::engine {

namespace {

using OptionalTensor = std::optional<at::Tensor>;
using Scalars = c10::List<std::optional<at::Scalar>>;
using Text = c10::string_view;

using ReorderLinear = at::Tensor(const at::Tensor&, std::optional<std::int64_t>);
using ReorderConvolution = at::Tensor(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, std::int64_t, at::OptionalIntArrayRef);
using LinearUnary = at::Tensor(const at::Tensor&, const at::Tensor&, const OptionalTensor&, Text, Scalars, std::optional<Text>);
using LinearBinary = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&, const OptionalTensor&, Text);
using ConvolutionUnary = at::Tensor(const at::Tensor&, const at::Tensor&, const OptionalTensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef,
    std::int64_t, Text, Scalars, std::optional<Text>);

// Looks an operator up once; libtorch registers them while it is loaded and never takes them back.
template <typename Signature>
c10::TypedOperatorHandle<Signature> operatorHandle(const char* name, const char* overload = "")
{
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

constexpr std::array kOperatorNames{ "mkldnn::_reorder_linear_weight", "mkldnn::_reorder_convolution_weight", "mkldnn::_linear_pointwise",
    "mkldnn::_convolution_pointwise" };

bool hasPackedOperators()
{
    if (!at::globalContext().hasMKLDNN() || !hasInstructionsFor(at::kBFloat16).value_or(false))
        return false;
    for (const char* name : kOperatorNames) {
        if (!c10::Dispatcher::singleton().findSchema({ name, "" }))
            return false;
    }
    return true;
}

OptionalTensor biasOf(const at::Tensor& bias)
{
    return bias.defined() ? OptionalTensor(bias) : std::nullopt;
}

} // namespace

bool canPack(at::ScalarType dtype, at::Device device)
{
    static const bool hasOperators = hasPackedOperators();
    return dtype == at::kBFloat16 && device.is_cpu() && hasOperators;
}

bool isPacked(const at::Tensor& weight)
{
    return weight.is_mkldnn();
}

at::Tensor packLinearWeight(const at::Tensor& weight)
{
    static const auto reorder = operatorHandle<ReorderLinear>("mkldnn::_reorder_linear_weight");
    return reorder.call(weight, std::nullopt);
}

at::Tensor packConvolutionWeight(const at::Tensor& weight, const Conv2d& layer)
{
    static const auto reorder = operatorHandle<ReorderConvolution>("mkldnn::_reorder_convolution_weight");
    const std::array padding{ layer.padding, layer.padding };
    const std::array stride{ layer.stride, layer.stride };
    const std::array<std::int64_t, 2> dilation{ 1, 1 };
    return reorder.call(weight, padding, stride, dilation, 1, std::nullopt);
}

at::Tensor unpackWeight(const at::Tensor& packed)
{
    return packed.to_dense().contiguous();
}

at::Tensor packedLinear(const Linear& layer, const at::Tensor& x, Activation activation)
{
    static const auto linear = operatorHandle<LinearUnary>("mkldnn::_linear_pointwise");
    if (activation == Activation::Gelu)
        return linear.call(x, layer.weight, biasOf(layer.bias), "gelu", Scalars(), "none"); // "none": no approximation
    return linear.call(x, layer.weight, biasOf(layer.bias), "none", Scalars(), "");
}

at::Tensor packedLinear(const Linear& layer, const at::Tensor& x, const at::Tensor& other, Combine combine)
{
    static const auto linear = operatorHandle<LinearBinary>("mkldnn::_linear_pointwise", "binary");
    return linear.call(x, other, layer.weight, biasOf(layer.bias), combine == Combine::Add ? "add" : "mul");
}

at::Tensor packedConvolution(const Conv2d& layer, const at::Tensor& x)
{
    static const auto convolution = operatorHandle<ConvolutionUnary>("mkldnn::_convolution_pointwise");
    const std::array padding{ layer.padding, layer.padding };
    const std::array stride{ layer.stride, layer.stride };
    const std::array<std::int64_t, 2> dilation{ 1, 1 };
    return convolution.call(x, layer.weight, biasOf(layer.bias), padding, stride, dilation, 1, "none", Scalars(), "");
}

} // namespace sfumato::engine
