// ResultHistory: finished pictures, oldest first, bounded by bytes.
// Thread: GUI, plain value. Owner: the workspace's gallery. Pinned results (the one looked at) are never dropped.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/jobs/job.h"

#include <deque>

namespace sfumato::jobs {

enum class ResultId : std::uint32_t {};

struct StoredResult {
    ResultId id{};
    JobId job{};
    std::shared_ptr<const engine::GeneratedImage> image;
    std::size_t extraBytes = 0; // memory of what the caller keeps beside the image
    bool isPinned = false;      // never dropped
};

class ResultHistory {
public:
    explicit ResultHistory(std::size_t budgetInBytes) : m_budget(budgetInBytes) { }

    struct Added {
        ResultId id{};
        std::vector<ResultId> dropped; // oldest first
    };
    // Adds a result and drops the oldest unpinned ones while the whole is over the budget; the new one always stays.
    Added add(JobId job, std::shared_ptr<const engine::GeneratedImage> image, std::size_t extraBytes = 0);
    void remove(ResultId id);
    void setPinned(ResultId id, bool pinned);
    void clear();

    // Null for an unknown id. Valid until the next change.
    [[nodiscard]] const StoredResult* find(ResultId id) const;
    [[nodiscard]] const std::deque<StoredResult>& results() const noexcept { return m_results; }
    [[nodiscard]] std::size_t sizeInBytes() const noexcept;
    [[nodiscard]] std::size_t budgetInBytes() const noexcept { return m_budget; }

private:
    std::size_t m_budget;
    std::uint32_t m_lastId = 0;
    std::deque<StoredResult> m_results;
};

} // namespace sfumato::jobs
