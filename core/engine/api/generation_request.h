// GenerationRequest: everything that affects the pixels the engine makes, as one plain value.
// Thread: any, pure value. Built by core/workflow from a job; read by the engine.
//
// The engine works on exactly `size` pixels: cropping, scaling to a work size and pasting back belong to core/workflow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/engine/api/compatibility.h"
#include "core/engine/api/control_reference.h"
#include "core/engine/api/guidance_options.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sfumato::engine {

enum class GenerationMode { TextToImage,
    ImageToImage,
    Inpainting };

enum class Precision { Auto,
    Float32,
    BFloat16,
    Float16 };

// Where the weights are: a .safetensors file or a diffusers folder, and optionally a separate VAE (file or folder).
struct ModelSource {
    std::filesystem::path path;
    std::optional<std::filesystem::path> vae;

    friend bool operator==(const ModelSource&, const ModelSource&) = default;
};

// A LoRA, or a relative of it, merged into the weights for this request. The order is that of the stack: kinds that read the present weight (DoRA, OFT, IA3, GLoRA)
// see the ones before them. A scale of 0 leaves the weights of that part untouched.
struct LoraReference {
    std::filesystem::path path;
    double scale = 1.0;            // of the UNet's part; may be negative
    double textEncoderScale = 1.0; // of the text encoders' part

    friend bool operator==(const LoraReference&, const LoraReference&) = default;
};

// A textual inversion: `token`, written in a prompt, stands for the vectors of the file.
struct EmbeddingReference {
    std::filesystem::path path;
    std::string token; // empty: the file's stem

    friend bool operator==(const EmbeddingReference&, const EmbeddingReference&) = default;
};

// SDXL's second model for the end of the schedule (SDXL report, section 2.5; diffusers denoising_end and denoising_start).
struct RefinerReference {
    ModelSource model;
    double switchAt = 0.8; // (0, 1): the fraction of the noise schedule that the base model runs

    friend bool operator==(const RefinerReference&, const RefinerReference&) = default;
};

// SDXL's size conditioning (SDXL report, section 2.2). Defaults: original and target are the output's size, crop 0, 0.
struct SizeConditioning {
    Extent original;
    int cropTop = 0;
    int cropLeft = 0;
    Extent target;
};

// Above every σ of every schedule (4,096 with zero terminal SNR).
inline constexpr double kHighestNoiseLevel = 5000.0;

struct SamplingSettings {
    std::string scheduler = "dpmpp_2m_karras"; // a name of scheduler_names.h
    int steps = 25;                            // 1..150, the length of the schedule
    double guidanceScale = 7.5;                // 1 runs the conditional branch alone
    double strength = 1.0;                     // (0, 1]; which steps run: stepRange; ignored for text-to-image
    std::uint64_t seed = 0;                    // 0 .. 2^63 − 1; image k uses seed + k
    int imageCount = 1;                        // 1..8
    double guidanceRescale = 0.0;              // 0..1: how far the guided prediction is brought back to the deviation of the conditional one
    double guidanceLowest = 0.0;               // guidance acts at noise levels σ in (lowest, highest]; elsewhere the conditional branch runs alone
    double guidanceHighest = kHighestNoiseLevel;
    PerturbedAttention perturbed;
    std::optional<FreeU> freeU;
    double sharpness = 0.0;        // 0..30: how far fine noise is taken out of the conditional prediction (Fooocus; 2 is usual). Acts where guidance acts
    double adaptiveGuidance = 0.0; // 0: off; else the scale, 1..30, that guidance begins with where guidanceScale is larger (Fooocus; 7 is usual)
    std::optional<SizeEmphasis> sizeEmphasis;
    Compatibility compatibility = Compatibility::Diffusers;
    NoiseOrigin noise = NoiseOrigin::Auto;
    std::uint64_t etaNoiseSeedDelta = 0; // A1111: what the steps draw comes from a generator of seed + this, if not 0
};

struct GenerationRequest {
    ModelSource model;
    GenerationMode mode = GenerationMode::TextToImage;
    std::string prompt;         // UTF-8, A1111 weights and BREAK, any length
    std::string negativePrompt; // empty: zero embeddings on SDXL, as the reference does
    Extent size;                // pixels, multiples of 8, 64..4096 a side
    std::optional<SizeConditioning> sizeConditioning;
    ImageBuffer image;      // Rgb8, `size`; empty for text-to-image
    ImageBuffer mask;       // Gray8, `size`, 255 = repaint; used by inpainting only. A mask of 0 and 255 alone is hard; grey delays the start
    bool noiseFill = false; // inpainting: the masked latents start as pure noise (fill "noise")
    SamplingSettings sampling;
    std::vector<LoraReference> loras;
    std::vector<EmbeddingReference> embeddings;
    std::vector<ControlReference> controls; // any number at once
    std::optional<RefinerReference> refiner;
    double aestheticScore = 6.0; // size condition of refiner models, in place of the target size
    double negativeAestheticScore = 2.5;
    int clipSkip = 0; // layers skipped beyond the architecture's own, 0..4
    Precision precision = Precision::Auto;
    std::string device = "auto";                        // auto, cpu, cuda, cuda:N
    std::optional<std::filesystem::path> safetyChecker; // a file or folder: looks at each finished picture and flags it, see GeneratedImage; never changes a pixel
    bool previews = false;                              // report a preview after each step; never changes the result
};

} // namespace sfumato::engine
