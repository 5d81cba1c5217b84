// SPDX-License-Identifier: MIT
//
// A port of 127.0.0.1 that answers nobody: it listens, and its backlog is full. CMake picks the implementation.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_FULL_LISTENER_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_FULL_LISTENER_H

#include <cstdint>
#include <vector>

#include "async_socket/socket_handle.h"

namespace contract {

class full_listener {
public:
    // Throws std::runtime_error when that fails.
    full_listener();
    ~full_listener();
    full_listener(const full_listener&) = delete;
    full_listener& operator=(const full_listener&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    SOCKET_HANDLE socket_;
    std::vector<SOCKET_HANDLE> clients_; // connected, and one that waits
    std::uint16_t port_ = 0;
};

} // namespace contract

#endif
