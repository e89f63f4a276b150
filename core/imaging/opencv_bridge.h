// The border between our image values and OpenCV: views as matrices, exceptions as errors.
// Thread: any, pure. Private to this module, the only one that includes OpenCV.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"

#include <opencv2/core.hpp>

#include <new>
#include <string>

namespace sfumato::imaging {

[[nodiscard]] inline int matrixType(PixelFormat format) noexcept
{
    switch (format) {
    case PixelFormat::Gray8: return CV_8UC1;
    case PixelFormat::Rgb8: return CV_8UC3;
    case PixelFormat::Rgba8: return CV_8UC4;
    case PixelFormat::Rgba16: return CV_16UC4;
    case PixelFormat::GrayF32: return CV_32FC1;
    }
    return CV_8UC1;
}

// Shares the view's memory; must not be written to.
[[nodiscard]] inline cv::Mat asMatrix(ImageView view)
{
    return { view.extent.height, view.extent.width, matrixType(view.format), const_cast<std::byte*>(view.bytes), static_cast<std::size_t>(view.bytesPerRow) };
}

[[nodiscard]] inline cv::Mat asMatrix(ImageSpan span)
{
    return { span.extent.height, span.extent.width, matrixType(span.format), span.bytes, static_cast<std::size_t>(span.bytesPerRow) };
}

// Runs `work`, which returns an ImageBuffer or a Result of one, and turns what it throws into an error that names `what`.
template <typename Work>
[[nodiscard]] Result<ImageBuffer> translated(const char* what, Work work)
{
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return Error{ ErrorCode::Internal, std::string(what) + " needs more memory than is free.", what };
    } catch (const cv::Exception& exception) {
        if (exception.code == cv::Error::StsNoMem) return Error{ ErrorCode::Internal, std::string(what) + " needs more memory than is free.", what };
        return Error{ ErrorCode::Internal, std::string(what) + " failed: " + exception.err + ".", what };
    }
}

} // namespace sfumato::imaging
