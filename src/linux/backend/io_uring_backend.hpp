// SPDX-License-Identifier: MIT
//
// Waiting by io_uring: the kernel does the transfers, and a round of a worker is one system call.

#ifndef ASYNC_SOCKET_LINUX_BACKEND_IO_URING_BACKEND_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_IO_URING_BACKEND_HPP

#include "linux/backend/backend.hpp"

namespace async_socket::detail {

// A backend_factory.
[[nodiscard]] backend* make_io_uring_backend(backend_reports& owner, int& error) noexcept;

} // namespace async_socket::detail

#endif
