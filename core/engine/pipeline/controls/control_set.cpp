// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/controls/control_set.h"

#include "core/engine/nn/ops.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace sfumato::engine {

ControlSet::ControlSet(std::span<const LoadedControl* const> loaded, const ControlRun& run)
{
    const std::vector<ControlReference>& references = run.request.controls;
    assert(loaded.size() == references.size());
    for (std::size_t i = 0; i < loaded.size(); ++i) {
        if (std::find(loaded.begin(), loaded.begin() + static_cast<std::ptrdiff_t>(i), loaded[i]) != loaded.begin() + static_cast<std::ptrdiff_t>(i)) continue; // its first reference brought it
        std::vector<const ControlReference*> own;
        for (std::size_t k = i; k < loaded.size(); ++k)
            if (loaded[k] == loaded[i]) own.push_back(&references[k]);
        std::ranges::move(loaded[i]->begin(own, run), std::back_inserter(m_controls));
    }
}

UnetAdditions ControlSet::additionsFor(const ControlPass& pass, const std::stop_token& stop) const
{
    UnetAdditions additions;
    for (const std::unique_ptr<Control>& control : m_controls) control->addTo(additions, pass, stop);
    return additions;
}

} // namespace sfumato::engine
