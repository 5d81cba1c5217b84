// SPDX-License-Identifier: MIT
//
// What every call that the linker has replaced begins and ends with.

#ifndef ASYNC_SOCKET_TESTS_SIM_WRAPPED_CALL_H
#define ASYNC_SOCKET_TESTS_SIM_WRAPPED_CALL_H

#include <cerrno>
#include <cstdio>

#include "world/world.h"

namespace sim {

// The world of the calling thread, where it lives in one; the call is traced there.
inline world* begin_call(const char* name)
{
    world* const own = world::current();
    if (own != nullptr) {
        own->time.call(name);
    }
    return own;
}

// For a call on a descriptor, which the real system may have, too.
inline world* begin_call(const char* name, int descriptor)
{
    world* const own = world::current();
    if (own == nullptr || !world::owns(descriptor)) {
        return nullptr;
    }
    char text[64];
    std::snprintf(text, sizeof text, "%s %d", name, descriptor);
    own->time.call(text);
    return own;
}

inline int failure(int error)
{
    errno = error;
    return -1;
}

} // namespace sim

#endif
