// The engine on libtorch: the one implementation of Engine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/api/engine.h"

#include <memory>

namespace sfumato::engine {

// Makes the engine. Loads the CUDA half of libtorch where the machine can use it, and reads the tokenizer's vocabulary.
// To be called on the thread that will use the engine. Errors: FileNotFound or FileUnreadable for the vocabulary.
[[nodiscard]] Result<std::unique_ptr<Engine>> createEngine(const EngineOptions& options);

} // namespace sfumato::engine
