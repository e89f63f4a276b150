// The command line of sfumato-bench and how it measures.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>

namespace sfumato::bench {

struct BenchOptions {
    std::string what;         // unet, vae, lora, op
    std::string operatorName; // of op: sdpa, gnsilu, linear, conv
    std::int64_t size = 512;  // pixels a side
    std::int64_t batch = 1;
    std::int64_t rank = 64; // of lora
    at::ScalarType dtype = at::kBFloat16;
    at::Device device = at::kCPU;
    int threads = 0; // 0: what libtorch takes by itself
    int warmUps = 2;
    int repeats = 5;
    bool isServer = false; // measure once per line read from standard input: for runs in turn with another program
};

// Returns false after printing the usage when the arguments make no sense.
[[nodiscard]] bool parseOptions(int argc, char** argv, BenchOptions& options);

// Runs `work` warmUps times, then prints "<label> seconds <median> min <smallest> tflops <rate>" for `flops` counted operations per run. As a server it prints
// "ready" after warming up and one "seconds <time>" for each line it reads.
void measure(const BenchOptions& options, const std::string& label, double flops, const std::function<void()>& work);

} // namespace sfumato::bench
