// T2iAdapter: a small network that reads a picture once and adds to the UNet's down path at every step.
// Thread: engine. Owner: a loaded control. Source: Mou et al. 2023 (arXiv:2302.08453); diffusers FullAdapter, FullAdapterXL, LightAdapter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/layers.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

class T2iAdapter {
public:
    // Reads everything from shapes; the caller calls weights.finish() afterwards. Names are those of diffusers without "adapter.".
    // Throws EngineException(UnsupportedModel) when the names do not make an adapter.
    explicit T2iAdapter(const Weights& weights);

    // The features of the four levels, largest first, as UnetAdditions::features takes them.
    //   in   picture [1, 3, height, width], 0..1, any size: its right and lower borders are continued to whole cells
    //   errors       CancelledException within one level of a stop request
    [[nodiscard]] std::vector<at::Tensor> forward(const at::Tensor& picture, const std::stop_token& stop) const;

    // Channels of each feature.
    [[nodiscard]] const std::vector<std::int64_t>& channels() const noexcept { return m_channels; }

private:
    struct Residual {
        Conv2d block1;
        Conv2d block2;
    };
    struct Level {
        bool halves = false;          // averages 2 × 2 first
        std::optional<Conv2d> convIn; // 1×1
        std::vector<Residual> residuals;
        std::optional<Conv2d> convOut; // 1×1; of light adapters
    };
    [[nodiscard]] static Level loadLevel(const Weights& weights, std::int64_t inputChannels);
    [[nodiscard]] at::Tensor unshuffled(const at::Tensor& picture) const;

    at::ScalarType m_dtype;
    at::Device m_device;
    std::int64_t m_cell = 8;            // pixels a side that become channels: 8, and 16 for SDXL
    std::int64_t m_pictureChannels = 3; // 3, or 1 for grey
    std::optional<Conv2d> m_convIn;     // of full adapters
    std::vector<Level> m_levels;
    std::vector<std::int64_t> m_channels;
};

} // namespace sfumato::engine
