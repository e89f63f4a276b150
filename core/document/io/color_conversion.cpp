// SPDX-License-Identifier: Apache-2.0
#include "core/document/io/color_conversion.h"

#include <lcms2.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <type_traits>

namespace sfumato::document {

namespace {

struct ContextRelease {
    void operator()(cmsContext context) const noexcept { cmsDeleteContext(context); }
};
struct ProfileRelease {
    void operator()(void* profile) const noexcept { cmsCloseProfile(profile); }
};
struct TransformRelease {
    void operator()(void* transform) const noexcept { cmsDeleteTransform(transform); }
};
using ContextPointer = std::unique_ptr<std::remove_pointer_t<cmsContext>, ContextRelease>;
using ProfilePointer = std::unique_ptr<void, ProfileRelease>;
using TransformPointer = std::unique_ptr<void, TransformRelease>;

constexpr cmsUInt32Number kFlags = cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_NOCACHE;
constexpr cmsUInt32Number kExact = cmsFLAGS_NOOPTIMIZE; // for 16 bits, where the optimised tables lose up to one 8-bit step
constexpr std::size_t kLargestProfile = 32U << 20U;
constexpr int kGridSteps = 9;
constexpr int kHalfOf8Bit = 128; // in 16-bit samples

TransformPointer transformBetween(cmsContext context, cmsHPROFILE from, cmsUInt32Number fromType, cmsUInt32Number toType)
{
    const ProfilePointer srgb(cmsCreate_sRGBProfileTHR(context));
    if (!srgb) return nullptr;
    return TransformPointer(cmsCreateTransformTHR(context, from, fromType, srgb.get(), toType, INTENT_RELATIVE_COLORIMETRIC, kFlags | (T_BYTES(fromType) == 2 ? kExact : 0)));
}

ProfilePointer profileFromPrimaries(cmsContext context, const ColorPrimaries& primaries)
{
    const cmsCIExyY white{ primaries.white[0], primaries.white[1], 1.0 };
    const cmsCIExyYTRIPLE colors{ { primaries.red[0], primaries.red[1], 1.0 }, { primaries.green[0], primaries.green[1], 1.0 }, { primaries.blue[0], primaries.blue[1], 1.0 } };
    const cmsFloat64Number srgbCurve[5] = { 2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045 };
    cmsToneCurve* curve = primaries.gamma > 0.0 ? cmsBuildGamma(context, primaries.gamma) : cmsBuildParametricToneCurve(context, 4, srgbCurve);
    if (!curve) return nullptr;
    cmsToneCurve* const curves[3] = { curve, curve, curve };
    ProfilePointer profile(cmsCreateRGBProfileTHR(context, &white, &colors, curves));
    cmsFreeToneCurve(curve);
    return profile;
}

// No colour of a coarse grid moves by half an 8-bit step.
bool amountsToSrgb(cmsContext context, cmsHPROFILE profile)
{
    const TransformPointer transform = transformBetween(context, profile, TYPE_RGB_16, TYPE_RGB_16);
    if (!transform) return false;
    for (int i = 0; i < kGridSteps * kGridSteps * kGridSteps; ++i) {
        const auto level = [](int step) { return static_cast<cmsUInt16Number>(step * 65535 / (kGridSteps - 1)); };
        const cmsUInt16Number in[3] = { level(i % kGridSteps), level(i / kGridSteps % kGridSteps), level(i / kGridSteps / kGridSteps) };
        cmsUInt16Number out[3] = {};
        cmsDoTransform(transform.get(), in, out, 1);
        for (int c = 0; c < 3; ++c) {
            if (std::abs(static_cast<int>(in[c]) - static_cast<int>(out[c])) >= kHalfOf8Bit) return false;
        }
    }
    return true;
}

bool convertColors(cmsContext context, cmsHPROFILE profile, ImageBuffer& image)
{
    const bool wide = image.format() == PixelFormat::Rgba16;
    const cmsUInt32Number type = wide ? TYPE_RGBA_16 : TYPE_RGBA_8;
    const cmsUInt32Number flags = kFlags | cmsFLAGS_COPY_ALPHA | (wide ? kExact : 0);
    const ProfilePointer srgb(cmsCreate_sRGBProfileTHR(context));
    const TransformPointer transform(cmsCreateTransformTHR(context, profile, type, srgb.get(), type, INTENT_RELATIVE_COLORIMETRIC, flags));
    if (!transform) return false;
    for (int y = 0; y < image.height(); ++y) {
        cmsDoTransform(transform.get(), image.row(y), image.row(y), static_cast<cmsUInt32Number>(image.width()));
    }
    return true;
}

// The picture is grey: its profile maps one channel.
template <typename Sample>
bool convertGray(cmsContext context, cmsHPROFILE profile, ImageBuffer& image)
{
    constexpr bool kWide = sizeof(Sample) == 2;
    const TransformPointer transform = transformBetween(context, profile, kWide ? TYPE_GRAY_16 : TYPE_GRAY_8, kWide ? TYPE_RGB_16 : TYPE_RGB_8);
    if (!transform) return false;
    std::vector<Sample> gray(static_cast<std::size_t>(image.width())), colors(3 * gray.size());
    for (int y = 0; y < image.height(); ++y) {
        Sample* row = image.row<Sample>(y);
        for (std::size_t x = 0; x < gray.size(); ++x) gray[x] = row[4 * x];
        cmsDoTransform(transform.get(), gray.data(), colors.data(), static_cast<cmsUInt32Number>(image.width()));
        for (std::size_t x = 0; x < gray.size(); ++x) std::copy_n(colors.data() + 3 * x, 3, row + 4 * x);
    }
    return true;
}

template <typename Sample>
bool isGray(const ImageBuffer& image)
{
    for (int y = 0; y < image.height(); ++y) {
        const Sample* row = image.row<Sample>(y);
        for (int x = 0; x < image.width(); ++x) {
            if (row[4 * x] != row[4 * x + 1] || row[4 * x] != row[4 * x + 2]) return false;
        }
    }
    return true;
}

void setOpaque(ImageBuffer& image)
{
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) image.row(y)[4 * x + 3] = 255;
    }
}

