// SPDX-License-Identifier: MIT
//
// An async socket on a connection whose far end the test holds.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_OPEN_SOCKET_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_OPEN_SOCKET_H

#include <gtest/gtest.h>

#include <string>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/outcome.h"
#include "support/owned_transport.h"

namespace unit {

struct socket_destroyer {
    void operator()(ASYNC_SOCKET_HANDLE socket) const { async_socket_destroy(socket); }
};
using owned_socket = std::unique_ptr<std::remove_pointer_t<ASYNC_SOCKET_HANDLE>, socket_destroyer>;

inline ASYNC_SOCKET_SEND_SYNC_RESULT start_send(ASYNC_SOCKET_HANDLE socket, std::string& bytes, outcome& result)
{
    const ASYNC_SOCKET_BUFFER buffer{bytes.data(), static_cast<std::uint32_t>(bytes.size())};
    return async_socket_send_async(socket, &buffer, 1, outcome::on_send, &result);
}

inline int start_receive(ASYNC_SOCKET_HANDLE socket, std::string& room, outcome& result)
{
    ASYNC_SOCKET_BUFFER buffer{room.data(), static_cast<std::uint32_t>(room.size())};
    return async_socket_receive_async(socket, &buffer, 1, outcome::on_receive, &result);
}

// Not open yet: engine, socket and connected transport.
struct closed_socket {
    explicit closed_socket(const EXECUTION_ENGINE_PARAMETERS* parameters = nullptr)
        : engine(create_engine(parameters)), socket(async_socket_create(engine.get()))
    {
    }

    int open(open_outcome& result)
    {
        return async_socket_open_async(socket.get(), connected.transport.get(), open_outcome::on_open, &result);
    }

    const fake_win32::remote_peer& peer() const { return connected.line.peer; }

    owned_engine engine;
    connected_transport connected;
    owned_socket socket;
};

struct open_socket : closed_socket {
    explicit open_socket(const EXECUTION_ENGINE_PARAMETERS* parameters = nullptr) : closed_socket(parameters)
    {
        open_outcome opened;
        EXPECT_EQ(open(opened), 0);
    }
};

} // namespace unit

#endif
