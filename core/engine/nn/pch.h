// The precompiled header of the engine target: the tensor type, its operators and the standard headers every engine source needs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/nn/ops.h"

#include <c10/core/InferenceMode.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>
