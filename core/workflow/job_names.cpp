// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_names.h"

#include "core/workflow/job_json.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <vector>

namespace sfumato::workflow {

namespace {

constexpr bool kText = true;

constexpr std::array kFields{
    FieldName{ "mode" },
    FieldName{ "model", "model_id", kText },
    FieldName{ "vae", {}, kText },
    FieldName{ "prediction_type" },
    FieldName{ "zero_terminal_snr" },
    FieldName{ "refiner" },
    FieldName{ "prompt", {}, kText },
    FieldName{ "negative_prompt", {}, kText },
    FieldName{ "image_url", "init_image", kText },
    FieldName{ "mask_url", "mask_image", kText },
    FieldName{ "strength", "prompt_strength" },
    FieldName{ "image_size" },
    FieldName{ "preserve_aspect_ratio" },
    FieldName{ "num_images", "samples" },
    FieldName{ "num_inference_steps", "steps" },
    FieldName{ "guidance_scale" },
    FieldName{ "guidance_rescale" },
    FieldName{ "guidance_interval" },
    FieldName{ "pag_scale" },
    FieldName{ "pag_adaptive_scale" },
    FieldName{ "pag_layers", "pag_applied_layers" },
    FieldName{ "freeu" },
    FieldName{ "sharpness" },
    FieldName{ "adaptive_guidance", "adaptive_cfg" },
    FieldName{ "adm_guidance" },
    FieldName{ "compatibility" },
    FieldName{ "noise_source", "rng" },
    FieldName{ "eta_noise_seed_delta", "ensd" },
    FieldName{ "seed" },
    FieldName{ "scheduler", "sampler" },
    FieldName{ "loras" },
    FieldName{ "embeddings" },
    FieldName{ "controls" },
    FieldName{ "clip_skip" },
    FieldName{ "inpaint" },
    FieldName{ "look" },
    FieldName{ "expand_prompt", "enhance_prompt" },
    FieldName{ "enable_safety_checker", "safety_checker" },
    FieldName{ "format" },
    FieldName{ "sync_mode" },
    FieldName{ "track_id", {}, kText },
    FieldName{ "precision" },
    FieldName{ "device" },
};

constexpr std::array kModes{
    ChoiceName<engine::GenerationMode>{ "text-to-image", engine::GenerationMode::TextToImage },
    ChoiceName<engine::GenerationMode>{ "image-to-image", engine::GenerationMode::ImageToImage },
    ChoiceName<engine::GenerationMode>{ "inpaint", engine::GenerationMode::Inpainting },
};

constexpr std::array kSizePresets{
    ChoiceName<SizePreset>{ "square_hd", SizePreset::SquareHd },
    ChoiceName<SizePreset>{ "square", SizePreset::Square },
    ChoiceName<SizePreset>{ "portrait_4_3", SizePreset::Portrait43 },
    ChoiceName<SizePreset>{ "portrait_16_9", SizePreset::Portrait169 },
    ChoiceName<SizePreset>{ "landscape_4_3", SizePreset::Landscape43 },
    ChoiceName<SizePreset>{ "landscape_16_9", SizePreset::Landscape169 },
};

constexpr std::array kInpaintAreas{ ChoiceName<InpaintArea>{ "masked", InpaintArea::Masked }, ChoiceName<InpaintArea>{ "whole", InpaintArea::Whole } };

constexpr std::array kInpaintFills{
    ChoiceName<InpaintFill>{ "original", InpaintFill::Original },
    ChoiceName<InpaintFill>{ "blur", InpaintFill::Blur },
    ChoiceName<InpaintFill>{ "border", InpaintFill::Border },
    ChoiceName<InpaintFill>{ "neutral", InpaintFill::Neutral },
    ChoiceName<InpaintFill>{ "noise", InpaintFill::Noise },
};

constexpr std::array kControlTypes{
    ChoiceName<ControlType>{ "pose", ControlType::Pose },
    ChoiceName<ControlType>{ "openpose", ControlType::Pose },
    ChoiceName<ControlType>{ "dwpose", ControlType::Pose },
    ChoiceName<ControlType>{ "depth", ControlType::Depth },
    ChoiceName<ControlType>{ "midas", ControlType::Depth },
    ChoiceName<ControlType>{ "zoe", ControlType::Depth },
    ChoiceName<ControlType>{ "soft_edge", ControlType::SoftEdge },
    ChoiceName<ControlType>{ "softedge", ControlType::SoftEdge },
    ChoiceName<ControlType>{ "hed", ControlType::SoftEdge },
    ChoiceName<ControlType>{ "pidi", ControlType::SoftEdge },
    ChoiceName<ControlType>{ "scribble", ControlType::SoftEdge },
    ChoiceName<ControlType>{ "line", ControlType::Line },
    ChoiceName<ControlType>{ "canny", ControlType::Line },
    ChoiceName<ControlType>{ "lineart", ControlType::Line },
    ChoiceName<ControlType>{ "lineart_anime", ControlType::Line },
    ChoiceName<ControlType>{ "mlsd", ControlType::Line },
    ChoiceName<ControlType>{ "normal", ControlType::Normal },
    ChoiceName<ControlType>{ "normalbae", ControlType::Normal },
    ChoiceName<ControlType>{ "segment", ControlType::Segment },
    ChoiceName<ControlType>{ "seg", ControlType::Segment },
    ChoiceName<ControlType>{ "segmentation", ControlType::Segment },
    ChoiceName<ControlType>{ "tile", ControlType::Tile },
    ChoiceName<ControlType>{ "inpaint", ControlType::Inpaint },
    ChoiceName<ControlType>{ "repaint", ControlType::Inpaint },
    ChoiceName<ControlType>{ "reference", ControlType::Reference },
    ChoiceName<ControlType>{ "ip_adapter", ControlType::Reference },
};

constexpr std::array kOutputFormats{
    ChoiceName<OutputFormat>{ "jpeg", OutputFormat::Jpeg },
    ChoiceName<OutputFormat>{ "png", OutputFormat::Png },
    ChoiceName<OutputFormat>{ "webp", OutputFormat::WebP },
    ChoiceName<OutputFormat>{ "avif", OutputFormat::Avif },
    ChoiceName<OutputFormat>{ "jpg", OutputFormat::Jpeg },
};

constexpr std::array kPrecisions{
    ChoiceName<engine::Precision>{ "auto", engine::Precision::Auto },
    ChoiceName<engine::Precision>{ "float32", engine::Precision::Float32 },
    ChoiceName<engine::Precision>{ "bfloat16", engine::Precision::BFloat16 },
    ChoiceName<engine::Precision>{ "float16", engine::Precision::Float16 },
};

constexpr std::array kPredictionTypes{
    ChoiceName<engine::PredictionType>{ "epsilon", engine::PredictionType::Epsilon },
    ChoiceName<engine::PredictionType>{ "v_prediction", engine::PredictionType::VPrediction },
    ChoiceName<engine::PredictionType>{ "sample", engine::PredictionType::Sample },
};

constexpr std::array kCompatibilities{
    ChoiceName<engine::Compatibility>{ "diffusers", engine::Compatibility::Diffusers },
    ChoiceName<engine::Compatibility>{ "a1111", engine::Compatibility::A1111 },
    ChoiceName<engine::Compatibility>{ "comfyui", engine::Compatibility::ComfyUi },
    ChoiceName<engine::Compatibility>{ "forge", engine::Compatibility::A1111 },
};

constexpr std::array kNoiseOrigins{
    ChoiceName<engine::NoiseOrigin>{ "auto", engine::NoiseOrigin::Auto },
    ChoiceName<engine::NoiseOrigin>{ "cpu", engine::NoiseOrigin::Cpu },
    ChoiceName<engine::NoiseOrigin>{ "gpu", engine::NoiseOrigin::Gpu },
    ChoiceName<engine::NoiseOrigin>{ "nv", engine::NoiseOrigin::Gpu },
};

constexpr std::array kLooks{ ChoiceName<Look>{ "plain", Look::Plain }, ChoiceName<Look>{ "enhanced", Look::Enhanced } };

// Levenshtein's distance: insertions, deletions and exchanges of one character.
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{ 0 });
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({ row[j] + 1, row[j - 1] + 1, exchanged });
        }
    }
    return row.back();
}

} // namespace

