// NameCursor: takes a dotted tensor name apart from its beginning.
// Thread: any, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace sfumato::engine {

class NameCursor {
public:
    explicit NameCursor(std::string_view name) noexcept : m_rest(name) { }

    [[nodiscard]] std::string_view rest() const noexcept { return m_rest; }

    // Passes over `text` when the rest begins with it.
    bool take(std::string_view text) noexcept
    {
        if (!m_rest.starts_with(text)) return false;
        m_rest.remove_prefix(text.size());
        return true;
    }

    // Passes over "12." and returns 12; empty, without moving, when the rest does not begin so. At most four digits.
    std::optional<int> takeIndex() noexcept
    {
        const std::size_t dot = m_rest.find('.');
        if (dot == std::string_view::npos || dot == 0 || dot > 4 || m_rest.front() == '-') return std::nullopt;
        int index = 0;
        const auto parsed = std::from_chars(m_rest.data(), m_rest.data() + dot, index);
        if (parsed.ec != std::errc{} || parsed.ptr != m_rest.data() + dot) return std::nullopt;
        m_rest.remove_prefix(dot + 1);
        return index;
    }

private:
    std::string_view m_rest;
};

} // namespace sfumato::engine
