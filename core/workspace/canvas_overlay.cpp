// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/canvas_overlay.h"

#include "core/imaging/pixel_conversion.h"
#include "core/imaging/resample.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sfumato::workspace {

namespace {

constexpr int kVeilCells = 5, kLargestVeilSide = 256; // a side
constexpr int kLargestPreviewSide = 512;              // previews are soft; more would cost the GUI thread for nothing

Extent previewExtent(Extent crop) noexcept
{
    if (std::max(crop.width, crop.height) <= kLargestPreviewSide) return crop;
    return imaging::fittedExtent(crop, { kLargestPreviewSide, kLargestPreviewSide });
}

std::uint8_t scaledBy(std::uint8_t sample, std::uint8_t alpha) noexcept
{
    return static_cast<std::uint8_t>((sample * alpha + 127) / 255);
}

// Faded by the alpha, stretched over it; null when that fails.
QImage fadedBy(const QImage& colours, ImageView alpha)
{
    const Result<ImageBuffer> sized = imaging::resample(alpha, { colours.width(), colours.height() }, imaging::ResampleFilter::Bilinear);
    if (!sized) return {};
    QImage image = colours.convertToFormat(QImage::Format_ARGB32_Premultiplied);
    for (int y = 0; y < image.height(); ++y) {
        const auto* fade = sized->row(y);
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            line[x] = qRgba(scaledBy(static_cast<std::uint8_t>(qRed(line[x])), fade[x]), scaledBy(static_cast<std::uint8_t>(qGreen(line[x])), fade[x]),
                scaledBy(static_cast<std::uint8_t>(qBlue(line[x])), fade[x]), scaledBy(static_cast<std::uint8_t>(qAlpha(line[x])), fade[x]));
        }
    }
    return image;
}

} // namespace

CanvasOverlay previewOverlay(const workflow::Placement& placement, const ImageBuffer& preview)
{
    CanvasOverlay overlay{ CanvasOverlay::Kind::Preview, {}, placement.crop, placement.crop };
    const Extent extent = previewExtent(placement.crop.extent());
    const Result<ImageBuffer> colours = imaging::resample(preview.view(), extent, imaging::ResampleFilter::Bilinear);
    if (!colours) return {};
    overlay.image = toQImage(colours->view());
    if (!placement.blend.isEmpty()) overlay.image = fadedBy(overlay.image, placement.blend.view());
    return overlay.image.isNull() ? CanvasOverlay() : overlay;
}

CanvasOverlay variationOverlay(const workflow::Placement& placement, const workflow::PlacedResult& placed)
{
    return { CanvasOverlay::Kind::Variation, toQImage(placed.picture.toImage(placed.changed).view()), placed.changed, placement.crop };
}

QImage veiled(const QImage& image)
{
    if (image.isNull()) return image;
    const QImage few = image.scaled(kVeilCells, kVeilCells, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    return few.scaled(image.size().boundedTo(QSize(kLargestVeilSide, kLargestVeilSide)), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

CanvasOverlay veiledOverlay(const workflow::Placement& placement, const workflow::PlacedResult& placed)
{
    CanvasOverlay overlay = variationOverlay(placement, placed);
    overlay.image = veiled(overlay.image);
    if (placement.blend.isEmpty() || overlay.image.isNull()) return overlay;
    // In the shape of what is pasted: a veil over pixels that were not painted would look as if they had changed.
    overlay.image = fadedBy(overlay.image, imaging::cropped(placement.blend.view(), placed.changed.translated(-placement.crop.x, -placement.crop.y)));
    return overlay;
}

QImage toQImage(ImageView image)
{
    if (image.format == PixelFormat::Rgba16 || image.format == PixelFormat::GrayF32) {
        const ImageBuffer narrow = imaging::convertPixels(image, image.format == PixelFormat::Rgba16 ? PixelFormat::Rgba8 : PixelFormat::Gray8);
        return toQImage(narrow.view());
    }
    const auto format = image.format == PixelFormat::Gray8 ? QImage::Format_Grayscale8 : image.format == PixelFormat::Rgb8 ? QImage::Format_RGB888
                                                                                                                           : QImage::Format_RGBA8888;
    QImage copy(image.extent.width, image.extent.height, format);
    const auto rowBytes = static_cast<std::size_t>(image.extent.width) * static_cast<std::size_t>(bytesPerPixel(image.format));
    for (int y = 0; y < image.extent.height; ++y) std::memcpy(copy.scanLine(y), image.row(y), rowBytes);
    return copy;
}

} // namespace sfumato::workspace
