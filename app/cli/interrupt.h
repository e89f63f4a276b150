// Interruption: Ctrl-C and termination requests as a stop token.
// Thread: construct on the main thread before any other thread starts (signals are then blocked in all of them). One per program.
//
// The first signal requests a stop; a second one ends the program at once with exit code 130.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <thread>

namespace sfumato::app {

inline constexpr int kInterruptedExitCode = 130;

class Interruption {
public:
    Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;
    ~Interruption();

    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::jthread m_listener;
};

} // namespace sfumato::app
