// prepareGeneration: from a job and its pictures to what the engine runs and where its result belongs.
// Thread: any, pure: the same input gives the same bytes. Window and command line both call it, so the same job gives the same picture.
// Cost: a few passes over the cropped area and its mask; memory of the same order. Seconds for pictures of 100 megapixels, so not on the GUI thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/generation_request.h"
#include "core/engine/api/model_info.h"
#include "core/imaging/mask.h"
#include "core/workflow/context_area.h"
#include "core/workflow/job_description.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace sfumato::workflow {

// One of job.controls with its files.
struct ControlInput {
    std::filesystem::path model;
    std::filesystem::path imageEncoder;     // of an IP-Adapter; empty for the others
    std::optional<imaging::Raster> picture; // the control's own, else the job's; needed
};

struct GenerationInputs {
    JobDescription job;                     // the seed is set (see withSeed)
    std::optional<imaging::Raster> picture; // Rgba8 or Rgba16; needed by image-to-image and inpainting
    std::optional<imaging::Mask> mask;      // needed by inpainting; another size than the picture's is scaled to it
    engine::ModelSource model;              // resolved from job.model and job.vae
    engine::ModelInfo modelInfo;
    std::vector<engine::LoraReference> loras;             // of job.loras, in order, with their files (see loraReferences)
    std::vector<engine::EmbeddingReference> embeddings;   // of job.embeddings
    std::optional<engine::ModelSource> refiner{};         // resolved from job.refiner; needed when the job has one
    std::vector<ControlInput> controls{};                 // of job.controls, in order, as many
    std::optional<std::filesystem::path> safetyChecker{}; // the installed one, if any; used when the job enables it
};

// What the engine is asked for, by a function from the path in the job to the file.
template <typename Resolve>
[[nodiscard]] std::vector<engine::LoraReference> loraReferences(const JobDescription& job, Resolve resolve)
{
    std::vector<engine::LoraReference> loras;
    for (const LoraReference& lora : job.loras) loras.push_back({ resolve(lora.path), lora.scale, lora.textEncoderScale.value_or(lora.scale) });
    return loras;
}

template <typename Resolve>
[[nodiscard]] std::vector<engine::EmbeddingReference> embeddingReferences(const JobDescription& job, Resolve resolve)
{
    std::vector<engine::EmbeddingReference> embeddings;
    for (const EmbeddingReference& embedding : job.embeddings) embeddings.push_back({ resolve(embedding.path), embedding.token });
    return embeddings;
}

// The job with a random seed if it has none.
[[nodiscard]] JobDescription withSeed(JobDescription job);

// Where a result belongs. `base` shares its tiles with the input picture unless an image_size asked for another size.
struct Placement {
    imaging::Raster base;                    // the picture that is edited, at the output's size; empty when nothing of it remains (text-to-image, image-to-image)
    Extent outputSize;                       // of the finished picture
    PixelFormat format = PixelFormat::Rgba8; // of the finished picture
    Bounds crop;                             // the part of the output that the engine works on
    ImageBuffer blend;                       // Gray8 of the crop's size, how much of the result is pasted; empty: all of it
    imaging::Mask paint;                     // the paint at the output's size; 0 = must not change by one bit
    ImageBuffer sampled;                     // Gray8 of the crop's size, what the sampler may change: colours are matched around it; empty: no colour match
};

struct PreparedGeneration {
    engine::GenerationRequest request;
    Placement placement;
    JobDescription job;                 // with mode, size, grow, feather and seed as they were decided: running it again gives the same bytes
    std::optional<ContextArea> context; // inpainting a masked area
    int stepsThatRun = 0;
};

//   errors  InvalidRequest, naming the field: no seed, an image, mask or control picture that is missing or empty, a strength that leaves no step to run
[[nodiscard]] Result<PreparedGeneration> prepareGeneration(const GenerationInputs& inputs);

} // namespace sfumato::workflow
