// SPDX-License-Identifier: MIT
//
// One program in one world, in a process of its own: so nothing of it is left for the next one, and a crash is an
// answer.

#ifndef ASYNC_SOCKET_TESTS_SIM_ONE_RUN_H
#define ASYNC_SOCKET_TESTS_SIM_ONE_RUN_H

#include <string>

#include "oracle/tally.h"
#include "program/action.h"

namespace sim {

// What went wrong; empty: nothing. `shared` is memory that is shared with the process that runs it.
std::string run_apart(const program& played, bool is_printed, tally& shared);

tally& make_shared_tally();

// Addresses decide, here and there, what the library does (which of its threads wait in one place); so they have to be
// the same in every run. Starts the program again where the system draws them.
void use_fixed_addresses(char** arguments);

} // namespace sim

#endif
