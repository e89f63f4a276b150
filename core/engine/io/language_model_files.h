// LanguageModelFiles: a language model of the GPT-2 kind in the folder layout of transformers: its settings, tokenizer texts, word list and tensors.
// Thread: any; read-only after open. Owner: whoever loads; tensors keep their files open by shared_ptr. Only headers and small text files are read.
//
// Tensors have the names of transformers' GPT2Model ("h.0.attn.c_attn.weight"), with or without "transformer." before them in the file; the projections are
// given as [out, in] although files of this kind store [in, out]. Masks that some files carry are left out, and an output matrix that is the embedding's again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/model_files.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sfumato::engine {

// What shapes cannot tell.
struct LanguageModelSettings {
    std::int64_t heads = 0; // 0: unknown (then: width / 64)
    double normEpsilon = 1e-5;
    std::string activation = "gelu_new";
    std::optional<int> endToken;
};

struct LanguageModelFiles {
    std::string name; // for messages: "expander/model.safetensors"
    LanguageModelSettings settings;
    std::string tokenizerJson; // empty: the two texts after it are the tokenizer
    std::string vocabulary, merges;
    std::optional<std::string> wordList; // positive.txt
    std::vector<MappedTensor> tensors;
    std::uint64_t parameterCount = 0;

    // Errors: FileNotFound when there is no such folder, or a part of it is missing; FileUnreadable for a broken part; UnsupportedModel for another kind of model
    // or a setting that this program does not follow; those of SafetensorsFile::open.
    [[nodiscard]] static Result<LanguageModelFiles> open(const std::filesystem::path& folder);
};

} // namespace sfumato::engine
