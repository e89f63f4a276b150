// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench_options.h"
#include "tests/bench/timing.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

namespace sfumato::bench {

namespace {

constexpr std::string_view kUsage = "sfumato-bench unet|vae|lora|op [sdpa|gnsilu|linear|conv]\n"
                                    "  --size N      pixels a side (512)      --batch N    pictures at once (1)\n"
                                    "  --dtype T     bf16, fp32 or fp16       --device D   cpu, cuda, cuda:N\n"
                                    "  --rank N      of a LoRA (64)\n"
                                    "  --threads N   0: libtorch decides      --repeat N   measured runs (5)\n"
                                    "  --warm-up N   runs before (2)          --server     measure once per line read\n";

bool setDtype(BenchOptions& options, std::string_view name)
{
    if (name == "bf16")
        options.dtype = at::kBFloat16;
    else if (name == "fp32")
        options.dtype = at::kFloat;
    else if (name == "fp16")
        options.dtype = at::kHalf;
    else
        return false;
    return true;
}

bool setOption(BenchOptions& options, std::string_view name, const char* value)
{
    if (name == "--size")
        return (options.size = std::atoll(value)) >= 64;
    if (name == "--batch")
        return (options.batch = std::atoll(value)) >= 1;
    if (name == "--rank")
        return (options.rank = std::atoll(value)) >= 1;
    if (name == "--threads")
        return (options.threads = std::atoi(value)) >= 0;
    if (name == "--repeat")
        return (options.repeats = std::atoi(value)) >= 1;
    if (name == "--warm-up")
        return (options.warmUps = std::atoi(value)) >= 0;
    if (name == "--dtype")
        return setDtype(options, value);
    if (name == "--device") {
        options.device = at::Device(std::string(value));
        return true;
    }
    return false;
}

} // namespace

bool parseOptions(int argc, char** argv, BenchOptions& options)
{
    bool isGood = argc > 1;
    for (int i = 1; i < argc && isGood; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--server")
            options.isServer = true;
        else if (argument.starts_with("--"))
            isGood = i + 1 < argc && setOption(options, argument, argv[++i]);
        else if (options.what.empty())
            options.what = argument;
        else
            options.operatorName = argument;
    }
    isGood = isGood && (options.what == "unet" || options.what == "vae" || options.what == "lora" || (options.what == "op" && !options.operatorName.empty()));
    if (!isGood)
        std::fputs(kUsage.data(), stderr);
    return isGood;
}

void measure(const BenchOptions& options, const std::string& label, double flops, const std::function<void()>& work)
{
    for (int i = 0; i < options.warmUps; ++i)
        work();
    if (options.isServer) {
        std::puts("ready");
        std::fflush(stdout);
        for (std::string line; std::getline(std::cin, line);) {
            std::printf("seconds %.6f\n", secondsOf(work));
            std::fflush(stdout);
        }
        return;
    }
    std::vector<double> seconds;
    for (int i = 0; i < options.repeats; ++i)
        seconds.push_back(secondsOf(work));
    std::sort(seconds.begin(), seconds.end());
    const double median = seconds[seconds.size() / 2];
    std::printf("%s seconds %.6f min %.6f tflops %.3f\n", label.c_str(), median, seconds.front(), flops / median / 1e12);
    std::fflush(stdout);
}

} // namespace sfumato::bench
