// SPDX-License-Identifier: MIT

#include <gtest/gtest.h>

#include "async_socket/async_socket.h"
#include "async_socket/log.h"
#include "async_socket/socket_transport.h"

namespace {

// The value after the last one fits the enum's type still; 0 is what a zeroed structure holds.
template <class Enum, class Name>
void expect_others_unnamed(Enum last, Name name)
{
    EXPECT_STREQ(name(static_cast<Enum>(0)), "?");
    EXPECT_STREQ(name(static_cast<Enum>(last + 1)), "?");
}

// SRS_SOCKET_TRANSPORT_01_050, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(to_string_test, results_of_a_transport)
{
    EXPECT_EQ(SOCKET_SEND_INVALID_ARG, 1);
    EXPECT_STREQ(socket_send_result_to_string(SOCKET_SEND_INVALID_ARG), "SOCKET_SEND_INVALID_ARG");
    EXPECT_STREQ(socket_send_result_to_string(SOCKET_SEND_OK), "SOCKET_SEND_OK");
    EXPECT_STREQ(socket_send_result_to_string(SOCKET_SEND_ERROR), "SOCKET_SEND_ERROR");
    EXPECT_STREQ(socket_send_result_to_string(SOCKET_SEND_FAILED), "SOCKET_SEND_FAILED");
    EXPECT_STREQ(socket_send_result_to_string(SOCKET_SEND_SHUTDOWN), "SOCKET_SEND_SHUTDOWN");
    expect_others_unnamed(SOCKET_SEND_SHUTDOWN, socket_send_result_to_string);

    EXPECT_EQ(SOCKET_RECEIVE_INVALID_ARG, 1);
    EXPECT_STREQ(socket_receive_result_to_string(SOCKET_RECEIVE_INVALID_ARG), "SOCKET_RECEIVE_INVALID_ARG");
    EXPECT_STREQ(socket_receive_result_to_string(SOCKET_RECEIVE_OK), "SOCKET_RECEIVE_OK");
    EXPECT_STREQ(socket_receive_result_to_string(SOCKET_RECEIVE_WOULD_BLOCK), "SOCKET_RECEIVE_WOULD_BLOCK");
    EXPECT_STREQ(socket_receive_result_to_string(SOCKET_RECEIVE_ERROR), "SOCKET_RECEIVE_ERROR");
    EXPECT_STREQ(socket_receive_result_to_string(SOCKET_RECEIVE_SHUTDOWN), "SOCKET_RECEIVE_SHUTDOWN");
    expect_others_unnamed(SOCKET_RECEIVE_SHUTDOWN, socket_receive_result_to_string);

    EXPECT_EQ(SOCKET_ACCEPT_OK, 1);
    EXPECT_STREQ(socket_accept_result_to_string(SOCKET_ACCEPT_OK), "SOCKET_ACCEPT_OK");
    EXPECT_STREQ(socket_accept_result_to_string(SOCKET_ACCEPT_ERROR), "SOCKET_ACCEPT_ERROR");
    EXPECT_STREQ(socket_accept_result_to_string(SOCKET_ACCEPT_PORT_EXHAUSTION), "SOCKET_ACCEPT_PORT_EXHAUSTION");
    EXPECT_STREQ(socket_accept_result_to_string(SOCKET_ACCEPT_INPROGRESS), "SOCKET_ACCEPT_INPROGRESS");
    EXPECT_STREQ(socket_accept_result_to_string(SOCKET_ACCEPT_NO_CONNECTION), "SOCKET_ACCEPT_NO_CONNECTION");
    expect_others_unnamed(SOCKET_ACCEPT_NO_CONNECTION, socket_accept_result_to_string);

    EXPECT_EQ(SOCKET_BINDING, 1);
    EXPECT_STREQ(socket_type_to_string(SOCKET_BINDING), "SOCKET_BINDING");
    EXPECT_STREQ(socket_type_to_string(SOCKET_CLIENT), "SOCKET_CLIENT");
    expect_others_unnamed(SOCKET_CLIENT, socket_type_to_string);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(to_string_test, results_of_an_async_socket)
{
    EXPECT_EQ(ASYNC_SOCKET_OPEN_OK, 1);
    EXPECT_STREQ(async_socket_open_result_to_string(ASYNC_SOCKET_OPEN_OK), "ASYNC_SOCKET_OPEN_OK");
    EXPECT_STREQ(async_socket_open_result_to_string(ASYNC_SOCKET_OPEN_ERROR), "ASYNC_SOCKET_OPEN_ERROR");
    expect_others_unnamed(ASYNC_SOCKET_OPEN_ERROR, async_socket_open_result_to_string);

    EXPECT_EQ(ASYNC_SOCKET_SEND_SYNC_OK, 1);
    EXPECT_STREQ(async_socket_send_sync_result_to_string(ASYNC_SOCKET_SEND_SYNC_OK), "ASYNC_SOCKET_SEND_SYNC_OK");
    EXPECT_STREQ(async_socket_send_sync_result_to_string(ASYNC_SOCKET_SEND_SYNC_ERROR), "ASYNC_SOCKET_SEND_SYNC_ERROR");
    EXPECT_STREQ(async_socket_send_sync_result_to_string(ASYNC_SOCKET_SEND_SYNC_NOT_OPEN),
                 "ASYNC_SOCKET_SEND_SYNC_NOT_OPEN");
    EXPECT_STREQ(async_socket_send_sync_result_to_string(static_cast<ASYNC_SOCKET_SEND_SYNC_RESULT>(0)), "?");

    EXPECT_EQ(ASYNC_SOCKET_SEND_OK, 1);
    EXPECT_STREQ(async_socket_send_result_to_string(ASYNC_SOCKET_SEND_OK), "ASYNC_SOCKET_SEND_OK");
    EXPECT_STREQ(async_socket_send_result_to_string(ASYNC_SOCKET_SEND_ERROR), "ASYNC_SOCKET_SEND_ERROR");
    EXPECT_STREQ(async_socket_send_result_to_string(ASYNC_SOCKET_SEND_ABANDONED), "ASYNC_SOCKET_SEND_ABANDONED");
    EXPECT_STREQ(async_socket_send_result_to_string(static_cast<ASYNC_SOCKET_SEND_RESULT>(0)), "?");

    EXPECT_EQ(ASYNC_SOCKET_RECEIVE_OK, 1);
    EXPECT_STREQ(async_socket_receive_result_to_string(ASYNC_SOCKET_RECEIVE_OK), "ASYNC_SOCKET_RECEIVE_OK");
    EXPECT_STREQ(async_socket_receive_result_to_string(ASYNC_SOCKET_RECEIVE_ERROR), "ASYNC_SOCKET_RECEIVE_ERROR");
    EXPECT_STREQ(async_socket_receive_result_to_string(ASYNC_SOCKET_RECEIVE_ABANDONED),
                 "ASYNC_SOCKET_RECEIVE_ABANDONED");
    EXPECT_STREQ(async_socket_receive_result_to_string(static_cast<ASYNC_SOCKET_RECEIVE_RESULT>(0)), "?");

    EXPECT_EQ(ASYNC_SOCKET_NOTIFY_IO_TYPE_IN, 1);
    EXPECT_STREQ(async_socket_notify_io_type_to_string(ASYNC_SOCKET_NOTIFY_IO_TYPE_IN),
                 "ASYNC_SOCKET_NOTIFY_IO_TYPE_IN");
    EXPECT_STREQ(async_socket_notify_io_type_to_string(ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT),
                 "ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT");
    expect_others_unnamed(ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, async_socket_notify_io_type_to_string);

    EXPECT_EQ(ASYNC_SOCKET_NOTIFY_IO_RESULT_IN, 1);
    EXPECT_STREQ(async_socket_notify_io_result_to_string(ASYNC_SOCKET_NOTIFY_IO_RESULT_IN),
                 "ASYNC_SOCKET_NOTIFY_IO_RESULT_IN");
    EXPECT_STREQ(async_socket_notify_io_result_to_string(ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT),
                 "ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT");
    EXPECT_STREQ(async_socket_notify_io_result_to_string(ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED),
                 "ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED");
    EXPECT_STREQ(async_socket_notify_io_result_to_string(ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR),
                 "ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR");
    expect_others_unnamed(ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR, async_socket_notify_io_result_to_string);
}

// SRS_ASYNC_SOCKET_LOG_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(to_string_test, levels_of_the_log)
{
    EXPECT_EQ(ASYNC_SOCKET_LOG_LEVEL_ERROR, 1);
    EXPECT_STREQ(async_socket_log_level_to_string(ASYNC_SOCKET_LOG_LEVEL_ERROR), "ASYNC_SOCKET_LOG_LEVEL_ERROR");
    EXPECT_STREQ(async_socket_log_level_to_string(ASYNC_SOCKET_LOG_LEVEL_WARNING), "ASYNC_SOCKET_LOG_LEVEL_WARNING");
    EXPECT_STREQ(async_socket_log_level_to_string(ASYNC_SOCKET_LOG_LEVEL_INFO), "ASYNC_SOCKET_LOG_LEVEL_INFO");
    EXPECT_STREQ(async_socket_log_level_to_string(static_cast<ASYNC_SOCKET_LOG_LEVEL>(0)), "?");
}

} // namespace
