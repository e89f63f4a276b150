// ControlNets of all kinds in memory: plain ones, Control-LoRAs, and Unions, whose pictures are joined into one pass.
// Thread: engine. Source: diffusers StableDiffusion(XL)ControlNetPipeline, StableDiffusionXLControlNetUnionPipeline and their Img2Img and Inpaint forms.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/control/control_net.h"
#include "core/engine/pipeline/controls/control.h"

#include <memory>

namespace sfumato::engine {

class LoadedControlNet final : public LoadedControl {
public:
    explicit LoadedControlNet(ControlNet network) : m_network(std::move(network)) { }

    [[nodiscard]] std::vector<std::unique_ptr<Control>> begin(std::span<const ControlReference* const> references, const ControlRun& run) const override;

private:
    ControlNet m_network;
};

} // namespace sfumato::engine
