# SPDX-License-Identifier: MIT
#
# Sanitizer flags go to every target of the build, GoogleTest included: a data race between instrumented and
# uninstrumented code would be reported wrongly or not at all.

if(ASYNC_SOCKET_SANITIZE)
    add_compile_options(-fsanitize=${ASYNC_SOCKET_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${ASYNC_SOCKET_SANITIZE})
endif()