// Without a press profile: each ink takes its share of light away.
void convertInksPlainly(ImageBuffer& image, bool inverted)
{
    for (int y = 0; y < image.height(); ++y) {
        std::uint8_t* row = image.row(y);
        for (int x = 0; x < image.width(); ++x) {
            std::uint8_t* pixel = row + 4 * x;
            const int paper = inverted ? pixel[3] : 255 - pixel[3];
            for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(((inverted ? pixel[c] : 255 - pixel[c]) * paper + 127) / 255);
        }
    }
}

bool convertInks(cmsContext context, cmsHPROFILE profile, ImageBuffer& image, bool inverted)
{
    const TransformPointer transform = transformBetween(context, profile, inverted ? TYPE_CMYK_8_REV : TYPE_CMYK_8, TYPE_RGBA_8);
    if (!transform) return false;
    std::vector<std::uint8_t> inks(static_cast<std::size_t>(image.width()) * 4);
    for (int y = 0; y < image.height(); ++y) {
        std::copy_n(image.row(y), inks.size(), inks.data());
        cmsDoTransform(transform.get(), inks.data(), image.row(y), static_cast<cmsUInt32Number>(image.width()));
    }
    return true;
}

ProfilePointer openProfile(cmsContext context, const DecodedPicture& picture)
{
    if (picture.profile.empty() || picture.profile.size() > kLargestProfile) return nullptr;
    return ProfilePointer(cmsOpenProfileFromMemTHR(context, picture.profile.data(), static_cast<cmsUInt32Number>(picture.profile.size())));
}

