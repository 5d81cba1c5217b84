// SPDX-License-Identifier: MIT
//
// Cancelling sends and receives, and waiting for their callbacks.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_socket_ex.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class cancel_test : public both_modes_test {
protected:
    open_socket opened;
    std::string bytes = "some bytes";
    std::string room = std::string(4, '\0');
    ASYNC_OPERATION_ID id = 0;

    ASYNC_SOCKET_HANDLE socket() const { return opened.socket.get(); }
    int receive(completed& result, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        return receive_ex(socket(), room, result, timeout_ms, &id);
    }
};

// SRS_ASYNC_SOCKET_EX_01_011
TEST_P(cancel_test, ends_a_receive_and_leaves_the_others)
{
    completed cancelled;
    completed other;
    ASSERT_EQ(receive(cancelled), 0);
    ASSERT_EQ(receive_ex(socket(), room, other), 0);
    EXPECT_EQ(async_socket_cancel(socket(), id), 0);
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(cancelled.get().bytes, 0u);
    EXPECT_NE(cancelled.thread(), std::this_thread::get_id());
    EXPECT_EQ(other.count(), 0);
    opened.peer().send("abc");
    EXPECT_EQ(other.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_011
TEST_P(cancel_test, ends_a_send_and_tells_what_has_left)
{
    fake_win32::set_window(4);
    completed cancelled;
    ASSERT_EQ(send_ex(socket(), bytes, cancelled, ASYNC_NO_TIMEOUT, &id), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(async_socket_cancel(socket(), id), 0);
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(cancelled.get().bytes, 4u);
}

// SRS_ASYNC_SOCKET_EX_01_011: the system was faster.
TEST_P(cancel_test, data_wins)
{
    fake_win32::hold_callbacks();
    completed result;
    ASSERT_EQ(receive(result), 0);
    EXPECT_EQ(async_socket_cancel(socket(), id), 0);
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, NO_ERROR, 2));
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(result.get().bytes, 2u);
}

// SRS_ASYNC_SOCKET_EX_01_011: so does a reset.
TEST_P(cancel_test, any_other_end_wins)
{
    fake_win32::hold_callbacks();
    completed result;
    ASSERT_EQ(receive(result), 0);
    EXPECT_EQ(async_socket_cancel(socket(), id), 0);
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, ERROR_NETNAME_DELETED, 0));
    EXPECT_EQ(result.status(), ASYNC_STATUS_RESET);
}

