// SPDX-License-Identifier: MIT
//
// From a program that fails to a shorter one that fails in the same way.

#ifndef ASYNC_SOCKET_TESTS_SIM_SHRINK_H
#define ASYNC_SOCKET_TESTS_SIM_SHRINK_H

#include <string>

#include "oracle/tally.h"
#include "program/action.h"

namespace sim {

program shrink(const program& failed, const std::string& failure, tally& shared);

} // namespace sim

#endif
