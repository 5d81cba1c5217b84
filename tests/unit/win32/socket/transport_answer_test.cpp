// SPDX-License-Identifier: MIT
//
// Results of socket_transport_send and socket_transport_receive that they do not have for an async socket, whose
// arguments are never bad, or are reserved: a later version of them may answer so.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/open_socket.h"
#include "support/transport_answer.h"

namespace {

using namespace unit;

class transport_answer_test : public both_modes_test {
protected:
    open_socket opened;
    std::string bytes = "abc";
    outcome operation;

    // After as many operations as there are results were refused: each was taken back, and the socket is as good as
    // new.
    void expect_all_taken_back(std::size_t refused, const live_objects& before)
    {
        PTP_IO const io = calls_of(api::CreateThreadpoolIo).at(0).returned_value<PTP_IO>();
        EXPECT_EQ(count_of(api::StartThreadpoolIo), refused);
        EXPECT_EQ(count_of(api::CancelThreadpoolIo), refused);
        for (const call_record& call : calls_of(api::CancelThreadpoolIo)) {
            EXPECT_EQ(call.argument<PTP_IO>(0), io);
        }
        EXPECT_EQ(live(), with_kept(before, 1));
        EXPECT_EQ(operation.count(), 0);
        ASSERT_EQ(start_receive(opened.socket.get(), bytes, operation), 0);
        opened.peer().send("xyz");
        EXPECT_EQ(operation.received(), ASYNC_SOCKET_RECEIVE_OK);
        EXPECT_EQ(bytes, "xyz");
        // It waits for as many callbacks as were announced and not taken back.
        async_socket_close(opened.socket.get());
    }
};

// SRS_ASYNC_SOCKET_WIN32_01_105, SRS_ASYNC_SOCKET_WIN32_01_084
TEST_P(transport_answer_test, a_receive_with_any_other_result_is_an_error)
{
    const live_objects before = live();
    std::size_t refused = 0;
    for (const SOCKET_RECEIVE_RESULT result :
         {SOCKET_RECEIVE_INVALID_ARG, SOCKET_RECEIVE_SHUTDOWN, SOCKET_RECEIVE_RESULT{}}) {
        const receive_answer answer(result);
        // The last error belongs to another result.
        WSASetLastError(WSA_IO_PENDING);
        EXPECT_NE(start_receive(opened.socket.get(), bytes, operation), 0) << result;
        EXPECT_EQ(count_of(api::CancelThreadpoolIo), ++refused) << result;
    }
    EXPECT_EQ(count_of(api::WSARecv), 0u);
    expect_all_taken_back(refused, before);
}

// SRS_ASYNC_SOCKET_WIN32_01_106, SRS_ASYNC_SOCKET_WIN32_01_029
TEST_P(transport_answer_test, a_send_with_any_other_result_is_an_error)
{
    const live_objects before = live();
    std::size_t refused = 0;
    for (const SOCKET_SEND_RESULT result :
         {SOCKET_SEND_INVALID_ARG, SOCKET_SEND_ERROR, SOCKET_SEND_SHUTDOWN, SOCKET_SEND_RESULT{}}) {
        const send_answer answer(result);
        WSASetLastError(WSA_IO_PENDING);
        EXPECT_EQ(start_send(opened.socket.get(), bytes, operation), ASYNC_SOCKET_SEND_SYNC_ERROR) << result;
        EXPECT_EQ(count_of(api::CancelThreadpoolIo), ++refused) << result;
    }
    EXPECT_EQ(count_of(api::WSASend), 0u);
    expect_all_taken_back(refused, before);
}

IN_BOTH_MODES(transport_answer_test);

} // namespace
