// ByteLevelTokenizer: text to token ids and back, equal to the GPT2Tokenizer of transformers 5, over a vocabulary from the user's files.
// Thread: any; immutable once made. Owner: the caller; movable, some 10 MB for the published vocabulary of 50,257.
//
// Steps (Radford et al. 2019, GPT-2; the released encoder): special tokens typed literally are cut out; the rest is split into contractions, runs of letters, of
// numbers and of anything else, each with the one space before it, and runs of white space; each piece is written as UTF-8 bytes and merged by rank. Case and
// composition stay as typed. Unicode properties are those of the reference's library (see unicode_tables.py).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/text/byte_pair_merges.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sfumato::engine {

class ByteLevelTokenizer {
public:
    // From the texts of vocab.json ({"token": id}) and merges.txt (a version line, then one merge of two tokens a line). "<|endoftext|>" is special where the
    // vocabulary has it. `folder` names the files in messages.
    //   errors  FileUnreadable: malformed, a byte without a token, a merge of unknown tokens; the message names file and fault
    //   cost    about 100 ms for the published vocabulary
    [[nodiscard]] static Result<ByteLevelTokenizer> fromVocabulary(std::string_view vocabulary, std::string_view merges, const std::string& folder);
    // From the text of tokenizer.json. Its added tokens are special, whatever white space they are said to take along.
    //   errors  as above; UnsupportedModel when it describes another kind of tokenizer
    [[nodiscard]] static Result<ByteLevelTokenizer> fromTokenizerJson(std::string_view json, const std::string& folder);

    // Ids of a text of any length. Invalid UTF-8 is read as U+FFFD, one per maximal invalid part.
    [[nodiscard]] std::vector<int> encode(std::string_view utf8) const;
    // The text of ids, without special tokens; ids that stand for nothing are passed over. Bytes that form no character become U+FFFD.
    [[nodiscard]] std::string decode(std::span<const int> ids) const;

    // The token that stands for exactly this text; empty when none does.
    [[nodiscard]] std::optional<int> find(std::string_view utf8) const;
    // The largest id and 1: what an embedding table must have rows for.
    [[nodiscard]] int idCount() const noexcept { return static_cast<int>(m_texts.size()); }

private:
    struct Reader;

    void encodeSegment(std::string_view utf8, std::vector<int>& ids) const;

    std::array<int, 256> m_byteIds{};
    BytePairMerges m_merges;
    std::vector<std::string> m_texts;                    // by id, as bytes; special ones are empty
    std::unordered_map<std::string, int> m_ids;          // by bytes
    std::vector<std::pair<std::string, int>> m_specials; // as they are typed, longest first
    bool m_addsSpace = false;                            // before a text that begins without one
};

} // namespace sfumato::engine
