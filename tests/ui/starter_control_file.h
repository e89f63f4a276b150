// A ControlNet for the starter model: the encoder half of its UNet with hint and residual convolutions from random numbers, strong enough that what it sees changes the picture.
// Thread: any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace sfumato::testing {

// False when the starter cannot be read or the file cannot be written.
[[nodiscard]] bool writeStarterControl(const std::filesystem::path& starter, const std::filesystem::path& path);

} // namespace sfumato::testing
