// SPDX-License-Identifier: MIT
//
// Resolves names on threads of its own, since the system's resolver blocks and cannot be interrupted. There are at most
// a few of these threads for the whole process, and none while there is nothing to resolve.
//
//   asked ──> being answered ──> answered, and delivered to the worker
//     └── withdrawn ──┴──> gone
//
// A thread whose question is withdrawn while the system's resolver has it answers nobody. Until it is back it counts no
// more among the few, so names whose servers are silent do not hold up the others.

#ifndef ASYNC_SOCKET_LINUX_CONNECT_RESOLVER_HPP
#define ASYNC_SOCKET_LINUX_CONNECT_RESOLVER_HPP

#include <cstdint>

#include "common/arguments/arguments.hpp"
#include "linux/operation/inbox.hpp"
#include "linux/operation/worker_services.hpp"
#include "linux/transport/resolve.hpp"

namespace async_socket::detail {

class connecting;

// One name to be resolved. From resolve_elsewhere on it is the resolver's, until it is in the inbox of the worker; from
// then on that worker's thread's. While it is not withdrawn, a reference to the engine goes with it, so the worker is
// there when the answer comes.
struct resolution : work_item {
    resolution() noexcept : work_item(work_kind::resolved) {}

    worker_services* home = nullptr;
    connecting* whose = nullptr; // the worker's thread only; nullptr: nobody waits for it any more

    char host[longest_host + 1]{};
    std::uint16_t port = 0;

    // The answer.
    address_list addresses;
    int error = 0;        // getaddrinfo's
    int system_error = 0; // the errno with it

    // The resolver's, under its mutex.
    enum class stage : std::uint8_t { asked, being_answered, withdrawn, answered };
    stage reached = stage::asked;
    resolution* previous = nullptr;
};

// 0; or the error, and then it is still the caller's.
[[nodiscard]] int resolve_elsewhere(resolution* asked) noexcept;

// On the worker's thread: nobody waits for the answer any more. True: there will be none, the question is not to be
// touched again, and the reference to the engine is the caller's. False: the answer is on its way.
[[nodiscard]] bool withdraw(resolution* asked) noexcept;

// Until all threads of the resolver keep the library in memory by themselves, which the end of an engine waits for: the
// program may unload it then.
void await_resolver_threads() noexcept;

} // namespace async_socket::detail

#endif
