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

# async_socket_add_test(NAME <dotted.name> SOURCES ... [LIBRARIES ...] [LABELS ...] [TIMEOUT s] [ARGS ...]
#                       [ENVIRONMENT ...])
#
# One GoogleTest program and one ctest entry for the whole suite: a program starts once, which under Wine is most of a
# small test's time. The target is the name with its dots replaced by underscores.
function(async_socket_add_test)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;TIMEOUT" "SOURCES;LIBRARIES;LABELS;ARGS;ENVIRONMENT")
    if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "async_socket_add_test: NAME and SOURCES are required; not understood: '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()

    string(REPLACE "." "_" target "${arg_NAME}")
    add_executable(${target} ${arg_SOURCES})
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} GTest::gmock_main async_socket::warnings)

    if(ASYNC_SOCKET_SANITIZE MATCHES "thread")
        list(APPEND arg_ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/thread_sanitizer.supp")
    endif()

    add_test(NAME ${arg_NAME} COMMAND ${target} ${arg_ARGS})
    set_tests_properties(${arg_NAME} PROPERTIES
        LABELS "${arg_LABELS}"
        TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "${arg_ENVIRONMENT}"
    )
endfunction()

# async_socket_repeat_test(NAME <dotted.name> OF <dotted.name> [ENVIRONMENT ...])
#
# The program of another test of this directory once more, in another environment.
function(async_socket_repeat_test)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;OF" "ENVIRONMENT")
    string(REPLACE "." "_" target "${arg_OF}")
    add_test(NAME ${arg_NAME} COMMAND ${target})
    foreach(property LABELS TIMEOUT)
        get_property(value TEST ${arg_OF} PROPERTY ${property})
        set_property(TEST ${arg_NAME} PROPERTY ${property} "${value}")
    endforeach()
    set_property(TEST ${arg_NAME} PROPERTY ENVIRONMENT "${arg_ENVIRONMENT}")
endfunction()

# Lets all targets below `directory` that link GoogleTest share one precompiled header of it: reading the header is half
# the time of compiling a test. Not with Clang: clang-tidy, which reads its compile commands, would need the precompiled
# header to be built first; and one compiler should see each file as it stands.
function(async_socket_precompile_googletest directory)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang|MSVC")
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
        if(type MATCHES "EXECUTABLE|OBJECT_LIBRARY|STATIC_LIBRARY" AND "${libraries}" MATCHES "GTest::gmock"
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
