// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async_socket/async_connect.h"
#include "async_socket/async_delay.h"
#include "async_socket/counters.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class counters_test : public both_modes_test {
protected:
    open_socket opened;
    std::string bytes = "some bytes";
    std::string room = std::string(4, '\0');

    ASYNC_SOCKET_HANDLE socket() const { return opened.socket.get(); }
    ASYNC_SOCKET_COUNTERS of_socket() const
    {
        ASYNC_SOCKET_COUNTERS counters{};
        EXPECT_EQ(async_socket_get_counters(opened.socket.get(), &counters), 0);
        return counters;
    }
    EXECUTION_ENGINE_COUNTERS of_engine() const
    {
        EXECUTION_ENGINE_COUNTERS counters{};
        EXPECT_EQ(execution_engine_get_counters(opened.engine.get(), &counters), 0);
        return counters;
    }
};

// SRS_COUNTERS_01_001, SRS_COUNTERS_01_004
TEST_P(counters_test, sends_and_receives_of_both_kinds_and_their_bytes)
{
    outcome plain_send;
    outcome plain_receive;
    completed send;
    completed receive;
    ASSERT_EQ(start_send(socket(), bytes, plain_send), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(send_ex(socket(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(start_receive(socket(), room, plain_receive), 0);
    ASSERT_EQ(receive_ex(socket(), room, receive), 0);
    opened.peer().send("abcde");
    plain_send.wait();
    plain_receive.wait();
    send.wait();
    receive.wait();
    const ASYNC_SOCKET_COUNTERS counters = of_socket();
    EXPECT_EQ(counters.sends, 2u);
    EXPECT_EQ(counters.receives, 2u);
    EXPECT_EQ(counters.bytes_sent, 2 * bytes.size());
    EXPECT_EQ(counters.bytes_received, 5u);
    EXPECT_EQ(counters.errors, 0u);
    const EXECUTION_ENGINE_COUNTERS all = of_engine();
    EXPECT_EQ(all.sends, 2u);
    EXPECT_EQ(all.receives, 2u);
    EXPECT_EQ(all.bytes_sent, 2 * bytes.size());
    EXPECT_EQ(all.bytes_received, 5u);
    EXPECT_GE(all.wake_ups, 4u);
}

// SRS_COUNTERS_01_002
TEST_P(counters_test, errors_and_what_is_pending)
{
    EXPECT_EQ(of_socket().pending, 0u);
    outcome plain;
    completed ex;
    ASSERT_EQ(start_receive(socket(), room, plain), 0);
    ASSERT_EQ(receive_ex(socket(), room, ex), 0);
    EXPECT_EQ(of_socket().pending, 2u);
    fake_win32::set_window(3);
    completed cut;
    ASSERT_EQ(send_ex(socket(), bytes, cut, 0), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(cut.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(of_socket().errors, 1u);
    EXPECT_EQ(of_socket().bytes_sent, 3u);
    // The end of the stream is none.
    opened.peer().close();
    plain.wait();
    ex.wait();
    EXPECT_EQ(of_socket().errors, 1u);
    EXPECT_EQ(of_socket().receives, 2u);
    EXPECT_TRUE(eventually([&] { return of_socket().pending == 0; }));

    open_socket other;
    outcome closed[2];
    ASSERT_EQ(start_receive(other.socket.get(), room, closed[0]), 0);
    ASSERT_EQ(start_receive(other.socket.get(), room, closed[1]), 0);
    async_socket_close(other.socket.get());
    ASYNC_SOCKET_COUNTERS counters{};
    EXPECT_EQ(async_socket_get_counters(other.socket.get(), &counters), 0);
    EXPECT_EQ(counters.errors, 2u);
    EXPECT_EQ(counters.pending, 0u);
}

// SRS_COUNTERS_01_003
TEST_P(counters_test, null_is_refused)
{
    ASYNC_SOCKET_COUNTERS of_nobody{1, 2, 3, 4, 5, 6};
    EXPECT_NE(async_socket_get_counters(nullptr, &of_nobody), 0);
    expect_refusal("async_socket_get_counters", "async_socket");
    EXPECT_EQ(of_nobody.sends, 3u);
    EXPECT_NE(async_socket_get_counters(socket(), nullptr), 0);
    expect_refusal("async_socket_get_counters", "counters");
    EXECUTION_ENGINE_COUNTERS of_no_engine{1, 2, 3, 4, 5, 6, 7, 8, 9};
    EXPECT_NE(execution_engine_get_counters(nullptr, &of_no_engine), 0);
    expect_refusal("execution_engine_get_counters", "execution_engine");
    EXPECT_EQ(of_no_engine.sockets, 9u);
    EXPECT_NE(execution_engine_get_counters(opened.engine.get(), nullptr), 0);
    expect_refusal("execution_engine_get_counters", "counters");
}

void keep_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE accepted)
{
    socket_transport_destroy(accepted);
    completed::on_complete(context, completion);
}

// SRS_COUNTERS_01_004
TEST_P(counters_test, of_the_engine_outlast_its_sockets)
{
    completed send;
    ASSERT_EQ(send_ex(socket(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    send.wait();
    EXPECT_EQ(of_engine().sockets, 1u);
    opened.socket.reset();
    EXPECT_EQ(of_engine().sockets, 0u);
    EXPECT_EQ(of_engine().sends, 1u);

    listening_transport server;
    ASYNC_LISTENER_HANDLE listener = async_listener_create(opened.engine.get());
    ASSERT_EQ(async_listener_open(listener, server.transport.get()), 0);
    EXPECT_EQ(of_engine().sockets, 1u);
    completed accepted;
    ASSERT_EQ(async_listener_accept_async(listener, ASYNC_NO_TIMEOUT, nullptr, keep_accepted, &accepted), 0);
    owned_socket connecting(async_socket_create(opened.engine.get()));
    completed connected;
    ASSERT_EQ(async_socket_connect_ex_async(connecting.get(), "127.0.0.1", server.port, ASYNC_NO_TIMEOUT, nullptr,
                                            completed::on_complete, &connected),
              0);
    EXPECT_EQ(connected.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(accepted.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(of_engine().connects, 1u);
    EXPECT_EQ(of_engine().accepts, 1u);
    EXPECT_EQ(of_engine().sockets, 2u);
    connecting.reset();
    async_listener_destroy(listener);
    EXPECT_EQ(of_engine().sockets, 0u);

    owned_socket failing(async_socket_create(opened.engine.get()));
    completed refused;
    ASSERT_EQ(async_socket_connect_ex_async(failing.get(), "127.0.0.1", 1, ASYNC_NO_TIMEOUT, nullptr,
                                            completed::on_complete, &refused),
              0);
    EXPECT_EQ(refused.status(), ASYNC_STATUS_REFUSED);
    EXPECT_EQ(of_engine().connects, 1u);
    EXPECT_EQ(of_engine().sockets, 0u);
    const std::uint64_t wake_ups = of_engine().wake_ups;
    completed delay;
    ASSERT_EQ(async_delay_start(opened.engine.get(), 0, nullptr, completed::on_complete, &delay), 0);
    delay.wait();
    EXPECT_GT(of_engine().wake_ups, wake_ups);
}

IN_BOTH_MODES(counters_test);

} // namespace
