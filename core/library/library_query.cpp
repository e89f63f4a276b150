// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_query.h"

#include "core/library/tag_likeness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace sfumato::library {

namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

struct Candidate {
    int rank = 0;
    std::uint64_t order = 0; // smaller comes first; equal: by name
    const LibraryEntryPointer* entry = nullptr;
};

std::uint64_t largestFirst(std::int64_t value) noexcept
{
    return std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
}

std::uint64_t orderOf(const LibraryEntry& entry, LibrarySort sort) noexcept
{
    switch (sort) {
    case LibrarySort::Added: return largestFirst(entry.addedAt);
    case LibrarySort::Used: return largestFirst(entry.lastUsedAt);
    case LibrarySort::Size: return largestFirst(entry.sizeInBytes);
    case LibrarySort::Name: break;
    }
    return entry.sortKey.prefix();
}

bool isBefore(const Candidate& a, const Candidate& b)
{
    if (a.order != b.order) return a.order < b.order;
    const LibraryEntry& first = **a.entry;
    const LibraryEntry& second = **b.entry;
    if (const int order = first.sortKey.bytes().compare(second.sortKey.bytes()); order != 0) return order < 0;
    return first.path < second.path;
}

class EntryFilter {
public:
    EntryFilter(const LibraryQuery& query, std::int64_t now)
        : m_query(query), m_folder(query.folder.isEmpty() || query.folder.endsWith(u'/') ? query.folder : QString(query.folder + u'/')),
          m_recentSince(now - LibraryQuery::kRecentDays * kSecondsPerDay)
    {
    }

    // Everything but the base.
    [[nodiscard]] bool passes(const LibraryEntry& entry) const
    {
        const bool isOfKind = entry.broken.isEmpty() ? std::ranges::find(m_query.kinds, entry.kind) != m_query.kinds.end() : m_query.withBroken;
        if (!isOfKind) return false;
        if (m_query.onlyStarred && !entry.isStarred) return false;
        if (m_query.onlyRecent && entry.lastUsedAt < std::max<std::int64_t>(m_recentSince, 1)) return false;
        if (m_query.onlyUnused && entry.lastUsedAt != 0) return false;
        return m_folder.isEmpty() || entry.path.startsWith(m_folder);
    }

private:
    const LibraryQuery& m_query;
    QString m_folder;
    std::int64_t m_recentSince;
};

// Entries lie all over the memory, and waiting for them is most of what a search takes. An entry is prefetched 16 places ahead, its text 6 places ahead, when the entry has arrived.
void fetchAhead(std::span<const LibraryEntryPointer> entries, std::size_t at) noexcept
{
    constexpr std::size_t kEntriesAhead = 16, kTextsAhead = 6, kCacheLine = 64;
    if (at + kEntriesAhead < entries.size()) {
        const auto* bytes = reinterpret_cast<const char*>(entries[at + kEntriesAhead].get());
        __builtin_prefetch(bytes);
        __builtin_prefetch(bytes + kCacheLine);
    }
    if (at + kTextsAhead < entries.size()) __builtin_prefetch(entries[at + kTextsAhead]->searchText.whole().data());
}

std::optional<TagLikeness> likenessFor(std::span<const LibraryEntryPointer> entries, const LibraryQuery& query)
{
    if (query.similarTo.isEmpty()) return std::nullopt;
    const auto model = std::ranges::find(entries, query.similarTo, [](const LibraryEntryPointer& entry) -> const QString& { return entry->path; });
    return TagLikeness(entries, model == entries.end() ? LibraryEntry() : **model);
}

} // namespace

bool fitsFamily(const LibraryEntry& entry, engine::ModelFamily family) noexcept
{
    if (family == engine::ModelFamily::Unknown || entry.family == family) return true;
    return entry.family == engine::ModelFamily::Unknown && entry.baseLabel.isEmpty();
}

QueryAnswer runQuery(std::span<const LibraryEntryPointer> entries, const LibraryQuery& query, std::int64_t now)
{
    const SearchPattern pattern(query.text);
    const EntryFilter filter(query, now);
    const std::optional<TagLikeness> likeness = likenessFor(entries, query);
    QueryAnswer answer;
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        fetchAhead(entries, i);
        const LibraryEntryPointer& entry = entries[i];
        if (!filter.passes(*entry)) continue;
        const double alike = likeness ? likeness->of(i) : 1;
        if (alike <= 0) continue;
        const std::optional<int> rank = pattern.rank(entry->searchText);
        if (!rank) continue;
        if (query.family && !fitsFamily(*entry, *query.family)) {
            ++answer.ofOtherFamilies;
            continue;
        }
        const std::uint64_t order = likeness ? largestFirst(std::llround(alike * 1e6)) : orderOf(*entry, query.sort);
        candidates.push_back({ likeness ? 0 : *rank, order, &entry });
    }
    std::ranges::sort(candidates, [&](const Candidate& a, const Candidate& b) {
        if (a.rank != b.rank) return a.rank < b.rank;
        return query.isReversed && !likeness ? isBefore(b, a) : isBefore(a, b);
    });
    answer.entries.reserve(candidates.size());
    for (const Candidate& candidate : candidates) answer.entries.push_back(*candidate.entry);
    return answer;
}

} // namespace sfumato::library
