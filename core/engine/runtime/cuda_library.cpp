// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/cuda_library.h"

#include <ATen/Context.h>

#include <dlfcn.h>
#include <filesystem>

namespace sfumato::engine {

namespace {

// The folder of the libtorch in use: where the function that libtorch_cpu defines was loaded from.
std::filesystem::path libtorchFolder()
{
    Dl_info info{};
    const auto address = reinterpret_cast<void*>(&at::globalContext);
    if (!dladdr(address, &info) || !info.dli_fname) return {};
    return std::filesystem::path(info.dli_fname).parent_path();
}

std::string lastError()
{
    const char* text = dlerror();
    return text ? text : "no reason given";
}

} // namespace

CudaLibraryState loadCudaLibrary()
{
    if (!dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL)) return { false, "No NVIDIA driver was found." };
    const std::filesystem::path library = libtorchFolder() / "libtorch_cuda.so";
    std::error_code error;
    if (!std::filesystem::exists(library, error)) return { false, "libtorch in " + library.parent_path().string() + " was built without CUDA." };
    // RTLD_GLOBAL and never closed: its registrations live as long as the process.
    if (!dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL))
        return { false, "The CUDA libraries could not be loaded (" + lastError() + "); ./dev gpu fetches them." };
    return { true, {} };
}

} // namespace sfumato::engine
