// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/devices.h"

#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/processor.h"
#include "core/engine/runtime/memory.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sched.h>
#include <thread>
#include <unistd.h>

namespace sfumato::engine {

namespace {

constexpr std::uint64_t kLargeModel = 200'000'000; // parameters; above it a half-precision processor wins clearly
constexpr double kLargestShareOfMemory = 0.6;      // for weights; the rest is for pictures, for what is computed between them, and for other programs

// The value after "key : " of the first matching line of /proc/cpuinfo.
std::string processorField(const std::string& key)
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key))
            if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return {};
}

bool processorHasBFloat16() { return hasInstructionsFor(at::kBFloat16).value_or(false); }

std::uint64_t systemMemory()
{
    return static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

int cudaDeviceCount()
{
    return at::hasCUDA() ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : 0;
}

DeviceInfo describeCard(int index)
{
    const at::Device device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
    return { "cuda:" + std::to_string(index), "NVIDIA graphics card " + std::to_string(index + 1), cardMemory(device).total, true };
}

} // namespace

std::vector<DeviceInfo> listDevices()
{
    const std::string model = processorField("model name");
    std::vector<DeviceInfo> devices{ { "cpu", model.empty() ? "Processor" : model, systemMemory(), processorHasBFloat16() } };
    for (int index = 0; index < cudaDeviceCount(); ++index) devices.push_back(describeCard(index));
    return devices;
}

at::Device chooseDevice(const std::string& name)
{
    const int cards = cudaDeviceCount();
    if (name == "auto") return cards > 0 ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
    if (name == "cpu") return at::kCPU;
    if (name == "cuda" && cards > 0) return at::Device(at::kCUDA, 0);
    for (int index = 0; index < cards; ++index)
        if (name == "cuda:" + std::to_string(index)) return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(index));
    std::string available = "cpu";
    for (int index = 0; index < cards; ++index) available += ", cuda:" + std::to_string(index);
    throw EngineException(ErrorCode::InvalidRequest, "The device \"" + name + "\" is not in this machine; it has " + available + ".", "device");
}

at::ScalarType choosePrecision(Precision precision, at::Device device, std::uint64_t parameterCount)
{
    switch (precision) {
    case Precision::Float32: return at::kFloat;
    case Precision::BFloat16: return at::kBFloat16;
    case Precision::Float16: return at::kHalf;
    case Precision::Auto: break;
    }
    if (device.is_cuda()) return at::kBFloat16;
    const bool isFaster = processorHasBFloat16() && parameterCount > kLargeModel;
    const bool fits = static_cast<double>(parameterCount) * sizeof(float) <= kLargestShareOfMemory * static_cast<double>(systemMemory());
    return isFaster || !fits ? at::kBFloat16 : at::kFloat;
}

std::string precisionName(at::ScalarType dtype)
{
    return dtype == at::kBFloat16 ? "bfloat16" : dtype == at::kHalf ? "float16"
                                                                    : "float32";
}

int physicalCoreCount()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    std::set<std::string> cores; // hyperthreads of one core share their list of siblings
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed)) continue;
        std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
        std::string siblings = std::to_string(cpu);
        std::getline(file, siblings);
        cores.insert(siblings);
    }
    return std::max(1, static_cast<int>(cores.size()));
}

} // namespace sfumato::engine
