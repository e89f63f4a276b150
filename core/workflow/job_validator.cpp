// What one field of a job cannot tell.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_json.h"
#include "core/workflow/job_values.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace sfumato::workflow {

namespace {

using engine::GenerationMode;

Error invalid(const char* field, std::string message) { return { ErrorCode::InvalidRequest, std::move(message), field }; }

std::optional<Error> checkPictures(const JobDescription& job, GenerationMode mode, std::vector<std::string>& warnings)
{
    const std::string name(modeName(mode));
    if (mode == GenerationMode::TextToImage) {
        const bool isControl = std::ranges::any_of(job.controls, [](const ControlReference& control) { return control.imageUrl.empty(); });
        if (!job.imageUrl.empty() && !isControl) warnings.push_back("image_url is not used because mode is \"text-to-image\".");
        if (!job.maskUrl.empty()) warnings.push_back("mask_url is not used because mode is \"text-to-image\".");
        return std::nullopt;
    }
    if (job.imageUrl.empty()) return invalid("image_url", "image_url is missing; the mode \"" + name + "\" needs a picture to start from.");
    if (mode == GenerationMode::Inpainting && job.maskUrl.empty())
        return invalid("mask_url", "mask_url is missing; the mode \"inpaint\" needs a mask whose white parts are to be painted.");
    if (mode == GenerationMode::ImageToImage && !job.maskUrl.empty()) warnings.push_back("mask_url is not used because mode is \"image-to-image\".");
    return std::nullopt;
}

std::optional<Error> checkStrength(const JobDescription& job, GenerationMode mode)
{
    constexpr double kLeastForImages = 0.05;
    if (mode != GenerationMode::ImageToImage || job.strength >= kLeastForImages) return std::nullopt;
    return invalid("strength", "strength was given as " + shownNumber(job.strength) + "; it must be a number from " + shownNumber(kLeastForImages) + " to 1 in the mode \"image-to-image\".");
}

std::optional<Error> checkSeeds(const JobDescription& job)
{
    constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const auto last = static_cast<std::uint64_t>(job.imageCount - 1);
    if (!job.seed || *job.seed <= kLargest - last) return std::nullopt;
    return invalid("seed", "seed was given as " + std::to_string(*job.seed) + "; it must be at most " + std::to_string(kLargest - last) + " for " + std::to_string(job.imageCount) + " images, since each has the next seed.");
}

std::optional<Error> checkRefiner(const JobDescription& job)
{
    if (!job.refiner || (job.refiner->switchAt > 0 && job.refiner->switchAt < 1)) return std::nullopt;
    return invalid("refiner.switch_at", "refiner.switch_at was given as " + shownNumber(job.refiner->switchAt) + "; it must be more than 0 and less than 1.");
}

std::optional<Error> checkControls(const JobDescription& job)
{
    for (std::size_t i = 0; i < job.controls.size(); ++i) {
        if (!job.controls[i].imageUrl.empty() || !job.imageUrl.empty()) continue;
        const std::string field = "controls[" + std::to_string(i) + "].image_url";
        return invalid(field.c_str(), field + " is missing, and the job has no image_url that could stand for it; a control needs a picture.");
    }
    return std::nullopt;
}

} // namespace

Result<void> validateJob(const JobDescription& job, std::vector<std::string>& warnings)
{
    const GenerationMode mode = effectiveMode(job, !job.imageUrl.empty(), !job.maskUrl.empty());
    if (auto error = checkPictures(job, mode, warnings)) return *std::move(error);
    if (auto error = checkStrength(job, mode)) return *std::move(error);
    if (auto error = checkSeeds(job)) return *std::move(error);
    if (auto error = checkRefiner(job)) return *std::move(error);
    if (auto error = checkControls(job)) return *std::move(error);
    return {};
}

} // namespace sfumato::workflow
