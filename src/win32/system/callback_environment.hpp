// SPDX-License-Identifier: MIT
//
// What every callback of a thread pool is to be called in.

#ifndef ASYNC_SOCKET_WIN32_SYSTEM_CALLBACK_ENVIRONMENT_HPP
#define ASYNC_SOCKET_WIN32_SYSTEM_CALLBACK_ENVIRONMENT_HPP

#include <winsock2.h>

namespace async_socket::detail {

// Initializes the environment, which DestroyThreadpoolEnvironment is owed for. `pool`: nullptr for the one of the
// process. The library is not unloaded while a callback of the environment is running or may come.
void initialize_environment(TP_CALLBACK_ENVIRON& environment, PTP_POOL pool) noexcept;

} // namespace async_socket::detail

#endif
