// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/memory.h"

#include <c10/core/DeviceGuard.h>
#include <c10/util/Exception.h>
#include <torch/version.h>
#if TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 9
#include <c10/core/CachingDeviceAllocator.h>
#define SFUMATO_HAS_DEVICE_ALLOCATOR 1
#endif

#include <dlfcn.h>
#include <fstream>
#include <limits>
#include <new>
#include <string>
#include <string_view>

namespace sfumato::engine {

namespace {

constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

std::uint64_t freeSystemMemory()
{
    std::ifstream file("/proc/meminfo");
    std::string key, unit;
    for (std::uint64_t kibibytes = 0; file >> key >> kibibytes; std::getline(file, unit))
        if (key == "MemAvailable:") return kibibytes * 1024;
    return kUnknown;
}

} // namespace

CardMemory cardMemory(at::Device device)
{
    // The run-time library came in with libtorch_cuda; it is asked by name because nothing links it.
    using MemGetInfo = int (*)(std::size_t*, std::size_t*);
    const auto memGetInfo = reinterpret_cast<MemGetInfo>(dlsym(RTLD_DEFAULT, "cudaMemGetInfo"));
    if (!memGetInfo) return { kUnknown, 0 };
    const c10::DeviceGuard guard(device);
    std::size_t available = 0, total = 0;
    if (memGetInfo(&available, &total) != 0) return { kUnknown, 0 };
    return { available, total };
}

std::uint64_t freeMemory(at::Device device)
{
    return device.is_cpu() ? freeSystemMemory() : cardMemory(device).available;
}

void releaseCachedMemory(at::Device device)
{
#ifdef SFUMATO_HAS_DEVICE_ALLOCATOR
    if (device.is_cpu()) return;
    if (auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type()))) allocator->emptyCache();
#else
    static_cast<void>(device); // older libtorch has no common interface for it; its allocator reuses what it caches
#endif
}

bool isOutOfMemory(const std::exception& error) noexcept
{
    if (dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const c10::OutOfMemoryError*>(&error)) return true;
    // The CPU allocator reports through a plain error whose text is all there is to go by.
    return std::string_view(error.what()).find("can't allocate memory") != std::string_view::npos;
}

} // namespace sfumato::engine
