// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <set>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class async_socket_receive_test : public both_modes_test {
protected:
    open_socket opened;
    PTP_IO io = calls_of(api::CreateThreadpoolIo).at(0).returned_value<PTP_IO>();
    char memory[8] = {};
    ASYNC_SOCKET_BUFFER buffers[3] = {{memory, 1}, {memory + 1, 2}, {memory + 3, 4}};
    outcome receive;

    int start() { return async_socket_receive_async(opened.socket.get(), buffers, 3, outcome::on_receive, &receive); }
};

// SRS_ASYNC_SOCKET_WIN32_01_083, SRS_ASYNC_SOCKET_WIN32_01_069
TEST_P(async_socket_receive_test, bytes_fill_all_buffers_in_order)
{
    EXPECT_EQ(start(), 0);
    opened.peer().send("abcdefg");
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(receive.bytes(), 7u);
    EXPECT_STREQ(memory, "abcdefg");
    EXPECT_EQ(receive.count(), 1);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_069
TEST_P(async_socket_receive_test, fewer_bytes_than_there_is_room_for_are_enough)
{
    EXPECT_EQ(start(), 0);
    opened.peer().send("ab");
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(receive.bytes(), 2u);
    EXPECT_STREQ(memory, "ab");
}

// SRS_ASYNC_SOCKET_WIN32_01_082, SRS_ASYNC_SOCKET_WIN32_01_079, SRS_SOCKET_TRANSPORT_WIN32_01_005
TEST_P(async_socket_receive_test, wsarecv_gets_exactly_the_arguments_that_it_should)
{
    ASSERT_EQ(start(), 0);
    const std::vector<call_record> receives = calls_of(api::WSARecv);
    ASSERT_EQ(receives.size(), 1u);
    EXPECT_EQ(receives[0].argument<SOCKET>(0), opened.connected.line.socket);
    EXPECT_EQ(receives[0].argument<DWORD>(2), 3u);
    EXPECT_EQ(receives[0].argument<void*>(3), nullptr);
    EXPECT_EQ(receives[0].argument<DWORD>(4), 0u);
    EXPECT_EQ(receives[0].argument<OVERLAPPED*>(5), fake_win32::pending_operations().at(0).overlapped);
    EXPECT_EQ(receives[0].argument<void*>(6), nullptr);
    ASSERT_EQ(receives[0].buffers.size(), 3u);
    for (std::size_t i = 0; i < 3; i++) {
        EXPECT_EQ(receives[0].buffers[i].buf, buffers[i].buffer);
        EXPECT_EQ(receives[0].buffers[i].len, buffers[i].length);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_077, SRS_ASYNC_SOCKET_WIN32_01_078
TEST_P(async_socket_receive_test, one_allocation_holds_all_of_a_receive)
{
    const std::size_t before = live().allocations;
    ASSERT_EQ(start(), 0);
    EXPECT_EQ(live().allocations, before + 1);
    const call_record call = calls_of(api::WSARecv).at(0);
    const auto overlapped = call.argument<std::uint64_t>(5);
    const auto array = call.argument<std::uint64_t>(1);
    EXPECT_GT(array, overlapped);
    EXPECT_LT(array - overlapped, 256u);
}

// SRS_ASYNC_SOCKET_WIN32_01_077
TEST_P(async_socket_receive_test, the_array_of_buffers_is_read_during_the_call_only)
{
    ASSERT_EQ(start(), 0);
    for (ASYNC_SOCKET_BUFFER& buffer : buffers) {
        buffer = {nullptr, 0};
    }
    opened.peer().send("abcdefg");
    EXPECT_EQ(receive.bytes(), 7u);
    EXPECT_STREQ(memory, "abcdefg");
}

// SRS_ASYNC_SOCKET_WIN32_01_080, SRS_ASYNC_SOCKET_WIN32_01_068
TEST_P(async_socket_receive_test, each_receive_has_an_event_of_its_own)
{
    outcome other;
    ASSERT_EQ(start(), 0);
    ASSERT_EQ(async_socket_receive_async(opened.socket.get(), buffers, 1, outcome::on_receive, &other), 0);
    std::set<HANDLE> created;
    for (const call_record& call : calls_of(api::CreateEventW)) {
        created.insert(call.returned_value<HANDLE>());
    }
    std::set<HANDLE> used;
    for (const fake_win32::pending_operation& pending : fake_win32::pending_operations()) {
        used.insert(pending.overlapped->hEvent);
    }
    EXPECT_EQ(used.size(), 2u);
    EXPECT_EQ(used, created);
    EXPECT_EQ(live().events, 2u);
    opened.peer().send("abcdefgh");
    receive.wait();
    other.wait();
    EXPECT_EQ(live().events, with_kept({}, 2).events);
}

// SRS_ASYNC_SOCKET_WIN32_01_081, SRS_ASYNC_SOCKET_WIN32_01_080
TEST_P(async_socket_receive_test, the_io_is_started_before_the_receive)
{
    ASSERT_EQ(start(), 0);
    EXPECT_THAT(sequence_of({api::CreateEventW, api::StartThreadpoolIo, api::WSARecv, api::CancelThreadpoolIo}),
                testing::ElementsAre(api::CreateEventW, api::StartThreadpoolIo, api::WSARecv));
    EXPECT_EQ(calls_of(api::StartThreadpoolIo).at(0).argument<PTP_IO>(0), io);
}

// SRS_ASYNC_SOCKET_WIN32_01_055, SRS_ASYNC_SOCKET_WIN32_01_083
TEST_P(async_socket_receive_test, taken_at_once_and_pending_are_both_success)
{
    fake_win32::return_at_once(fake_win32::at_once::always);
    opened.peer().send("abcdefg");
    EXPECT_EQ(start(), 0);
    EXPECT_EQ(receive.bytes(), 7u);
    EXPECT_EQ(calls_of(api::WSARecv).at(0).returned_value<int>(), 0);

    fake_win32::return_at_once(fake_win32::at_once::never);
    outcome pending;
    opened.peer().send("xyz");
    EXPECT_EQ(async_socket_receive_async(opened.socket.get(), buffers, 3, outcome::on_receive, &pending), 0);
    EXPECT_EQ(pending.bytes(), 3u);
    EXPECT_EQ(calls_of(api::WSARecv).at(1).error, static_cast<DWORD>(WSA_IO_PENDING));
    EXPECT_EQ(count_of(api::CancelThreadpoolIo), 0u);
    EXPECT_EQ(receive.count(), 1);
    EXPECT_EQ(pending.count(), 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_054, SRS_ASYNC_SOCKET_WIN32_01_099, SRS_ASYNC_SOCKET_WIN32_01_084
TEST_P(async_socket_receive_test, any_other_last_error_is_an_error)
{
    const live_objects before = live();
    std::size_t cancelled = 0;
    for (const DWORD error :
         std::initializer_list<DWORD>{WSAECONNRESET, WSAENOBUFS, WSAECONNABORTED, WSAENETRESET, WSAENOTCONN,
                                      WSAESHUTDOWN, WSAEINVAL, WSAEWOULDBLOCK, WSAENETDOWN, WSAEDISCON}) {
        fake_win32::fail_call(api::WSARecv, 1, error);
        EXPECT_NE(start(), 0) << error;
        EXPECT_EQ(count_of(api::CancelThreadpoolIo), ++cancelled);
        EXPECT_EQ(calls_of(api::CancelThreadpoolIo).back().argument<PTP_IO>(0), io);
        expect_failure("socket_transport_receive", "WSARecv", error);
        EXPECT_EQ(live(), with_kept(before, 1));
    }
    EXPECT_EQ(receive.count(), 0);
    EXPECT_EQ(start(), 0);
    opened.peer().send("ab");
    EXPECT_EQ(receive.bytes(), 2u);
}

// SRS_ASYNC_SOCKET_WIN32_01_099, SRS_ASYNC_SOCKET_WIN32_01_084
TEST_P(async_socket_receive_test, a_transport_that_the_program_has_disconnected_is_an_error)
{
    socket_transport_disconnect(opened.connected.transport.get());
    const live_objects before = live();
    // What another call has left must not be taken for the reason.
    WSASetLastError(WSA_IO_PENDING);
    EXPECT_NE(start(), 0);
    EXPECT_EQ(count_of(api::WSARecv), 0u);
    EXPECT_EQ(calls_of(api::CancelThreadpoolIo).at(0).argument<PTP_IO>(0), io);
    EXPECT_EQ(live(), with_kept(before, 1));
    async_socket_close(opened.socket.get());
    EXPECT_EQ(receive.count(), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_084, SRS_ASYNC_SOCKET_GUARANTEE_01_002
TEST_P(async_socket_receive_test, receive_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        open_socket own;
        outcome result;
        own.peer().send("1234567");
        run.arm();
        const int returned = async_socket_receive_async(own.socket.get(), buffers, 3, outcome::on_receive, &result);
        EXPECT_EQ(returned != 0, run.disarm());
        EXPECT_EQ(log.take().empty(), returned == 0);
        if (returned == 0) {
            EXPECT_EQ(result.bytes(), 7u);
        }
        EXPECT_TRUE(fake_win32::wait_for_pending(0));
        EXPECT_EQ(result.count(), returned == 0 ? 1 : 0);
        outcome again;
        if (returned == 0) {
            own.peer().send("1234567");
        }
        ASSERT_EQ(async_socket_receive_async(own.socket.get(), buffers, 3, outcome::on_receive, &again), 0);
        EXPECT_EQ(again.bytes(), 7u);
    });
    EXPECT_EQ(failures, 3u); // CreateEventW, WSARecv, one allocation
}

IN_BOTH_MODES(async_socket_receive_test);

} // namespace
