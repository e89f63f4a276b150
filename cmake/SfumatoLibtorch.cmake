# SPDX-License-Identifier: Apache-2.0
# Sfumato::Libtorch: headers and the two CPU libraries of a torch folder. The package file of torch is not used: it sets global state and, for a CUDA
# build, looks for the whole toolkit. The executables never link the CUDA libraries; see core/engine/runtime.

set(sfumato_libtorch_candidates "${SFUMATO_LIBTORCH}" "${SFUMATO_LIBTORCH}/torch" "${SFUMATO_CACHE}/libtorch-2.11.0/torch")
set(SFUMATO_LIBTORCH_ROOT "")
foreach(candidate IN LISTS sfumato_libtorch_candidates)
    if(NOT SFUMATO_LIBTORCH_ROOT AND EXISTS "${candidate}/lib/libtorch_cpu.so")
        set(SFUMATO_LIBTORCH_ROOT "${candidate}")
    endif()
endforeach()
if(NOT SFUMATO_LIBTORCH_ROOT)
    find_package(Torch QUIET)
    if(Torch_FOUND)
        get_filename_component(SFUMATO_LIBTORCH_ROOT "${TORCH_INSTALL_PREFIX}" ABSOLUTE)
    else()
        message(FATAL_ERROR "libtorch was not found. Run ./dev build, which fetches it, or pass -DSFUMATO_LIBTORCH=<the torch folder>.")
    endif()
endif()

add_library(sfumato_libtorch INTERFACE)
add_library(Sfumato::Libtorch ALIAS sfumato_libtorch)
target_include_directories(sfumato_libtorch SYSTEM INTERFACE "${SFUMATO_LIBTORCH_ROOT}/include" "${SFUMATO_LIBTORCH_ROOT}/include/torch/csrc/api/include")
target_compile_definitions(sfumato_libtorch INTERFACE AT_PER_OPERATOR_HEADERS)
target_link_libraries(sfumato_libtorch INTERFACE "${SFUMATO_LIBTORCH_ROOT}/lib/libtorch_cpu.so" "${SFUMATO_LIBTORCH_ROOT}/lib/libc10.so" Threads::Threads)
# libtorch_cpu of the CUDA build names CUDA libraries that its own run path finds; the linker need not.
target_link_options(sfumato_libtorch INTERFACE -Wl,--allow-shlib-undefined -Wl,--disable-new-dtags -Wl,-rpath,${SFUMATO_LIBTORCH_ROOT}/lib)
