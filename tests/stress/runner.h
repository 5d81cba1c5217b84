// SPDX-License-Identifier: MIT

#ifndef ASYNC_SOCKET_TESTS_STRESS_RUNNER_H
#define ASYNC_SOCKET_TESTS_STRESS_RUNNER_H

#include "program.h"
#include "report.h"

namespace stress {

// Runs the program to its end and writes what it found. Ends the process, with a message, when the program hangs.
void run(const program& program, report& findings);

} // namespace stress

#endif
