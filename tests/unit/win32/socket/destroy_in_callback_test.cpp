// SPDX-License-Identifier: MIT
//
// Destroy, and the last references to engine and transport, inside callbacks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class destroy_in_callback_test : public both_modes_test {
protected:
    live_objects before = live();
    std::string room = std::string(4, '\0');
    std::string bytes = "some bytes";

    // The callback is counted before its thread has left the library.
    void expect_all_freed() const { EXPECT_TRUE(fake_win32::wait_for_live(before)) << live(); }
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_WIN32_01_006,
// SRS_ASYNC_SOCKET_WIN32_42_005
TEST_P(destroy_in_callback_test, in_a_receive_callback_with_others_pending)
{
    {
        open_socket opened;
        outcome others[3];
        outcome destroying([&] {
            opened.socket.reset();
            for (const outcome& other : others) {
                EXPECT_EQ(other.count(), 1);
            }
        });
        ASSERT_EQ(start_receive(opened.socket.get(), room, destroying), 0);
        for (outcome& other : others) {
            ASSERT_EQ(start_receive(opened.socket.get(), room, other), 0);
        }
        opened.peer().send("x");
        destroying.wait();
        EXPECT_TRUE(opened.peer().saw_end());
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_005
TEST_P(destroy_in_callback_test, in_a_send_callback)
{
    {
        open_socket opened;
        outcome receive;
        outcome destroying([&] {
            opened.socket.reset();
            EXPECT_EQ(receive.count(), 1);
        });
        ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
        ASSERT_EQ(start_send(opened.socket.get(), bytes, destroying), ASYNC_SOCKET_SEND_SYNC_OK);
        destroying.wait();
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_005
TEST_P(destroy_in_callback_test, in_the_open_callback)
{
    {
        closed_socket closed;
        outcome receive;
        open_outcome opened;
        opened.inside = [&] {
            EXPECT_EQ(start_receive(closed.socket.get(), room, receive), 0);
            closed.socket.reset();
            EXPECT_EQ(receive.count(), 1);
        };
        const ASYNC_SOCKET_HANDLE socket = closed.socket.get();
        EXPECT_EQ(async_socket_open_async(socket, closed.connected.transport.get(), open_outcome::on_open, &opened), 0);
        EXPECT_EQ(opened.count, 1);
    }
    EXPECT_EQ(live(), before);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(destroy_in_callback_test, after_a_close_in_the_same_callback)
{
    {
        open_socket opened;
        outcome other;
        outcome destroying([&] {
            async_socket_close(opened.socket.get());
            opened.socket.reset();
        });
        ASSERT_EQ(start_receive(opened.socket.get(), room, destroying), 0);
        ASSERT_EQ(start_receive(opened.socket.get(), room, other), 0);
        opened.peer().send("x");
        destroying.wait();
        EXPECT_EQ(other.count(), 1);
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_093
TEST_P(destroy_in_callback_test, while_another_thread_closes)
{
    {
        open_socket opened;
        const ASYNC_SOCKET_HANDLE socket = opened.socket.get();
        gate inside;
        outcome other;
        outcome destroying([&] {
            inside.open();
            EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1)); // the other thread is closing
            opened.socket.reset();
        });
        ASSERT_EQ(start_receive(socket, room, destroying), 0);
        ASSERT_EQ(start_receive(socket, room, other), 0);
        opened.peer().send("x");
        inside.wait();
        std::thread closer([socket] { async_socket_close(socket); });
        destroying.wait();
        closer.join();
        EXPECT_EQ(other.count(), 1);
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_093
TEST_P(destroy_in_callback_test, in_one_callback_while_another_one_closes)
{
    {
        open_socket opened;
        const ASYNC_SOCKET_HANDLE socket = opened.socket.get();
        gate inside;
        outcome other;
        outcome closing([&] {
            inside.wait();
            async_socket_close(socket);
        });
        outcome destroying([&] {
            inside.open();
            EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
            opened.socket.reset();
        });
        ASSERT_EQ(start_receive(socket, room, destroying), 0);
        ASSERT_EQ(start_send(socket, bytes, closing), ASYNC_SOCKET_SEND_SYNC_OK);
        ASSERT_EQ(start_receive(socket, room, other), 0);
        opened.peer().send("x");
        destroying.wait();
        closing.wait();
        EXPECT_EQ(other.count(), 1);
        EXPECT_EQ(count_of(api::CloseThreadpoolIo), 1u);
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(destroy_in_callback_test, destroy_on_a_thread_waits_for_a_callback_that_closes)
{
    {
        open_socket opened;
        const ASYNC_SOCKET_HANDLE socket = opened.socket.get();
        gate closed;
        gate leave;
        gate destroyed;
        outcome closing([&] {
            async_socket_close(socket);
            closed.open();
            leave.wait();
        });
        ASSERT_EQ(start_receive(socket, room, closing), 0);
        opened.peer().send("x");
        closed.wait();
        std::thread destroyer([&] {
            opened.socket.reset();
            destroyed.open();
        });
        give_others_every_chance();
        EXPECT_FALSE(destroyed.is_open()); // the callback is running still
        leave.open();
        destroyer.join();
        EXPECT_EQ(closing.count(), 1);
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_EXECUTION_ENGINE_01_010, SRS_ASYNC_SOCKET_WIN32_42_005
TEST_P(destroy_in_callback_test, the_socket_drops_the_last_reference_to_the_engine)
{
    {
        open_socket opened;
        outcome destroying([&] { opened.socket.reset(); });
        ASSERT_EQ(start_receive(opened.socket.get(), room, destroying), 0);
        opened.engine.reset();
        EXPECT_EQ(count_of(api::CloseThreadpool), 0u);
        opened.peer().send("x");
        destroying.wait();
    }
    expect_all_freed();
    EXPECT_EQ(count_of(api::CloseThreadpool), 1u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_EXECUTION_ENGINE_01_010
TEST_P(destroy_in_callback_test, the_callback_drops_the_last_reference_to_the_engine)
{
    {
        open_socket opened;
        outcome destroying([&] {
            opened.socket.reset();
            opened.engine.reset();
        });
        ASSERT_EQ(start_send(opened.socket.get(), bytes, destroying), ASYNC_SOCKET_SEND_SYNC_OK);
        destroying.wait();
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(destroy_in_callback_test, on_the_only_thread_that_the_engine_may_have)
{
    {
        const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
        open_socket opened(&one_thread);
        outcome others[2];
        outcome destroying([&] {
            opened.socket.reset();
            EXPECT_EQ(others[0].count() + others[1].count(), 2);
        });
        ASSERT_EQ(start_receive(opened.socket.get(), room, destroying), 0);
        ASSERT_EQ(start_receive(opened.socket.get(), room, others[0]), 0);
        ASSERT_EQ(start_receive(opened.socket.get(), room, others[1]), 0);
        opened.peer().send("x");
        destroying.wait();
    }
    expect_all_freed();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(destroy_in_callback_test, of_the_transport_before_and_after_the_socket)
{
    for (const bool transport_first : {true, false}) {
        open_socket opened;
        outcome other;
        outcome destroying([&] {
            if (transport_first) {
                opened.connected.transport.reset();
                opened.socket.reset();
            } else {
                opened.socket.reset();
                opened.connected.transport.reset();
            }
            EXPECT_EQ(other.count(), 1);
        });
        ASSERT_EQ(start_receive(opened.socket.get(), room, destroying), 0);
        ASSERT_EQ(start_receive(opened.socket.get(), room, other), 0);
        opened.peer().send("x");
        destroying.wait();
        EXPECT_EQ(other.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    }
    expect_all_freed();
}

IN_BOTH_MODES(destroy_in_callback_test);

} // namespace
