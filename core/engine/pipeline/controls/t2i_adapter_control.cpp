// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/controls/t2i_adapter_control.h"

#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/controls/control_picture.h"

#include <utility>

namespace sfumato::engine {

namespace {

// The same at every step of a run.
class AdapterControl final : public Control {
public:
    AdapterControl(std::vector<at::Tensor> features, const ControlReference& reference) : m_window(reference)
    {
        m_additions.features = std::move(features);
        scale(m_additions, reference.weight);
    }

    void addTo(UnetAdditions& additions, const ControlPass& pass, const std::stop_token& /*stop*/) const override
    {
        if (m_window.weightAt(pass) != 0) accumulate(additions, m_additions);
    }

private:
    UnetAdditions m_additions;
    ControlWindow m_window;
};

bool fits(const std::vector<std::int64_t>& channels, const UnetConfig& unet)
{
    const std::size_t blocks = unet.downBlocks.size();
    if (channels.size() > blocks + 1) return false;
    for (std::size_t i = 0; i < channels.size(); ++i) {
        const std::int64_t expected = i < blocks ? unet.downBlocks[i].channels : unet.downBlocks.back().channels;
        if (channels[i] != expected) return false;
    }
    return true;
}

} // namespace

std::vector<std::unique_ptr<Control>> LoadedT2iAdapter::begin(std::span<const ControlReference* const> references, const ControlRun& run) const
{
    if (!fits(m_network.channels(), run.unet))
        throw EngineException(ErrorCode::InvalidRequest, m_fileName + " is a T2I-Adapter for another model: its levels have other widths than the model's.", "controls");
    std::vector<std::unique_ptr<Control>> controls;
    for (const ControlReference* reference : references)
        controls.push_back(std::make_unique<AdapterControl>(m_network.forward(controlPicture(*reference, run.request, kUnionHole), run.stop), *reference));
    return controls;
}

} // namespace sfumato::engine
