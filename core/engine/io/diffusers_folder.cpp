// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/diffusers_folder.h"

#include "core/engine/io/foreign_file.h"
#include "core/engine/io/message_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace sfumato::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{ 4 } << 20;
constexpr std::uint64_t kMaxIndexBytes = std::uint64_t{ 32 } << 20;

constexpr std::array<std::string_view, 4> kHalfOrder{ "fp16", "bf16", "", "fp32" };
constexpr std::array<std::string_view, 4> kFloat32Order{ "", "fp32", "bf16", "fp16" };

bool fileExists(const fs::path& path)
{
    std::error_code ignored;
    return fs::exists(path, ignored);
}

// The first file name of the stem that exists, by preference of variant; whole files come before indices. Empty when there is none.
std::string chooseFile(const fs::path& folder, std::string_view stem, VariantPreference preference)
{
    for (const std::string_view variant : preference == VariantPreference::Half ? kHalfOrder : kFloat32Order) {
        const std::string dotted = variant.empty() ? std::string() : '.' + std::string(variant);
        const std::string plain(stem);
        const std::array<std::string, 3> names{ plain + dotted + ".safetensors", plain + dotted + ".safetensors.index.json",
            plain + ".safetensors.index" + dotted + ".json" };
        const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) { return fileExists(folder / name); });
        if (found != names.end()) return *found;
    }
    return {};
}

Result<std::shared_ptr<const SafetensorsFile>> openShared(const fs::path& path)
{
    Result<SafetensorsFile> file = SafetensorsFile::open(path);
    if (!file) return std::move(file).error();
    return std::shared_ptr<const SafetensorsFile>(std::make_shared<SafetensorsFile>(std::move(*file)));
}

void appendAll(const std::shared_ptr<const SafetensorsFile>& file, std::vector<SourceTensor>& sources)
{
    for (const TensorEntry& entry : file->tensors()) sources.push_back({ file, &entry, entry.name });
}

// The shards that an index names, each a plain file name beside it.
Result<std::set<std::string>> shardNames(const JsonValue& index, const fs::path& path)
{
    std::set<std::string> names;
    for (const JsonValue::Member& member : index["weight_map"].members()) {
        const std::string* name = member.second.toString();
        if (!name || name->empty() || fs::path(*name).filename() != fs::path(*name) || *name == "." || *name == "..")
            return fileError(path, "is damaged: its weight_map names for " + quotedName(member.first) + " something else than a file beside it.");
        names.insert(*name);
    }
    if (names.empty()) return fileError(path, "is damaged: it has no weight_map that names files.");
    return names;
}

Result<std::vector<SourceTensor>> openShards(const fs::path& indexPath)
{
    Result<std::string> text = readTextFile(indexPath, kMaxIndexBytes);
    if (!text) return std::move(text).error();
    Result<JsonValue> index = JsonValue::parse(*text, displayName(indexPath));
    if (!index) return std::move(index).error();
    Result<std::set<std::string>> names = shardNames(*index, indexPath);
    if (!names) return std::move(names).error();
    std::map<std::string, std::shared_ptr<const SafetensorsFile>> shards;
    std::vector<SourceTensor> sources;
    for (const std::string& name : *names) {
        Result<std::shared_ptr<const SafetensorsFile>> shard = openShared(indexPath.parent_path() / name);
        if (!shard) return std::move(shard).error();
        appendAll(*shard, sources);
        shards.emplace(name, std::move(*shard));
    }
    for (const JsonValue::Member& member : (*index)["weight_map"].members()) {
        const std::string& shard = *member.second.toString();
        if (!shards.at(shard)->find(member.first))
            return fileError(indexPath, "is damaged: it says that tensor " + quotedName(member.first) + " is in " + displayName(shard) + ", which lacks it.");
    }
    return sources;
}

} // namespace

Result<FolderWeights> openFolderWeights(const fs::path& folder, std::string_view stem, VariantPreference preference)
{
    FolderWeights weights;
    weights.fileName = chooseFile(folder, stem, preference);
    if (weights.fileName.empty()) {
        for (const std::string_view name : { "diffusion_pytorch_model.bin", "pytorch_model.bin", "diffusion_pytorch_model.fp16.bin", "pytorch_model.fp16.bin" }) {
            if (fileExists(folder / name)) return pickleRefusal(folder / name);
        }
        return fileError(folder, "holds no " + std::string(stem) + ".safetensors.", ErrorCode::FileNotFound);
    }
    const fs::path path = folder / weights.fileName;
    if (path.extension() == ".json") {
        Result<std::vector<SourceTensor>> sources = openShards(path);
        if (!sources) return std::move(sources).error();
        weights.sources = std::move(*sources);
        return weights;
    }
    Result<std::shared_ptr<const SafetensorsFile>> file = openShared(path);
    if (!file) return std::move(file).error();
    appendAll(*file, weights.sources);
    return weights;
}

Result<JsonValue> readConfig(const fs::path& path)
{
    Result<std::string> text = readTextFile(path, kMaxConfigBytes);
    if (!text) {
        if (text.error().code == ErrorCode::FileNotFound) return JsonValue();
        return std::move(text).error();
    }
    return JsonValue::parse(*text, displayName(path.parent_path()) + '/' + displayName(path));
}

} // namespace sfumato::engine
