// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/controls/ip_adapter_control.h"

#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <utility>

namespace sfumato::engine {

namespace {

// One picture: keys and values are the same at every step.
class PictureControl final : public Control {
public:
    // `both` holds the unconditional half and then the picture's.
    PictureControl(const std::vector<PictureKeyValue>& both, const ControlReference& reference) : m_window(reference)
    {
        auto conditional = std::make_shared<std::vector<PictureKeyValue>>();
        for (const PictureKeyValue& layer : both) conditional->push_back({ layer.key.narrow(0, 1, 1), layer.value.narrow(0, 1, 1) });
        m_conditional = std::move(conditional);
        m_both = std::make_shared<const std::vector<PictureKeyValue>>(both);
    }

    void addTo(UnetAdditions& additions, const ControlPass& pass, const std::stop_token& /*stop*/) const override
    {
        if (const double weight = m_window.weightAt(pass); weight != 0) additions.pictures.push_back({ rowsFor(pass.unconditionalRows, pass.sample.size(0)), weight });
    }

private:
    // Keys and values for a batch that begins with unconditional rows.
    [[nodiscard]] PictureLayers rowsFor(std::int64_t unconditional, std::int64_t batch) const
    {
        if (unconditional == 1 && batch == 2) return m_both;
        if (unconditional == 0 && batch == 1) return m_conditional;
        const auto rows = [&](const at::Tensor& both) {
            return at::cat({ both.narrow(0, 0, 1).expand({ unconditional, -1, -1 }), both.narrow(0, 1, 1).expand({ batch - unconditional, -1, -1 }) });
        };
        auto layers = std::make_shared<std::vector<PictureKeyValue>>();
        for (const PictureKeyValue& layer : *m_both) layers->push_back({ rows(layer.key), rows(layer.value) });
        return layers;
    }

    ControlWindow m_window;
    PictureLayers m_both;
    PictureLayers m_conditional;
};

} // namespace

at::Tensor LoadedIpAdapter::features(const ImageBuffer& picture, const std::stop_token& stop) const
{
    return m_readsHidden ? m_encoder->hidden(picture, stop) : m_encoder->embedding(picture, stop);
}

at::Tensor LoadedIpAdapter::blankFeatures(const std::stop_token& stop) const
{
    if (m_readsHidden) return m_encoder->blankHidden(stop);
    const ClipVisionEncoder& network = m_encoder->network();
    return at::zeros({ 1, network.config().projection }, at::device(network.device()).dtype(network.dtype()));
}

std::vector<std::unique_ptr<Control>> LoadedIpAdapter::begin(std::span<const ControlReference* const> references, const ControlRun& run) const
{
    const std::vector<std::int64_t> mine = m_network->layerWidths(), theirs = crossAttentionWidths(run.unet);
    if (mine != theirs)
        throw EngineException(ErrorCode::InvalidRequest, m_fileName + " is an IP-Adapter for another model: it has " + std::to_string(mine.size()) + " attention layers, the model has " + std::to_string(theirs.size()) + (mine.size() == theirs.size() ? " of other widths." : "."), "controls");
    std::vector<std::unique_ptr<Control>> controls;
    for (const ControlReference* reference : references) {
        const at::Tensor tokens = m_network->tokens(at::cat({ blankFeatures(run.stop), features(reference->image, run.stop) })); // [2, tokens, context]
        controls.push_back(std::make_unique<PictureControl>(m_network->keysAndValues(tokens), *reference));
    }
    return controls;
}

} // namespace sfumato::engine
