// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/vision/picture_encoder.h"

#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/vision/clip_pixels.h"

#include <algorithm>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr std::size_t kKeptPictures = 8;

} // namespace

PictureEncoder::Entry& PictureEncoder::entryOf(const ImageBuffer& picture)
{
    ImageBuffer square = clipSquare(picture, static_cast<int>(m_network->config().side));
    const auto known = std::ranges::find(m_entries, square, &Entry::square);
    if (known != m_entries.end()) {
        m_entries.splice(m_entries.begin(), m_entries, known);
        return m_entries.front();
    }
    m_entries.push_front({ std::move(square), {}, {} });
    if (m_entries.size() > kKeptPictures) m_entries.pop_back();
    return m_entries.front();
}

at::Tensor PictureEncoder::embedding(const ImageBuffer& picture, const std::stop_token& stop)
{
    Entry& entry = entryOf(picture);
    if (!entry.embedding.defined()) entry.embedding = m_network->embed(normalisedClipPixels(entry.square), stop);
    return entry.embedding;
}

at::Tensor PictureEncoder::hidden(const ImageBuffer& picture, const std::stop_token& stop)
{
    Entry& entry = entryOf(picture);
    if (!entry.hidden.defined()) entry.hidden = m_network->penultimate(normalisedClipPixels(entry.square), stop);
    return entry.hidden;
}

at::Tensor PictureEncoder::blankHidden(const std::stop_token& stop)
{
    const std::int64_t side = m_network->config().side;
    if (!m_blankHidden.defined()) m_blankHidden = m_network->penultimate(at::zeros({ 1, 3, side, side }, at::kFloat), stop);
    return m_blankHidden;
}

} // namespace sfumato::engine
