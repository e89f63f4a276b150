// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/embedding_file.h"

#include "core/engine/io/message_text.h"

#include <algorithm>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kMostVectors = 1024; // far beyond any prompt

bool holdsVectors(const TensorEntry& entry)
{
    const auto& shape = entry.shape;
    return (shape.size() == 1 || shape.size() == 2) && shape.back() > 1 && (shape.size() == 1 || (shape.front() >= 1 && shape.front() <= kMostVectors));
}

// Files one tensor under its encoder; false when that place is taken.
bool place(EmbeddingFile& embedding, const TensorEntry& entry, std::string_view name)
{
    const TensorEntry** where = &embedding.plain;
    if (name == "clip_l" || name == "text_encoders_0") where = &embedding.first;
    if (name == "clip_g" || name == "text_encoders_1") where = &embedding.second;
    if (*where) return false;
    *where = &entry;
    return true;
}

} // namespace

Result<EmbeddingFile> EmbeddingFile::open(const std::filesystem::path& path, const std::string& word)
{
    Result<SafetensorsFile> opened = SafetensorsFile::open(path);
    if (!opened) return std::move(opened).error();
    EmbeddingFile embedding;
    embedding.file = std::make_shared<const SafetensorsFile>(std::move(opened).value());
    embedding.word = word.empty() ? path.stem().string() : word;
    for (const TensorEntry& entry : embedding.file->tensors()) {
        if (!holdsVectors(entry) || !place(embedding, entry, entry.name))
            return fileError(path, "is no embedding: it holds the tensor " + quotedName(entry.name) + ", but an embedding holds one tensor of vectors, or clip_l and clip_g.", ErrorCode::UnsupportedModel);
    }
    if (!embedding.first && !embedding.second && !embedding.plain) return fileError(path, "is no embedding: it holds no vectors.", ErrorCode::UnsupportedModel);
    return embedding;
}

std::vector<EmbeddingFile> EmbeddingFile::bundledWith(const AdapterFile& adapter)
{
    std::vector<EmbeddingFile> embeddings;
    for (const auto& [name, entries] : adapter.bundledEmbeddings()) {
        EmbeddingFile embedding;
        embedding.file = adapter.sharedFile();
        embedding.word = name;
        const bool isKnown = std::ranges::all_of(entries, [&](const TensorEntry* entry) {
            const std::string_view full = entry->name;
            return holdsVectors(*entry) && place(embedding, *entry, full.substr(full.rfind('.') + 1));
        });
        if (isKnown) embeddings.push_back(std::move(embedding));
    }
    return embeddings;
}

EmbeddingPart embeddingPart(const EmbeddingFile& embedding, bool isFirstEncoder, std::int64_t width, std::int64_t otherWidth)
{
    const auto part = [](const TensorEntry& entry, std::int64_t column) { return EmbeddingPart{ &entry, entry.shape.size() == 2 ? entry.shape.front() : 1, column }; };
    const TensorEntry* const named = isFirstEncoder ? embedding.first : embedding.second;
    if (named) return named->shape.back() == width ? part(*named, 0) : EmbeddingPart{};
    if (!embedding.plain) return {};
    const std::int64_t columns = embedding.plain->shape.back();
    if (columns == width && width != otherWidth) return part(*embedding.plain, 0);
    if (otherWidth > 0 && columns == width + otherWidth) return part(*embedding.plain, isFirstEncoder ? 0 : otherWidth);
    return {};
}

} // namespace sfumato::engine
