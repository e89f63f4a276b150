// KnownEmbedding: a textual inversion file of the library, and which of them a prompt uses.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/model_info.h"
#include "core/workflow/job_description.h"

#include <QString>

#include <span>
#include <string>
#include <vector>

namespace sfumato::workspace {

struct KnownEmbedding {
    QString word; // what stands for it in a prompt: the file's name without its ending
    std::string path;
    engine::ModelFamily family = engine::ModelFamily::Unknown; // Unknown: nothing says what it is for
    int vectors = 1;

    friend bool operator==(const KnownEmbedding&, const KnownEmbedding&) = default;
};

// Whether it can work with a model of `family`; Unknown fits everything.
[[nodiscard]] bool fitsModel(const KnownEmbedding& embedding, engine::ModelFamily family) noexcept;

// The job with the embeddings that its prompts hold as whole words, in any case, added to those it names itself. A word is added once: that of the first file.
[[nodiscard]] workflow::JobDescription withUsedEmbeddings(workflow::JobDescription job, std::span<const KnownEmbedding> known, engine::ModelFamily family);

} // namespace sfumato::workspace
