// The rows of norm_rows_body.h for AVX-512 F, BW, DQ, VL.
// SPDX-License-Identifier: Apache-2.0
#define SFUMATO_NORM_ROWS kNormRowsAvx512
#include "core/engine/nn/norm_rows_body.h"
