// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/prompt/known_embedding.h"

#include "core/workspace/prompt/prompt_triggers.h"

#include <QFileInfo>

#include <algorithm>

namespace sfumato::workspace {

namespace {

// What stands for an embedding of a job in the prompt.
QString wordOf(const workflow::EmbeddingReference& embedding)
{
    return embedding.token.empty() ? QFileInfo(QString::fromStdString(embedding.path)).completeBaseName() : QString::fromStdString(embedding.token);
}

} // namespace

bool fitsModel(const KnownEmbedding& embedding, engine::ModelFamily family) noexcept
{
    return embedding.family == family || embedding.family == engine::ModelFamily::Unknown || family == engine::ModelFamily::Unknown;
}

workflow::JobDescription withUsedEmbeddings(workflow::JobDescription job, std::span<const KnownEmbedding> known, engine::ModelFamily family)
{
    const QString prompt = QString::fromStdString(job.prompt), negative = QString::fromStdString(job.negativePrompt);
    for (const KnownEmbedding& embedding : known) {
        if (!fitsModel(embedding, family) || (!holdsTrigger(prompt, embedding.word) && !holdsTrigger(negative, embedding.word))) continue;
        const bool isNamed = std::ranges::any_of(job.embeddings, [&](const auto& named) { return wordOf(named).compare(embedding.word, Qt::CaseInsensitive) == 0; });
        if (!isNamed) job.embeddings.push_back({ embedding.path, embedding.word.toStdString() });
    }
    return job;
}

} // namespace sfumato::workspace
