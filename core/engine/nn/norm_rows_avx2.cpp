// The rows of norm_rows_body.h for AVX2 and FMA.
// SPDX-License-Identifier: Apache-2.0
#define SFUMATO_NORM_ROWS kNormRowsAvx2
#include "core/engine/nn/norm_rows_body.h"
