// SPDX-License-Identifier: MIT
//
// What the tests of listeners start from.

#ifndef UNIT_WIN32_SUPPORT_LISTENING_H
#define UNIT_WIN32_SUPPORT_LISTENING_H

#include "async_socket/async_listener.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

namespace unit {

struct listener_destroyer {
    void operator()(ASYNC_LISTENER_HANDLE listener) const { async_listener_destroy(listener); }
};
using owned_listener = std::unique_ptr<std::remove_pointer_t<ASYNC_LISTENER_HANDLE>, listener_destroyer>;

// What became of an accept.
class accepted_outcome : public completed {
public:
    using completed::completed;

    static void on_accept(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE accepted)
    {
        auto* const self = static_cast<accepted_outcome*>(context);
        EXPECT_EQ(accepted != nullptr, completion->status == ASYNC_STATUS_OK);
        self->transport.reset(accepted);
        on_complete(static_cast<completed*>(self), completion);
    }

    owned_transport transport;
};

class async_listener_test : public win32_test {
protected:
    listening_transport server;
    owned_engine engine{execution_engine_create(nullptr)};
    owned_listener listener{async_listener_create(engine.get())};
    ASYNC_OPERATION_ID id = 0;

    void SetUp() override { ASSERT_EQ(async_listener_open(listener.get(), server.transport.get()), 0); }

    int accept(accepted_outcome& result, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        return async_listener_accept_async(listener.get(), timeout_ms, &id, accepted_outcome::on_accept, &result);
    }
    std::optional<fake_win32::remote_peer> come() const
    {
        return fake_win32::connect_from_elsewhere("127.0.0.1", server.port);
    }
    static SOCKET socket_of(const accepted_outcome& result)
    {
        return as_socket(socket_transport_get_underlying_socket(result.transport.get()));
    }
    std::size_t warnings()
    {
        const std::vector<log_message> messages = log.take();
        return static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(), [](const log_message& message) {
            return message.level == ASYNC_SOCKET_LOG_LEVEL_WARNING;
        }));
    }
};

} // namespace unit

#endif
