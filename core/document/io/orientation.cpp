// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/orientation.h"

#include <cstring>
#include <utility>

namespace sfumato::document {

namespace {

struct Turn {
    bool swapAxes; // rows become columns, before the mirrors
    bool mirrorX;  // of the result
    bool mirrorY;
};

constexpr Turn kTurns[9] = { { false, false, false }, { false, false, false }, { false, true, false }, { false, true, true }, { false, false, true },
    { true, false, false }, { true, true, false }, { true, true, true }, { true, false, true } };

} // namespace

ImageBuffer upright(ImageBuffer image, int orientation)
{
    assert(orientation >= 1 && orientation <= 8);
    if (orientation == 1) return image;
    const Turn turn = kTurns[orientation];
    const Extent stored = image.extent();
    ImageBuffer result(turn.swapAxes ? Extent{ stored.height, stored.width } : stored, image.format());
    const int pixelBytes = bytesPerPixel(image.format());
    for (int y = 0; y < result.height(); ++y) {
        const int fromY = turn.mirrorY ? result.height() - 1 - y : y;
        std::byte* to = result.row<std::byte>(y);
        for (int x = 0; x < result.width(); ++x) {
            const int fromX = turn.mirrorX ? result.width() - 1 - x : x;
            const std::byte* from = turn.swapAxes ? image.row<std::byte>(fromX) + std::ptrdiff_t{ fromY } * pixelBytes
                                                  : image.row<std::byte>(fromY) + std::ptrdiff_t{ fromX } * pixelBytes;
            std::memcpy(to + std::ptrdiff_t{ x } * pixelBytes, from, static_cast<std::size_t>(pixelBytes));
        }
    }
    return result;
}

} // namespace sfumato::document
