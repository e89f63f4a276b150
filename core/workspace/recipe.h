// Recipes and job files: how a variation was made, so that it can be made again.
// Thread: any, pure (writeJobFiles writes files; applyRecipe is as free as what it is given).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/document/io/picture_recipe.h"
#include "core/workspace/gallery_model.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <functional>

namespace sfumato::workspace {

// The job that makes one variation alone, as one line of JSON for a picture's recipe. Models, LoRAs, embeddings and controls are named without their folders and the pictures it needs are called
// picture.png and mask.png, so that nothing of the artist's machine is told.
[[nodiscard]] std::string recipeOf(const Variation& variation);

// A recipe line as a picture file of this size carries it, with the text that other programs read; empty for an empty line.
[[nodiscard]] document::PictureRecipe pictureRecipe(const std::string& recipe, Extent size);

// The recipe of a picture file, ours or another program's, as a job in JSON; empty where there is none that can be read.
[[nodiscard]] std::string recipeJob(const document::PictureRecipe& recipe);

// Where a file lies that a recipe names without its folder; each gives an empty text for what is not on this machine.
struct RecipeFiles {
    std::function<QString(const QString& name)> model; // a refiner is one too
    std::function<QString(const QString& name)> vae;
    std::function<QString(const QString& name)> lora;
};

struct AppliedRecipe {
    workflow::JobDescription job;
    QString model; // the path of the recipe's model; empty: the present one stays
    // What the recipe names and this machine has not, by name: the model and VAE of before stay, refiner and LoRAs are left out.
    QString missingModel, missingVae, missingRefiner;
    QStringList missingLoras;
};

// The present job with every setting of the recipe. What belongs to the present work stays: its pictures, the number of variations, the size (unless a new picture is made), where and how
// it runs. Controls come as they are named; their rows say which files are missing.
[[nodiscard]] AppliedRecipe applyRecipe(const workflow::JobDescription& present, const workflow::JobDescription& recipe, bool makesNewPicture, const RecipeFiles& files);

// Writes the job of one image of a run (PNG, one image) as `path`, and beside it "<stem>.picture.png" and "<stem>.mask.png" as far as it has them; the
// job names them by file name, to be looked for beside it. Existing files are replaced.
// Pictures of controls are "<stem>.control1.png", …; one taken from the canvas is the job's own.
//   errors  as writePicture and writeFileAtomically
[[nodiscard]] Result<void> writeJobFiles(const std::filesystem::path& path, const GenerationRun& run, int imageIndex);

} // namespace sfumato::workspace
