// A folder of LoRA files as large collections are: full-size headers with training tags, sidecars of A1111 and Civitai Helper, pictures beside the files.
// The weights are holes in sparse files and most files are hard links to a few, so that ten thousand take little room.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sfumato::bench {

struct GeneratedLibrary {
    int files = 10'000;
    int distinct = 64; // headers, each with tags of its own
    int folders = 40;
};

// Ends the program with a sentence when the disk refuses.
void generateLibrary(const QString& folder, const GeneratedLibrary& wanted);

} // namespace sfumato::bench
