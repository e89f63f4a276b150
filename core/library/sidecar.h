// Sidecars: the small files beside a model in which artists and other programs keep what they know of it.
// Thread: any, pure (reads and writes files).
// Source: A1111 (NAME.json, NAME.txt, NAME.description.txt), Civitai Helper (NAME.civitai.info), LoRA Manager (NAME.metadata.json), SwarmUI (NAME.swarm.json).
//
// Nothing in them is trusted: at most kMaxSidecarBytes are read of a file, nesting and lengths are bounded, HTML becomes plain text, a damaged file is one sentence.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace sfumato::library {

inline constexpr std::int64_t kMaxSidecarBytes = 4 << 20;

// What the sidecars of one model say together; where several speak, the artist's own NAME.json wins, then LoRA Manager, Civitai Helper, SwarmUI, text files.
struct SidecarTexts {
    QString title;
    QStringList triggerWords;
    QString notes;
    QString negativeText;
    QString description;
    QString usageHint;
    QString baseName; // "SDXL 1.0", "Pony", "SD1"
    QStringList tags;
    std::optional<double> preferredWeight;
    QString sha256, autoV2, autoV3;
    QStringList faults; // one English sentence for each sidecar that could not be read
};

// A change to what the artist keeps; fields without a value stay as they are.
struct SidecarEdit {
    std::optional<QString> notes;
    std::optional<QStringList> triggerWords;
    std::optional<QString> negativeText;
    std::optional<std::optional<double>> preferredWeight; // an inner nothing removes it

    [[nodiscard]] bool isEmpty() const { return !notes && !triggerWords && !negativeText && !preferredWeight; }
};

// The sidecars beside `modelPath`. With `siblings` (the file names of its folder) only those that are there are opened.
[[nodiscard]] SidecarTexts readSidecars(const QString& modelPath, const std::optional<QStringList>& siblings = std::nullopt);

// Writes the edit into NAME.json as A1111 keeps it; every key that is not edited stays as it was, in its place. The file appears whole or not at all.
//   errors  InvalidRequest (there is a NAME.json that cannot be understood, which stays as it is), FileUnreadable (no right to write), DiskFull, FileNotFound
[[nodiscard]] Result<void> writeSidecar(const QString& modelPath, const SidecarEdit& edit);

// "a, b, (c, d:1.2)" → "a", "b", "(c, d:1.2)": at commas outside brackets, without repeats.
[[nodiscard]] QStringList splitTriggerWords(const QString& text);

} // namespace sfumato::library
