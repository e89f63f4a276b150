// The rows of norm_rows_body.h for any processor.
// SPDX-License-Identifier: Apache-2.0
#define SFUMATO_NORM_ROWS kNormRowsBaseline
#include "core/engine/nn/norm_rows_body.h"
