// SPDX-License-Identifier: MIT
//
// The steps of a close and of a destroy, where it does not matter which socket they are about.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_CLOSING_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_CLOSING_H

#include <cstdint>

#include "common/lifecycle/callback_wait.hpp"
#include "common/lifecycle/lifecycle.hpp"

inline async_socket::detail::lifecycle::to_close begin_close(async_socket::detail::lifecycle& life,
                                                             bool inside_own_callback)
{
    using closer = async_socket::detail::lifecycle::closer;
    return life.begin_close(inside_own_callback ? closer::own_callback : closer::elsewhere);
}

inline void wait_for_operations(const async_socket::detail::lifecycle& life, std::uint32_t own)
{
    async_socket::detail::callback_wait wait(nullptr, async_socket::detail::callback_wait::purpose::close);
    life.wait_for_operations(own, wait);
}

inline bool wait_until_settled(const async_socket::detail::lifecycle& life)
{
    async_socket::detail::callback_wait wait(nullptr, async_socket::detail::callback_wait::purpose::destroy);
    return life.wait_until_settled(wait);
}

inline void wait_for_others_to_close(const async_socket::detail::lifecycle& life, std::uint32_t own,
                                     bool closer_is_among_own)
{
    async_socket::detail::callback_wait wait(nullptr, async_socket::detail::callback_wait::purpose::destroy_inside);
    life.wait_for_others_to_close(own, closer_is_among_own, wait);
}

#endif
