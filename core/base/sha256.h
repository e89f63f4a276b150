// SHA-256 of bytes that come in pieces.
// Thread: one at a time. Source: FIPS 180-4, section 6.2. Written here because the engine-only build has no library that offers it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sfumato {

class Sha256 {
public:
    enum class Code { Fastest,
        Portable }; // Portable leaves the processor's SHA instructions unused, so that both ways can be tested

    explicit Sha256(Code code = Code::Fastest) : m_code(code) { }

    // Cost: about 1.5 s per gigabyte or less with the processor's SHA instructions (x86), several times that without.
    void add(std::span<const std::byte> bytes) noexcept;

    // 64 lower-case hex digits of everything added so far; more may be added afterwards.
    [[nodiscard]] std::string hex() const;

private:
    static constexpr std::size_t kBlockBytes = 64;

    Code m_code;
    std::array<std::uint32_t, 8> m_state{ 0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19 };
    std::array<std::byte, kBlockBytes> m_block{};
    std::size_t m_blockSize = 0;
    std::uint64_t m_totalBytes = 0;
};

} // namespace sfumato
