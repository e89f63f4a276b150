# SPDX-License-Identifier: Apache-2.0
# The helpers every module uses: sfumato_apply_policy, sfumato_add_library, sfumato_add_test. No flags are set outside them.

find_package(Threads REQUIRED)

# One interface target carries language level, warnings and sanitizers; it is linked PRIVATE by our own targets only.
add_library(sfumato_policy INTERFACE)
target_compile_features(sfumato_policy INTERFACE cxx_std_20)
target_compile_options(sfumato_policy INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    $<$<BOOL:${SFUMATO_WARNINGS_AS_ERRORS}>:-Werror>)
# GCC 12 reports false positives of these two inside std::string and std::vector once inlining is on.
target_compile_options(sfumato_policy INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overflow>)
if(SFUMATO_SANITIZE)
    list(JOIN SFUMATO_SANITIZE "," sfumato_sanitize)
    target_compile_options(sfumato_policy INTERFACE -fsanitize=${sfumato_sanitize} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(sfumato_policy INTERFACE -fsanitize=${sfumato_sanitize})
endif()
if(SFUMATO_FUZZ)
    target_compile_options(sfumato_policy INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(sfumato_policy INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SFUMATO_COVERAGE)
    target_compile_options(sfumato_policy INTERFACE --coverage)
    target_link_options(sfumato_policy INTERFACE --coverage)
endif()

function(sfumato_apply_policy target)
    target_link_libraries(${target} PRIVATE sfumato_policy)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
        CXX_EXTENSIONS OFF CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    if(SFUMATO_CLANG_TIDY)
        set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "clang-tidy;--quiet")
    endif()
endfunction()

# Qt keywords are off because libtorch and TBB use `slots` and `emit` as ordinary names; strings convert only where it is said.
function(sfumato_apply_qt_policy target)
    target_compile_definitions(${target} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_FOREACH
        QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER QT_DISABLE_DEPRECATED_BEFORE=0x060400)
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
endfunction()

# sfumato_add_library(<Alias> [QT] SOURCES … [PUBLIC …] [PRIVATE …])
# A static library sfumato_<alias in lower case> with the alias Sfumato::<Alias>; QT turns moc and the Qt definitions on.
function(sfumato_add_library alias)
    cmake_parse_arguments(arg "QT" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    string(TOLOWER ${alias} name)
    set(target sfumato_${name})
    add_library(${target} STATIC ${arg_SOURCES})
    add_library(Sfumato::${alias} ALIAS ${target})
    sfumato_apply_policy(${target})
    if(arg_QT)
        sfumato_apply_qt_policy(${target})
    endif()
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()

# sfumato_add_test(<name> [QT] [PLAIN] SOURCES … LIBRARIES … LABELS … [TIMEOUT seconds])
# One executable and one ctest entry. A test that cannot run here prints a line that begins with "SKIP" (Qt Test's QSKIP does), which ctest counts as skipped.
# PLAIN leaves Qt Test out (engine-only build).
function(sfumato_add_test name)
    cmake_parse_arguments(arg "QT;PLAIN" "TIMEOUT" "SOURCES;LIBRARIES;LABELS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    sfumato_apply_policy(${name})
    if(NOT arg_PLAIN)
        sfumato_apply_qt_policy(${name})
        target_link_libraries(${name} PRIVATE Qt6::Test)
    endif()
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES})
    target_compile_definitions(${name} PRIVATE SFUMATO_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SFUMATO_BUILD_DIR="${PROJECT_BINARY_DIR}")
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} SKIP_REGULAR_EXPRESSION "(^|\n)SKIP" SKIP_RETURN_CODE 77
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;OMP_NUM_THREADS=2;TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/thread_sanitizer.supp")
endfunction()
