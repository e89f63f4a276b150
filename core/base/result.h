// Result<T>: a value or an Error, the return type of every call that can fail for a reason a person should hear about.
// Thread: any, pure value. Owner: the caller.
//
// It stands in for std::expected, which the compiler floor (GCC 12) lacks, and keeps that type's names so that it can be replaced by it.
// Broken preconditions are assertions, not errors.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace sfumato {

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) { }
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) { }

    [[nodiscard]] bool has_value() const noexcept { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

    // The value; asserts that there is one.
    [[nodiscard]] T& value() &
    {
        assert(has_value());
        return std::get<0>(m_state);
    }
    [[nodiscard]] const T& value() const&
    {
        assert(has_value());
        return std::get<0>(m_state);
    }
    [[nodiscard]] T&& value() &&
    {
        assert(has_value());
        return std::get<0>(std::move(m_state));
    }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    // The error; asserts that there is one.
    [[nodiscard]] const Error& error() const&
    {
        assert(!has_value());
        return std::get<1>(m_state);
    }
    [[nodiscard]] Error&& error() &&
    {
        assert(!has_value());
        return std::get<1>(std::move(m_state));
    }

    [[nodiscard]] T value_or(T fallback) const& { return has_value() ? value() : std::move(fallback); }

private:
    std::variant<T, Error> m_state;
};

// Result<void>: success, or why not.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) { }

    [[nodiscard]] bool has_value() const noexcept { return !m_error.has_value(); }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }
    [[nodiscard]] const Error& error() const&
    {
        assert(m_error);
        return *m_error;
    }
    [[nodiscard]] Error&& error() &&
    {
        assert(m_error);
        return std::move(*m_error);
    }

private:
    std::optional<Error> m_error;
};

} // namespace sfumato
