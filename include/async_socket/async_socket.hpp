// SPDX-License-Identifier: MIT

/// \defgroup cpp C++20 layer
///
/// async_socket for C++20: tasks (coroutines) over the C API. Headers only; a program links the same library.
///
///     task<> echo(async_socket::socket peer)
///     {
///         std::array<std::byte, 65536> buffer;
///         for (;;) {
///             auto [error, bytes] = co_await peer.receive(buffer);
///             if (error || (co_await peer.send(std::span(buffer).first(bytes))).error) {
///                 co_return;
///             }
///         }
///     }
///
/// - engine.hpp:    engine: the threads; run blocks until a task has ended
/// - task.hpp:      `task<T>`; its rules about threads and destruction
/// - spawn.hpp:     a task that nobody waits for
/// - scope.hpp:     tasks that are waited for together
/// - with_scope.hpp: the same, joined in any case
/// - when_all.hpp:  several tasks at a time; waits for all of them
/// - when_any.hpp:  several tasks at a time; the first to end wins
/// - sleep.hpp:     sleep_for
/// - semaphore.hpp: semaphore: what tasks wait for, and any thread gives
/// - socket.hpp:    socket: receive, send, connect, ..., awaited or with a handler
/// - listener.hpp:  listener: accept
/// - accepted_connection.hpp: what accept_connection returns
/// - listen_on_every_thread.hpp: several listeners on one port
/// - engine_thread.hpp: which thread has what, for those who want to choose
/// - resume_on.hpp: going on on another thread
/// - endpoint.hpp:  host and port
/// - error.hpp:     std::error_code, and the conditions to compare with
/// - options.hpp:   time limits, stop tokens, results
///
/// Every requirement ID is one of `docs/requirements/cpp.md`. What is in namespace async_socket::impl is not part of
/// the interface.

/// \namespace async_socket
/// The C++20 layer.

#ifndef ASYNC_SOCKET_ASYNC_SOCKET_HPP
#define ASYNC_SOCKET_ASYNC_SOCKET_HPP

// One line instead of a thousand.
#if (defined(_MSVC_LANG) && _MSVC_LANG < 202002L) || (!defined(_MSVC_LANG) && __cplusplus < 202002L)
#error "async_socket.hpp needs C++20: compile with -std=c++20 (Visual Studio: /std:c++20), or use the headers in C"
#else

#include "async_socket/cpp/accepted_connection.hpp"
#include "async_socket/cpp/buffers.hpp"
#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/cpp/engine.hpp"
#include "async_socket/cpp/engine_thread.hpp"
#include "async_socket/cpp/error.hpp"
#include "async_socket/cpp/listen_on_every_thread.hpp"
#include "async_socket/cpp/listener.hpp"
#include "async_socket/cpp/options.hpp"
#include "async_socket/cpp/resume_on.hpp"
#include "async_socket/cpp/scope.hpp"
#include "async_socket/cpp/semaphore.hpp"
#include "async_socket/cpp/sleep.hpp"
#include "async_socket/cpp/socket.hpp"
#include "async_socket/cpp/spawn.hpp"
#include "async_socket/cpp/task.hpp"
#include "async_socket/cpp/when_all.hpp"
#include "async_socket/cpp/when_any.hpp"
#include "async_socket/cpp/with_scope.hpp"
#include "async_socket/version.h"

#endif

#endif
