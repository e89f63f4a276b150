// describeFile: what a model file is, from its header alone; its hashes, from all of its bytes.
// Thread: any. Every text in a description comes from the file: show it as plain text, never as markup.
// Source: kohya-ss/sd-scripts and Stability ModelSpec (metadata), A1111 and Civitai (hashes), Comfy-Org/ComfyUI (recognition).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/model_info.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sfumato::engine {

enum class FileKind {
    Checkpoint,
    Unet,
    Vae,
    TextEncoder,
    Lora,
    Embedding,
    ControlNet,
    ControlLora,
    ControlNetUnion,
    ControlLllite,
    T2iAdapter,
    IpAdapter,
    Taesd,
    Upscaler,
    ImageEncoder,
    SafetyChecker,
    LanguageModel,
    Unknown,
};

// The stable name in JSON: "checkpoint", "control_lora", "t2i_adapter", …
[[nodiscard]] std::string_view fileKindName(FileKind kind) noexcept;
// For people, with its article: "a LoRA", "a VAE", "a ControlNet".
[[nodiscard]] std::string_view fileKindPhrase(FileKind kind) noexcept;
// "SDXL", "SDXL refiner", "SD 1.x", "SD 2.x", "unknown".
[[nodiscard]] std::string_view modelFamilyName(ModelFamily family) noexcept;

struct TagCount {
    std::string tag;
    std::int64_t count = 0;
};

struct FileDescription {
    FileKind kind = FileKind::Unknown;
    ModelFamily family = ModelFamily::Unknown;
    std::string variant;       // which one of its kind: "inpainting", "CLIP-L", "8 tasks (ProMax)", "plus, for ViT-H"; may be empty
    std::string foreignFamily; // a name where the family is known but not ours: "Flux", "SD 3"; else empty
    std::string precision;     // of most parameters: "F16", "BF16", "F32", "F8_E4M3", …, or "mixed"
    std::uint64_t parameterCount = 0;
    std::uint64_t tensorCount = 0;
    std::uint64_t sizeInBytes = 0;

    int inputChannels = 0;        // of a UNet; 0 otherwise
    bool hasTextEncoders = false; // checkpoints
    bool hasVae = false;
    PredictionType prediction = PredictionType::Epsilon;
    bool zeroTerminalSnr = false;
    std::optional<FewStepAdvice> fewSteps; // of a distilled model or LoRA

    std::vector<std::string> algorithms; // of a LoRA, as found: "lora", "locon", "loha", "lokr", "dora", "oft", "boft", "ia3", "glora", "full", "norm"
    int rankMin = 0;                     // of a LoRA; 0 where there is none
    int rankMax = 0;
    std::uint64_t moduleCount = 0; // layers a LoRA changes
    bool changesUnet = false;
    bool changesTextEncoders = false;
    int vectorCount = 0;                   // of an embedding: token slots it fills
    std::vector<std::string> controlTasks; // of a ControlNet Union: "pose", "depth", …

    std::string title; // ModelSpec title, else the name it was trained under; may be empty
    std::string author;
    std::string license;
    std::string description;
    std::string baseModel; // what it was trained on, as the metadata says
    std::vector<std::string> triggerWords;
    std::vector<TagCount> trainingTags;          // most frequent first, at most kMaxTags
    std::map<std::string, std::string> metadata; // everything, as written

    std::string sha256; // 64 hex digits of the whole file; these three are empty unless hashes were asked for
    std::string autoV2; // first 10 digits of it
    std::string autoV3; // first 12 digits of the SHA-256 of the tensor bytes

    static constexpr std::size_t kMaxTags = 250;
};

struct DescribeOptions {
    bool hashes = false;                  // reads and digests the whole file, twice: a few seconds per gigabyte, much more without the processor's SHA instructions
    std::function<void(double)> progress; // 0..1 while hashing, on the calling thread
    std::stop_token stop;                 // ends hashing early: the hashes stay empty
};

// `path` is a .safetensors file or a diffusers folder (which has no hashes). Unknown content in a well-formed file is FileKind::Unknown, not an error.
// Errors: those of SafetensorsFile::open, and for folders those of ModelFiles::open.
[[nodiscard]] Result<FileDescription> describeFile(const std::filesystem::path& path, const DescribeOptions& options = {});

} // namespace sfumato::engine
