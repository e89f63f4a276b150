// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/image_tensors.h"

#include "core/engine/nn/ops.h"

#include <cstring>

namespace sfumato::engine {

at::Tensor toUnitTensor(const ImageBuffer& image)
{
    assert(image.format() == PixelFormat::Rgb8);
    at::Tensor bytes = at::empty({ image.height(), image.width(), 3 }, at::kByte);
    std::memcpy(bytes.data_ptr(), image.bytes(), image.sizeInBytes());
    return bytes.to(at::kFloat).div_(255.0).permute({ 2, 0, 1 }).unsqueeze(0).contiguous();
}

at::Tensor toPixelTensor(const ImageBuffer& image)
{
    return toUnitTensor(image).mul_(2.0).sub_(1.0);
}

ImageBuffer toRgb8(const at::Tensor& pixels, Rounding rounding)
{
    at::Tensor values = pixels.select(0, 0).to(at::kCPU, at::kFloat).div(2.0).add_(0.5).clamp_(0.0, 1.0).mul_(255.0);
    if (rounding == Rounding::Nearest) values.round_();
    const at::Tensor bytes = values.to(at::kByte).permute({ 1, 2, 0 }).contiguous();
    ImageBuffer image({ static_cast<int>(bytes.size(1)), static_cast<int>(bytes.size(0)) }, PixelFormat::Rgb8);
    std::memcpy(image.bytes(), bytes.data_ptr(), image.sizeInBytes());
    return image;
}

at::Tensor toMaskTensor(const ImageBuffer& mask)
{
    assert(mask.format() == PixelFormat::Gray8);
    at::Tensor bytes = at::empty({ 1, 1, mask.height(), mask.width() }, at::kByte);
    std::memcpy(bytes.data_ptr(), mask.bytes(), mask.sizeInBytes());
    return bytes.to(at::kFloat).div_(255.0);
}

} // namespace sfumato::engine
