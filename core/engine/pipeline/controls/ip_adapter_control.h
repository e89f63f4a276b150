// IP-Adapters in memory: pictures that are read beside the prompt.
// Thread: engine. Source: Ye et al. 2023; diffusers prepare_ip_adapter_image_embeds and IPAdapterAttnProcessor2_0 (0.42).
//
// Several pictures are terms of their own, each with its weight, as several adapters are in the reference.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/models/vision/ip_adapter.h"
#include "core/engine/pipeline/controls/control.h"
#include "core/engine/pipeline/vision/picture_encoder.h"

#include <memory>
#include <string>

namespace sfumato::engine {

class LoadedIpAdapter final : public LoadedControl {
public:
    // `readsHidden`: the adapter reads hidden states instead of the embedding. `fileName` is for messages.
    LoadedIpAdapter(std::unique_ptr<IpAdapter> network, std::shared_ptr<PictureEncoder> encoder, bool readsHidden, std::string fileName)
        : m_network(std::move(network)), m_encoder(std::move(encoder)), m_readsHidden(readsHidden), m_fileName(std::move(fileName)) { }

    // Throws EngineException(InvalidRequest) when its layers are not those of the UNet.
    //   cost  see PictureEncoder
    [[nodiscard]] std::vector<std::unique_ptr<Control>> begin(std::span<const ControlReference* const> references, const ControlRun& run) const override;

private:
    // The features of a picture, and of none: [1, width] or [1, tokens, width].
    [[nodiscard]] at::Tensor features(const ImageBuffer& picture, const std::stop_token& stop) const;
    [[nodiscard]] at::Tensor blankFeatures(const std::stop_token& stop) const;

    std::unique_ptr<IpAdapter> m_network;
    std::shared_ptr<PictureEncoder> m_encoder;
    bool m_readsHidden;
    std::string m_fileName;
};

} // namespace sfumato::engine
