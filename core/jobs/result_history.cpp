// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/result_history.h"

#include <algorithm>
#include <utility>

namespace sfumato::jobs {

namespace {

std::size_t sizeOf(const StoredResult& result) noexcept
{
    return (result.image ? result.image->pixels.sizeInBytes() : 0) + result.extraBytes;
}

} // namespace

ResultHistory::Added ResultHistory::add(JobId job, std::shared_ptr<const engine::GeneratedImage> image, std::size_t extraBytes)
{
    const ResultId id{ ++m_lastId };
    m_results.push_back({ id, job, std::move(image), extraBytes, false });
    Added added{ id, {} };
    std::size_t bytes = sizeInBytes();
    for (auto result = m_results.begin(); bytes > m_budget && result->id != id;) {
        if (result->isPinned) {
            ++result;
            continue;
        }
        bytes -= sizeOf(*result);
        added.dropped.push_back(result->id);
        result = m_results.erase(result);
    }
    return added;
}

void ResultHistory::remove(ResultId id)
{
    std::erase_if(m_results, [id](const StoredResult& result) { return result.id == id; });
}

void ResultHistory::setPinned(ResultId id, bool pinned)
{
    const auto result = std::ranges::find(m_results, id, &StoredResult::id);
    if (result != m_results.end()) result->isPinned = pinned;
}

void ResultHistory::clear()
{
    m_results.clear();
}

const StoredResult* ResultHistory::find(ResultId id) const
{
    const auto result = std::ranges::find(m_results, id, &StoredResult::id);
    return result == m_results.end() ? nullptr : &*result;
}

std::size_t ResultHistory::sizeInBytes() const noexcept
{
    std::size_t bytes = 0;
    for (const StoredResult& result : m_results) bytes += sizeOf(result);
    return bytes;
}

} // namespace sfumato::jobs
