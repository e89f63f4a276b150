// Control model files for tests: names and shapes with holes for weights.
// Thread: any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace sfumato::test {

enum class ControlFileKind { Sdxl, // a small ControlNet
    Sd15,                          // a ControlNet of SD 1.5
    Union,                         // SDXL, all eight tasks
    IpAdapter,                     // SDXL
    Vae };                         // no control model at all

// Makes the folder too.
void writeControlFile(const QString& path, ControlFileKind kind);

} // namespace sfumato::test
