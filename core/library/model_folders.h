// recognisedModelFolders: where other programs keep LoRAs and embeddings below a folder that the artist chose.
// Thread: any, pure (looks at the disk).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <vector>

namespace sfumato::library {

enum class FolderLayout {
    Plain,   // just a folder
    A1111,   // A1111 or Forge: models/Lora, models/LyCORIS, embeddings
    ComfyUi, // models/loras, models/embeddings
    SwarmUi, // Models/Lora, Models/Embeddings
};

struct ModelFolder {
    QString path; // absolute
    FolderLayout layout = FolderLayout::Plain;
};

// `path` may be such a program's folder, the `models` folder in it, or any other. Without a known layout: the folder itself. Empty when it does not exist.
[[nodiscard]] std::vector<ModelFolder> recognisedModelFolders(const QString& path);

} // namespace sfumato::library
