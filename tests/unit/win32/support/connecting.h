// SPDX-License-Identifier: MIT
//
// What the tests of connects start from.

#ifndef UNIT_WIN32_SUPPORT_CONNECTING_H
#define UNIT_WIN32_SUPPORT_CONNECTING_H

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <thread>
#include <utility>

#include "async_socket/async_connect.h"
#include "async_socket/async_socket_ex.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace unit {

// What became of a connect of the plain kind.
class opened_outcome {
public:
    opened_outcome() = default;
    explicit opened_outcome(std::function<void()> inside) : inside_(std::move(inside)) {}

    static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT result)
    {
        auto* const self = static_cast<opened_outcome*>(context);
        self->seen = result;
        if (self->inside_) {
            self->inside_();
        }
        self->thread = std::this_thread::get_id();
        self->count++;
        self->called_.open();
    }
    ASYNC_SOCKET_OPEN_RESULT get() const
    {
        called_.wait();
        return seen;
    }

    ASYNC_SOCKET_OPEN_RESULT seen{};
    std::thread::id thread;
    int count = 0;

private:
    std::function<void()> inside_;
    gate called_;
};

class connect_test : public win32_test {
protected:
    listening_transport server;
    owned_engine engine{execution_engine_create(nullptr)};
    owned_socket socket{async_socket_create(engine.get())};
    ASYNC_OPERATION_ID id = 0;

    int connect(const char* host, opened_outcome& result, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        return async_socket_connect_async(socket.get(), host, server.port, timeout_ms, opened_outcome::on_open,
                                          &result);
    }
    int connect_ex(const char* host, completed& result, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        return async_socket_connect_ex_async(socket.get(), host, server.port, timeout_ms, &id, completed::on_complete,
                                             &result);
    }
    owned_transport accept()
    {
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 10'000), SOCKET_ACCEPT_OK);
        return owned_transport(accepted);
    }
    std::size_t sockets_besides_the_server() const { return live().sockets - 1; }
};

} // namespace unit

#endif
