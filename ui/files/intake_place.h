// IntakePlace: where in the window a file was handed over, which says what was expected of it.
// Thread: any, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfumato::ui {

struct IntakePlace {
    enum class Target { Canvas, // expects pictures
        LoraStack,              // expects LoRAs
        ModelRow,               // expects picture models
        Prompt,                 // expects embeddings
        Control };              // expects control models
    Target target = Target::Canvas;
    int position = -1; // a row of the stack or a place in the prompt; −1: the end, or where the cursor is
};

} // namespace sfumato::ui
