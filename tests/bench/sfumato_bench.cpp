// sfumato-bench: times the engine's networks and operators with random weights. No model file is needed.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/engine_error.h"
#include "tests/bench/bench_cases.h"
#include "tests/bench/bench_options.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv)
{
    try {
        sfumato::bench::BenchOptions options;
        if (!sfumato::bench::parseOptions(argc, argv, options))
            return 2;
        if (options.threads > 0)
            at::set_num_threads(options.threads);
        const c10::InferenceMode inference;
        if (options.what == "unet")
            sfumato::bench::benchUnet(options);
        else if (options.what == "vae")
            sfumato::bench::benchAutoencoder(options);
        else if (options.what == "lora")
            sfumato::bench::benchLora(options);
        else if (!sfumato::bench::benchOperator(options))
            return 2;
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
