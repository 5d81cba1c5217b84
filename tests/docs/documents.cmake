# SPDX-License-Identifier: MIT
#
# The documents: every block of code is compiled, configured or read by a shell; every link, test, name and quoted line
# exists. With one native compiler and the cross compiler, which is what readers have.

find_package(Python3 COMPONENTS Interpreter)
if(NOT Python3_FOUND OR NOT TARGET echo OR ASYNC_SOCKET_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
endif()

if(WIN32)
    set(platform windows)
else()
    set(platform linux)
endif()

# One a line, as the compilers take them.
set(include_directories "$<FILTER:$<TARGET_PROPERTY:async_socket,INTERFACE_INCLUDE_DIRECTORIES>,EXCLUDE,^$>")
set(definitions "$<TARGET_PROPERTY:async_socket,INTERFACE_COMPILE_DEFINITIONS>")
set(warnings "$<TARGET_PROPERTY:async_socket_warnings,INTERFACE_COMPILE_OPTIONS>")
string(REPLACE " " "\n" common_flags "${CMAKE_CXX_FLAGS}")
file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/flags" CONTENT "${common_flags}
-I$<JOIN:${include_directories},\n-I>
$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},\n-D>>
$<JOIN:${warnings},\n>
-Werror
")

function(add_document_test name script)
    add_test(NAME docs.${name}
        COMMAND "${Python3_EXECUTABLE}" -B "${CMAKE_CURRENT_LIST_DIR}/${script}" "${PROJECT_SOURCE_DIR}" ${ARGN}
    )
    set_tests_properties(docs.${name} PROPERTIES LABELS docs TIMEOUT 300)
endfunction()

add_document_test(code compiled_test.py ${platform} "${CMAKE_CXX_COMPILER}" "${CMAKE_C_COMPILER}" "${CMAKE_CURRENT_BINARY_DIR}/flags")

# What does not depend on the platform.
if(NOT WIN32)
    add_document_test(references references_test.py)
    add_document_test(commands shell_test.py "${PROJECT_BINARY_DIR}")
    add_document_test(cmake built_test.py "${PROJECT_BINARY_DIR}" "-G${CMAKE_GENERATOR}" "-DCMAKE_BUILD_TYPE=${CMAKE_BUILD_TYPE}"
        "-DCMAKE_C_COMPILER=${CMAKE_C_COMPILER}" "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}"
    )
endif()
