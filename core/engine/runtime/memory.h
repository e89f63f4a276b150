// Free memory, and what to do when there is none.
// Thread: engine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <exception>

namespace sfumato::engine {

struct CardMemory { // bytes
    std::uint64_t available = 0;
    std::uint64_t total = 0; // 0 when it cannot be told
};

// Memory of a CUDA card.
[[nodiscard]] CardMemory cardMemory(at::Device device);

// Bytes that can be allocated now on a device: MemAvailable of /proc/meminfo, or the card's free memory. The largest value when it cannot be told.
[[nodiscard]] std::uint64_t freeMemory(at::Device device);

// Returns cached blocks of the device's allocator to the system.
void releaseCachedMemory(at::Device device);

// True for every way libtorch and the standard library say that memory ran out.
[[nodiscard]] bool isOutOfMemory(const std::exception& error) noexcept;

} // namespace sfumato::engine
