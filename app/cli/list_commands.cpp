// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command_line.h"
#include "app/engine_module.h"
#include "core/engine/api/scheduler_names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace sfumato::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kBytesPerGigabyte = 1e9;

} // namespace

int listSchedulers(bool json)
{
    Json list = Json::array();
    for (const engine::SchedulerName& scheduler : engine::allSchedulers()) {
        if (json)
            list.push_back({ { "name", scheduler.name }, { "label", scheduler.label }, { "reference", scheduler.reference } });
        else
            std::printf("%-31s %-33s %s\n", scheduler.name.c_str(), scheduler.label.c_str(), scheduler.reference.c_str());
    }
    if (json) std::cout << list.dump() << '\n';
    return kSuccessExitCode;
}

int listDevices(bool json, const InstallPaths& paths)
{
    const auto engine = engineSource(paths)();
    if (!engine) {
        std::cerr << engine.error().message << '\n';
        return kFailureExitCode;
    }
    Json list = Json::array();
    for (const engine::DeviceInfo& device : (*engine)->devices()) {
        if (json)
            list.push_back({ { "name", device.name }, { "description", device.description }, { "memory", device.memoryInBytes }, { "bfloat16", device.supportsBFloat16 } });
        else
            std::printf("%-8s %s, %.1f GB%s\n", device.name.c_str(), device.description.c_str(), static_cast<double>(device.memoryInBytes) / kBytesPerGigabyte,
                device.supportsBFloat16 ? ", bfloat16" : "");
    }
    if (json) std::cout << list.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    return kSuccessExitCode;
}

int runBenchmark(const std::vector<std::string>& arguments, const InstallPaths& paths)
{
    std::string program = paths.benchmark.string();
    std::vector<std::string> copies = arguments;
    std::vector<char*> pointers{ program.data() };
    for (std::string& argument : copies) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    execv(program.c_str(), pointers.data());
    std::cerr << "The benchmark " << program << " is not there; it is built with -DSFUMATO_BUILD_BENCH=ON, or by ./dev bench.\n";
    return kFailureExitCode;
}

} // namespace sfumato::app
