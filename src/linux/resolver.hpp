// SPDX-License-Identifier: MIT
//
// Resolves names on threads of its own, since the system's resolver blocks and cannot be interrupted. There are at most
// a few of these threads for the whole process, and none while there is nothing to resolve.

#ifndef ASYNC_SOCKET_LINUX_RESOLVER_HPP
#define ASYNC_SOCKET_LINUX_RESOLVER_HPP

#include <cstdint>

#include "common/arguments.hpp"
#include "linux/inbox.hpp"
#include "linux/socket_transport_resolve.hpp"

namespace async_socket::detail {

class connecting;
class worker;

// One name to be resolved. It belongs to the resolver from resolve_elsewhere until it is in the inbox of the worker,
// and to that worker's thread from then on. The one who made it holds a reference to the engine for it, so the worker
// is there when the answer comes, however late.
struct resolution : work_item {
    resolution() noexcept : work_item(work_kind::resolved) {}

    worker* home = nullptr;
    connecting* whose = nullptr; // the worker's thread only; nullptr: nobody waits for it any more

    char host[longest_host + 1]{};
    std::uint16_t port = 0;

    // The answer.
    address_list addresses;
    int error = 0;        // getaddrinfo's
    int system_error = 0; // the errno with it
};

// 0; or the error, and then it is still the caller's.
[[nodiscard]] int resolve_elsewhere(resolution* asked) noexcept;

} // namespace async_socket::detail

#endif
