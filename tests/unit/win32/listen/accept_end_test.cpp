// SPDX-License-Identifier: MIT
//
// Accepts that end before a connection comes, or meet a failure.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <thread>

#include "async_socket/async_delay.h"
#include "support/listening.h"
#include "win32/listen/listener.hpp"

namespace {

using namespace unit;

// SRS_ASYNC_LISTENER_01_011, SRS_ASYNC_LISTENER_01_015
TEST_F(async_listener_test, a_time_limit_or_a_cancel_loses_no_connection)
{
    accepted_outcome late;
    ASSERT_EQ(accept(late, 10), 0);
    EXPECT_EQ(late.status(), ASYNC_STATUS_TIMED_OUT);
    accepted_outcome cancelled;
    ASSERT_EQ(accept(cancelled), 0);
    EXPECT_EQ(async_listener_cancel(listener.get(), id), 0);
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(async_listener_cancel(listener.get(), id), 0);
    const auto peer = come();
    accepted_outcome next;
    ASSERT_EQ(accept(next), 0);
    EXPECT_EQ(next.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(live().sockets, 2u);
}

// SRS_ASYNC_LISTENER_01_011: the system takes it a moment later, as Wine does.
TEST_F(async_listener_test, without_time_takes_who_waits)
{
    const auto peer = come();
    fake_win32::hold_operations();
    fake_win32::hold_timers();
    accepted_outcome result;
    ASSERT_EQ(accept(result, 0), 0);
    fake_win32::deliver_completions();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    fake_win32::release_timers();
}

// SRS_ASYNC_LISTENER_01_011: and where it does not, the accept ends all the same.
TEST_F(async_listener_test, without_time_ends_where_the_system_takes_nobody)
{
    const auto peer = come();
    fake_win32::hold_operations();
    accepted_outcome result;
    ASSERT_EQ(accept(result, 0), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_TIMED_OUT);
    fake_win32::deliver_completions();
}

// SRS_ASYNC_LISTENER_01_011
TEST_F(async_listener_test, without_time_does_not_wait_where_nobody_does)
{
    fake_win32::hold_timers();
    accepted_outcome result;
    ASSERT_EQ(accept(result, 0), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_TIMED_OUT);
    fake_win32::release_timers();
}

// SRS_ASYNC_LISTENER_01_011, SRS_ASYNC_LISTENER_01_015: it came at the same moment.
TEST_F(async_listener_test, a_connection_wins)
{
    fake_win32::hold_callbacks();
    accepted_outcome result;
    ASSERT_EQ(accept(result), 0);
    const auto peer = come();
    EXPECT_EQ(async_listener_cancel(listener.get(), id), 0);
    fake_win32::deliver_completions();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_LISTENER_01_016
TEST_F(async_listener_test, cancel_and_wait_returns_after_the_callback)
{
    bool has_returned = false;
    accepted_outcome result([&] {
        give_others_every_chance();
        EXPECT_EQ(async_listener_cancel_and_wait(listener.get(), id), 0);
        has_returned = true;
    });
    ASSERT_EQ(accept(result, 3600'000), 0);
    EXPECT_EQ(async_listener_cancel_and_wait(listener.get(), id), 0);
    EXPECT_TRUE(has_returned);
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_LISTENER_01_012
TEST_F(async_listener_test, a_peer_that_gave_up_counts_as_none)
{
    const auto first = come();
    fake_win32::abandon_queued_connection(server.port);
    accepted_outcome result;
    ASSERT_EQ(accept(result), 0);
    give_others_every_chance();
    EXPECT_EQ(result.count(), 0);
    const auto second = come();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    // And so where the call itself says so.
    fake_win32::fail_call(api::AcceptEx, 1, WSAECONNRESET);
    accepted_outcome other;
    ASSERT_EQ(accept(other), 0);
    const auto third = come();
    EXPECT_EQ(other.status(), ASYNC_STATUS_OK);
    // The errors that an accept may end with then.
    for (const DWORD error : std::initializer_list<DWORD>{ERROR_NETNAME_DELETED, ERROR_UNEXP_NET_ERR, WSAECONNRESET}) {
        fake_win32::hold_operations();
        accepted_outcome again;
        ASSERT_EQ(accept(again), 0);
        ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, error, 0));
        fake_win32::deliver_completions();
        const auto fourth = come();
        EXPECT_EQ(again.status(), ASYNC_STATUS_OK);
    }
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_LISTENER_01_009: Wine says so now and then of an accept that has got its connection.
TEST_F(async_listener_test, an_alert_loses_no_connection)
{
    fake_win32::hold_callbacks();
    accepted_outcome connected;
    ASSERT_EQ(accept(connected), 0);
    const auto peer = come();
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, ERROR_ALERTED, 0));
    EXPECT_EQ(connected.status(), ASYNC_STATUS_OK);
    fake_win32::hold_operations();
    accepted_outcome alone;
    ASSERT_EQ(accept(alone), 0);
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, ERROR_ALERTED, 0));
    fake_win32::deliver_completions();
    const auto late = come();
    EXPECT_EQ(alone.status(), ASYNC_STATUS_OK);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_LISTENER_01_013
TEST_F(async_listener_test, out_of_resources_it_says_so_once_and_goes_on)
{
    fake_win32::fail_every_call(api::WSASocketW, WSAEMFILE);
    fake_win32::forget_calls();
    accepted_outcome results[3];
    for (accepted_outcome& result : results) {
        ASSERT_EQ(accept(result), 0);
    }
    const std::optional<fake_win32::remote_peer> peers[] = {come(), come(), come()};
    EXPECT_TRUE(peers[2].has_value());
    EXPECT_TRUE(fake_win32::wait_for_calls(api::WSASocketW, 7));
    EXPECT_EQ(warnings(), 1u);
    EXPECT_EQ(results[0].count(), 0);
    fake_win32::clear_faults();
    for (accepted_outcome& result : results) {
        EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    }
    // The next time it says so again. (One that was just being refused when another one went on may have said so, too.)
    static_cast<void>(log.take());
    fake_win32::fail_call(api::AcceptEx, 1, WSAENOBUFS);
    accepted_outcome again;
    ASSERT_EQ(accept(again), 0);
    const auto peer = come();
    EXPECT_EQ(again.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(warnings(), 1u);
}

// SRS_ASYNC_LISTENER_01_013: where the operation itself ends so.
TEST_F(async_listener_test, out_of_resources_in_the_middle_of_it)
{
    fake_win32::hold_operations();
    accepted_outcome result;
    ASSERT_EQ(accept(result), 0);
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, WSAENOBUFS, 0));
    fake_win32::deliver_completions();
    const auto peer = come();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(warnings(), 1u);
}

// SRS_ASYNC_LISTENER_01_013, SRS_ASYNC_LISTENER_01_007, SRS_ASYNC_LISTENER_01_011, SRS_ASYNC_LISTENER_01_015
TEST_F(async_listener_test, what_waits_for_resources_is_ended_like_the_rest)
{
    fake_win32::fail_every_call(api::WSASocketW, WSAENOBUFS);
    accepted_outcome late;
    ASSERT_EQ(accept(late, 10), 0);
    EXPECT_EQ(late.status(), ASYNC_STATUS_TIMED_OUT);
    accepted_outcome cancelled;
    ASSERT_EQ(accept(cancelled), 0);
    EXPECT_EQ(async_listener_cancel_and_wait(listener.get(), id), 0);
    EXPECT_EQ(cancelled.count(), 1);
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    accepted_outcome closed;
    ASSERT_EQ(accept(closed), 0);
    async_listener_close(listener.get());
    EXPECT_EQ(closed.count(), 1);
    EXPECT_EQ(closed.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_LISTENER_01_013, SRS_ASYNC_LISTENER_01_009: the call that has started an accept starts its time when the
// accept has come back already, has waited, and is about to be tried again.
TEST_F(async_listener_test, its_time_is_started_late)
{
    fake_win32::hold_operations();
    fake_win32::hold_timers();
    // Something else to be done in an hour: the timer is set to it when it has called back for anything before.
    completed hour;
    ASYNC_OPERATION_ID hour_id = 0;
    ASSERT_EQ(async_delay_start(engine.get(), 3600'000, &hour_id, completed::on_complete, &hour), 0);
    accepted_outcome result;
    ASSERT_EQ(accept(result, 1800'000), 0);
    fake_win32::forget_calls();
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, ERROR_NO_SYSTEM_RESOURCES, 0));
    EXPECT_TRUE(fake_win32::wait_for_calls(api::SetThreadpoolTimer, 1));
    {
        async_socket::detail::operation_list& accepts = listener.get()->socket.operations;
        const std::lock_guard lock(accepts.mutex);
        fake_win32::release_timers();
        EXPECT_TRUE(fake_win32::wait_for_calls(api::SetThreadpoolTimer, 2));
        async_socket::detail::start_timer(static_cast<async_socket::detail::tracked_operation&>(*accepts.find(id)));
        EXPECT_EQ(count_of(api::SetThreadpoolTimer), 2u);
    }
    fake_win32::deliver_completions();
    const auto peer = come();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(result.count(), 1);
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), hour_id), 0);
}

// SRS_ASYNC_LISTENER_01_009: anything else ends it.
TEST_F(async_listener_test, another_error_is_reported)
{
    fake_win32::hold_operations();
    accepted_outcome result;
    ASSERT_EQ(accept(result), 0);
    ASSERT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, ERROR_ACCESS_DENIED, 0));
    EXPECT_EQ(result.status(), ASYNC_STATUS_ERROR);
    EXPECT_EQ(result.get().system_error, ERROR_ACCESS_DENIED);
    expect_failure("async_listener_accept_async", "AcceptEx", ERROR_ACCESS_DENIED);
}

