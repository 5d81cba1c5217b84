// SPDX-License-Identifier: MIT
//
// A delay of a socket that is ended while its time comes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>

#include "async_socket/async_socket_ex.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"
#include "win32/socket/socket.hpp"

namespace {

using namespace unit;

class socket_delay_test : public win32_test {
protected:
    // Whoever runs a delay stops here before it is taken out of the list of the socket's operations.
    std::unique_lock<std::mutex> hold_list() { return std::unique_lock(line.socket->operations.mutex); }

    static void let_timers_come() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

    open_socket line;
};

// SRS_ASYNC_SOCKET_EX_01_030, SRS_ASYNC_SOCKET_EX_01_031
TEST_F(socket_delay_test, that_is_cancelled_when_the_timer_has_taken_it_calls_back_once)
{
    completed result;
    ASYNC_OPERATION_ID id = 0;
    {
        fake_win32::hold_timers();
        ASSERT_EQ(async_socket_delay_async(line.socket.get(), 0, &id, completed::on_complete, &result), 0);
        const auto held = hold_list();
        fake_win32::release_timers();
        let_timers_come();
        EXPECT_NE(line.socket->operations.cancel(id), nullptr);
        let_timers_come();
    }
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
    async_socket_close(line.socket.get());
    EXPECT_EQ(result.count(), 1);
}

// SRS_ASYNC_SOCKET_EX_01_031
TEST_F(socket_delay_test, of_any_length_is_ended_by_a_cancel_and_by_a_close)
{
    for (const std::uint32_t delay_ms : {0u, 1u, 3'600'000u, UINT32_MAX}) {
        SCOPED_TRACE(delay_ms);
        open_socket own;
        completed cancelled;
        completed closed;
        ASYNC_OPERATION_ID id = 0;
        fake_win32::hold_timers();
        ASSERT_EQ(async_socket_delay_async(own.socket.get(), delay_ms, &id, completed::on_complete, &cancelled), 0);
        ASSERT_EQ(async_socket_delay_async(own.socket.get(), delay_ms, nullptr, completed::on_complete, &closed), 0);
        EXPECT_EQ(async_socket_cancel(own.socket.get(), id), 0);
        fake_win32::release_timers();
        EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
        async_socket_close(own.socket.get());
        if (delay_ms > 1) {
            EXPECT_EQ(closed.status(), ASYNC_STATUS_CLOSED);
        }
        EXPECT_EQ(cancelled.count() + closed.count(), 2);
    }
}

// SRS_ASYNC_SOCKET_EX_01_032, SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(socket_delay_test, leaves_nothing_and_says_why_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        open_socket own;
        completed result;
        run.arm();
        const int returned = async_socket_delay_async(own.socket.get(), 0, nullptr, completed::on_complete, &result);
        EXPECT_EQ(returned != 0, run.disarm());
        EXPECT_EQ(log.take().empty(), returned == 0);
        if (returned == 0) {
            EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
        }
        async_socket_close(own.socket.get());
        EXPECT_EQ(result.count(), returned == 0 ? 1 : 0);
    });
    EXPECT_EQ(failures, 2u); // one allocation, CreateThreadpoolTimer
}

} // namespace
