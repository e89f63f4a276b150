// SPDX-License-Identifier: Apache-2.0
#include "app/engine_module.h"

#include <dlfcn.h>

#include <string>
#include <system_error>

namespace sfumato::app {

Result<EngineModule> loadEngineModule(const InstallPaths& paths)
{
    std::string tried;
    for (const std::filesystem::path& path : paths.engineModules) {
        tried += (tried.empty() ? "" : " or ") + path.string();
        std::error_code ignored;
        if (!std::filesystem::exists(path, ignored)) continue;
        // Local: its symbols (all of libtorch's among them) stay out of the way of everything else.
        void* const module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!module) return Error{ ErrorCode::FileUnreadable, std::string("The engine could not be loaded: ") + dlerror() + ".", path.string() };
        void* const symbol = dlsym(module, engine::kEngineFactorySymbol);
        if (!symbol) return Error{ ErrorCode::FileUnreadable, "The engine " + path.string() + " belongs to another version of the program.", path.string() };
        return EngineModule{ reinterpret_cast<engine::EngineFactory>(symbol) };
    }
    return Error{ ErrorCode::FileNotFound, "The engine is not installed: there is no " + tried + ".", paths.engineModules.empty() ? "" : paths.engineModules.back().string() };
}

std::function<Result<std::unique_ptr<engine::Engine>>()> engineSource(const InstallPaths& paths, int threadCount)
{
    return [paths, threadCount]() -> Result<std::unique_ptr<engine::Engine>> {
        const auto module = loadEngineModule(paths);
        if (!module) return module.error();
        engine::EngineOptions options;
        options.vocabularyPath = paths.vocabulary;
        options.threadCount = threadCount;
        return module->createEngine(options);
    };
}

} // namespace sfumato::app
