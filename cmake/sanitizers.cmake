# SPDX-License-Identifier: MIT
#
# Sanitizer flags go to every target of the build, GoogleTest included: a data race between instrumented and
# uninstrumented code would be reported wrongly or not at all.

if(ASYNC_SOCKET_SANITIZE)
    add_compile_options(-fsanitize=${ASYNC_SOCKET_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${ASYNC_SOCKET_SANITIZE})
    # Clang 14 to 16 cannot compile coroutines with this part of UndefinedBehaviorSanitizer ("Cannot represent a
    # difference across sections"). And a caller in C may pass any number as an enum, which the library refuses and tests
    # try: no compiler assumes otherwise without -fstrict-enums.
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND ASYNC_SOCKET_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize=function,enum)
    endif()
endif()
