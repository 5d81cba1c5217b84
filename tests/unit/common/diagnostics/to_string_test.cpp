// SPDX-License-Identifier: MIT

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"
#include "async_socket/log.h"
#include "async_socket/socket_transport.h"

namespace {

// `names` from the first value on. The values around them that the enum can hold at all, which are those of as many
// bits as its greatest needs, have no name.
template <typename enumeration>
void expect_names(const char* (*to_string)(enumeration), const std::vector<std::string>& names)
{
    int representable = 1;
    while (representable <= static_cast<int>(names.size())) {
        representable *= 2;
    }
    for (int value = 0; value < representable; ++value) {
        const bool named = value >= 1 && value <= static_cast<int>(names.size());
        EXPECT_EQ(to_string(static_cast<enumeration>(value)), named ? names[static_cast<std::size_t>(value) - 1] : "?")
            << value;
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(to_string, names_the_results_of_async_sockets)
{
    expect_names(async_socket_open_result_to_string, {"ASYNC_SOCKET_OPEN_OK", "ASYNC_SOCKET_OPEN_ERROR"});
    expect_names(async_socket_send_sync_result_to_string,
                 {"ASYNC_SOCKET_SEND_SYNC_OK", "ASYNC_SOCKET_SEND_SYNC_ERROR", "ASYNC_SOCKET_SEND_SYNC_NOT_OPEN"});
    expect_names(async_socket_send_result_to_string,
                 {"ASYNC_SOCKET_SEND_OK", "ASYNC_SOCKET_SEND_ERROR", "ASYNC_SOCKET_SEND_ABANDONED"});
    expect_names(async_socket_receive_result_to_string,
                 {"ASYNC_SOCKET_RECEIVE_OK", "ASYNC_SOCKET_RECEIVE_ERROR", "ASYNC_SOCKET_RECEIVE_ABANDONED"});
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(to_string, names_what_is_notified_of)
{
    expect_names(async_socket_notify_io_type_to_string,
                 {"ASYNC_SOCKET_NOTIFY_IO_TYPE_IN", "ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT"});
    expect_names(async_socket_notify_io_result_to_string,
                 {"ASYNC_SOCKET_NOTIFY_IO_RESULT_IN", "ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT",
                  "ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED", "ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR"});
}

// SRS_SOCKET_TRANSPORT_01_050, SRS_ASYNC_SOCKET_GUARANTEE_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(to_string, names_the_results_of_transports)
{
    expect_names(socket_send_result_to_string, {"SOCKET_SEND_INVALID_ARG", "SOCKET_SEND_OK", "SOCKET_SEND_ERROR",
                                                "SOCKET_SEND_FAILED", "SOCKET_SEND_SHUTDOWN"});
    expect_names(socket_receive_result_to_string,
                 {"SOCKET_RECEIVE_INVALID_ARG", "SOCKET_RECEIVE_OK", "SOCKET_RECEIVE_WOULD_BLOCK",
                  "SOCKET_RECEIVE_ERROR", "SOCKET_RECEIVE_SHUTDOWN"});
    expect_names(socket_accept_result_to_string,
                 {"SOCKET_ACCEPT_OK", "SOCKET_ACCEPT_ERROR", "SOCKET_ACCEPT_PORT_EXHAUSTION",
                  "SOCKET_ACCEPT_INPROGRESS", "SOCKET_ACCEPT_NO_CONNECTION"});
    expect_names(socket_type_to_string, {"SOCKET_BINDING", "SOCKET_CLIENT"});
}

// SRS_ASYNC_OPERATION_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(to_string, names_how_operations_went)
{
    expect_names(async_status_to_string,
                 {"ASYNC_STATUS_OK", "ASYNC_STATUS_END_OF_STREAM", "ASYNC_STATUS_RESET", "ASYNC_STATUS_CLOSED",
                  "ASYNC_STATUS_CANCELLED", "ASYNC_STATUS_TIMED_OUT", "ASYNC_STATUS_REFUSED",
                  "ASYNC_STATUS_UNREACHABLE", "ASYNC_STATUS_NAME_NOT_RESOLVED", "ASYNC_STATUS_ADDRESS_IN_USE",
                  "ASYNC_STATUS_NO_RESOURCES", "ASYNC_STATUS_ERROR"});
}

// SRS_ASYNC_SOCKET_LOG_01_006
TEST(to_string, names_the_levels_of_the_log)
{
    expect_names(async_socket_log_level_to_string,
                 {"ASYNC_SOCKET_LOG_LEVEL_ERROR", "ASYNC_SOCKET_LOG_LEVEL_WARNING", "ASYNC_SOCKET_LOG_LEVEL_INFO"});
}

} // namespace
