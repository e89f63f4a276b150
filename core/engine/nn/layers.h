// The layers all networks are made of: plain structs of tensors, bound by name, and the functions that apply them.
// Thread: engine, in inference mode. Owner: the network that loaded them.
//
// Layouts: token tensors are [batch, tokens, channels], contiguous; feature maps are [batch, channels, height, width] in channels-last memory, so that the
// same memory read as [batch, height·width, channels] is a token tensor. Layers accept other layouts and return these.
// On a CPU with fast bfloat16 the weights of linear and convolution layers are kept in oneDNN's blocked layout (see packed_layers.h); on one without it they stay as they are
// and the products are computed in float32 (see widened_layers.h).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace sfumato::engine {

class Weights;

enum class Activation { None,
    Gelu /* exact */ };

struct Linear {
    at::Tensor weight; // [out, in], perhaps packed
    at::Tensor bias;   // [out] or undefined
    std::int64_t inputWidth = 0;
    std::int64_t outputWidth = 0;
};

enum class Bias { No,
    Yes };

// Binds weights."weight" [out, in] and, with a bias, weights."bias" [out].
[[nodiscard]] Linear loadLinear(const Weights& weights, std::int64_t inputWidth, std::int64_t outputWidth, Bias bias = Bias::Yes);
// Several layers with one input as one product: the outputs follow each other in the last dimension. `scopes` are relative to `weights`.
[[nodiscard]] Linear loadFusedLinear(const Weights& weights, const std::vector<std::string_view>& scopes, std::int64_t inputWidth, std::int64_t outputWidth, Bias bias);
// One product as several layers: `parts` layers of `outputWidth` rows each, in order.
[[nodiscard]] std::vector<Linear> loadSplitLinear(const Weights& weights, std::int64_t inputWidth, std::int64_t outputWidth, std::int64_t parts);
// A 1×1 convolution [out, in, 1, 1] as the matrix it is.
[[nodiscard]] Linear loadPointwiseLinear(const Weights& weights, std::int64_t inputWidth, std::int64_t outputWidth);

// activation(x·Wᵀ + b): [..., in] → [..., out].
[[nodiscard]] at::Tensor forward(const Linear& layer, const at::Tensor& x, Activation activation = Activation::None);
// residual + x·Wᵀ + b, `residual` [..., out].
[[nodiscard]] at::Tensor forwardAdd(const Linear& layer, const at::Tensor& x, const at::Tensor& residual);
// factor ⊙ (x·Wᵀ + b), `factor` [..., out].
[[nodiscard]] at::Tensor forwardMultiply(const Linear& layer, const at::Tensor& x, const at::Tensor& factor);

struct Conv2d {
    at::Tensor weight; // [out, in, kernel, kernel], channels-last or packed
    at::Tensor bias;   // [out]
    std::int64_t inputChannels = 0;
    std::int64_t outputChannels = 0;
    std::int64_t kernel = 3;
    std::int64_t stride = 1;
    std::int64_t padding = 1; // zeros on all four sides
};

struct ConvShape {
    std::int64_t kernel = 3;
    std::int64_t stride = 1;
    std::int64_t padding = 1;
};

[[nodiscard]] Conv2d loadConv2d(const Weights& weights, std::int64_t inputChannels, std::int64_t outputChannels, ConvShape shape = {});

// [batch, in, height, width] → [batch, out, ⌊(height + 2·padding − kernel)/stride⌋ + 1, …].
[[nodiscard]] at::Tensor forward(const Conv2d& layer, const at::Tensor& x);
// residual + convolution of x, `residual` of the output's shape.
[[nodiscard]] at::Tensor forwardAdd(const Conv2d& layer, const at::Tensor& x, const at::Tensor& residual);

inline constexpr std::int64_t kNormGroups = 32; // of every group norm in the family

struct GroupNorm {
    at::Tensor weight; // [channels]
    at::Tensor bias;   // [channels]
    double epsilon = 1e-5;
};

[[nodiscard]] GroupNorm loadGroupNorm(const Weights& weights, std::int64_t channels, double epsilon);
[[nodiscard]] at::Tensor forward(const GroupNorm& layer, const at::Tensor& x);     // [batch, channels, height, width]
[[nodiscard]] at::Tensor forwardSilu(const GroupNorm& layer, const at::Tensor& x); // silu(forward(layer, x)) in one pass

struct LayerNorm {
    at::Tensor weight; // [width]
    at::Tensor bias;   // [width]
    double epsilon = 1e-5;
};

[[nodiscard]] LayerNorm loadLayerNorm(const Weights& weights, std::int64_t width);
[[nodiscard]] at::Tensor forward(const LayerNorm& layer, const at::Tensor& x); // over the last dimension

// The same numbers in another type: weights are unpacked, converted and packed again where that type is.
void convert(Linear& layer, at::ScalarType dtype);
void convert(Conv2d& layer, at::ScalarType dtype);
void convert(GroupNorm& layer, at::ScalarType dtype);

// The memory of a channels-last feature map as tokens, and back; a copy only when `x` is in another layout.
[[nodiscard]] at::Tensor toTokens(const at::Tensor& featureMap);                                          // [b, c, h, w] → [b, h·w, c]
[[nodiscard]] at::Tensor toFeatureMap(const at::Tensor& tokens, std::int64_t height, std::int64_t width); // [b, h·w, c] → [b, c, h, w]

} // namespace sfumato::engine
