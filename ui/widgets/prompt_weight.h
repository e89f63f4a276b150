// Changing the weight of a word or phrase in a prompt: "red hat" → "(red hat:1.05)" and back.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sfumato::ui {

struct PromptSelection {
    QString text;
    int start = 0;
    int length = 0; // 0: the word at `start` is meant

    friend bool operator==(const PromptSelection&, const PromptSelection&) = default;
};

// The prompt with `delta` added to the weight of the selected words (0..2 in steps of 0.01); a weight of 1 needs no brackets and loses them.
// The selection stays on the words. Unchanged when there is no word.
[[nodiscard]] PromptSelection withWeightChanged(const PromptSelection& prompt, double delta);

} // namespace sfumato::ui
