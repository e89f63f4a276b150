// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/controls/control_picture.h"

#include "core/imaging/pixel_conversion.h"
#include "core/imaging/resample.h"

#include <algorithm>

namespace sfumato::workflow {

namespace {

constexpr int kMaskedFrom = 128;

void blackenMasked(ImageBuffer& image, const ImageBuffer& mask)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (mask.row(y)[x] >= kMaskedFrom) std::fill_n(image.row(y) + 3 * x, 3, std::uint8_t{ 0 });
        }
    }
}

// The part of the picture that the engine works on, at its size.
Result<ImageBuffer> workPicture(ImageView picture, const ControlArea& area)
{
    if (picture.extent == area.output) return imaging::resample(imaging::flattened(imaging::cropped(picture, area.crop)).view(), area.work);
    const Result<ImageBuffer> stretched = imaging::resample(imaging::flattened(picture).view(), area.output);
    if (!stretched) return stretched.error();
    return imaging::resample(imaging::cropped(stretched->view(), area.crop), area.work);
}

} // namespace

imaging::ControlPreprocessor preprocessorFor(ControlType type) noexcept
{
    switch (type) {
    case ControlType::SoftEdge: return imaging::ControlPreprocessor::SoftEdge;
    case ControlType::Line: return imaging::ControlPreprocessor::Canny;
    case ControlType::Segment: return imaging::ControlPreprocessor::Segments;
    case ControlType::Tile: return imaging::ControlPreprocessor::Tile;
    case ControlType::Pose:
    case ControlType::Depth:
    case ControlType::Normal:
    case ControlType::Inpaint:
    case ControlType::Reference: break;
    }
    return imaging::ControlPreprocessor::None;
}

imaging::ControlPreprocessing effectivePreprocessing(const ControlReference& control) noexcept
{
    return control.preprocess.value_or(imaging::ControlPreprocessing::withDefaults(preprocessorFor(control.type)));
}

Result<ImageBuffer> controlPicture(const ControlReference& control, ImageView picture, const ControlArea& area, const ImageBuffer& mask)
{
    if (picture.extent.isEmpty() || area.crop.isEmpty()) return Error{ ErrorCode::InvalidRequest, "The control picture is empty.", "controls" };
    const imaging::ControlPreprocessing how = effectivePreprocessing(control);
    if (control.type == ControlType::Reference) return imaging::preprocessControl(picture, how);
    const Result<ImageBuffer> work = workPicture(picture, area);
    if (!work) return work.error();
    Result<ImageBuffer> result = imaging::preprocessControl(work->view(), how);
    if (result && control.type == ControlType::Inpaint && !mask.isEmpty()) blackenMasked(*result, mask);
    return result;
}

} // namespace sfumato::workflow
