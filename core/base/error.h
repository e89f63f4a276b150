// Error: what went wrong, as a value that crosses every module border.
// Thread: any, pure value.
//
// `message` is one plain English sentence for people and logs: it names the file or field, what was found and what is allowed.
// The window chooses a translated sentence by `code`; `detail` names the file, field or tensor the code speaks of.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace sfumato {

// A short closed list (it is also written to result JSON; see errorCodeName).
enum class ErrorCode {
    FileNotFound,
    FileUnreadable,
    UnsupportedModel,
    WeightMissing,
    WeightShapeMismatch,
    OutOfDeviceMemory,
    DeviceLost,
    InvalidRequest,
    DiskFull,
    Internal,
};

struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message; // one sentence, English
    std::string detail;  // file, field or tensor; may be empty
};

// The stable name of a code in JSON: "file_not_found", "invalid_request", …
[[nodiscard]] std::string_view errorCodeName(ErrorCode code) noexcept;

} // namespace sfumato