bool applyRgbDescription(cmsContext context, cmsHPROFILE profile, ImageBuffer& image)
{
    const bool wide = image.format() == PixelFormat::Rgba16;
    switch (cmsGetColorSpace(profile)) {
    case cmsSigRgbData: return amountsToSrgb(context, profile) || convertColors(context, profile, image);
    case cmsSigGrayData:
        if (wide ? !isGray<std::uint16_t>(image) : !isGray<std::uint8_t>(image)) return false;
        return wide ? convertGray<std::uint16_t>(context, profile, image) : convertGray<std::uint8_t>(context, profile, image);
    default: return false;
    }
}

} // namespace

std::optional<ColorPrimaries> primariesFromCodes(int primaries, int transfer, std::vector<std::string>& warnings)
{
    ColorPrimaries result;
    if (primaries == 9) result = { { 0.3127, 0.3290 }, { 0.708, 0.292 }, { 0.170, 0.797 }, { 0.131, 0.046 } };
    else if (primaries == 11)
        result = { { 0.314, 0.351 }, { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } };
    else if (primaries == 12)
        result = { { 0.3127, 0.3290 }, { 0.680, 0.320 }, { 0.265, 0.690 }, { 0.150, 0.060 } };
    else if (primaries != 1 && primaries != 2)
        warnings.emplace_back("Its colour primaries (code " + std::to_string(primaries) + ") are not known; they are shown as sRGB.");
    // Camera curves (1, 6, 14, 15) are made for the same displays as sRGB's.
    if (transfer == 4) result.gamma = 2.2;
    else if (transfer == 5)
        result.gamma = 2.8;
    else if (transfer == 8)
        result.gamma = 1.0;
    else if (transfer == 16 || transfer == 18)
        warnings.emplace_back("It holds high dynamic range, which is shown without tone mapping.");
    if (result.gamma == 0.0 && (primaries != 9 && primaries != 11 && primaries != 12)) return std::nullopt;
    return result;
}

void toSrgb(DecodedPicture& picture)
{
    const ContextPointer context(cmsCreateContext(nullptr, nullptr));
    if (!context) return;
    const bool inks = picture.meaning != SampleMeaning::Rgb;
    const bool inverted = picture.meaning == SampleMeaning::InvertedCmyk;
    bool applied = picture.profile.empty();
    if (!picture.profile.empty()) {
        const ProfilePointer profile = openProfile(context.get(), picture);
        if (profile && inks) {
            applied = cmsGetColorSpace(profile.get()) == cmsSigCmykData && convertInks(context.get(), profile.get(), picture.image, inverted);
        } else if (profile) {
            applied = applyRgbDescription(context.get(), profile.get(), picture.image);
        }
    } else if (picture.primaries && !inks) {
        const ProfilePointer profile = profileFromPrimaries(context.get(), *picture.primaries);
        applied = profile && applyRgbDescription(context.get(), profile.get(), picture.image);
    }
    if (inks && (picture.profile.empty() || !applied)) convertInksPlainly(picture.image, inverted);
    if (inks) setOpaque(picture.image);
    if (!applied) picture.warnings.emplace_back("Its colour profile cannot be used; it is shown as sRGB.");
    picture.meaning = SampleMeaning::Rgb;
}

std::vector<std::byte> srgbProfile()
{
    const ContextPointer context(cmsCreateContext(nullptr, nullptr));
    const ProfilePointer profile(cmsCreate_sRGBProfileTHR(context.get()));
    cmsUInt32Number size = 0;
    if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size)) return {};
    std::vector<std::byte> bytes(size);
    if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) return {};
    // The header's date (bytes 24 to 35) and identifier (84 to 99) would change from day to day.
    std::fill_n(bytes.begin() + 24, 12, std::byte{ 0 });
    std::fill_n(bytes.begin() + 84, 16, std::byte{ 0 });
    bytes[24] = std::byte{ 0x07 }; // 1 January 2000
    bytes[25] = std::byte{ 0xD0 };
    bytes[27] = bytes[29] = std::byte{ 1 };
    return bytes;
}

} // namespace sfumato::document
