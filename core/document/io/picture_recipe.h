// PictureRecipe: the text inside a picture file that says how it was made.
// Thread: any, pure value. PNG keeps each text under its keyword ("parameters", "sfumato"). JPEG, WebP and AVIF keep `parameters` as EXIF UserComment, where other
// programs look for it, and `job` as EXIF ImageDescription, after the word "sfumato:" and with everything beyond ASCII escaped as JSON allows.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sfumato::document {

struct PictureRecipe {
    std::string parameters;   // UTF-8, the "parameters" text that other programs read and write: prompt, "Negative prompt: …", "Steps: …, Sampler: …"
    std::string job;          // UTF-8, our job as JSON
    std::string comfyGraph{}; // UTF-8, ComfyUI's API graph as JSON (PNG text "prompt"); read, never written

    [[nodiscard]] bool isEmpty() const noexcept { return parameters.empty() && job.empty() && comfyGraph.empty(); }
    friend bool operator==(const PictureRecipe&, const PictureRecipe&) = default;
};

} // namespace sfumato::document
