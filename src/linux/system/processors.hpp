// SPDX-License-Identifier: MIT
//
// The processors that the threads of this process may use. A thread that the library keeps on one of them is not asked
// what it may use itself: what it starts may use what it could before.

#ifndef ASYNC_SOCKET_LINUX_SYSTEM_PROCESSORS_HPP
#define ASYNC_SOCKET_LINUX_SYSTEM_PROCESSORS_HPP

#include <sched.h>

#include <cstdint>

namespace async_socket::detail {

// Keeps the calling thread on one. 0, or the error.
[[nodiscard]] int stay_on(int processor) noexcept;
// What the calling thread could use before; nullptr where nothing keeps it on one.
[[nodiscard]] const cpu_set_t* processors_before_staying() noexcept;

// How many; at least 1.
[[nodiscard]] std::uint32_t usable_processors() noexcept;

// The number of the n-th of them, round and round; -1 where the system does not say.
[[nodiscard]] int usable_processor(std::uint32_t n) noexcept;

} // namespace async_socket::detail

#endif
