// What sfumato-bench can measure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/bench/bench_options.h"

namespace sfumato::bench {

// One SDXL UNet step and one autoencoder decode, at full published size, weights normal with variance 1/fan-in (never zeros: hardware computes those faster).
void benchUnet(const BenchOptions& options);
void benchAutoencoder(const BenchOptions& options);

// Adding, re-weighting and removing a LoRA on a full-size SDXL UNet, and a step with three against one with none. Writes 6 GB below the temporary folder meanwhile.
void benchLora(const BenchOptions& options);

// Single operators at the shapes they have inside the network, each beside libtorch's own form of it.
[[nodiscard]] bool benchOperator(const BenchOptions& options);

} // namespace sfumato::bench
