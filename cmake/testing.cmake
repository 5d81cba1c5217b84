# SPDX-License-Identifier: MIT

set(ASYNC_SOCKET_GOOGLETEST_DIR "/usr/src/googletest" CACHE PATH "GoogleTest's sources; without them an installed GoogleTest is looked for")

# Built from source, so that it has the sanitizers of this build and exists for the cross compiler, too.
if(EXISTS "${ASYNC_SOCKET_GOOGLETEST_DIR}/CMakeLists.txt")
    set(BUILD_GMOCK ON)
    set(INSTALL_GTEST OFF)
    set(gtest_force_shared_crt ON)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
    add_subdirectory("${ASYNC_SOCKET_GOOGLETEST_DIR}" "${PROJECT_BINARY_DIR}/googletest" EXCLUDE_FROM_ALL SYSTEM)
    if(NOT TARGET GTest::gmock_main)
        add_library(GTest::gmock ALIAS gmock)
        add_library(GTest::gmock_main ALIAS gmock_main)
    endif()
else()
    find_package(GTest REQUIRED)
endif()

# async_socket_add_test(NAME <dotted.name> SOURCES ... [LIBRARIES ...] [BACKENDS ...] [LABELS ...] [TIMEOUT s] [ARGS ...]
#                       [ENVIRONMENT ...])
#
# One GoogleTest program and one ctest entry for the whole suite: a program starts once, which under Wine is most of a
# small test's time. The target is the name with its dots replaced by underscores. With BACKENDS the program has an entry
# for each of them, <dotted.name>.<backend>, and is told in the environment which one it is to use.
function(async_socket_add_test)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TIMEOUT" "SOURCES;LIBRARIES;BACKENDS;LABELS;ARGS;ENVIRONMENT")
    if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "async_socket_add_test: NAME and SOURCES are required; not understood: '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()

    string(REPLACE "." "_" target "${arg_NAME}")
    add_executable(${target} ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} GTest::gmock_main async_socket::warnings)
    async_socket_compile_together(${target})

    set(suffixes "-")
    if(arg_BACKENDS)
        set(suffixes "${arg_BACKENDS}")
    endif()
    foreach(suffix IN LISTS suffixes)
        set(name "${arg_NAME}")
        set(environment "${arg_ENVIRONMENT}")
        if(arg_BACKENDS)
            set(name "${arg_NAME}.${suffix}")
            list(APPEND environment "ASYNC_SOCKET_TEST_BACKEND=${suffix}")
        endif()
        add_test(NAME ${name} COMMAND ${target} ${arg_ARGS})
        set_tests_properties(${name} PROPERTIES
            LABELS "${arg_LABELS}"
            TIMEOUT ${arg_TIMEOUT}
            ENVIRONMENT "${environment}"
        )
    endforeach()
endfunction()

option(ASYNC_SOCKET_UNITY_TESTS "Compile several files of a test program at a time: half the time for all of them, and more for one" OFF)

# Where that is wanted. The plain builds compile each file by itself: there it shows what does not include what it uses.
function(async_socket_compile_together target)
    get_target_property(sources ${target} SOURCES)
    list(LENGTH sources count)
    if(ASYNC_SOCKET_UNITY_TESTS AND count GREATER 1)
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE BATCH UNITY_BUILD_BATCH_SIZE 8)
        if(NOT MSVC AND NOT TARGET async_socket_together)
            # A local name shadows that of another file, and a type of an unnamed namespace is in no file of its own. Linked,
            # so that these come behind the other warnings.
            add_library(async_socket_together INTERFACE)
            target_compile_options(async_socket_together INTERFACE -Wno-shadow
                $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
        endif()
        if(NOT MSVC)
            target_link_libraries(${target} PRIVATE async_socket_together)
        endif()
    endif()
endfunction()

# Precompiles headers for one target. Not in Clang's plain build: clang-tidy, which reads its compile commands, would need
# the precompiled header to be built first.
function(async_socket_precompile target)
    if(NOT MSVC AND (ASYNC_SOCKET_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang"))
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
endfunction()

# What copies of the library's sources read of the standard library, which is most of the time of compiling them. The library
# itself, in the plain builds, reads it as text: there it shows what does not include what it uses.
function(async_socket_precompile_standard_library target)
    async_socket_precompile(${target}
        <algorithm> <array> <atomic> <chrono> <condition_variable> <memory> <mutex> <optional> <span> <string> <thread>
        <vector> ${ARGN})
endfunction()

# Lets all targets below `directory` that link GoogleTest, and have no precompiled header of their own, share one of it:
# reading the header is half the time of compiling a test. Where, as above.
function(async_socket_precompile_googletest directory)
    if(MSVC OR (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND NOT ASYNC_SOCKET_SANITIZE))
        return()
    endif()
    if(NOT TARGET async_socket_precompiled_googletest)
        file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/precompiled_googletest.cpp" CONTENT "")
        add_library(async_socket_precompiled_googletest OBJECT "${PROJECT_BINARY_DIR}/precompiled_googletest.cpp")
        target_link_libraries(async_socket_precompiled_googletest PRIVATE GTest::gmock async_socket::warnings)
        target_precompile_headers(async_socket_precompiled_googletest PRIVATE <gmock/gmock.h>)
        # A target with other flags than these reads the header as text.
        set_target_properties(async_socket_precompiled_googletest PROPERTIES PCH_WARN_INVALID OFF)
    endif()

    get_property(targets DIRECTORY "${directory}" PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        get_target_property(libraries ${target} LINK_LIBRARIES)
        get_target_property(own ${target} PRECOMPILE_HEADERS)
        if(NOT own AND type MATCHES "EXECUTABLE|OBJECT_LIBRARY|STATIC_LIBRARY" AND "${libraries}" MATCHES "GTest::gmock"
           AND NOT target STREQUAL "async_socket_precompiled_googletest")
            set_target_properties(${target} PROPERTIES PCH_WARN_INVALID OFF)
            target_precompile_headers(${target} REUSE_FROM async_socket_precompiled_googletest)
        endif()
    endforeach()

    get_property(subdirectories DIRECTORY "${directory}" PROPERTY SUBDIRECTORIES)
    foreach(subdirectory IN LISTS subdirectories)
        async_socket_precompile_googletest("${subdirectory}")
    endforeach()
endfunction()
