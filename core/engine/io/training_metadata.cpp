// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/training_metadata.h"

#include "core/base/json_value.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace sfumato::engine {

namespace {

using Metadata = std::map<std::string, std::string>;
using Counts = std::map<std::string, std::int64_t>;

std::string_view valueOf(const Metadata& metadata, const std::string& key)
{
    const auto found = metadata.find(key);
    return found == metadata.end() ? std::string_view() : std::string_view(found->second);
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

JsonValue parsedValue(const Metadata& metadata, const std::string& key)
{
    Result<JsonValue> json = JsonValue::parse(valueOf(metadata, key), key);
    return json ? std::move(*json) : JsonValue();
}

Counts countedTags(const JsonValue& folders)
{
    constexpr std::int64_t kMaxCount = 1'000'000'000;
    Counts counts;
    for (const JsonValue::Member& folder : folders.members()) {
        for (const JsonValue::Member& tag : folder.second.members()) {
            const std::string_view name = trimmed(tag.first);
            const std::int64_t count = std::clamp<std::int64_t>(tag.second.toInteger().value_or(0), 0, kMaxCount);
            if (!name.empty()) counts[std::string(name)] += count;
        }
    }
    return counts;
}

std::size_t characters(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool areSentences(const Counts& counts)
{
    constexpr std::size_t kMeanLength = 16;
    std::size_t length = 0;
    for (const auto& [tag, count] : counts) length += characters(tag);
    return !counts.empty() && length >= kMeanLength * counts.size();
}

bool isWordByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '\'';
}

Counts countedWords(const Counts& sentences)
{
    constexpr std::size_t kMinLength = 3;
    Counts words;
    for (const auto& [sentence, count] : sentences) {
        for (auto from = sentence.begin(); from != sentence.end();) {
            const auto begin = std::find_if(from, sentence.end(), isWordByte);
            from = std::find_if_not(begin, sentence.end(), isWordByte);
            const std::string word(begin, from);
            if (characters(word) >= kMinLength) words[word] += count;
        }
    }
    return words;
}

void addSplit(std::string_view text, std::vector<std::string>& words)
{
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        const std::string word(trimmed(text.substr(from, comma - from)));
        if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
        from = comma + 1;
    }
}

} // namespace

std::vector<TagCount> trainingTags(const Metadata& metadata)
{
    Counts counts = countedTags(parsedValue(metadata, "ss_tag_frequency"));
    if (areSentences(counts)) counts = countedWords(counts);
    std::vector<TagCount> tags;
    for (const auto& [tag, count] : counts) tags.push_back({ tag, count });
    std::stable_sort(tags.begin(), tags.end(), [](const TagCount& a, const TagCount& b) { return a.count > b.count; });
    if (tags.size() > FileDescription::kMaxTags) tags.resize(FileDescription::kMaxTags);
    return tags;
}

std::vector<std::string> triggerWords(const Metadata& metadata)
{
    std::vector<std::string> words;
    addSplit(valueOf(metadata, "modelspec.trigger_phrase"), words);
    addSplit(valueOf(metadata, "ssmd_keywords"), words);
    if (!words.empty() || !countedTags(parsedValue(metadata, "ss_tag_frequency")).empty()) return words;
    const JsonValue folders = parsedValue(metadata, "ss_dataset_dirs");
    for (const JsonValue::Member& folder : folders.members()) {
        const std::size_t name = folder.first.find_first_not_of("0123456789");
        if (name != std::string::npos && name > 0 && folder.first[name] == '_') addSplit(std::string_view(folder.first).substr(name + 1), words);
    }
    return words;
}

ModelFamily familyFromMetadata(const Metadata& metadata)
{
    const std::string_view architecture = valueOf(metadata, "modelspec.architecture");
    const std::string_view base = valueOf(metadata, "ss_base_model_version");
    if (architecture.starts_with("stable-diffusion-xl-v1-refiner")) return ModelFamily::SdxlRefiner;
    if (architecture.starts_with("stable-diffusion-xl-v1") || base.starts_with("sdxl_")) return ModelFamily::Sdxl;
    if (architecture.starts_with("stable-diffusion-v1") || base.starts_with("sd_v1") || base.starts_with("sd_1")) return ModelFamily::Sd1;
    if (architecture.starts_with("stable-diffusion-v2") || base.starts_with("sd_v2") || base.starts_with("sd_2")) return ModelFamily::Sd2;
    return ModelFamily::Unknown;
}

} // namespace sfumato::engine