std::span<const FieldName> jobFields() noexcept { return kFields; }
std::span<const ChoiceName<engine::GenerationMode>> modeNames() noexcept { return kModes; }
std::span<const ChoiceName<SizePreset>> sizePresetNames() noexcept { return kSizePresets; }
std::span<const ChoiceName<InpaintArea>> inpaintAreaNames() noexcept { return kInpaintAreas; }
std::span<const ChoiceName<InpaintFill>> inpaintFillNames() noexcept { return kInpaintFills; }
std::span<const ChoiceName<ControlType>> controlTypeNames() noexcept { return kControlTypes; }
std::span<const ChoiceName<OutputFormat>> outputFormatNames() noexcept { return kOutputFormats; }
std::span<const ChoiceName<engine::Precision>> precisionNames() noexcept { return kPrecisions; }
std::span<const ChoiceName<Look>> lookNames() noexcept { return kLooks; }
std::span<const ChoiceName<engine::PredictionType>> predictionTypeNames() noexcept { return kPredictionTypes; }
std::span<const ChoiceName<engine::Compatibility>> compatibilityNames() noexcept { return kCompatibilities; }
std::span<const ChoiceName<engine::NoiseOrigin>> noiseOriginNames() noexcept { return kNoiseOrigins; }

std::string_view modeName(engine::GenerationMode mode) noexcept { return nameOf(modeNames(), mode); }
std::string_view outputFormatName(OutputFormat format) noexcept { return nameOf(outputFormatNames(), format); }
std::string_view precisionName(engine::Precision precision) noexcept { return nameOf(precisionNames(), precision); }

std::string_view canonicalFieldName(std::string_view name) noexcept
{
    for (const FieldName& field : kFields)
        if (!field.alias.empty() && field.alias == name) return field.name;
    return name;
}

std::string_view nearestName(std::string_view name, std::span<const std::string_view> known)
{
    assert(!known.empty());
    constexpr std::size_t kLongestCompared = 64; // no name is longer; a hostile one must not cost time
    const std::string_view compared = name.substr(0, kLongestCompared);
    return *std::ranges::min_element(known, {}, [&](std::string_view candidate) { return editDistance(compared, candidate); });
}

} // namespace sfumato::workflow
