// SPDX-License-Identifier: MIT
//
// Waiting by epoll: for kernels and containers that do not let us use io_uring.

#ifndef ASYNC_SOCKET_LINUX_BACKEND_EPOLL_BACKEND_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_EPOLL_BACKEND_HPP

#include "linux/backend/backend.hpp"

namespace async_socket::detail {

// A backend_factory.
[[nodiscard]] backend* make_epoll_backend(backend_reports& owner, int& error) noexcept;

} // namespace async_socket::detail

#endif
