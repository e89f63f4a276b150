// CompanionModels: networks beside the models that a run may need, found by their content in the models folders: the safety checker, and image encoders for IP-Adapters.
// Thread: any; calls from several threads wait for each other. Cost: headers of the files that were not seen before, for each call a walk through the folders.
//
// Looked through are the models that came with the program and the user's own folder, three folders deep. A file is a .safetensors; a folder is one network when it holds
// a config.json and model.safetensors, or its shards.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/install_paths.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace sfumato::engine {
struct IpAdapterFile;
}

namespace sfumato::app {

class CompanionModels {
public:
    explicit CompanionModels(const InstallPaths& paths) : m_folders{ paths.installedModels, paths.userModels } { }

    // The first safety checker by path; empty when none is installed.
    [[nodiscard]] std::optional<std::filesystem::path> safetyChecker();

    // The image encoder that an IP-Adapter was made for, by the width of what it reads: in a folder image_encoder beside the adapter's file or beside its folder, as the
    // adapters are published, else the first installed one by path.
    //   errors  those of IpAdapterFile::open; FileNotFound when none fits, the sentence says what is needed and where it may be put
    [[nodiscard]] Result<std::filesystem::path> imageEncoderFor(const std::filesystem::path& ipAdapter);

private:
    struct Seen {
        std::filesystem::file_time_type modified;
        bool isEncoder = false;
        bool isSafetyChecker = false;
        std::int64_t width = 0;
        std::int64_t projection = 0;

        [[nodiscard]] bool fits(const engine::IpAdapterFile& adapter) const;
    };

    [[nodiscard]] std::vector<std::filesystem::path> candidates() const;
    [[nodiscard]] const Seen& look(const std::filesystem::path& path);

    std::vector<std::filesystem::path> m_folders;
    std::mutex m_mutex;
    std::map<std::filesystem::path, Seen> m_seen;
};

} // namespace sfumato::app
