// PictureEncoder: an image encoder in memory, and what it made of the last pictures.
// Thread: engine. Owner: shared by the IP-Adapters that read with it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/engine/models/vision/clip_vision_encoder.h"

#include <ATen/core/Tensor.h>

#include <list>
#include <memory>
#include <stop_token>

namespace sfumato::engine {

class PictureEncoder {
public:
    explicit PictureEncoder(std::unique_ptr<ClipVisionEncoder> network) : m_network(std::move(network)) { }

    // The embedding of a picture, Rgb8 of any size: [1, projection].
    //   cost  one pass of the network for a picture that is not among the last ones; errors CancelledException
    [[nodiscard]] at::Tensor embedding(const ImageBuffer& picture, const std::stop_token& stop);
    // Its hidden states before the last layer: [1, tokens, width].
    [[nodiscard]] at::Tensor hidden(const ImageBuffer& picture, const std::stop_token& stop);
    // The hidden states of nothing: of pixels that are 0 after normalisation, as the reference has them for the unconditional half.
    [[nodiscard]] at::Tensor blankHidden(const std::stop_token& stop);

    [[nodiscard]] const ClipVisionEncoder& network() const noexcept { return *m_network; }

private:
    struct Entry {
        ImageBuffer square; // what the network reads of the picture
        at::Tensor embedding;
        at::Tensor hidden;
    };
    // The picture's entry, at the front of the list.
    [[nodiscard]] Entry& entryOf(const ImageBuffer& picture);

    std::unique_ptr<ClipVisionEncoder> m_network;
    std::list<Entry> m_entries; // most recently used first
    at::Tensor m_blankHidden;
};

} // namespace sfumato::engine
