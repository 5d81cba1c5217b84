// SPDX-License-Identifier: MIT
//
// What must hold for every input. Where it does not, the fuzzer shows the stack.

#ifndef ASYNC_SOCKET_TESTS_FUZZ_EXPECT_H
#define ASYNC_SOCKET_TESTS_FUZZ_EXPECT_H

#include <cstdlib>

inline void expect(bool held)
{
    if (!held) {
        std::abort();
    }
}

#endif
