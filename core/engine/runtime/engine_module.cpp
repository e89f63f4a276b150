// The engine as a shared module: its one exported symbol.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/create_engine.h"

// EngineFactory returns C++ types through a C name: loader and module are always built together.
#pragma GCC diagnostic push
#if defined(__clang__)
#pragma GCC diagnostic ignored "-Wreturn-type-c-linkage"
#endif
extern "C" __attribute__((visibility("default"))) sfumato::Result<std::unique_ptr<sfumato::engine::Engine>>
sfumatoCreateEngine(const sfumato::engine::EngineOptions& options)
{
    return sfumato::engine::createEngine(options);
}
#pragma GCC diagnostic pop
