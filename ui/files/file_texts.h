// What a model file is and what became of it, in sentences and in the rows of the file card. Texts out of files go through unchanged: show the results as plain text.
// Thread: GUI (translated). Pure functions of their arguments.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/library/cards/file_card.h"

#include <QString>

#include <vector>

namespace sfumato::ui {

// "a LoRA", "a VAE": what a file is, with its article; "of a kind this editor does not know".
[[nodiscard]] QString kindText(engine::FileKind kind);
// "LoRA", "Picture model", "ControlNet", …
[[nodiscard]] QString kindName(engine::FileKind kind);
// "ink-wash.safetensors is a LoRA for SDXL."
[[nodiscard]] QString whatText(const engine::FileDescription& file, const QString& name);
// Where files of a kind lie below a folder of models ("vae"); empty for kinds that have no such place.
[[nodiscard]] QString folderOf(engine::FileKind kind);
// The sentence for a file that is of no use where it was handed over: its place, or that this program has no use for its family.
[[nodiscard]] QString leftText(const engine::FileDescription& file);

struct CardFact {
    QString label;
    QString value; // plain text, may have several lines
};

// Everything but the hashes, in the order of the card; facts that nothing is known of are left out. `modelName`: the model that the match is with.
[[nodiscard]] std::vector<CardFact> cardFacts(const library::FileCard& card, const QString& modelName);
// "Label: value" a line, for the clipboard.
[[nodiscard]] QString factsAsText(const std::vector<CardFact>& facts);

} // namespace sfumato::ui
