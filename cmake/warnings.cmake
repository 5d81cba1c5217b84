# SPDX-License-Identifier: MIT
#
# async_socket::warnings carries the warning flags. Targets link it PRIVATE, so that they never reach a user's build.

add_library(async_socket_warnings INTERFACE)
add_library(async_socket::warnings ALIAS async_socket_warnings)

if(MSVC)
    target_compile_options(async_socket_warnings INTERFACE
        /W4 /permissive-
        /wd4324 # a structure is padded for the sake of its alignment, which is what alignas is for
        /wd4458 # a parameter has the name of a member function; what hides a variable, -Wshadow finds
        $<$<BOOL:${ASYNC_SOCKET_WARNINGS_AS_ERRORS}>:/WX>)
else()
    target_compile_options(async_socket_warnings INTERFACE
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow $<$<BOOL:${ASYNC_SOCKET_WARNINGS_AS_ERRORS}>:-Werror>)
endif()
