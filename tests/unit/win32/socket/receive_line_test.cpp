// SPDX-License-Identifier: MIT
//
// Receives that can be ended before their time, and those beside them. (A cancel of one receive ends all that the
// system has of the connection, as on Windows.)

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

#include "async_socket/async_socket_ex.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class receive_line_test : public both_modes_test {
protected:
    open_socket opened;
    std::string rooms[6] = {std::string(1, '\0'), std::string(1, '\0'), std::string(1, '\0'),
                            std::string(1, '\0'), std::string(1, '\0'), std::string(1, '\0')};
    ASYNC_OPERATION_ID ids[6] = {};

    ASYNC_SOCKET_HANDLE socket() const { return opened.socket.get(); }
    // One that has a name.
    int receive_named(std::size_t number, completed& result, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        return receive_ex(socket(), rooms[number], result, timeout_ms, &ids[number]);
    }
    int receive_plain(std::size_t number, outcome& result) { return start_receive(socket(), rooms[number], result); }
};

// SRS_ASYNC_SOCKET_WIN32_01_111
TEST_P(receive_line_test, one_with_a_name_or_a_limit_is_alone_with_the_system)
{
    completed named[2];
    outcome plain;
    completed limited;
    completed neither;
    ASSERT_EQ(receive_named(0, named[0]), 0);
    ASSERT_EQ(receive_plain(1, plain), 0);
    ASSERT_EQ(receive_named(2, named[1]), 0);
    ASSERT_EQ(receive_ex(socket(), rooms[3], limited, 3600'000), 0);
    ASSERT_EQ(receive_ex(socket(), rooms[4], neither), 0);
    EXPECT_EQ(fake_win32::pending_operations().size(), 1u);
    opened.peer().send("a");
    EXPECT_EQ(named[0].status(), ASYNC_STATUS_OK);
    EXPECT_EQ(fake_win32::pending_operations().size(), 1u);
    opened.peer().send("bcde");
    EXPECT_EQ(plain.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(named[1].status(), ASYNC_STATUS_OK);
    EXPECT_EQ(limited.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(neither.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(rooms[0] + rooms[1] + rooms[2] + rooms[3] + rooms[4], "abcde");
}

// SRS_ASYNC_SOCKET_WIN32_01_111
TEST_P(receive_line_test, those_that_nobody_can_end_are_with_the_system_at_once)
{
    outcome plain[3];
    completed neither;
    for (std::size_t i = 0; i < 3; i++) {
        ASSERT_EQ(receive_plain(i, plain[i]), 0);
    }
    ASSERT_EQ(receive_ex(socket(), rooms[3], neither), 0);
    EXPECT_EQ(fake_win32::pending_operations().size(), 4u);
    // And again when the line has come to its end.
    completed named;
    outcome behind[2];
    ASSERT_EQ(receive_named(4, named), 0);
    ASSERT_EQ(receive_plain(5, behind[0]), 0);
    EXPECT_EQ(fake_win32::pending_operations().size(), 4u);
    opened.peer().send("abcdef");
    EXPECT_EQ(named.status(), ASYNC_STATUS_OK);
    behind[0].wait();
    EXPECT_EQ(rooms[4] + rooms[5], "ef");
    ASSERT_EQ(receive_plain(0, behind[1]), 0);
    outcome last;
    ASSERT_EQ(receive_plain(1, last), 0);
    EXPECT_EQ(fake_win32::pending_operations().size(), 2u);
    opened.peer().send("gh");
    last.wait();
    behind[1].wait();
    for (const outcome& each : plain) {
        each.wait();
    }
    neither.wait();
}

// SRS_ASYNC_SOCKET_EX_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_P(receive_line_test, a_cancel_ends_its_own_only)
{
    for (const std::size_t cancelled : {0u, 2u, 4u}) {
        completed named[3];
        outcome plain[2];
        ASSERT_EQ(receive_named(0, named[0]), 0);
        ASSERT_EQ(receive_plain(1, plain[0]), 0);
        ASSERT_EQ(receive_named(2, named[1]), 0);
        ASSERT_EQ(receive_plain(3, plain[1]), 0);
        ASSERT_EQ(receive_named(4, named[2]), 0);
        EXPECT_EQ(async_socket_cancel(socket(), ids[cancelled]), 0);
        EXPECT_EQ(named[cancelled / 2].status(), ASYNC_STATUS_CANCELLED);
        opened.peer().send("abcd");
        std::string all;
        for (std::size_t i = 0; i < 5; i++) {
            if (i == cancelled) {
                continue;
            }
            if (i % 2 == 0) {
                EXPECT_EQ(named[i / 2].status(), ASYNC_STATUS_OK);
            } else {
                EXPECT_EQ(plain[i / 2].received(), ASYNC_SOCKET_RECEIVE_OK);
            }
            all += rooms[i];
        }
        EXPECT_EQ(all, "abcd");
    }
}

// SRS_ASYNC_SOCKET_EX_01_007: so does the end of a time, of one that the system has and of one that waits.
TEST_P(receive_line_test, a_time_that_is_over_ends_its_own_only)
{
    completed first;
    completed second;
    completed third;
    outcome plain;
    ASSERT_EQ(receive_named(0, first, 5), 0);
    ASSERT_EQ(receive_named(1, second), 0);
    ASSERT_EQ(receive_named(2, third, 5), 0);
    ASSERT_EQ(receive_plain(3, plain), 0);
    EXPECT_EQ(first.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(third.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(second.count() + plain.count(), 0);
    completed no_time;
    ASSERT_EQ(receive_named(4, no_time, 0), 0);
    EXPECT_EQ(no_time.status(), ASYNC_STATUS_TIMED_OUT);
    opened.peer().send("ab");
    EXPECT_EQ(second.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(plain.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(rooms[1] + rooms[3], "ab");
}

// SRS_ASYNC_SOCKET_WIN32_01_111: what waits for nothing but one that has gone.
TEST_P(receive_line_test, those_behind_go_on)
{
    outcome plain[2];
    completed named;
    ASSERT_EQ(receive_plain(0, plain[0]), 0);
    ASSERT_EQ(receive_named(1, named), 0);
    ASSERT_EQ(receive_plain(2, plain[1]), 0);
    EXPECT_EQ(fake_win32::pending_operations().size(), 1u);
    EXPECT_EQ(async_socket_cancel_and_wait(socket(), ids[1]), 0);
    EXPECT_EQ(named.count(), 1);
    EXPECT_TRUE(fake_win32::wait_for_pending(2));
    opened.peer().send("ab");
    plain[1].wait();
    plain[0].wait();
    EXPECT_EQ(rooms[0] + rooms[2], "ab");
}

// SRS_ASYNC_SOCKET_EX_01_009, SRS_ASYNC_SOCKET_WIN32_01_070, SRS_ASYNC_SOCKET_GUARANTEE_01_003
TEST_P(receive_line_test, one_that_the_system_refuses_when_it_is_its_turn_calls_back)
{
    completed named[3];
    outcome plain;
    for (std::size_t i = 0; i < 2; i++) {
        ASSERT_EQ(receive_named(i, named[i]), 0);
    }
    ASSERT_EQ(receive_plain(2, plain), 0);
    ASSERT_EQ(receive_named(3, named[2]), 0);
    fake_win32::fail_call(api::WSARecv, 1, WSAENOBUFS);
    fake_win32::fail_call(api::WSARecv, 1, WSAECONNRESET);
    opened.peer().send("ab");
    EXPECT_EQ(named[1].status(), ASYNC_STATUS_NO_RESOURCES);
    EXPECT_EQ(named[1].get().system_error, WSAENOBUFS);
    EXPECT_NE(named[1].thread(), std::this_thread::get_id());
    EXPECT_EQ(plain.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(named[2].status(), ASYNC_STATUS_OK);
    EXPECT_EQ(rooms[0] + rooms[3], "ab");
    // And one that it refuses in the call is refused.
    fake_win32::fail_call(api::WSARecv, 1, WSAENOBUFS);
    completed refused;
    EXPECT_NE(receive_named(4, refused), 0);
    completed next;
    ASSERT_EQ(receive_named(4, next), 0);
    opened.peer().send("c");
    EXPECT_EQ(next.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_EX_01_009
TEST_P(receive_line_test, a_close_ends_those_that_wait)
{
    completed named[2];
    outcome plain;
    ASSERT_EQ(receive_named(0, named[0]), 0);
    ASSERT_EQ(receive_plain(1, plain), 0);
    ASSERT_EQ(receive_named(2, named[1], 3600'000), 0);
    async_socket_close(socket());
    EXPECT_EQ(named[0].count() + plain.count() + named[1].count(), 3);
    EXPECT_EQ(named[0].status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(named[1].status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(plain.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(count_of(api::WSARecv), 1u);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_EX_01_007, SRS_ASYNC_SOCKET_EX_01_011: every byte arrives once,
// in the order of the receives, whatever ends meanwhile.
TEST_P(receive_line_test, no_byte_is_lost_or_out_of_order_whatever_ends)
{
    fake_win32::record_calls(false);
    for (unsigned round = 0; round < 60; round++) {
        std::mt19937 random(static_cast<std::mt19937::result_type>(seed() + round));
        open_socket own;
        const ASYNC_SOCKET_HANDLE handle = own.socket.get();
        constexpr std::size_t receives = 40;
        std::vector<std::string> memory(receives, std::string(1, '\0'));
        std::vector<completed> named(receives);
        std::vector<outcome> plain(receives);
        std::vector<ASYNC_OPERATION_ID> names(receives);
        std::vector<unsigned> kinds(receives);
        for (unsigned& kind : kinds) {
            kind = static_cast<unsigned>(random() % 4);
        }
        std::string sent;
        for (std::size_t i = 0; i < receives; i++) {
            sent += static_cast<char>('0' + i);
        }
        std::thread sender([&] {
            for (const char each : sent) {
                own.peer().send(std::string(1, each));
                std::this_thread::yield();
            }
        });
        for (std::size_t i = 0; i < receives; i++) {
            if (kinds[i] == 0) {
                ASSERT_EQ(start_receive(handle, memory[i], plain[i]), 0);
            } else {
                ASSERT_EQ(receive_ex(handle, memory[i], named[i], kinds[i] == 1 ? 1 : ASYNC_NO_TIMEOUT, &names[i]), 0);
            }
            if (kinds[i] == 2) {
                EXPECT_EQ(async_socket_cancel(handle, names[i]), 0);
            }
        }
        sender.join();
        std::string arrived;
        for (std::size_t i = 0; i < receives; i++) {
            if (kinds[i] == 0 ? plain[i].received() == ASYNC_SOCKET_RECEIVE_OK : named[i].status() == ASYNC_STATUS_OK) {
                arrived += memory[i];
            } else {
                EXPECT_THAT(kinds[i], testing::AnyOf(1u, 2u));
            }
        }
        EXPECT_EQ(arrived, sent.substr(0, arrived.size())) << "round " << round;
    }
}

IN_BOTH_MODES(receive_line_test);

} // namespace
