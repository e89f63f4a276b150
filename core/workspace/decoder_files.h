// Where VAEs and the small decoders for previews (TAESD) lie: in the folders that this and other programs keep them in, beside the models.
// Thread: any, pure (reads folders).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/model_info.h"
#include "core/workspace/app_settings.h"

#include <QString>
#include <QStringList>

namespace sfumato::workspace {

struct DecoderFiles {
    QStringList whole; // VAE files, by name
    QStringList small; // TAESD files and diffusers folders, by what they are called

    [[nodiscard]] QStringList all() const { return whole + small; }
};

// The folders of the models: installed, the artist's, and those of models chosen by hand.
[[nodiscard]] QStringList decoderFolders(const AppSettings& settings);

// Looks into the sub-folders vae, VAE, vae_approx and VAE-approx of each folder and of the one it lies in (models/checkpoints has models/vae beside it).
[[nodiscard]] DecoderFiles findDecoderFiles(const QStringList& folders);

// The small decoder that knows a family's latents, by its name ("taesdxl_decoder", "taesd_decoder"); empty when there is none.
[[nodiscard]] QString previewDecoderFor(engine::ModelFamily family, const QStringList& small);

} // namespace sfumato::workspace
