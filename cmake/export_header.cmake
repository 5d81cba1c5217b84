# SPDX-License-Identifier: MIT
#
# async_socket/export.h: the macro ASYNC_SOCKET_API, empty for a static library.

include(GenerateExportHeader)

set(ASYNC_SOCKET_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")

# Generates async_socket/export.h for `target` and puts it on the include path of the target and of its users.
function(async_socket_generate_export_header target)
    generate_export_header(${target}
        BASE_NAME async_socket
        EXPORT_MACRO_NAME ASYNC_SOCKET_API
        STATIC_DEFINE ASYNC_SOCKET_STATIC_DEFINE
        EXPORT_FILE_NAME "${ASYNC_SOCKET_GENERATED_DIR}/async_socket/export.h"
    )
    target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${ASYNC_SOCKET_GENERATED_DIR}>")
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
        target_compile_definitions(${target} PUBLIC ASYNC_SOCKET_STATIC_DEFINE)
    endif()
    set_property(GLOBAL PROPERTY ASYNC_SOCKET_EXPORT_HEADER_GENERATED TRUE)
endfunction()

# Tests that compile the library's sources themselves need the header where the library itself is not built, too.
function(async_socket_ensure_export_header)
    get_property(generated GLOBAL PROPERTY ASYNC_SOCKET_EXPORT_HEADER_GENERATED)
    if(NOT generated)
        set(source "${CMAKE_CURRENT_BINARY_DIR}/export_header.cpp")
        file(CONFIGURE OUTPUT "${source}" CONTENT "")
        add_library(async_socket_export_header STATIC EXCLUDE_FROM_ALL "${source}")
        async_socket_generate_export_header(async_socket_export_header)
    endif()
endfunction()
