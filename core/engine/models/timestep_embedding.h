// Sinusoidal embeddings of timesteps and of SDXL's six size numbers.
// Thread: any, pure. Source: Vaswani et al. 2017, section 3.5, in the order [cos, sin] that Stable Diffusion uses (diffusers: flip_sin_to_cos, freq_shift 0).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sfumato::engine {

//   in   values [count], any number type; may be fractional
//   in   width  even
//   out  [count, width], float32, on the device of `values`: cos(v·f_i), then sin(v·f_i), f_i = 10000^(−i / (width/2))
[[nodiscard]] at::Tensor sinusoidalEmbedding(const at::Tensor& values, std::int64_t width);

// The guidance scale as a latent consistency model reads it (diffusers get_guidance_scale_embedding).
//   in   scale  w of Luo et al. 2023, equation 14: the guidance scale of the others less 1
//   out  [1, width], float32, on the device: sin, then cos of 1000 · w · 10000^(−i / (width/2 − 1))
[[nodiscard]] at::Tensor guidanceEmbedding(double scale, std::int64_t width, at::Device device);

} // namespace sfumato::engine
