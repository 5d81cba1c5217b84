// SPDX-License-Identifier: MIT
//
// A port that nobody has, and that nobody else is about to get.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_FREE_PORT_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_FREE_PORT_H

#include <cstdint>
#include <mutex>
#include <random>
#include <stdexcept>

namespace contract {

// One for which `is_free(port)` holds. None that the system picks for somebody who asks for any, which another program
// might get, or a connect have at its own end. Throws std::runtime_error where there is none.
template <typename predicate>
std::uint16_t find_free_port(predicate is_free)
{
    constexpr std::uint16_t first = 16384;
    constexpr std::uint16_t last = 32767;
    constexpr int tries = 1000;
    static std::mutex one_at_a_time;
    static std::minstd_rand random(std::random_device{}());
    const std::lock_guard lock(one_at_a_time);
    for (int i = 0; i != tries; ++i) {
        const auto port = std::uniform_int_distribution<std::uint16_t>(first, last)(random);
        if (is_free(port)) {
            return port;
        }
    }
    throw std::runtime_error("there is no free port");
}

} // namespace contract

#endif
