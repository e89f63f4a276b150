// Recipes and job files: how a variation was made, so that it can be made again.
// Thread: any, pure (writeJobFiles writes files).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/picture_recipe.h"
#include "core/workspace/gallery_model.h"

#include <filesystem>

namespace sfumato::workspace {

// The job that makes one variation alone, as one line of JSON for a picture's recipe. Models, LoRAs, embeddings and controls are named without their folders and the pictures it needs are called
// picture.png and mask.png, so that nothing of the artist's machine is told.
[[nodiscard]] std::string recipeOf(const Variation& variation);

// A recipe line as a picture file of this size carries it, with the text that other programs read; empty for an empty line.
[[nodiscard]] document::PictureRecipe pictureRecipe(const std::string& recipe, Extent size);

// The recipe of a picture file, ours or another program's, as a job in JSON; empty where there is none that can be read.
[[nodiscard]] std::string recipeJob(const document::PictureRecipe& recipe);

// Writes the job of one image of a run (PNG, one image) as `path`, and beside it "<stem>.picture.png" and "<stem>.mask.png" as far as it has them; the
// job names them by file name, to be looked for beside it. Existing files are replaced.
// Pictures of controls are "<stem>.control1.png", …; one taken from the canvas is the job's own.
//   errors  as writePicture and writeFileAtomically
[[nodiscard]] Result<void> writeJobFiles(const std::filesystem::path& path, const GenerationRun& run, int imageIndex);

} // namespace sfumato::workspace
