// ControlSet: the controls of one run. Several at once add up.
// Thread: engine. Owner: StableDiffusionPipeline; borrows the loaded controls.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/pipeline/controls/control.h"

#include <memory>
#include <span>
#include <vector>

namespace sfumato::engine {

class ControlSet {
public:
    ControlSet() = default;

    //   in  loaded  the model of each of the request's controls, in order; the same one where several references name one model
    //   errors      EngineException, CancelledException
    ControlSet(std::span<const LoadedControl* const> loaded, const ControlRun& run);

    // What all of them add in this pass.
    [[nodiscard]] UnetAdditions additionsFor(const ControlPass& pass, const std::stop_token& stop) const;

private:
    std::vector<std::unique_ptr<Control>> m_controls;
};

} // namespace sfumato::engine
