// SPDX-License-Identifier: Apache-2.0
#include "app/companion_models.h"

#include "core/engine/io/adapters/ip_adapter_file.h"
#include "core/engine/io/image_encoder_files.h"
#include "core/engine/io/message_text.h"

#include <algorithm>
#include <string>
#include <system_error>

namespace sfumato::app {

namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 3; // folders below a models folder

// "model.safetensors", a variant of it, or the index of its shards.
bool isWeightsName(const std::string& name)
{
    return name.starts_with("model.") && (name.ends_with(".safetensors") || name.find(".safetensors.index") != std::string::npos);
}

bool isNetworkFolder(const std::vector<fs::path>& entries)
{
    const auto holds = [&](const auto& isWanted) { return std::ranges::any_of(entries, [&](const fs::path& entry) { return isWanted(entry.filename().string()); }); };
    return holds([](const std::string& name) { return name == "config.json"; }) && holds(isWeightsName);
}

std::vector<fs::path> entriesOf(const fs::path& folder)
{
    std::vector<fs::path> entries;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) entries.push_back(entry->path());
    std::ranges::sort(entries);
    return entries;
}

void collect(const fs::path& folder, int depth, std::vector<fs::path>& found)
{
    const std::vector<fs::path> entries = entriesOf(folder);
    if (isNetworkFolder(entries)) {
        found.push_back(folder);
        return;
    }
    for (const fs::path& entry : entries) {
        std::error_code ignored;
        if (entry.extension() == ".safetensors") found.push_back(entry);
        else if (depth < kDeepest && fs::is_directory(entry, ignored))
            collect(entry, depth + 1, found);
    }
}

fs::file_time_type modificationTime(const fs::path& path)
{
    std::error_code ignored;
    return fs::last_write_time(path, ignored);
}

} // namespace

bool CompanionModels::Seen::fits(const engine::IpAdapterFile& adapter) const
{
    return isEncoder && !isSafetyChecker && (adapter.readsHidden() ? width : projection) == adapter.imageWidth;
}

std::vector<fs::path> CompanionModels::candidates() const
{
    std::vector<fs::path> found;
    for (const fs::path& folder : m_folders)
        if (!folder.empty()) collect(folder, 0, found);
    return found;
}

const CompanionModels::Seen& CompanionModels::look(const fs::path& path)
{
    const fs::file_time_type modified = modificationTime(path);
    const auto known = m_seen.find(path);
    if (known != m_seen.end() && known->second.modified == modified) return known->second;
    Seen seen{ modified, false, false, 0, 0 };
    if (const auto files = engine::ImageEncoderFiles::open(path)) seen = { modified, true, files->isSafetyChecker, files->width, files->projection };
    return m_seen[path] = seen;
}

std::optional<fs::path> CompanionModels::safetyChecker()
{
    const std::lock_guard lock(m_mutex);
    for (const fs::path& path : candidates())
        if (look(path).isSafetyChecker) return path;
    return std::nullopt;
}

Result<fs::path> CompanionModels::imageEncoderFor(const fs::path& ipAdapter)
{
    const auto adapter = engine::IpAdapterFile::open(ipAdapter);
    if (!adapter) return adapter.error();
    const std::lock_guard lock(m_mutex);
    std::vector<fs::path> places;
    const fs::path folder = ipAdapter.parent_path();
    for (const fs::path& beside : { folder / "image_encoder", folder.parent_path() / "image_encoder", folder.parent_path() / "models" / "image_encoder" }) {
        std::error_code ignored;
        if (fs::is_directory(beside, ignored)) places.push_back(beside);
    }
    const std::vector<fs::path> installed = candidates();
    places.insert(places.end(), installed.begin(), installed.end());
    for (const fs::path& place : places)
        if (look(place).fits(*adapter)) return place;
    const std::string what = adapter->readsHidden() ? "hidden states of width " : "an embedding of width ";
    const std::string published = !adapter->readsHidden() && adapter->imageWidth == 1280 ? " (ViT-bigG/14)" : adapter->imageWidth == (adapter->readsHidden() ? 1280 : 1024) ? " (ViT-H/14)"
                                                                                                                                                                            : "";
    return engine::fileError(ipAdapter, "needs a CLIP image encoder with " + what + std::to_string(adapter->imageWidth) + published + ", and none is installed; put one into " + m_folders.back().string() + " or name it as image_encoder.", ErrorCode::FileNotFound);
}

} // namespace sfumato::app
