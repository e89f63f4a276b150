// JobDescription: everything that affects the pixels, as one value for window, command line and picture recipes.
// Thread: any, pure value. Owner: whoever holds it. Field meanings and ranges: docs/job.md; each field here carries its default.
//
// Ranges are checked by the parser (job_json.h); what depends on the picture is checked by prepareGeneration. An optional that is empty means "the default that depends on
// the rest of the job". Paths are text as the artist or caller wrote it: resolving them is the caller's matter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/geometry.h"
#include "core/engine/api/generation_request.h"
#include "core/imaging/control_preprocess.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sfumato::workflow {

inline constexpr std::size_t kMostEntries = 64; // LoRAs, embeddings, controls: of each
inline constexpr double kLargestScale = 100;    // of LoRAs and controls; far beyond what is of use, and finite in every precision

// A preset is meant for a native size of 1024 × 1024 and scales with the model's own.
enum class SizePreset { SquareHd,
    Square,
    Portrait43,
    Portrait169,
    Landscape43,
    Landscape169 };

using ImageSize = std::variant<SizePreset, Extent>; // Extent: 64..4096 a side, multiples of 8

enum class InpaintArea { Masked,
    Whole };

enum class InpaintFill { Original,
    Blur,
    Border,
    Neutral,
    Noise };

// How an inpaint is cut out, hidden from the sampler and pasted back. Pixels are of the picture that is edited.
struct InpaintSettings {
    InpaintArea area = InpaintArea::Masked;
    std::optional<int> context; // padding around the mask; empty: "auto", the context rule (context_area.h)
    std::optional<int> grow;    // empty: the context rule
    std::optional<int> feather; // empty: the context rule; 0: hard edges throughout
    InpaintFill fill = InpaintFill::Original;
    bool colorMatch = true;

    friend bool operator==(const InpaintSettings&, const InpaintSettings&) = default;
};

struct RefinerSettings {
    std::string model; // empty: the configured refiner
    double switchAt = 0.8;

    friend bool operator==(const RefinerSettings&, const RefinerSettings&) = default;
};

struct LoraReference {
    std::string path;
    double scale = 1.0;
    std::optional<double> textEncoderScale; // empty: as `scale`

    friend bool operator==(const LoraReference&, const LoraReference&) = default;
};

struct EmbeddingReference {
    std::string path;
    std::string token; // empty: the file's stem

    friend bool operator==(const EmbeddingReference&, const EmbeddingReference&) = default;
};

using engine::ControlType;

struct ControlReference {
    std::string model;
    ControlType type = ControlType::Line;
    std::string imageUrl; // empty: the job's own picture
    double weight = 1.0;
    double start = 0.0;
    double end = 1.0;
    std::optional<imaging::ControlPreprocessing> preprocess; // empty: by type, see preprocessorFor (controls/control_picture.h)
    std::string imageEncoder;                                // of an IP-Adapter: a path or the name of an installed one; empty: the installed one that fits

    friend bool operator==(const ControlReference&, const ControlReference&) = default;
};

enum class OutputFormat { Jpeg,
    Png,
    WebP,
    Avif };

// The noise levels at which guidance acts: lowest < σ <= highest.
struct GuidanceInterval {
    double lowest = 0.0;
    double highest = engine::kHighestNoiseLevel;

    friend bool operator==(const GuidanceInterval&, const GuidanceInterval&) = default;
};

struct JobDescription {
    std::optional<engine::GenerationMode> mode;           // empty: by what is given, see effectiveMode
    std::string model;                                    // path or name of an installed model; empty: the starter model
    std::string vae;                                      // path; empty: the model's own
    std::optional<engine::PredictionType> predictionType; // empty: as the model's file says
    std::optional<bool> zeroTerminalSnr;
    std::optional<RefinerSettings> refiner;
    std::string prompt;
    std::string negativePrompt;
    std::string imageUrl; // path, file: URL or data: URI; empty: none
    std::string maskUrl;
    double strength = 0.95;
    std::optional<ImageSize> imageSize;
    bool preserveAspectRatio = false;
    int imageCount = 1;
    static constexpr int kMostSteps = 150;
    int steps = 25;
    double guidanceScale = 7.5;
    double guidanceRescale = 0.0; // 0..1
    std::optional<GuidanceInterval> guidanceInterval;
    engine::PerturbedAttention perturbed; // pag_scale, pag_adaptive_scale, pag_layers
    std::optional<engine::FreeU> freeU;
    double sharpness = 0.0;                           // 0..30
    double adaptiveGuidance = 0.0;                    // 0..30; 0: off
    std::optional<engine::SizeEmphasis> sizeEmphasis; // adm_guidance
    engine::Compatibility compatibility = engine::Compatibility::Diffusers;
    engine::NoiseOrigin noiseOrigin = engine::NoiseOrigin::Auto; // noise_source
    std::uint64_t etaNoiseSeedDelta = 0;
    std::optional<std::uint64_t> seed; // 0..2^63 − 1; empty: random
    std::string scheduler = "dpmpp_2m_karras";
    std::vector<LoraReference> loras;
    std::vector<EmbeddingReference> embeddings;
    std::vector<ControlReference> controls;
    static constexpr int kMostClipSkip = 4;
    int clipSkip = 0;
    InpaintSettings inpaint;
    bool expandPrompt = false;
    bool enableSafetyChecker = true;
    OutputFormat format = OutputFormat::Jpeg;
    bool syncMode = false;
    std::optional<std::string> trackId;
    engine::Precision precision = engine::Precision::Auto;
    std::string device = "auto";

    friend bool operator==(const JobDescription&, const JobDescription&) = default;
};

// The mode a job runs in: its own, else inpainting with a mask, image-to-image with an image alone, text-to-image with neither.
[[nodiscard]] engine::GenerationMode effectiveMode(const JobDescription& job, bool hasImage, bool hasMask) noexcept;

// The preset's size for a model of this native size, in multiples of 8, at least 64 a side.
[[nodiscard]] Extent presetExtent(SizePreset preset, Extent nativeSize) noexcept;
[[nodiscard]] Extent imageSizeExtent(const ImageSize& size, Extent nativeSize) noexcept;

// A seed for jobs that name none: 32 random bits, so that it can be read aloud and kept by any JSON reader.
[[nodiscard]] std::uint64_t randomSeed();

} // namespace sfumato::workflow
