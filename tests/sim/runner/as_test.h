// SPDX-License-Identifier: MIT
//
// A program as a C++ test of its own: what a failing one is made of, once it is short, and kept as (tests/sim/found).

#ifndef ASYNC_SOCKET_TESTS_SIM_AS_TEST_H
#define ASYNC_SOCKET_TESTS_SIM_AS_TEST_H

#include <string>

#include "program/action.h"

namespace sim {

// The whole source of the test. `failure` is what the program has failed with; empty: with nothing.
std::string to_test(const program& shown, const std::string& failure);

// What such a test does, and returns from main: performs the program as it was drawn, and then in other orders, for in
// another build the same seed has another one. 1, and printed, where one of them fails.
int run_as_test(const program& played, char** arguments);

} // namespace sim

#endif
