// SPDX-License-Identifier: MIT

#include <cstdint>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/arguments/arguments.hpp"
#include "support/log_recorder.h"

namespace async_socket::detail {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class operation_arguments : public testing::Test {
protected:
    static void on_complete(void*, const ASYNC_COMPLETION*) {}

    [[nodiscard]] bool check_connect(const char* host, std::uint16_t port) const
    {
        return check_connect_arguments("connect", socket_, host, port, "on_open_complete", true);
    }

    log_recorder log_;
    int object_ = 0;
    ASYNC_SOCKET_HANDLE socket_ = reinterpret_cast<ASYNC_SOCKET_HANDLE>(&object_);
    unsigned char data_[8] = {};
    ASYNC_SOCKET_BUFFER payload_[2] = {{data_, 3}, {data_ + 3, 5}};
};

TEST_F(operation_arguments, that_are_right_pass_in_silence)
{
    EXPECT_EQ(check_operation_arguments("send_ex", socket_, payload_, 2, on_complete, 64), 8U);
    EXPECT_TRUE(check_connect("localhost", 1));
    EXPECT_TRUE(check_connect("::1", 65535));
    EXPECT_THAT(log_.take(), IsEmpty());
}

// SRS_ASYNC_SOCKET_EX_01_005, SRS_ASYNC_SOCKET_EX_01_010
TEST_F(operation_arguments, of_a_send_or_a_receive_are_refused_in_the_name_of_the_function)
{
    EXPECT_EQ(check_operation_arguments("send_ex", nullptr, payload_, 2, on_complete, 64), std::nullopt);
    EXPECT_EQ(check_operation_arguments("send_ex", socket_, payload_, 2, nullptr, 64), std::nullopt);
    EXPECT_EQ(check_operation_arguments("receive_ex", socket_, nullptr, 2, on_complete, 64), std::nullopt);
    EXPECT_EQ(check_operation_arguments("receive_ex", socket_, payload_, 0, on_complete, 64), std::nullopt);
    payload_[1].length = 0;
    EXPECT_EQ(check_operation_arguments("receive_ex", socket_, payload_, 2, on_complete, 64), std::nullopt);
    EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR send_ex: async_socket is NULL",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR send_ex: on_complete is NULL",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR receive_ex: payload is NULL",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR receive_ex: buffer_count is 0",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR receive_ex: payload[1].length is 0"));
}

// SRS_ASYNC_CONNECT_01_001
TEST_F(operation_arguments, of_a_connect_must_not_be_null)
{
    EXPECT_FALSE(check_connect_arguments("connect", nullptr, "host", 1, "on_open_complete", true));
    EXPECT_FALSE(check_connect(nullptr, 1));
    EXPECT_FALSE(check_connect_arguments("connect", socket_, "host", 1, "on_open_complete", false));
    EXPECT_FALSE(check_connect_arguments("connect_ex", socket_, "host", 1, "on_complete", false));
    EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR connect: async_socket is NULL",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR connect: host is NULL",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR connect: on_open_complete is NULL",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR connect_ex: on_complete is NULL"));
}

// SRS_ASYNC_CONNECT_01_002
TEST_F(operation_arguments, of_a_connect_name_a_host_of_1_to_253_characters_and_a_port)
{
    EXPECT_TRUE(check_connect(std::string(253, 'a').c_str(), 1));
    EXPECT_THAT(log_.take(), IsEmpty());
    EXPECT_FALSE(check_connect("", 1));
    EXPECT_FALSE(check_connect(std::string(254, 'a').c_str(), 1));
    EXPECT_FALSE(check_connect(std::string(100'000, 'a').c_str(), 1));
    EXPECT_FALSE(check_connect("host", 0));
    EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR connect: host is empty",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR connect: host is longer than 253 characters",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR connect: host is longer than 253 characters",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR connect: port is 0"));
}

// SRS_ASYNC_SOCKET_EX_01_013, SRS_ASYNC_SOCKET_EX_01_015, SRS_ASYNC_DELAY_01_005
TEST_F(operation_arguments, of_a_cancel_are_a_handle_and_a_name)
{
    EXPECT_TRUE(check_cancel_arguments("cancel", "async_socket", socket_, 1));
    EXPECT_THAT(log_.take(), IsEmpty());
    EXPECT_FALSE(check_cancel_arguments("cancel", "async_socket", nullptr, 1));
    EXPECT_FALSE(check_cancel_arguments("cancel", "async_socket", socket_, 0));
    EXPECT_THAT(log_.take(), ElementsAre("ASYNC_SOCKET_LOG_LEVEL_ERROR cancel: async_socket is NULL",
                                         "ASYNC_SOCKET_LOG_LEVEL_ERROR cancel: id is 0"));
}

} // namespace

} // namespace async_socket::detail
