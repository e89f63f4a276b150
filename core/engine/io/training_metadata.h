// What trainers wrote into the metadata of a file: trigger words, tags, base model.
// Thread: any, pure. Source: kohya-ss/sd-scripts (ss_*), Stability ModelSpec (modelspec.*), A1111 (how tags are counted).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/file_description.h"

#include <map>
#include <string>
#include <vector>

namespace sfumato::engine {

// The tags of all training folders with their counts added up, most frequent first. Where the captions are sentences (16 characters on average, as A1111
// decides) their words of three letters and more are counted instead. Empty when there are none or they are not readable.
[[nodiscard]] std::vector<TagCount> trainingTags(const std::map<std::string, std::string>& metadata);

// The trigger phrase and keywords; where nothing was captioned, the names of the training folders ("10_name" → "name").
[[nodiscard]] std::vector<std::string> triggerWords(const std::map<std::string, std::string>& metadata);

[[nodiscard]] ModelFamily familyFromMetadata(const std::map<std::string, std::string>& metadata);

} // namespace sfumato::engine
