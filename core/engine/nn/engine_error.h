// EngineException: an Error on its way to the engine's border, where it becomes a value again. Never leaves core/engine.
// Thread: engine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <exception>
#include <string>
#include <utility>

namespace sfumato::engine {

class EngineException : public std::exception {
public:
    explicit EngineException(Error error) : m_error(std::move(error)) { }
    EngineException(ErrorCode code, std::string message, std::string detail = {})
        : m_error{ code, std::move(message), std::move(detail) } { }

    [[nodiscard]] const Error& error() const noexcept { return m_error; }
    [[nodiscard]] const char* what() const noexcept override { return m_error.message.c_str(); }

private:
    Error m_error;
};

} // namespace sfumato::engine
