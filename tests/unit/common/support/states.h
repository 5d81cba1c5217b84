// SPDX-License-Identifier: MIT
//
// Bringing a lifecycle into a state.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_STATES_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_STATES_H

#include <cstdint>
#include <cstdlib>

#include "common/lifecycle/lifecycle.hpp"
#include "support/closing.h"

using life_state = async_socket::detail::lifecycle::state;

inline const char* name_of(life_state value)
{
    switch (value) {
    case life_state::created:
        return "created";
    case life_state::opening:
        return "opening";
    case life_state::open:
        return "open";
    case life_state::closing:
        return "closing";
    case life_state::closed:
        return "closed";
    case life_state::connecting:
        return "connecting";
    }
    return "?";
}

inline void require(bool held)
{
    if (!held) {
        std::abort();
    }
}

// From `created`, the way that an opened socket goes; from `open` on, and in `connecting`, the callback is counted as
// one operation.
inline void bring_to(async_socket::detail::lifecycle& life, life_state target)
{
    if (target == life_state::connecting) {
        require(life.begin_open());
        life.begin_connect(0);
        return;
    }
    if (target >= life_state::opening) {
        require(life.begin_open());
    }
    if (target >= life_state::open) {
        life.complete_open(0);
    }
    if (target >= life_state::closing) {
        require(begin_close(life, false));
    }
    if (target >= life_state::closed) {
        require(!life.complete_close());
    }
}

// Open, with `operations` operations under way and no call inside.
inline void bring_to_open_with(async_socket::detail::lifecycle& life, std::uint32_t operations)
{
    bring_to(life, life_state::open);
    require(!life.end_operation());
    for (std::uint32_t i = 0; i < operations; ++i) {
        require(life.begin_call());
        life.end_call();
    }
}

#endif
