# SPDX-License-Identifier: MIT
#
# The reference of the public headers is complete.

find_program(DOXYGEN doxygen)
mark_as_advanced(DOXYGEN)
if(NOT DOXYGEN OR CMAKE_CROSSCOMPILING OR WIN32 OR ASYNC_SOCKET_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
endif()

find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME docs.reference
    COMMAND "${Python3_EXECUTABLE}" -B "${CMAKE_CURRENT_SOURCE_DIR}/reference_test.py"
        "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}/reference"
)
set_tests_properties(docs.reference PROPERTIES LABELS docs TIMEOUT 120)
