// Values of other programs' recipes as a job may hold them: whatever a recipe says, the job that comes of it is one that can be written and read again.
// Internal to the recipe readers. Thread: any, pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_json.h"

#include <string>

namespace sfumato::workflow {

// The nearest value of the range; the smallest for a not-a-number.
[[nodiscard]] double within(double value, double smallest, double largest) noexcept;
// Likewise, without what stands behind the point. A number too large for an int is no fault here.
[[nodiscard]] int wholeWithin(double value, int smallest, int largest) noexcept;

// A picture's size: the nearest multiples of 8 a job allows.
[[nodiscard]] Extent sizeOf(double width, double height) noexcept;

// A file's name that a recipe gives, of which a path can be made: without null characters.
[[nodiscard]] std::string fileNamed(std::string name);

// Puts a LoRA behind the others. Weights out of range are brought into it and LoRAs without a name or beyond what a job holds are left out, each with a warning.
void addLora(ParsedJob& parsed, LoraReference lora);

} // namespace sfumato::workflow
