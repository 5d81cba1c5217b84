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

class async_socket_send_test : public both_modes_test {
protected:
    open_socket opened;
    PTP_IO io = calls_of(api::CreateThreadpoolIo).at(0).returned_value<PTP_IO>();
    char memory[8] = "abcdefg";
    ASYNC_SOCKET_BUFFER buffers[3] = {{memory, 1}, {memory + 1, 2}, {memory + 3, 4}};
    outcome send;

    ASYNC_SOCKET_SEND_SYNC_RESULT start()
    {
        return async_socket_send_async(opened.socket.get(), buffers, 3, outcome::on_send, &send);
    }
};

// SRS_ASYNC_SOCKET_WIN32_01_045, SRS_ASYNC_SOCKET_WIN32_01_066, SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_P(async_socket_send_test, the_bytes_of_all_buffers_arrive_in_order)
{
    EXPECT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(opened.peer().receive(), "abcdefg");
    EXPECT_EQ(send.count(), 1);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_061, SRS_ASYNC_SOCKET_WIN32_01_056, SRS_SOCKET_TRANSPORT_WIN32_01_004
TEST_P(async_socket_send_test, wsasend_gets_exactly_the_arguments_that_it_should)
{
    fake_win32::hold_operations();
    ASSERT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    const std::vector<call_record> sends = calls_of(api::WSASend);
    ASSERT_EQ(sends.size(), 1u);
    EXPECT_EQ(sends[0].argument<SOCKET>(0), opened.connected.line.socket);
    EXPECT_EQ(sends[0].argument<DWORD>(2), 3u);
    EXPECT_EQ(sends[0].argument<void*>(3), nullptr);
    EXPECT_EQ(sends[0].argument<DWORD>(4), 0u);
    EXPECT_EQ(sends[0].argument<OVERLAPPED*>(5), fake_win32::pending_operations().at(0).overlapped);
    EXPECT_EQ(sends[0].argument<void*>(6), nullptr);
    // The data is not copied.
    ASSERT_EQ(sends[0].buffers.size(), 3u);
    for (std::size_t i = 0; i < 3; i++) {
        EXPECT_EQ(sends[0].buffers[i].buf, buffers[i].buffer);
        EXPECT_EQ(sends[0].buffers[i].len, buffers[i].length);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_028, SRS_ASYNC_SOCKET_WIN32_01_050
TEST_P(async_socket_send_test, one_allocation_holds_all_of_a_send)
{
    fake_win32::hold_operations();
    const std::size_t before = live().allocations;
    ASSERT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(live().allocations, before + 1);
    // The OVERLAPPED and the array of buffers both stand in it.
    const call_record call = calls_of(api::WSASend).at(0);
    const auto overlapped = call.argument<std::uint64_t>(5);
    const auto array = call.argument<std::uint64_t>(1);
    EXPECT_GT(array, overlapped);
    EXPECT_LT(array - overlapped, 256u);
}

// SRS_ASYNC_SOCKET_WIN32_01_028
TEST_P(async_socket_send_test, the_array_of_buffers_is_read_during_the_call_only)
{
    fake_win32::set_window(2);
    ASSERT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    for (ASYNC_SOCKET_BUFFER& buffer : buffers) {
        buffer = {nullptr, 0};
    }
    EXPECT_EQ(opened.peer().wait_for(7), "abcdefg");
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_WIN32_01_057, SRS_ASYNC_SOCKET_WIN32_01_068
TEST_P(async_socket_send_test, each_send_has_an_event_of_its_own)
{
    fake_win32::hold_operations();
    outcome other;
    ASSERT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(async_socket_send_async(opened.socket.get(), buffers, 1, outcome::on_send, &other),
              ASYNC_SOCKET_SEND_SYNC_OK);
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
    fake_win32::deliver_completions();
    send.wait();
    other.wait();
    EXPECT_EQ(live().events, with_kept({}, 2).events);
}

// SRS_ASYNC_SOCKET_WIN32_01_060, SRS_ASYNC_SOCKET_WIN32_01_057
TEST_P(async_socket_send_test, the_io_is_started_before_the_send)
{
    fake_win32::hold_operations();
    ASSERT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_THAT(sequence_of({api::CreateEventW, api::StartThreadpoolIo, api::WSASend, api::CancelThreadpoolIo}),
                testing::ElementsAre(api::CreateEventW, api::StartThreadpoolIo, api::WSASend));
    EXPECT_EQ(calls_of(api::StartThreadpoolIo).at(0).argument<PTP_IO>(0), io);
}

// SRS_ASYNC_SOCKET_WIN32_01_045, SRS_ASYNC_SOCKET_WIN32_01_053, SRS_ASYNC_SOCKET_WIN32_01_062
TEST_P(async_socket_send_test, taken_at_once_and_pending_are_both_success)
{
    fake_win32::return_at_once(fake_win32::at_once::always);
    EXPECT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(calls_of(api::WSASend).at(0).returned_value<int>(), 0);

    fake_win32::return_at_once(fake_win32::at_once::never);
    outcome pending;
    EXPECT_EQ(async_socket_send_async(opened.socket.get(), buffers, 3, outcome::on_send, &pending),
              ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(pending.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(calls_of(api::WSASend).at(1).error, static_cast<DWORD>(WSA_IO_PENDING));
    EXPECT_EQ(count_of(api::CancelThreadpoolIo), 0u);
    EXPECT_EQ(send.count(), 1);
    EXPECT_EQ(pending.count(), 1);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_42_002, SRS_ASYNC_SOCKET_WIN32_01_029
TEST_P(async_socket_send_test, a_reset_by_the_peer_is_not_open)
{
    opened.peer().reset();
    const live_objects before = live();
    EXPECT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(calls_of(api::WSASend).at(0).error, static_cast<DWORD>(WSAECONNRESET));
    const std::vector<call_record> cancelled = calls_of(api::CancelThreadpoolIo);
    ASSERT_EQ(cancelled.size(), 1u);
    EXPECT_EQ(cancelled[0].argument<PTP_IO>(0), io);
    EXPECT_EQ(live(), with_kept(before, 1));
    async_socket_close(opened.socket.get());
    EXPECT_EQ(send.count(), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_100, SRS_ASYNC_SOCKET_WIN32_01_062, SRS_ASYNC_SOCKET_WIN32_01_029
TEST_P(async_socket_send_test, any_other_last_error_is_an_error)
{
    const live_objects before = live();
    std::size_t cancelled = 0;
    for (const DWORD error :
         std::initializer_list<DWORD>{WSAENOBUFS, WSAECONNABORTED, WSAENETRESET, WSAENOTCONN, WSAESHUTDOWN, WSAEINVAL,
                                      WSAEWOULDBLOCK, WSAENETDOWN, WSA_OPERATION_ABORTED}) {
        fake_win32::fail_call(api::WSASend, 1, error);
        EXPECT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_ERROR) << error;
        EXPECT_EQ(count_of(api::CancelThreadpoolIo), ++cancelled);
        expect_failure("socket_transport_send", "WSASend", error);
        EXPECT_EQ(live(), with_kept(before, 1));
    }
    EXPECT_EQ(send.count(), 0);
    // It is still usable.
    EXPECT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_WIN32_01_106, SRS_ASYNC_SOCKET_WIN32_01_029
TEST_P(async_socket_send_test, a_transport_that_the_program_has_disconnected_is_an_error)
{
    socket_transport_disconnect(opened.connected.transport.get());
    const live_objects before = live();
    // What another call has left must not be taken for the reason.
    WSASetLastError(WSA_IO_PENDING);
    EXPECT_EQ(start(), ASYNC_SOCKET_SEND_SYNC_ERROR);
    EXPECT_EQ(count_of(api::WSASend), 0u);
    EXPECT_EQ(calls_of(api::CancelThreadpoolIo).at(0).argument<PTP_IO>(0), io);
    EXPECT_EQ(live(), with_kept(before, 1));
    async_socket_close(opened.socket.get());
    EXPECT_EQ(send.count(), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_029, SRS_ASYNC_SOCKET_GUARANTEE_01_002
TEST_P(async_socket_send_test, send_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        open_socket own;
        outcome result;
        run.arm();
        const ASYNC_SOCKET_SEND_SYNC_RESULT returned =
            async_socket_send_async(own.socket.get(), buffers, 3, outcome::on_send, &result);
        EXPECT_EQ(returned, run.disarm() ? ASYNC_SOCKET_SEND_SYNC_ERROR : ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_EQ(log.take().empty(), returned == ASYNC_SOCKET_SEND_SYNC_OK);
        if (returned == ASYNC_SOCKET_SEND_SYNC_OK) {
            EXPECT_EQ(result.sent(), ASYNC_SOCKET_SEND_OK);
        }
        // Whatever is still on its way would come before the outcome goes.
        EXPECT_TRUE(fake_win32::wait_for_pending(0));
        EXPECT_EQ(result.count(), returned == ASYNC_SOCKET_SEND_SYNC_OK ? 1 : 0);
        // And it is still usable.
        outcome again;
        ASSERT_EQ(async_socket_send_async(own.socket.get(), buffers, 3, outcome::on_send, &again),
                  ASYNC_SOCKET_SEND_SYNC_OK);
        again.wait();
    });
    EXPECT_EQ(failures, 3u); // CreateEventW, WSASend, one allocation
}

IN_BOTH_MODES(async_socket_send_test);

} // namespace
