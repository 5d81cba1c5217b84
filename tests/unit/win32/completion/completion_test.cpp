// SPDX-License-Identifier: MIT
//
// on_io_complete: what each end of an operation is to the program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

constexpr std::uint32_t length = 7;

class completion_test : public both_modes_test {
protected:
    completion_test() { fake_win32::hold_operations(); }

    ASYNC_SOCKET_SEND_RESULT send_that_ends_with(DWORD io_result, ULONG_PTR bytes)
    {
        outcome send;
        EXPECT_EQ(start_send(opened.socket.get(), memory, send), ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, io_result, bytes));
        EXPECT_EQ(send.sent(), send.sent());
        EXPECT_TRUE(fake_win32::wait_for_pending(0));
        EXPECT_EQ(send.count(), 1);
        return send.sent();
    }

    struct received {
        ASYNC_SOCKET_RECEIVE_RESULT result;
        std::uint32_t bytes;
        bool operator==(const received&) const = default;
    };

    received receive_that_ends_with(DWORD io_result, ULONG_PTR bytes)
    {
        outcome receive;
        EXPECT_EQ(start_receive(opened.socket.get(), memory, receive), 0);
        EXPECT_TRUE(fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, io_result, bytes));
        const received result{receive.received(), receive.bytes()};
        EXPECT_EQ(receive.count(), 1);
        return result;
    }

    open_socket opened;
    std::string memory = std::string(length, 'x');
};

constexpr DWORD other_errors[] = {ERROR_ACCESS_DENIED, ERROR_NO_SYSTEM_RESOURCES, ERROR_OPERATION_ABORTED, WSAENOBUFS,
                                  676};

