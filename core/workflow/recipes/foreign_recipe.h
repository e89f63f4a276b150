// Recipes of other programs out of picture files, as jobs: A1111 and its relatives, ComfyUI, Fooocus. Each selects the `compatibility` of its program.
// Thread: any, pure functions. Every text is accepted; what cannot be followed is a warning.
// Source: the formats are those of AUTOMATIC1111's infotext_utils, ComfyUI's API graphs and Fooocus' meta_parser.
//
// Models and LoRAs are named as the text names them, with ".safetensors" behind a name without an ending; finding the files is the caller's matter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_json.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sfumato::workflow {

// "PROMPT\nNegative prompt: …\nSteps: 20, Sampler: Euler a, …" taken apart. The last line holds fields only if it has at least three; "512x768" becomes two fields, -1 and -2.
struct ParametersText {
    std::string prompt;
    std::string negativePrompt;
    std::map<std::string, std::string, std::less<>> fields;
};
[[nodiscard]] ParametersText splitParameters(std::string_view text);

// <kind:name:argument…> tags out of a prompt; what is left is the prompt.
struct NetworkTag {
    std::string kind;
    std::vector<std::string> arguments; // the name first
};
[[nodiscard]] std::vector<NetworkTag> takeNetworkTags(std::string& prompt);

// The job of a "parameters" text; empty when it names no steps.
[[nodiscard]] std::optional<ParsedJob> jobFromParameters(std::string_view text);

// The job of a ComfyUI API graph: what the sampler behind the first saved picture was given. Knows KSampler and KSamplerAdvanced, CLIPTextEncode and its SDXL form, LoraLoader,
// checkpoint, VAE and latent nodes; conditioning nodes between are passed through. Empty when the text is no such graph.
[[nodiscard]] std::optional<ParsedJob> jobFromComfyGraph(std::string_view json);

// The job of Fooocus' JSON ("fooocus" scheme); empty when it is none.
[[nodiscard]] std::optional<ParsedJob> jobFromFooocus(std::string_view json);

// The texts a picture carries; empty for none.
struct RecipeTexts {
    std::string_view job;        // ours
    std::string_view parameters; // A1111's text or Fooocus' JSON
    std::string_view comfyGraph;
};

// The job of whatever recipe a picture carries, our own first; empty for none that can be read.
[[nodiscard]] std::optional<ParsedJob> jobFromPicture(const RecipeTexts& recipe);

} // namespace sfumato::workflow
