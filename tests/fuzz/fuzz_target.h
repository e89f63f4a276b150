// What a fuzzer is made of: one function that takes any bytes. libFuzzer calls it where clang builds, fuzz_driver elsewhere.
// A finding is a crash, a sanitizer's report, a broken FUZZ_CHECK, or more than a second of processor time for one input.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// Holds in every build, unlike assert.
#define FUZZ_CHECK(condition)                                                            \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                \
        }                                                                                \
    } while (false)

namespace sfumato::fuzz {

inline std::string_view asText(const std::uint8_t* data, std::size_t size) noexcept { return { reinterpret_cast<const char*>(data), size }; }

} // namespace sfumato::fuzz
