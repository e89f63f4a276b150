// What the processor can do with numbers of 16 bits.
// Thread: any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/ScalarType.h>

#include <optional>

namespace sfumato::engine {

// Whether it multiplies numbers of this type (bfloat16 or float16) by instructions of its own; no answer but on x86-64.
[[nodiscard]] std::optional<bool> hasInstructionsFor(c10::ScalarType dtype);

} // namespace sfumato::engine
