// SPDX-License-Identifier: MIT
//
// How often each answer was given to each kind of call, over all runs.

#ifndef ASYNC_SOCKET_TESTS_SIM_TALLY_H
#define ASYNC_SOCKET_TESTS_SIM_TALLY_H

#include <cstdint>

#include "program/action.h"

namespace sim {

// Of an operation: refused, or the value that its callback was given. Plain memory, which processes share.
struct tally {
    static constexpr std::size_t most_results = 16;
    static constexpr std::size_t refused = 0;

    std::uint64_t answers[verb_count][most_results];
    std::uint64_t runs;
    std::uint64_t calls;
    char failure[1024];
    std::uint64_t trace_hash;
    std::uint64_t trace_lines;
};

// What the value means for that kind.
const char* name_of_answer(verb what, std::size_t result);
// Whether it may be given at all, so that one that never was is a hole in what is drawn.
bool may_be_answered(verb what, std::size_t result);

} // namespace sim

#endif
