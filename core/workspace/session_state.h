// SessionState and GenerateBlocker: what the window shows and why it cannot generate.
// Thread: any, plain values. Source: the states of the interaction design, 9.10.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfumato::workspace {

enum class SessionState { Empty,
    Ready,
    Queued,
    LoadingModel,
    Encoding,
    Sampling,
    Decoding,
    Reviewing,
    Stopped,
    Error };

// Why Generate cannot be pressed now; the window says it in the button.
enum class GenerateBlocker { None,
    NoModel,
    NoPicture,
    MaskEmpty,
    NoStepsRun };

} // namespace sfumato::workspace
