// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_pictures.h"

#include <algorithm>

namespace sfumato::testing {

namespace {

void paintShape(ImageBuffer& mask, const Bounds& shape, bool isEllipse, std::uint8_t level)
{
    const Bounds area = shape.intersected(Bounds::ofExtent(mask.extent()));
    for (int y = area.y; y < area.bottom(); ++y) {
        for (int x = area.x; x < area.right(); ++x) {
            const double dx = (x + 0.5 - shape.x) / shape.width * 2.0 - 1.0;
            const double dy = (y + 0.5 - shape.y) / shape.height * 2.0 - 1.0;
            if (!isEllipse || dx * dx + dy * dy <= 1.0) mask.row(y)[x] = std::max(mask.row(y)[x], level);
        }
    }
}

} // namespace

int randomInt(std::mt19937& random, int least, int greatest)
{
    return least + static_cast<int>(random() % static_cast<std::uint32_t>(greatest - least + 1));
}

imaging::Raster randomPicture(std::mt19937& random, Extent extent, PixelFormat format)
{
    ImageBuffer image(extent, format);
    for (std::size_t i = 0; i < image.sizeInBytes(); ++i) image.bytes()[i] = static_cast<std::byte>(random() & 0xffu);
    return imaging::Raster::fromImage(image.view());
}

imaging::Mask randomMask(std::mt19937& random, Extent extent)
{
    ImageBuffer mask(extent, PixelFormat::Gray8);
    const int shapes = randomInt(random, 1, 3);
    for (int i = 0; i < shapes; ++i) {
        const Extent size{ randomInt(random, 1, extent.width), randomInt(random, 1, extent.height) };
        const Bounds shape{ randomInt(random, -size.width / 3, extent.width - 1), randomInt(random, -size.height / 3, extent.height - 1), size.width, size.height };
        const int level = random() % 2 == 0 ? 255 : randomInt(random, 1, 255);
        paintShape(mask, shape, random() % 2 == 0, static_cast<std::uint8_t>(level));
    }
    if (imaging::paintedBounds(mask.view()).isEmpty()) mask.row(extent.height / 2)[extent.width / 2] = 255;
    return imaging::Mask(imaging::Raster::fromImage(mask.view()));
}

} // namespace sfumato::testing
