// SPDX-License-Identifier: MIT
//
// Sends and receives that say how they went, and their time limits.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <thread>

#include "async_socket/async_socket_ex.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class operation_test : public both_modes_test {
protected:
    open_socket opened;
    std::string bytes = "some bytes";
    std::string room = std::string(4, '\0');

    ASYNC_SOCKET_HANDLE socket() const { return opened.socket.get(); }
    OVERLAPPED* only_pending() const { return fake_win32::pending_operations().at(0).overlapped; }

    // How a pending operation of either kind ends with this error.
    ASYNC_COMPLETION end_of_send(DWORD error, ULONG_PTR sent)
    {
        completed result;
        EXPECT_EQ(send_ex(socket(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_TRUE(fake_win32::complete(only_pending(), error, sent));
        return result.get();
    }
    ASYNC_COMPLETION end_of_receive(DWORD error, ULONG_PTR received)
    {
        completed result;
        EXPECT_EQ(receive_ex(socket(), room, result), 0);
        EXPECT_TRUE(fake_win32::complete(only_pending(), error, received));
        return result.get();
    }
};

// SRS_ASYNC_SOCKET_EX_01_001, SRS_ASYNC_SOCKET_EX_01_004
TEST_P(operation_test, a_send_says_that_all_of_it_left)
{
    completed result;
    ASSERT_EQ(send_ex(socket(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(result.get().bytes, bytes.size());
    EXPECT_EQ(result.get().system_error, 0);
    EXPECT_EQ(opened.peer().receive(), bytes);
    EXPECT_NE(result.thread(), std::this_thread::get_id());
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_EX_01_006, SRS_ASYNC_SOCKET_EX_01_009
TEST_P(operation_test, a_receive_says_how_much_came)
{
    completed result;
    ASSERT_EQ(receive_ex(socket(), room, result), 0);
    opened.peer().send("abc");
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(result.get().bytes, 3u);
    EXPECT_EQ(room.substr(0, 3), "abc");
}

// SRS_ASYNC_SOCKET_EX_01_003, SRS_ASYNC_SOCKET_EX_01_008
TEST_P(operation_test, the_name_is_there_before_the_callback)
{
    ASYNC_OPERATION_ID ids[2] = {};
    ASYNC_OPERATION_ID seen[2] = {};
    completed sent([&] { seen[0] = ids[0]; });
    completed received([&] { seen[1] = ids[1]; });
    opened.peer().send("abc");
    ASSERT_EQ(send_ex(socket(), bytes, sent, ASYNC_NO_TIMEOUT, &ids[0]), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(receive_ex(socket(), room, received, ASYNC_NO_TIMEOUT, &ids[1]), 0);
    sent.wait();
    received.wait();
    EXPECT_NE(seen[0], 0u);
    EXPECT_NE(seen[1], 0u);
    EXPECT_NE(seen[0], seen[1]);
}

// SRS_ASYNC_SOCKET_EX_01_004
TEST_P(operation_test, the_errors_of_a_send)
{
    fake_win32::hold_operations();
    for (const DWORD error : std::initializer_list<DWORD>{ERROR_NETNAME_DELETED, WSAECONNRESET,
                                                          ERROR_CONNECTION_ABORTED, WSAECONNABORTED}) {
        const ASYNC_COMPLETION end = end_of_send(static_cast<DWORD>(error), 3);
        EXPECT_EQ(end.status, ASYNC_STATUS_RESET) << error;
        EXPECT_EQ(end.system_error, static_cast<std::int32_t>(error));
        EXPECT_EQ(end.bytes, 3u);
        expect_failure("on_io_complete", "send", static_cast<DWORD>(error));
    }
    EXPECT_EQ(end_of_send(WSAETIMEDOUT, 0).status, ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(end_of_send(WSAENOBUFS, 0).status, ASYNC_STATUS_NO_RESOURCES);
    EXPECT_EQ(end_of_send(ERROR_NO_SYSTEM_RESOURCES, 0).status, ASYNC_STATUS_NO_RESOURCES);
    EXPECT_EQ(end_of_send(ERROR_ACCESS_DENIED, 0).status, ASYNC_STATUS_ERROR);
    // One that nobody has asked for.
    EXPECT_EQ(end_of_send(ERROR_OPERATION_ABORTED, 0).status, ASYNC_STATUS_ERROR);
    EXPECT_EQ(end_of_send(NO_ERROR, bytes.size() - 1).status, ASYNC_STATUS_ERROR);
    EXPECT_EQ(end_of_send(NO_ERROR, bytes.size()).status, ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_009
TEST_P(operation_test, the_errors_of_a_receive)
{
    fake_win32::hold_operations();
    EXPECT_EQ(end_of_receive(NO_ERROR, 0).status, ASYNC_STATUS_END_OF_STREAM);
    EXPECT_EQ(end_of_receive(ERROR_NETNAME_DELETED, 0).status, ASYNC_STATUS_RESET);
    EXPECT_EQ(end_of_receive(WSAECONNRESET, 2).bytes, 0u);
    EXPECT_EQ(end_of_receive(WSAETIMEDOUT, 0).status, ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(end_of_receive(ERROR_NOT_ENOUGH_MEMORY, 0).status, ASYNC_STATUS_NO_RESOURCES);
    EXPECT_EQ(end_of_receive(ERROR_ACCESS_DENIED, 0).system_error, ERROR_ACCESS_DENIED);
    EXPECT_EQ(end_of_receive(NO_ERROR, room.size() + 1).status, ASYNC_STATUS_ERROR);
}

// SRS_ASYNC_SOCKET_EX_01_009, SRS_ASYNC_SOCKET_EX_01_004
TEST_P(operation_test, the_end_of_the_stream_and_a_reset)
{
    completed end;
    ASSERT_EQ(receive_ex(socket(), room, end), 0);
    opened.peer().close();
    EXPECT_EQ(end.status(), ASYNC_STATUS_END_OF_STREAM);

    open_socket other;
    completed reset;
    ASSERT_EQ(receive_ex(other.socket.get(), room, reset), 0);
    other.peer().reset();
    EXPECT_EQ(reset.status(), ASYNC_STATUS_RESET);
    EXPECT_EQ(reset.get().system_error, ERROR_NETNAME_DELETED);
}

// SRS_ASYNC_SOCKET_EX_01_004, SRS_ASYNC_SOCKET_EX_01_009
TEST_P(operation_test, a_close_of_this_side_ends_them_whatever_the_error)
{
    for (const DWORD error :
         std::initializer_list<DWORD>{ERROR_NETNAME_DELETED, ERROR_OPERATION_ABORTED, ERROR_CONNECTION_ABORTED}) {
        open_socket other;
        fake_win32::set_window(2);
        fake_win32::cancel_with(error);
        completed sent;
        completed received;
        ASSERT_EQ(send_ex(other.socket.get(), bytes, sent, 3600'000), ASYNC_SOCKET_SEND_SYNC_OK);
        ASSERT_EQ(receive_ex(other.socket.get(), room, received, 3600'000), 0);
        async_socket_close(other.socket.get());
        EXPECT_EQ(sent.count() + received.count(), 2);
        EXPECT_EQ(sent.status(), ASYNC_STATUS_CLOSED);
        EXPECT_EQ(sent.get().bytes, 2u);
        EXPECT_EQ(received.status(), ASYNC_STATUS_CLOSED);
        EXPECT_EQ(received.get().system_error, 0);
    }
}

// SRS_ASYNC_SOCKET_EX_01_009
TEST_P(operation_test, so_does_a_disconnect_of_the_transport)
{
    completed received;
    ASSERT_EQ(receive_ex(socket(), room, received), 0);
    socket_transport_disconnect(opened.connected.transport.get());
    EXPECT_EQ(received.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_SOCKET_EX_01_005
TEST_P(operation_test, bad_arguments_of_a_send_are_refused)
{
    completed result;
    const ASYNC_SOCKET_BUFFER buffer{bytes.data(), 3};
    const ASYNC_SOCKET_BUFFER no_memory{nullptr, 3};
    const auto send = [&](ASYNC_SOCKET_HANDLE handle, const ASYNC_SOCKET_BUFFER* payload, std::uint32_t count,
                          ON_ASYNC_COMPLETE callback) {
        return async_socket_send_ex_async(handle, payload, count, 5, nullptr, callback, &result);
    };
    EXPECT_EQ(send(nullptr, &buffer, 1, completed::on_complete), ASYNC_SOCKET_SEND_SYNC_ERROR);
    expect_refusal("async_socket_send_ex_async", "async_socket");
    EXPECT_EQ(send(socket(), nullptr, 1, completed::on_complete), ASYNC_SOCKET_SEND_SYNC_ERROR);
    expect_refusal("async_socket_send_ex_async", "payload");
    EXPECT_EQ(send(socket(), &buffer, 0, completed::on_complete), ASYNC_SOCKET_SEND_SYNC_ERROR);
    expect_refusal("async_socket_send_ex_async", "buffer_count");
    EXPECT_EQ(send(socket(), &no_memory, 1, completed::on_complete), ASYNC_SOCKET_SEND_SYNC_ERROR);
    expect_refusal("async_socket_send_ex_async", "payload[0].buffer");
    EXPECT_EQ(send(socket(), &buffer, 1, nullptr), ASYNC_SOCKET_SEND_SYNC_ERROR);
    expect_refusal("async_socket_send_ex_async", "on_complete");
    async_socket_close(socket());
    EXPECT_EQ(send(socket(), &buffer, 1, completed::on_complete), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    expect_refusal("async_socket_send_ex_async", "async_socket");
    EXPECT_EQ(result.count(), 0);
}

// SRS_ASYNC_SOCKET_EX_01_010
TEST_P(operation_test, bad_arguments_of_a_receive_are_refused)
{
    completed result;
    ASYNC_SOCKET_BUFFER buffer{room.data(), 3};
    const auto receive = [&](ASYNC_SOCKET_HANDLE handle, ASYNC_SOCKET_BUFFER* payload, std::uint32_t count,
                             ON_ASYNC_COMPLETE callback) {
        return async_socket_receive_ex_async(handle, payload, count, 5, nullptr, callback, &result);
    };
    EXPECT_NE(receive(nullptr, &buffer, 1, completed::on_complete), 0);
    expect_refusal("async_socket_receive_ex_async", "async_socket");
    EXPECT_NE(receive(socket(), nullptr, 1, completed::on_complete), 0);
    expect_refusal("async_socket_receive_ex_async", "payload");
    EXPECT_NE(receive(socket(), &buffer, 0, completed::on_complete), 0);
    expect_refusal("async_socket_receive_ex_async", "buffer_count");
    EXPECT_NE(receive(socket(), &buffer, 1, nullptr), 0);
    expect_refusal("async_socket_receive_ex_async", "on_complete");
    async_socket_close(socket());
    EXPECT_NE(receive(socket(), &buffer, 1, completed::on_complete), 0);
    expect_refusal("async_socket_receive_ex_async", "async_socket");
    EXPECT_EQ(result.count(), 0);
}

// SRS_ASYNC_SOCKET_EX_01_005, SRS_ASYNC_SOCKET_EX_01_010
TEST_P(operation_test, they_leave_nothing_whatever_fails)
{
    opened.peer().send(std::string(4000, 'x'));
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        open_socket own;
        own.peer().send("abc");
        completed sent;
        completed received;
        ASYNC_OPERATION_ID id = 0;
        run.arm();
        const auto sending = send_ex(own.socket.get(), bytes, sent, 3600'000, &id);
        const int receiving = receive_ex(own.socket.get(), room, received, 3600'000, &id);
        EXPECT_EQ(sending != ASYNC_SOCKET_SEND_SYNC_OK || receiving != 0, run.disarm());
        EXPECT_EQ(log.take().empty(), sending == ASYNC_SOCKET_SEND_SYNC_OK && receiving == 0);
        async_socket_close(own.socket.get());
        EXPECT_EQ(sent.count(), sending == ASYNC_SOCKET_SEND_SYNC_OK ? 1 : 0);
        EXPECT_EQ(received.count(), receiving == 0 ? 1 : 0);
    });
    // An event, the call and an allocation of each; CreateThreadpoolTimer.
    if (GetParam() == engine_mode::by_default) {
        EXPECT_EQ(failures, 7u);
    } else {
        // A send that has ended by then leaves its event and its allocation to the receive.
        EXPECT_THAT(failures, testing::AllOf(testing::Ge(5u), testing::Le(7u)));
    }
}

// SRS_ASYNC_SOCKET_EX_01_002
TEST_P(operation_test, a_send_whose_time_is_over_is_cut_short)
{
    fake_win32::set_window(3);
    completed cut;
    completed later;
    std::string more = "more";
    ASSERT_EQ(send_ex(socket(), bytes, cut, 10), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(send_ex(socket(), more, later), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(cut.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(cut.get().bytes, 3u);
    EXPECT_EQ(opened.peer().wait_for(7), "sommore");
    EXPECT_EQ(later.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_007
TEST_P(operation_test, a_receive_whose_time_is_over_loses_nothing)
{
    completed late;
    ASSERT_EQ(receive_ex(socket(), room, late, 10), 0);
    EXPECT_EQ(late.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(late.get().bytes, 0u);
    EXPECT_EQ(late.get().system_error, 0);
    opened.peer().send("abc");
    completed next;
    ASSERT_EQ(receive_ex(socket(), room, next, 3600'000), 0);
    EXPECT_EQ(next.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(next.get().bytes, 3u);
}

// SRS_ASYNC_SOCKET_EX_01_002, SRS_ASYNC_SOCKET_EX_01_007
TEST_P(operation_test, without_any_time_it_takes_what_is_there)
{
    completed nothing_there;
    ASSERT_EQ(receive_ex(socket(), room, nothing_there, 0), 0);
    EXPECT_EQ(nothing_there.status(), ASYNC_STATUS_TIMED_OUT);
    opened.peer().send("abc");
    completed something;
    ASSERT_EQ(receive_ex(socket(), room, something, 0), 0);
    EXPECT_EQ(something.status(), ASYNC_STATUS_OK);
    completed whole;
    ASSERT_EQ(send_ex(socket(), bytes, whole, 0), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(whole.status(), ASYNC_STATUS_OK);
    fake_win32::set_window(bytes.size() + 1);
    completed part;
    ASSERT_EQ(send_ex(socket(), bytes, part, 0), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(part.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(part.get().bytes, 1u);
}

// SRS_ASYNC_SOCKET_EX_01_007: the system completes it at the moment at which the time is over.
TEST_P(operation_test, data_wins_against_the_time)
{
    fake_win32::hold_callbacks();
    completed result;
    ASSERT_EQ(receive_ex(socket(), room, result, 0), 0);
    ASSERT_EQ(count_of(api::CancelIoEx), 1u);
    OVERLAPPED* const overlapped = only_pending();
    ASSERT_TRUE(fake_win32::complete(overlapped, NO_ERROR, 2));
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(result.get().bytes, 2u);
}

// SRS_ASYNC_SOCKET_EX_01_007: it has ended before the time is over, and its callback comes after.
TEST_P(operation_test, the_time_ends_nothing_that_has_ended)
{
    fake_win32::hold_callbacks();
    completed result;
    ASSERT_EQ(receive_ex(socket(), room, result, 5), 0);
    opened.peer().send("ab");
    EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    fake_win32::deliver_completions();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_001, SRS_ASYNC_SOCKET_EX_01_006
TEST_P(operation_test, both_kinds_have_one_order)
{
    fake_win32::hold_operations();
    outcome plain[2];
    completed ex[2];
    std::string a = "a";
    std::string b = "b";
    std::string c = "c";
    ASSERT_EQ(start_send(socket(), a, plain[0]), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(send_ex(socket(), b, ex[0]), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(start_send(socket(), c, plain[1]), ASYNC_SOCKET_SEND_SYNC_OK);
    fake_win32::deliver_completions();
    EXPECT_EQ(opened.peer().wait_for(3), "abc");
    ex[0].wait();
    plain[0].wait();
    plain[1].wait();
}

// SRS_ASYNC_SOCKET_WIN32_01_060, SRS_ASYNC_SOCKET_WIN32_01_068: a plain send pays for none of it.
TEST_P(operation_test, a_plain_send_makes_the_calls_that_it_always_made)
{
    const live_objects before = live();
    fake_win32::forget_calls();
    outcome plain;
    ASSERT_EQ(start_send(socket(), bytes, plain), ASYNC_SOCKET_SEND_SYNC_OK);
    plain.wait();
    EXPECT_TRUE(fake_win32::wait_for_live(with_kept(before, 1)));
    std::vector<api> made;
    for (const call_record& call : fake_win32::calls()) {
        made.push_back(call.function);
    }
    std::vector<api> expected{api::CreateEventW, api::StartThreadpoolIo, api::WSASend};
    if (GetParam() == engine_mode::by_default) {
        expected.push_back(api::CloseHandle);
    }
    EXPECT_EQ(made, expected);
}

IN_BOTH_MODES(operation_test);

} // namespace
