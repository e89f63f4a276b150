// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/generation_observer.h"

namespace sfumato::engine {

std::string_view stageName(Stage stage) noexcept
{
    switch (stage) {
    case Stage::Loading: return "loading";
    case Stage::Encoding: return "encoding";
    case Stage::Sampling: return "sampling";
    case Stage::Decoding: return "decoding";
    }
    return "loading";
}

} // namespace sfumato::engine