// SRS_ASYNC_SOCKET_EX_01_012
TEST_P(cancel_test, what_has_ended_is_left_alone)
{
    completed result;
    ASSERT_EQ(receive(result), 0);
    opened.peer().send("abc");
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(async_socket_cancel_and_wait(socket(), id), 0);
    EXPECT_EQ(async_socket_cancel(socket(), id), 0);
    EXPECT_EQ(async_socket_cancel(socket(), id + 1024), 0);
    EXPECT_EQ(async_socket_cancel_and_wait(socket(), id + 1024), 0);
    EXPECT_EQ(count_of(api::CancelIoEx), 0u);
    EXPECT_EQ(result.count(), 1);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_EX_01_013, SRS_ASYNC_SOCKET_EX_01_015
TEST_P(cancel_test, bad_arguments_are_refused)
{
    EXPECT_NE(async_socket_cancel(nullptr, 1), 0);
    expect_refusal("async_socket_cancel", "async_socket");
    EXPECT_NE(async_socket_cancel(socket(), 0), 0);
    expect_refusal("async_socket_cancel", "id");
    EXPECT_NE(async_socket_cancel_and_wait(nullptr, 1), 0);
    expect_refusal("async_socket_cancel_and_wait", "async_socket");
    EXPECT_NE(async_socket_cancel_and_wait(socket(), 0), 0);
    expect_refusal("async_socket_cancel_and_wait", "id");
    async_socket_close(socket());
    EXPECT_NE(async_socket_cancel(socket(), 1), 0);
    expect_refusal("async_socket_cancel", "async_socket");
    EXPECT_EQ(async_socket_cancel_and_wait(socket(), 1), 0);
    closed_socket closed;
    EXPECT_NE(async_socket_cancel(closed.socket.get(), 1), 0);
}

// SRS_ASYNC_SOCKET_EX_01_011: the system has the operation only after the cancel.
TEST_P(cancel_test, reaches_an_operation_that_is_about_to_start)
{
    fake_win32::stall_calls(api::WSARecv);
    completed result;
    std::thread starter([&] { EXPECT_EQ(receive(result), 0); });
    EXPECT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    EXPECT_EQ(async_socket_cancel(socket(), id), 0);
    fake_win32::release_calls();
    starter.join();
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_SOCKET_EX_01_011: as soon as the system has it, and not when the cancel is repeated.
TEST_P(cancel_test, of_an_operation_that_is_about_to_start_is_made_up_for_at_its_start)
{
    fake_win32::hold_timers();
    fake_win32::stall_calls(api::WSARecv);
    completed result;
    std::thread starter([&] { EXPECT_EQ(receive(result), 0); });
    EXPECT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    EXPECT_EQ(async_socket_cancel(socket(), id), 0);
    EXPECT_EQ(count_of(api::CancelIoEx), 1u);
    fake_win32::release_calls();
    starter.join();
    EXPECT_EQ(count_of(api::CancelIoEx), 2u);
    fake_win32::release_timers();
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_SOCKET_EX_01_014: the call that starts it fails after all.
TEST_P(cancel_test, waits_for_nothing_where_the_start_fails)
{
    fake_win32::fail_call(api::WSARecv);
    fake_win32::stall_calls(api::WSARecv);
    completed result;
    std::thread starter([&] { EXPECT_NE(receive(result), 0); });
    EXPECT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    std::thread waiter([&] { EXPECT_EQ(async_socket_cancel_and_wait(socket(), id), 0); });
    EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    fake_win32::release_calls();
    starter.join();
    waiter.join();
    EXPECT_EQ(result.count(), 0);
}

// SRS_ASYNC_SOCKET_EX_01_014
TEST_P(cancel_test, and_wait_returns_after_the_callback)
{
    bool has_returned = false;
    completed result([&] {
        give_others_every_chance();
        has_returned = true;
    });
    ASSERT_EQ(receive(result, 3600'000), 0);
    EXPECT_EQ(async_socket_cancel_and_wait(socket(), id), 0);
    EXPECT_TRUE(has_returned);
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_SOCKET_EX_01_014
TEST_P(cancel_test, and_wait_waits_for_a_callback_that_runs)
{
    gate inside;
    gate may_return;
    completed result([&] {
        inside.open();
        may_return.wait();
    });
    ASSERT_EQ(receive(result), 0);
    opened.peer().send("abc");
    inside.wait();
    std::thread waiters[2];
    for (std::thread& waiter : waiters) {
        waiter = std::thread([&] {
            EXPECT_EQ(async_socket_cancel_and_wait(socket(), id), 0);
            EXPECT_TRUE(may_return.is_open());
        });
    }
    give_others_every_chance();
    may_return.open();
    for (std::thread& waiter : waiters) {
        waiter.join();
    }
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_014
TEST_P(cancel_test, and_wait_in_the_callback_itself_returns_at_once)
{
    completed result([&] { EXPECT_EQ(async_socket_cancel_and_wait(socket(), id), 0); });
    ASSERT_EQ(receive(result), 0);
    opened.peer().send("abc");
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_014
TEST_P(cancel_test, and_wait_in_another_callback_of_the_only_thread)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    open_socket own(&one_thread);
    completed other;
    ASYNC_OPERATION_ID other_id = 0;
    completed result([&] {
        EXPECT_EQ(async_socket_cancel_and_wait(own.socket.get(), other_id), 0);
        EXPECT_EQ(other.count(), 1);
    });
    ASSERT_EQ(receive_ex(own.socket.get(), room, other, ASYNC_NO_TIMEOUT, &other_id), 0);
    ASSERT_EQ(send_ex(own.socket.get(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
    result.wait();
    EXPECT_EQ(other.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_SOCKET_EX_01_014: a close inside the callback that is waited for does not wait for the waiter.
TEST_P(cancel_test, and_wait_for_a_callback_that_closes_or_destroys)
{
    for (const bool destroys : {false, true}) {
        open_socket own;
        gate inside;
        completed result([&] {
            inside.open();
            give_others_every_chance();
            if (destroys) {
                own.socket.reset();
            } else {
                async_socket_close(own.socket.get());
            }
        });
        const ASYNC_SOCKET_HANDLE handle = own.socket.get();
        ASSERT_EQ(receive_ex(handle, room, result, ASYNC_NO_TIMEOUT, &id), 0);
        std::thread waiter;
        own.peer().send("abc");
        inside.wait();
        if (!destroys) {
            waiter = std::thread([&] { EXPECT_EQ(async_socket_cancel_and_wait(handle, id), 0); });
        }
        result.wait();
        if (waiter.joinable()) {
            waiter.join();
        }
    }
}

// SRS_ASYNC_SOCKET_EX_01_014: a socket that is being closed.
TEST_P(cancel_test, and_wait_while_the_socket_is_closed)
{
    gate inside;
    gate may_return;
    completed result([&] {
        inside.open();
        may_return.wait();
    });
    ASSERT_EQ(receive(result), 0);
    std::thread closer([&] { async_socket_close(socket()); });
    inside.wait();
    std::thread waiter([&] {
        EXPECT_EQ(async_socket_cancel_and_wait(socket(), id), 0);
        EXPECT_TRUE(may_return.is_open());
    });
    give_others_every_chance();
    may_return.open();
    waiter.join();
    closer.join();
    EXPECT_EQ(result.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_SOCKET_EX_01_011, SRS_ASYNC_SOCKET_EX_01_014, SRS_ASYNC_SOCKET_EX_01_007
TEST_P(cancel_test, cancels_times_data_and_close_race)
{
    for (unsigned round = 0; round < 150; round++) {
        open_socket own;
        const ASYNC_SOCKET_HANDLE handle = own.socket.get();
        completed results[4];
        std::string rooms[4];
        ASYNC_OPERATION_ID ids[4] = {};
        for (unsigned i = 0; i < 4; i++) {
            rooms[i].resize(2);
            ASSERT_EQ(receive_ex(handle, rooms[i], results[i], (round + i) % 3 == 0 ? 1 : ASYNC_NO_TIMEOUT, &ids[i]),
                      0);
        }
        std::thread canceller([&] {
            for (unsigned i = 0; i < 4; i++) {
                EXPECT_EQ(async_socket_cancel_and_wait(handle, ids[i]), 0);
                EXPECT_EQ(results[i].count(), 1);
            }
        });
        std::thread sender([&] { own.peer().send("abcd"); });
        if (round % 4 == 0) {
            async_socket_close(handle);
        }
        canceller.join();
        sender.join();
        std::size_t arrived = 0;
        for (completed& result : results) {
            arrived += result.get().bytes;
            EXPECT_EQ(result.count(), 1);
        }
        EXPECT_LE(arrived, 4u);
    }
}

IN_BOTH_MODES(cancel_test);

} // namespace
