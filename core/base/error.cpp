// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

namespace sfumato {

std::string_view errorCodeName(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::FileNotFound: return "file_not_found";
    case ErrorCode::FileUnreadable: return "file_unreadable";
    case ErrorCode::UnsupportedModel: return "unsupported_model";
    case ErrorCode::WeightMissing: return "weight_missing";
    case ErrorCode::WeightShapeMismatch: return "weight_shape_mismatch";
    case ErrorCode::OutOfDeviceMemory: return "out_of_device_memory";
    case ErrorCode::DeviceLost: return "device_lost";
    case ErrorCode::InvalidRequest: return "invalid_request";
    case ErrorCode::DiskFull: return "disk_full";
    case ErrorCode::Internal: return "internal";
    }
    return "internal";
}

} // namespace sfumato
