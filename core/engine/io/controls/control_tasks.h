// The tasks of a ControlNet Union, in the order of its task embedding.
// Thread: any, pure. Source: xinsir6/ControlNetPlus, README "Network Arichitecture" and control type ids.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/control_reference.h"

#include <optional>
#include <string_view>

namespace sfumato::engine {

inline constexpr int kMostControlTasks = 8; // ProMax; the first Union has 6

// 0 pose, 1 depth, 2 soft edge, 3 line, 4 normal, 5 segment, 6 tile, 7 inpaint; empty for Reference.
[[nodiscard]] std::optional<int> controlTaskOf(ControlType type) noexcept;

// The stable name, as in a job: "pose", "soft_edge"; empty for a task that is not known.
[[nodiscard]] std::string_view controlTaskName(int task) noexcept;

} // namespace sfumato::engine
