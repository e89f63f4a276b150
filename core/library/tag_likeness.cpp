// SPDX-License-Identifier: Apache-2.0
#include "core/library/tag_likeness.h"

#include <cmath>
#include <string_view>
#include <unordered_map>

namespace sfumato::library {

namespace {

// Calls `take` with each tag of a search text.
template <typename Take>
void forEachTag(const SearchText& text, Take take)
{
    constexpr std::string_view kDivider = ", "; // as the tags are joined
    std::string_view rest = text.field(SearchField::Tags);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(kDivider), rest.size());
        if (end > 0) take(rest.substr(0, end));
        rest.remove_prefix(std::min(end + kDivider.size(), rest.size()));
    }
}

} // namespace

TagLikeness::TagLikeness(std::span<const LibraryEntryPointer> entries, const LibraryEntry& model)
{
    std::unordered_map<std::string_view, std::size_t> places;
    forEachTag(model.searchText, [&](std::string_view tag) {
        if (places.size() < kMaxTags) places.try_emplace(tag, places.size());
    });
    std::vector<int> files(places.size());
    m_shared.reserve(entries.size());
    for (const LibraryEntryPointer& entry : entries) {
        std::uint64_t shared = 0;
        forEachTag(entry->searchText, [&](std::string_view tag) {
            const auto place = places.find(tag);
            if (place != places.end()) shared |= std::uint64_t{ 1 } << place->second;
        });
        for (std::size_t tag = 0; tag < files.size(); ++tag) files[tag] += static_cast<int>(shared >> tag & 1U);
        m_shared.push_back(shared);
    }
    // One more than there are, so that a tag that every file has still counts a little.
    for (const int count : files) m_weights.push_back(std::log((static_cast<double>(entries.size()) + 1) / std::max(count, 1)));
}

double TagLikeness::of(std::size_t entry) const noexcept
{
    double likeness = 0;
    for (std::size_t tag = 0; tag < m_weights.size(); ++tag) likeness += (m_shared[entry] >> tag & 1U) != 0 ? m_weights[tag] : 0;
    return likeness;
}

} // namespace sfumato::library
