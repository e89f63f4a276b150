// The engine's shared module: loaded when it is first needed, so that a program is up before libtorch is, and runs without it where it cannot be loaded.
// Thread: any; the engine that comes out belongs to the thread that asked for it. The module stays loaded until the program ends.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/install_paths.h"
#include "core/base/result.h"
#include "core/engine/api/engine.h"

#include <functional>
#include <memory>

namespace sfumato::app {

// A module that is loaded.
struct EngineModule {
    engine::EngineFactory createEngine = nullptr;
};

//   errors  FileNotFound (the program was built or installed without it), FileUnreadable (the system's words: a library it needs is missing, …)
[[nodiscard]] Result<EngineModule> loadEngineModule(const InstallPaths& paths);

// Makes an engine from the module on the thread that calls it; what jobs::EngineWorker takes. threadCount 0: as many as physical cores.
[[nodiscard]] std::function<Result<std::unique_ptr<engine::Engine>>()> engineSource(const InstallPaths& paths, int threadCount = 0);

} // namespace sfumato::app
