// SPDX-License-Identifier: Apache-2.0
#include "core/base/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace sfumato {

namespace {

constexpr std::size_t kBlock = 64;
using State = std::array<std::uint32_t, 8>;

// FIPS 180-4, section 4.2.2.
alignas(16) constexpr std::array<std::uint32_t, 64> kConstants{
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5, 0xD807AA98, 0x12835B01, 0x243185BE,
    0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174, 0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA,
    0x5CB0A9DC, 0x76F988DA, 0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967, 0x27B70A85,
    0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85, 0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3,
    0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070, 0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F,
    0x682E6FF3, 0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2
};

std::uint32_t bigEndian(const std::byte* bytes) noexcept
{
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) word = word << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    return word;
}

// FIPS 180-4, section 6.2.2; a … h are the working variables of the standard.
void portableBlocks(State& state, const std::byte* bytes, std::size_t blocks) noexcept
{
    for (; blocks > 0; --blocks, bytes += kBlock) {
        std::array<std::uint32_t, 64> schedule;
        for (std::size_t t = 0; t < 16; ++t) schedule[t] = bigEndian(bytes + 4 * t);
        for (std::size_t t = 16; t < 64; ++t) {
            const std::uint32_t early = schedule[t - 15], late = schedule[t - 2];
            schedule[t] = schedule[t - 16] + schedule[t - 7] + (std::rotr(early, 7) ^ std::rotr(early, 18) ^ early >> 3) + (std::rotr(late, 17) ^ std::rotr(late, 19) ^ late >> 10);
        }
        auto [a, b, c, d, e, f, g, h] = state;
        for (std::size_t t = 0; t < 64; ++t) {
            const std::uint32_t first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + kConstants[t] + schedule[t];
            const std::uint32_t second = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + first;
            d = c;
            c = b;
            b = a;
            a = first + second;
        }
        const State result{ a, b, c, d, e, f, g, h };
        for (std::size_t i = 0; i < state.size(); ++i) state[i] += result[i];
    }
}

#if defined(__x86_64__)

bool hasShaInstructions() noexcept
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_SSE4_1) == 0 || (c & bit_SSSE3) == 0) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA) != 0;
}

// Four rounds a step, as the Intel SHA extensions do them: the state is kept as the vectors ABEF and CDGH, the message schedule as four vectors in turn.
__attribute__((target("sha,sse4.1,ssse3"))) void instructionBlocks(State& state, const std::byte* bytes, std::size_t blocks) noexcept
{
    const __m128i swap = _mm_set_epi64x(0x0C0D0E0F08090A0BLL, 0x0405060700010203LL);
    const __m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data())), 0xB1);
    const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(state.data() + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(dcba, hgfe, 8);
    __m128i cdgh = _mm_blend_epi16(hgfe, dcba, 0xF0);
    for (; blocks > 0; --blocks, bytes += kBlock) {
        const __m128i savedAbef = abef, savedCdgh = cdgh;
        __m128i schedule[4];
        for (int step = 0; step < 16; ++step) {
            __m128i& current = schedule[step & 3];
            if (step < 4) {
                current = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes) + step), swap);
            } else {
                const __m128i previous = schedule[(step + 3) & 3];
                const __m128i middle = _mm_alignr_epi8(previous, schedule[(step + 2) & 3], 4); // the words seven back
                current = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(current, schedule[(step + 1) & 3]), middle), previous);
            }
            const __m128i words = _mm_add_epi32(current, _mm_load_si128(reinterpret_cast<const __m128i*>(kConstants.data()) + step));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
        }
        abef = _mm_add_epi32(abef, savedAbef);
        cdgh = _mm_add_epi32(cdgh, savedCdgh);
    }
    const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
    const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#endif

void hashBlocks(Sha256::Code code, State& state, const std::byte* bytes, std::size_t blocks) noexcept
{
#if defined(__x86_64__)
    static const bool kHasInstructions = hasShaInstructions();
    if (code == Sha256::Code::Fastest && kHasInstructions) return instructionBlocks(state, bytes, blocks);
#else
    (void)code;
#endif
    portableBlocks(state, bytes, blocks);
}

} // namespace

void Sha256::add(std::span<const std::byte> bytes) noexcept
{
    m_totalBytes += bytes.size();
    if (m_blockSize > 0) {
        const std::size_t count = std::min(bytes.size(), kBlockBytes - m_blockSize);
        std::memcpy(m_block.data() + m_blockSize, bytes.data(), count);
        m_blockSize += count;
        bytes = bytes.subspan(count);
        if (m_blockSize < kBlockBytes) return;
        hashBlocks(m_code, m_state, m_block.data(), 1);
        m_blockSize = 0;
    }
    const std::size_t blocks = bytes.size() / kBlockBytes;
    hashBlocks(m_code, m_state, bytes.data(), blocks);
    bytes = bytes.subspan(blocks * kBlockBytes);
    if (bytes.empty()) return;
    std::memcpy(m_block.data(), bytes.data(), bytes.size());
    m_blockSize = bytes.size();
}

std::string Sha256::hex() const
{
    // Padding: a one bit, zeros, and the length in bits, to whole blocks (FIPS 180-4, section 5.1.1).
    std::array<std::byte, 2 * kBlockBytes> tail{};
    std::memcpy(tail.data(), m_block.data(), m_blockSize);
    tail[m_blockSize] = std::byte{ 0x80 };
    const std::size_t blocks = m_blockSize + 9 <= kBlockBytes ? 1 : 2;
    for (std::size_t i = 0; i < 8; ++i) tail[blocks * kBlockBytes - 1 - i] = static_cast<std::byte>(m_totalBytes * 8 >> (8 * i) & 0xFF);
    State state = m_state;
    hashBlocks(m_code, state, tail.data(), blocks);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint32_t word : state) {
        for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[word >> shift & 0xF];
    }
    return text;
}

} // namespace sfumato
