// ClipTokenizer: text to token ids, equal to the CLIPTokenizer of transformers 5 (byte-pair encoding over the published CLIP vocabulary).
// Thread: any; immutable after load(), so one instance may be shared. Owner: the caller; movable, about 3 MB.
//
// Steps (Radford et al. 2021, CLIP; the released tokenizer): the two special tokens typed literally are cut out; the rest is brought to Unicode NFC,
// every run of white space becomes one space and each character is lower-cased; then it is split into contractions, runs of letters, single number
// characters and runs of anything else; each piece is written as UTF-8 bytes and merged by rank. Unicode properties are those of the reference's
// library (see unicode_tables.py).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/text/byte_pair_merges.h"

#include <filesystem>
#include <string_view>
#include <vector>

namespace sfumato::engine {

// What an encoder pads with. As the tokenizer of SDXL's second encoder pads with "!", that character is a special token there: id 0, cut out before words are.
enum class PadToken { EndOfText,
    ExclamationMark };

class ClipTokenizer {
public:
    static constexpr int kStartToken = 49406;
    static constexpr int kEndToken = 49407;
    static constexpr int kExclamationToken = 0; // where it is the pad token
    static constexpr int kCommaToken = 267;     // "," as a whole word
    static constexpr int kVocabularySize = 49408;

    // Reads the merges file bpe_simple_vocab_16e6.txt (unpacked): a version line, then one merge a line, of which the first 48,894 count.
    //   errors  FileNotFound; FileUnreadable when the file is not that list (the message names the line)
    //   cost    about 30 ms
    [[nodiscard]] static Result<ClipTokenizer> load(const std::filesystem::path& path);

    // The ids of a text, without start and end token; any length. Invalid UTF-8 is read as U+FFFD, one per maximal invalid part; every byte string is accepted.
    //   cost    about 10 µs for an ordinary prompt; n log n in the length of the longest word
    [[nodiscard]] std::vector<int> encode(std::string_view utf8, PadToken pad = PadToken::EndOfText) const;

private:
    ClipTokenizer() = default;

    void encodeSegment(std::string_view utf8, std::vector<int>& ids) const;
    void encodePiece(std::string_view bytes, std::vector<int>& ids) const;

    BytePairMerges m_merges; // the merged symbol's id is 512 + rank
};

} // namespace sfumato::engine
