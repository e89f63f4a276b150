// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/controls/control_tasks.h"

#include <algorithm>
#include <array>

namespace sfumato::engine {

namespace {

struct Task {
    ControlType type;
    std::string_view name;
};

constexpr std::array<Task, kMostControlTasks> kTasks{ { { ControlType::Pose, "pose" }, { ControlType::Depth, "depth" }, { ControlType::SoftEdge, "soft_edge" },
    { ControlType::Line, "line" }, { ControlType::Normal, "normal" }, { ControlType::Segment, "segment" }, { ControlType::Tile, "tile" },
    { ControlType::Inpaint, "inpaint" } } };

} // namespace

std::optional<int> controlTaskOf(ControlType type) noexcept
{
    const auto* const found = std::find_if(kTasks.begin(), kTasks.end(), [&](const Task& task) { return task.type == type; });
    if (found == kTasks.end()) return std::nullopt;
    return static_cast<int>(found - kTasks.begin());
}

std::string_view controlTaskName(int task) noexcept
{
    return task >= 0 && task < kMostControlTasks ? kTasks[static_cast<std::size_t>(task)].name : std::string_view();
}

} // namespace sfumato::engine
