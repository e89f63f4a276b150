// Which devices can run the engine, and which device and number format a request gets.
// Thread: engine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"
#include "core/engine/api/model_info.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace sfumato::engine {

// The processor first, then each CUDA card.
[[nodiscard]] std::vector<DeviceInfo> listDevices();

// "auto": the first card, else the processor. Throws EngineException(InvalidRequest) for a name that is no device of this machine.
[[nodiscard]] at::Device chooseDevice(const std::string& name);

// Auto: bfloat16 on cards that have it, else float16 there; on processors bfloat16 where it is in hardware and the model is large enough to gain
// (a tiny model is as fast in float32, and exact), or where float32 would take most of the memory, else float32. Float16 on a processor runs when asked for.
[[nodiscard]] at::ScalarType choosePrecision(Precision precision, at::Device device, std::uint64_t parameterCount);

[[nodiscard]] std::string precisionName(at::ScalarType dtype); // "float32", "bfloat16", "float16"

// Physical cores this process may run on; at least 1.
[[nodiscard]] int physicalCoreCount();

} // namespace sfumato::engine
