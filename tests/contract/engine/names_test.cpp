// SPDX-License-Identifier: MIT
//
// The name of each value of each enum, and where the values start.

#include <gtest/gtest.h>

#include "async_socket/async_socket.h"
#include "async_socket/log.h"
#include "async_socket/socket_transport.h"

namespace contract {
namespace {

// The values of an enum follow each other from 1 on, in the order given, and nothing else has a name.
template <typename Enum>
class enum_names {
public:
    explicit enum_names(const char* (*to_string)(Enum)) : to_string_(to_string) {}

    enum_names& next(Enum value, const char* name)
    {
        EXPECT_EQ(static_cast<int>(value), ++last_) << name;
        EXPECT_STREQ(to_string_(value), name);
        return *this;
    }

    void no_more()
    {
        for (const int value : {0, last_ + 1, last_ + 2, -1, 1000}) {
            EXPECT_STREQ(to_string_(static_cast<Enum>(value)), "?") << value;
        }
    }

private:
    const char* (*to_string_)(Enum);
    int last_ = 0;
};

template <typename Enum>
enum_names<Enum> names_of(const char* (*to_string)(Enum))
{
    return enum_names<Enum>(to_string);
}

#define VALUE(name) next(name, #name)

// SRS_ASYNC_SOCKET_GUARANTEE_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(names, of_async_socket)
{
    names_of(async_socket_open_result_to_string).VALUE(ASYNC_SOCKET_OPEN_OK).VALUE(ASYNC_SOCKET_OPEN_ERROR).no_more();
    names_of(async_socket_send_sync_result_to_string)
        .VALUE(ASYNC_SOCKET_SEND_SYNC_OK)
        .VALUE(ASYNC_SOCKET_SEND_SYNC_ERROR)
        .VALUE(ASYNC_SOCKET_SEND_SYNC_NOT_OPEN)
        .no_more();
    names_of(async_socket_send_result_to_string)
        .VALUE(ASYNC_SOCKET_SEND_OK)
        .VALUE(ASYNC_SOCKET_SEND_ERROR)
        .VALUE(ASYNC_SOCKET_SEND_ABANDONED)
        .no_more();
    names_of(async_socket_receive_result_to_string)
        .VALUE(ASYNC_SOCKET_RECEIVE_OK)
        .VALUE(ASYNC_SOCKET_RECEIVE_ERROR)
        .VALUE(ASYNC_SOCKET_RECEIVE_ABANDONED)
        .no_more();
    names_of(async_socket_notify_io_type_to_string)
        .VALUE(ASYNC_SOCKET_NOTIFY_IO_TYPE_IN)
        .VALUE(ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT)
        .no_more();
    names_of(async_socket_notify_io_result_to_string)
        .VALUE(ASYNC_SOCKET_NOTIFY_IO_RESULT_IN)
        .VALUE(ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT)
        .VALUE(ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED)
        .VALUE(ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR)
        .no_more();
}

// SRS_SOCKET_TRANSPORT_01_050, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(names, of_socket_transport)
{
    names_of(socket_send_result_to_string)
        .VALUE(SOCKET_SEND_INVALID_ARG)
        .VALUE(SOCKET_SEND_OK)
        .VALUE(SOCKET_SEND_ERROR)
        .VALUE(SOCKET_SEND_FAILED)
        .VALUE(SOCKET_SEND_SHUTDOWN)
        .no_more();
    names_of(socket_receive_result_to_string)
        .VALUE(SOCKET_RECEIVE_INVALID_ARG)
        .VALUE(SOCKET_RECEIVE_OK)
        .VALUE(SOCKET_RECEIVE_WOULD_BLOCK)
        .VALUE(SOCKET_RECEIVE_ERROR)
        .VALUE(SOCKET_RECEIVE_SHUTDOWN)
        .no_more();
    names_of(socket_accept_result_to_string)
        .VALUE(SOCKET_ACCEPT_OK)
        .VALUE(SOCKET_ACCEPT_ERROR)
        .VALUE(SOCKET_ACCEPT_PORT_EXHAUSTION)
        .VALUE(SOCKET_ACCEPT_INPROGRESS)
        .VALUE(SOCKET_ACCEPT_NO_CONNECTION)
        .no_more();
    names_of(socket_type_to_string).VALUE(SOCKET_BINDING).VALUE(SOCKET_CLIENT).no_more();
}

// SRS_ASYNC_SOCKET_LOG_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_012
TEST(names, of_log_levels)
{
    names_of(async_socket_log_level_to_string)
        .VALUE(ASYNC_SOCKET_LOG_LEVEL_ERROR)
        .VALUE(ASYNC_SOCKET_LOG_LEVEL_WARNING)
        .VALUE(ASYNC_SOCKET_LOG_LEVEL_INFO)
        .no_more();
}

} // namespace
} // namespace contract
