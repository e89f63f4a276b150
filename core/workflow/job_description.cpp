// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_description.h"

#include "core/workflow/resolution_plan.h"

#include <random>

namespace sfumato::workflow {

namespace {

// For a native size of 1024 × 1024.
Extent presetForSdxl(SizePreset preset) noexcept
{
    switch (preset) {
    case SizePreset::SquareHd: return { 1024, 1024 };
    case SizePreset::Square: return { 512, 512 };
    case SizePreset::Portrait43: return { 768, 1024 };
    case SizePreset::Portrait169: return { 576, 1024 };
    case SizePreset::Landscape43: return { 1024, 768 };
    case SizePreset::Landscape169: return { 1024, 576 };
    }
    return { 1024, 1024 };
}

} // namespace

engine::GenerationMode effectiveMode(const JobDescription& job, bool hasImage, bool hasMask) noexcept
{
    if (job.mode) return *job.mode;
    if (hasMask) return engine::GenerationMode::Inpainting;
    return hasImage ? engine::GenerationMode::ImageToImage : engine::GenerationMode::TextToImage;
}

Extent presetExtent(SizePreset preset, Extent nativeSize) noexcept
{
    const Extent sdxl = presetForSdxl(preset);
    const double scale = nativeScale(nativeSize);
    return { roundedSide(sdxl.width * scale), roundedSide(sdxl.height * scale) };
}

Extent imageSizeExtent(const ImageSize& size, Extent nativeSize) noexcept
{
    if (const auto* preset = std::get_if<SizePreset>(&size)) return presetExtent(*preset, nativeSize);
    return std::get<Extent>(size);
}

std::uint64_t randomSeed()
{
    std::random_device device;
    return std::uint64_t{ device() };
}

} // namespace sfumato::workflow
