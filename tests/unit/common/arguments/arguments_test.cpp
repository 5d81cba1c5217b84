// SPDX-License-Identifier: MIT

#include <cstdint>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/arguments/arguments.hpp"
#include "support/log_recorder.h"

namespace async_socket::detail {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t record_size = 64;

class arguments : public testing::Test {
protected:
    static void on_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}
    static void on_send(void*, ASYNC_SOCKET_SEND_RESULT) {}
    static void on_receive(void*, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t) {}

    log_recorder log_;
    // Only whether a handle is NULL is asked, so anything will do.
    int object_ = 0;
    ASYNC_SOCKET_HANDLE socket_ = reinterpret_cast<ASYNC_SOCKET_HANDLE>(&object_);
    SOCKET_TRANSPORT_HANDLE transport_ = reinterpret_cast<SOCKET_TRANSPORT_HANDLE>(&object_);
    unsigned char data_[8] = {};
    ASYNC_SOCKET_BUFFER payload_[2] = {{data_, 3}, {data_ + 3, 5}};
};

TEST_F(arguments, that_are_right_pass_in_silence)
{
    EXPECT_TRUE(check_open_arguments(socket_, transport_, on_open));
    EXPECT_EQ(check_send_arguments(socket_, payload_, 2, on_send, record_size), 8U);
    EXPECT_EQ(check_receive_arguments(socket_, payload_, 2, on_receive, record_size), 8U);
    EXPECT_THAT(log_.take(), IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_007, SRS_ASYNC_SOCKET_WIN32_01_034, SRS_ASYNC_SOCKET_WIN32_01_008
TEST_F(arguments, of_open_must_not_be_null)
{
    EXPECT_FALSE(check_open_arguments(nullptr, transport_, on_open));
    EXPECT_FALSE(check_open_arguments(socket_, nullptr, on_open));
    EXPECT_FALSE(check_open_arguments(socket_, transport_, nullptr));
    EXPECT_THAT(log_.take(),
                ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_open_async: async_socket is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_open_async: socket_transport is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_open_async: on_open_complete is NULL"));
}

// SRS_ASYNC_SOCKET_WIN32_01_024, SRS_ASYNC_SOCKET_WIN32_01_026, SRS_ASYNC_SOCKET_WIN32_01_025,
// SRS_ASYNC_SOCKET_WIN32_01_085
TEST_F(arguments, of_send_are_checked)
{
    EXPECT_EQ(check_send_arguments(nullptr, payload_, 2, on_send, record_size), std::nullopt);
    EXPECT_EQ(check_send_arguments(socket_, payload_, 2, nullptr, record_size), std::nullopt);
    EXPECT_EQ(check_send_arguments(socket_, nullptr, 2, on_send, record_size), std::nullopt);
    EXPECT_EQ(check_send_arguments(socket_, payload_, 0, on_send, record_size), std::nullopt);
    EXPECT_THAT(log_.take(),
                ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_send_async: async_socket is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_send_async: on_send_complete is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_send_async: payload is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_send_async: buffer_count is 0"));
}

// SRS_ASYNC_SOCKET_WIN32_01_073, SRS_ASYNC_SOCKET_WIN32_01_075, SRS_ASYNC_SOCKET_WIN32_01_074,
// SRS_ASYNC_SOCKET_WIN32_01_086
TEST_F(arguments, of_receive_are_checked)
{
    EXPECT_EQ(check_receive_arguments(nullptr, payload_, 2, on_receive, record_size), std::nullopt);
    EXPECT_EQ(check_receive_arguments(socket_, payload_, 2, nullptr, record_size), std::nullopt);
    EXPECT_EQ(check_receive_arguments(socket_, nullptr, 2, on_receive, record_size), std::nullopt);
    EXPECT_EQ(check_receive_arguments(socket_, payload_, 0, on_receive, record_size), std::nullopt);
    EXPECT_THAT(log_.take(),
                ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_receive_async: async_socket is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_receive_async: on_receive_complete is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_receive_async: payload is NULL",
                            "ASYNC_SOCKET_LOG_LEVEL_ERROR async_socket_receive_async: buffer_count is 0"));
}

// SRS_ASYNC_SOCKET_WIN32_01_103: the size of the platform's record counts.
TEST_F(arguments, of_send_and_receive_are_bounded_by_the_size_of_the_record)
{
    constexpr std::size_t almost_all = UINT32_MAX - sizeof(SOCKET_BUFFER);
    EXPECT_EQ(check_send_arguments(socket_, payload_, 1, on_send, almost_all), 3U);
    EXPECT_EQ(check_receive_arguments(socket_, payload_, 1, on_receive, almost_all), 3U);
    EXPECT_EQ(check_send_arguments(socket_, payload_, 2, on_send, almost_all), std::nullopt);
    EXPECT_EQ(check_receive_arguments(socket_, payload_, 2, on_receive, almost_all), std::nullopt);
    EXPECT_EQ(log_.take().size(), 2U);
}

} // namespace

} // namespace async_socket::detail