// SRS_ASYNC_LISTENER_01_014, SRS_ASYNC_LISTENER_01_009
TEST_F(async_listener_test, accepting_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        accepted_outcome result;
        const auto peer = come();
        run.arm();
        const int returned = accept(result);
        if (returned == 0) {
            result.wait();
        }
        const bool has_failed = run.disarm();
        EXPECT_TRUE(has_failed || returned == 0);
        EXPECT_EQ(result.count(), returned == 0 ? 1 : 0);
        result.transport.reset();
        log.take();
        // What is left in the queue.
        for (;;) {
            accepted_outcome rest;
            ASSERT_EQ(accept(rest, 0), 0);
            if (rest.status() != ASYNC_STATUS_OK) {
                break;
            }
        }
    });
    EXPECT_GE(failures, 5u);
}

// SRS_ASYNC_LISTENER_01_009, SRS_ASYNC_LISTENER_01_011, SRS_ASYNC_LISTENER_01_016, SRS_ASYNC_LISTENER_01_007
TEST_F(async_listener_test, connections_times_cancels_and_close_race)
{
    for (unsigned round = 0; round < 100; round++) {
        listening_transport own;
        owned_listener racing(async_listener_create(engine.get()));
        ASSERT_EQ(async_listener_open(racing.get(), own.transport.get()), 0);
        if (round % 4 == 3) {
            fake_win32::fail_call(api::WSASocketW, 2, WSAEMFILE);
        }
        accepted_outcome results[4];
        ASYNC_OPERATION_ID ids[4] = {};
        for (unsigned i = 0; i < 4; i++) {
            ASSERT_EQ(async_listener_accept_async(racing.get(), (round + i) % 3 == 0 ? 1 : ASYNC_NO_TIMEOUT, &ids[i],
                                                  accepted_outcome::on_accept, &results[i]),
                      0);
        }
        std::thread canceller([&] {
            for (unsigned i = 0; i < 4; i++) {
                EXPECT_EQ(async_listener_cancel_and_wait(racing.get(), ids[i]), 0);
                EXPECT_EQ(results[i].count(), 1);
            }
        });
        std::thread peers([&] {
            for (int i = 0; i < 2; i++) {
                fake_win32::connect_from_elsewhere("127.0.0.1", own.port);
            }
        });
        if (round % 2 == 0) {
            async_listener_close(racing.get());
        }
        canceller.join();
        peers.join();
        fake_win32::clear_faults();
    }
}

} // namespace
