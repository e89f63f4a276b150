// The CUDA half of libtorch, loaded by name when the machine has a driver and the libraries.
// Thread: any, before the first libtorch call of the process: libtorch looks its CUDA hooks up once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sfumato::engine {

struct CudaLibraryState {
    bool loaded = false;
    std::string reason; // why not: one sentence; empty when loaded
};

// Loads libtorch_cuda.so from the folder libtorch_cpu.so came from. The executables never link it, so a machine without CUDA needs none of it.
// Calling it again is cheap and gives the same answer.
[[nodiscard]] CudaLibraryState loadCudaLibrary();

} // namespace sfumato::engine
