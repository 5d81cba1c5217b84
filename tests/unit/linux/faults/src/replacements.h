// SPDX-License-Identifier: MIT
//
// Functions of the test in the place of system calls.

#ifndef LINUX_FAULTS_REPLACEMENTS_H
#define LINUX_FAULTS_REPLACEMENTS_H

#include <atomic>

#include "linux_faults/faults.h"
#include "plan.h"

namespace linux_faults {

void forget_replacements();

// What threads that have ended did in replaced calls is ordered before forget_replacements: the library waits for some
// of its threads by no means that a sanitizer sees. Added to by the callers, release; read there, acquire.
inline std::atomic<unsigned> replaced_calls{0};

struct replaced_call {
    replaced_call() = default;
    replaced_call(const replaced_call&) = delete;
    replaced_call& operator=(const replaced_call&) = delete;
    ~replaced_call() { replaced_calls.fetch_add(1, std::memory_order_release); }
};

// Makes the call, or the one that is in its place.
template <typename function, typename... arguments>
auto call_current(const std::atomic<function>& replacement, function real, arguments... with)
{
    const function chosen = is_exempt() ? nullptr : replacement.load(std::memory_order_relaxed);
    if (chosen == nullptr) {
        return real(with...);
    }
    const replaced_call call;
    const exempt scope;
    return chosen(with...);
}

} // namespace linux_faults

#endif
