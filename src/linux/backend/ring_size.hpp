// SPDX-License-Identifier: MIT

#ifndef ASYNC_SOCKET_LINUX_BACKEND_RING_SIZE_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_RING_SIZE_HPP

#include <atomic>

namespace async_socket::detail {

// How many entries the queues of the rings have that are made from now on. Tests make them small, to see what happens
// when they are full.
inline std::atomic<unsigned> ring_submissions{1024};
inline std::atomic<unsigned> ring_completions{8192};

} // namespace async_socket::detail

#endif
