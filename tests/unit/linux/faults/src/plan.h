// SPDX-License-Identifier: MIT
//
// What the wrappers ask, and what they tell.

#ifndef LINUX_FAULTS_PLAN_H
#define LINUX_FAULTS_PLAN_H

#include <cerrno>
#include <cstddef>

#include "linux_faults/faults.h"

namespace linux_faults {

struct decision {
    enum class kind { pass, fail, interrupt, interrupt_after };

    kind what = kind::pass;
    int error = 0;
};

// Counts a call and says what is to become of it.
decision decide(api which);

// How many of `wanted` bytes the transfer may move.
std::size_t allowed(api which, std::size_t wanted);
bool is_cut(api which);

void note_bad_descriptor();
bool is_exempt();

// For calls that return -1 and set errno.
template <typename real_call>
auto call_or_fail(api which, real_call real) -> decltype(real())
{
    const decision what = decide(which);
    if (what.what == decision::kind::fail || what.what == decision::kind::interrupt) {
        errno = what.error;
        return -1;
    }
    const auto result = real();
    if (result == -1 && errno == EBADF && !is_exempt()) {
        note_bad_descriptor();
    }
    if (what.what == decision::kind::interrupt_after) {
        errno = EINTR;
        return -1;
    }
    return result;
}

// For calls that return the error, as it is (sign 1) or negative (sign -1).
template <typename real_call>
int call_or_return_error(api which, int sign, real_call real)
{
    const decision what = decide(which);
    if (what.what == decision::kind::fail || what.what == decision::kind::interrupt) {
        return sign * what.error;
    }
    return real();
}

} // namespace linux_faults

#endif
