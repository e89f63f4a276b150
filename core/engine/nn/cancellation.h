// Cancellation inside the engine: a stop request unwinds the network code as CancelledException, which the engine's border turns into the value Cancelled.
// Thread: engine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

namespace sfumato::engine {

// Not an error and therefore no std::exception: a handler of errors never sees it by accident.
struct CancelledException { };

// Throws CancelledException once a stop was requested. Called before each residual, transformer and text layer.
inline void throwIfStopped(const std::stop_token& stop)
{
    if (stop.stop_requested())
        throw CancelledException{};
}

} // namespace sfumato::engine
