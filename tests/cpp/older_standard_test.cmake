# SPDX-License-Identifier: MIT
#
# What somebody reads who includes the C++ layer in a program of an older standard: one error, which says what to do.
# COMPILER, HEADER and WORK are given.

set(source "${WORK}/older_standard.cpp")
file(WRITE "${source}" "#include \"${HEADER}\"\n")
execute_process(
    COMMAND "${COMPILER}" -std=c++17 -fsyntax-only "${source}"
    RESULT_VARIABLE status
    ERROR_VARIABLE said
)
string(REGEX MATCHALL " error: " errors "${said}")
list(LENGTH errors count)
if(status EQUAL 0 OR NOT count EQUAL 1 OR NOT said MATCHES "needs C\\+\\+20: compile with -std=c\\+\\+20")
    message(FATAL_ERROR "${count} errors: ${said}")
endif()
