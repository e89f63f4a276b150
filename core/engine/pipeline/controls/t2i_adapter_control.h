// T2I-Adapters in memory.
// Thread: engine. Source: diffusers StableDiffusion(XL)AdapterPipeline.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/control/t2i_adapter.h"
#include "core/engine/pipeline/controls/control.h"

#include <memory>
#include <string>

namespace sfumato::engine {

class LoadedT2iAdapter final : public LoadedControl {
public:
    // `fileName` is for messages.
    LoadedT2iAdapter(T2iAdapter network, std::string fileName) : m_network(std::move(network)), m_fileName(std::move(fileName)) { }

    // Throws EngineException(InvalidRequest) when its features do not fit the UNet.
    [[nodiscard]] std::vector<std::unique_ptr<Control>> begin(std::span<const ControlReference* const> references, const ControlRun& run) const override;

private:
    T2iAdapter m_network;
    std::string m_fileName;
};

} // namespace sfumato::engine
