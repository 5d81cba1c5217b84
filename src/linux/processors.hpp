// SPDX-License-Identifier: MIT
//
// The processors that this process may use.

#ifndef ASYNC_SOCKET_LINUX_PROCESSORS_HPP
#define ASYNC_SOCKET_LINUX_PROCESSORS_HPP

#include <cstdint>

namespace async_socket::detail {

// How many; at least 1.
[[nodiscard]] std::uint32_t usable_processors() noexcept;

// The number of the n-th of them, round and round; -1 where the system does not say.
[[nodiscard]] int usable_processor(std::uint32_t n) noexcept;

} // namespace async_socket::detail

#endif
