// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/controls/control_net_control.h"

#include "core/engine/io/controls/control_tasks.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/controls/control_picture.h"

#include <algorithm>
#include <utility>

namespace sfumato::engine {

namespace {

class PlainControl final : public Control {
public:
    PlainControl(const ControlNet& network, ControlCondition condition, const ControlReference& reference)
        : m_network(network), m_condition(std::move(condition)), m_window(reference)
    {
    }

    void addTo(UnetAdditions& additions, const ControlPass& pass, const std::stop_token& stop) const override
    {
        const double weight = m_window.weightAt(pass);
        if (weight == 0) return;
        const bool onlyConditional = m_network.poolsResiduals() && pass.isGuided;
        const auto seen = [&](const at::Tensor& both) { return onlyConditional && both.defined() ? both.narrow(0, both.size(0) / 2, both.size(0) / 2) : both; };
        UnetAdditions own = m_network.forward(seen(pass.sample), pass.timestep, seen(pass.context), seen(pass.addedCondition), m_condition, stop);
        scale(own, weight);
        if (onlyConditional) leaveUnconditional(own);
        accumulate(additions, std::move(own));
    }

private:
    // Zeros for the unconditional half: pooled residuals act on the prompt's half alone, as in the reference (its guess mode).
    static void leaveUnconditional(UnetAdditions& additions)
    {
        const auto padded = [](const at::Tensor& half) { return at::cat({ at::zeros_like(half), half }); };
        for (at::Tensor& skip : additions.skips) skip = padded(skip);
        additions.middle = padded(additions.middle);
    }

    const ControlNet& m_network;
    ControlCondition m_condition;
    ControlWindow m_window;
};

// All pictures of one Union. While one of several is outside its window its task stays named and it adds nothing, as in the reference.
class UnionControl final : public Control {
public:
    explicit UnionControl(const ControlNet& network) : m_network(network) { }

    void add(at::Tensor hint, const ControlReference& reference)
    {
        m_pictures.push_back({ std::move(hint), *controlTaskOf(reference.type), 1.0 });
        m_windows.emplace_back(reference);
    }

    void addTo(UnetAdditions& additions, const ControlPass& pass, const std::stop_token& stop) const override
    {
        std::vector<UnionPicture> pictures = m_pictures;
        bool acts = false;
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            pictures[i].scale = m_windows[i].weightAt(pass);
            acts |= pictures[i].scale != 0;
        }
        if (!acts) return;
        UnetAdditions own = m_network.forward(pass.sample, pass.timestep, pass.context, pass.addedCondition, m_network.join(pictures), stop);
        if (pictures.size() == 1) scale(own, pictures.front().scale);
        accumulate(additions, std::move(own));
    }

private:
    const ControlNet& m_network;
    std::vector<UnionPicture> m_pictures;
    std::vector<ControlWindow> m_windows;
};

} // namespace

std::vector<std::unique_ptr<Control>> LoadedControlNet::begin(std::span<const ControlReference* const> references, const ControlRun& run) const
{
    std::vector<std::unique_ptr<Control>> controls;
    std::unique_ptr<UnionControl> joined = m_network.isUnion() ? std::make_unique<UnionControl>(m_network) : nullptr;
    for (const ControlReference* reference : references) {
        throwIfStopped(run.stop);
        at::Tensor hint = m_network.encodeHint(controlPicture(*reference, run.request, joined ? kUnionHole : kPlainHole));
        if (joined) joined->add(std::move(hint), *reference);
        else
            controls.push_back(std::make_unique<PlainControl>(m_network, ControlCondition{ std::move(hint), {} }, *reference));
    }
    if (joined) controls.push_back(std::move(joined));
    return controls;
}

} // namespace sfumato::engine