// SRS_ASYNC_SOCKET_WIN32_01_066
TEST_P(completion_test, a_send_without_error_is_ok)
{
    EXPECT_EQ(send_that_ends_with(NO_ERROR, length), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_WIN32_01_102, SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_P(completion_test, a_send_of_another_number_of_bytes_is_an_error)
{
    EXPECT_EQ(send_that_ends_with(NO_ERROR, length - 1), ASYNC_SOCKET_SEND_ERROR);
    EXPECT_EQ(send_that_ends_with(NO_ERROR, length + 1), ASYNC_SOCKET_SEND_ERROR);
    EXPECT_EQ(send_that_ends_with(NO_ERROR, 0), ASYNC_SOCKET_SEND_ERROR);
    // One that is right in its lower half only.
    EXPECT_EQ(send_that_ends_with(NO_ERROR, (ULONG_PTR{1} << 32) + length), ASYNC_SOCKET_SEND_ERROR);
}

// SRS_ASYNC_SOCKET_WIN32_01_067
TEST_P(completion_test, a_send_with_an_error_is_an_error_whatever_the_count)
{
    for (const DWORD error : other_errors) {
        EXPECT_EQ(send_that_ends_with(error, length), ASYNC_SOCKET_SEND_ERROR) << error;
    }
    EXPECT_EQ(send_that_ends_with(ERROR_NETNAME_DELETED, 0), ASYNC_SOCKET_SEND_ERROR);
    EXPECT_EQ(send_that_ends_with(ERROR_CONNECTION_ABORTED, length), ASYNC_SOCKET_SEND_ERROR);
}

// SRS_ASYNC_SOCKET_WIN32_01_069
TEST_P(completion_test, a_receive_without_error_is_ok_with_its_count)
{
    EXPECT_EQ(receive_that_ends_with(NO_ERROR, 1), (received{ASYNC_SOCKET_RECEIVE_OK, 1}));
    EXPECT_EQ(receive_that_ends_with(NO_ERROR, length), (received{ASYNC_SOCKET_RECEIVE_OK, length}));
}

// SRS_ASYNC_SOCKET_WIN32_01_095
TEST_P(completion_test, a_receive_of_more_bytes_than_there_is_room_for_is_an_error_with_the_count)
{
    EXPECT_EQ(receive_that_ends_with(NO_ERROR, length + 1), (received{ASYNC_SOCKET_RECEIVE_ERROR, length + 1}));
    EXPECT_EQ(receive_that_ends_with(NO_ERROR, UINT32_MAX), (received{ASYNC_SOCKET_RECEIVE_ERROR, UINT32_MAX}));
}

// SRS_ASYNC_SOCKET_WIN32_42_003
TEST_P(completion_test, a_receive_of_0_bytes_is_abandoned)
{
    EXPECT_EQ(receive_that_ends_with(NO_ERROR, 0), (received{ASYNC_SOCKET_RECEIVE_ABANDONED, 0}));
}

// SRS_ASYNC_SOCKET_WIN32_42_001
TEST_P(completion_test, a_receive_on_a_connection_that_is_gone_is_abandoned)
{
    EXPECT_EQ(receive_that_ends_with(ERROR_NETNAME_DELETED, 0), (received{ASYNC_SOCKET_RECEIVE_ABANDONED, 0}));
    EXPECT_EQ(receive_that_ends_with(ERROR_CONNECTION_ABORTED, 0), (received{ASYNC_SOCKET_RECEIVE_ABANDONED, 0}));
    EXPECT_EQ(receive_that_ends_with(ERROR_NETNAME_DELETED, 3), (received{ASYNC_SOCKET_RECEIVE_ABANDONED, 0}));
    EXPECT_EQ(receive_that_ends_with(ERROR_CONNECTION_ABORTED, 3), (received{ASYNC_SOCKET_RECEIVE_ABANDONED, 0}));
}

// SRS_ASYNC_SOCKET_WIN32_01_070, SRS_ASYNC_SOCKET_LOG_01_003
TEST_P(completion_test, a_receive_with_any_other_error_is_an_error_with_0)
{
    for (const DWORD error : other_errors) {
        EXPECT_EQ(receive_that_ends_with(error, 3), (received{ASYNC_SOCKET_RECEIVE_ERROR, 0})) << error;
        const std::vector<log_message> messages = log.take();
        ASSERT_EQ(messages.size(), 1u);
        EXPECT_THAT(messages[0].text, testing::HasSubstr("(" + std::to_string(error) + ")"));
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_108
TEST_P(completion_test, a_receive_that_ends_with_any_error_while_closing_is_abandoned)
{
    for (const DWORD error : {DWORD{64}, DWORD{995}, DWORD{1236}, DWORD{676}, DWORD{5}}) {
        open_socket closing;
        outcome receive;
        fake_win32::cancel_with(error);
        ASSERT_EQ(start_receive(closing.socket.get(), memory, receive), 0);
        async_socket_close(closing.socket.get());
        EXPECT_EQ(receive.count(), 1);
        EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED) << error;
        EXPECT_EQ(receive.bytes(), 0u);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_108
TEST_P(completion_test, a_receive_that_ends_with_any_error_after_the_program_disconnected_is_abandoned)
{
    for (const DWORD error : {DWORD{64}, DWORD{995}, DWORD{1236}, DWORD{676}, DWORD{5}}) {
        open_socket disconnected;
        outcome receive;
        fake_win32::cancel_with(error);
        ASSERT_EQ(start_receive(disconnected.socket.get(), memory, receive), 0);
        socket_transport_disconnect(disconnected.connected.transport.get());
        EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED) << error;
        EXPECT_EQ(receive.bytes(), 0u);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_108, SRS_ASYNC_SOCKET_WIN32_01_067
TEST_P(completion_test, a_send_that_ends_with_an_error_while_closing_is_an_error)
{
    outcome send;
    ASSERT_EQ(start_send(opened.socket.get(), memory, send), ASYNC_SOCKET_SEND_SYNC_OK);
    async_socket_close(opened.socket.get());
    EXPECT_EQ(send.count(), 1);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_ERROR);
}

// SRS_ASYNC_SOCKET_WIN32_01_108, SRS_ASYNC_SOCKET_WIN32_01_069
TEST_P(completion_test, bytes_that_came_before_the_close_are_not_lost)
{
    fake_win32::deliver_completions();
    fake_win32::hold_callbacks();
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), memory, receive), 0);
    opened.peer().send("abc");
    std::thread closer([this] { async_socket_close(opened.socket.get()); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    fake_win32::deliver_completions();
    closer.join();
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(receive.bytes(), 3u);
}

// SRS_ASYNC_SOCKET_WIN32_01_063
TEST_P(completion_test, a_completion_without_an_overlapped_is_ignored)
{
    const call_record create = calls_of(api::CreateThreadpoolIo).at(0);
    const auto callback =
        reinterpret_cast<PTP_WIN32_IO_CALLBACK>(static_cast<std::uintptr_t>(create.argument<std::uint64_t>(1)));
    const live_objects before = live();
    callback(nullptr, create.argument<void*>(2), nullptr, NO_ERROR, 1, create.returned_value<PTP_IO>());
    expect_refusal("on_io_complete", "overlapped");
    EXPECT_EQ(live(), before);
}

// SRS_ASYNC_SOCKET_WIN32_01_064, SRS_ASYNC_SOCKET_WIN32_01_065, SRS_ASYNC_SOCKET_WIN32_01_071
TEST_P(completion_test, each_completion_reaches_the_operation_whose_overlapped_it_has)
{
    outcome send;
    outcome first;
    outcome second;
    std::string room_of_first(4, '\0');
    std::string room_of_second(4, '\0');
    ASSERT_EQ(start_receive(opened.socket.get(), room_of_first, first), 0);
    ASSERT_EQ(start_send(opened.socket.get(), memory, send), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(start_receive(opened.socket.get(), room_of_second, second), 0);
    const std::vector<fake_win32::pending_operation> pending = fake_win32::pending_operations();
    ASSERT_EQ(pending.size(), 3u);
    ASSERT_TRUE(fake_win32::complete(pending[2].overlapped, NO_ERROR, 2));
    EXPECT_EQ(second.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(second.bytes(), 2u);
    EXPECT_EQ(first.count() + send.count(), 0);
    ASSERT_TRUE(fake_win32::complete(pending[1].overlapped, NO_ERROR, length));
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(first.count(), 0);
    ASSERT_TRUE(fake_win32::complete(pending[0].overlapped, NO_ERROR, 1));
    EXPECT_EQ(first.bytes(), 1u);
}

// SRS_ASYNC_SOCKET_WIN32_01_068, SRS_ASYNC_SOCKET_WIN32_01_072, SRS_EXECUTION_ENGINE_WIN32_01_011,
// SRS_EXECUTION_ENGINE_WIN32_01_012
TEST_P(completion_test, event_and_context_are_gone_at_the_latest_when_the_socket_is_closed)
{
    const live_objects before = live();
    outcome send;
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), memory, receive), 0);
    ASSERT_EQ(start_send(opened.socket.get(), memory, send), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(live().events, before.events + 2);
    EXPECT_EQ(live().allocations, before.allocations + 2);
    std::vector<HANDLE> events;
    for (const fake_win32::pending_operation& pending : fake_win32::pending_operations()) {
        events.push_back(pending.overlapped->hEvent);
        ASSERT_TRUE(fake_win32::complete(pending.overlapped, NO_ERROR, length));
    }
    send.wait();
    receive.wait();
    EXPECT_TRUE(fake_win32::wait_for_live(with_kept(before, 2))) << live();
    async_socket_close(opened.socket.get());
    EXPECT_EQ(live().events, before.events);
    std::vector<HANDLE> closed;
    for (const call_record& call : calls_of(api::CloseHandle)) {
        closed.push_back(call.argument<HANDLE>(0));
    }
    EXPECT_THAT(closed, testing::UnorderedElementsAreArray(events));
}

IN_BOTH_MODES(completion_test);

} // namespace
