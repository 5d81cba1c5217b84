// SPDX-License-Identifier: MIT

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/cpp/error.hpp"

namespace cpp_layer {
namespace {

using async_socket::condition;
using async_socket::make_error_code;

const std::vector<std::pair<ASYNC_STATUS, condition>> all_conditions{
    {ASYNC_STATUS_END_OF_STREAM, condition::end_of_stream},
    {ASYNC_STATUS_RESET, condition::reset},
    {ASYNC_STATUS_CLOSED, condition::closed},
    {ASYNC_STATUS_CANCELLED, condition::cancelled},
    {ASYNC_STATUS_TIMED_OUT, condition::timed_out},
    {ASYNC_STATUS_REFUSED, condition::refused},
    {ASYNC_STATUS_UNREACHABLE, condition::unreachable},
    {ASYNC_STATUS_NAME_NOT_RESOLVED, condition::name_not_resolved},
    {ASYNC_STATUS_ADDRESS_IN_USE, condition::address_in_use},
    {ASYNC_STATUS_NO_RESOURCES, condition::no_resources},
};

const std::vector<std::pair<ASYNC_STATUS, std::errc>> all_errcs{
    {ASYNC_STATUS_RESET, std::errc::connection_reset},
    {ASYNC_STATUS_CLOSED, std::errc::not_connected},
    {ASYNC_STATUS_CANCELLED, std::errc::operation_canceled},
    {ASYNC_STATUS_TIMED_OUT, std::errc::timed_out},
    {ASYNC_STATUS_REFUSED, std::errc::connection_refused},
    {ASYNC_STATUS_UNREACHABLE, std::errc::host_unreachable},
    {ASYNC_STATUS_UNREACHABLE, std::errc::network_unreachable},
    {ASYNC_STATUS_ADDRESS_IN_USE, std::errc::address_in_use},
    {ASYNC_STATUS_NO_RESOURCES, std::errc::not_enough_memory},
    {ASYNC_STATUS_NO_RESOURCES, std::errc::no_buffer_space},
    {ASYNC_STATUS_NO_RESOURCES, std::errc::too_many_files_open},
    {ASYNC_STATUS_NO_RESOURCES, std::errc::too_many_files_open_in_system},
};

// SRS_CPP_01_001
TEST(error, is_none_for_ok_and_the_status_otherwise)
{
    EXPECT_FALSE(make_error_code(ASYNC_STATUS_OK));
    EXPECT_EQ(make_error_code(ASYNC_STATUS_OK), std::error_code());
    for (int status = ASYNC_STATUS_END_OF_STREAM; status <= ASYNC_STATUS_ERROR; ++status) {
        const std::error_code error = make_error_code(static_cast<ASYNC_STATUS>(status));
        EXPECT_TRUE(error) << status;
        EXPECT_EQ(error.value(), status);
        EXPECT_EQ(&error.category(), &async_socket::status_category());
        EXPECT_NE(error.message(), "unknown status");
    }
    EXPECT_STREQ(async_socket::status_category().name(), "async_socket");
}

// SRS_CPP_01_002, SRS_CPP_01_003
TEST(error, equals_the_condition_of_its_status_and_no_other)
{
    for (const auto& [status, own] : all_conditions) {
        for (const auto& [other_status, other] : all_conditions) {
            EXPECT_EQ(make_error_code(status) == other, own == other) << status << ' ' << other_status;
        }
        EXPECT_NE(make_error_code(ASYNC_STATUS_ERROR), own);
        EXPECT_NE(std::error_code(), own);
        EXPECT_EQ(make_error_condition(own).message(), make_error_code(status).message());
    }
}

// SRS_CPP_01_002
TEST(error, equals_the_standard_names_of_its_status_and_no_others)
{
    for (const auto& [status, errc] : all_errcs) {
        for (int other = ASYNC_STATUS_END_OF_STREAM; other <= ASYNC_STATUS_ERROR; ++other) {
            EXPECT_EQ(make_error_code(static_cast<ASYNC_STATUS>(other)) == errc, other == status)
                << other << ' ' << static_cast<int>(errc);
        }
    }
}

// SRS_CPP_01_004
TEST(error, conditions_equal_the_standard_codes_of_the_same_meaning)
{
    for (const auto& [status, errc] : all_errcs) {
        for (const auto& [other, value] : all_conditions) {
            EXPECT_EQ(std::make_error_code(errc) == value, other == status) << status << ' ' << other;
        }
    }
    EXPECT_EQ(std::error_code(ENOMEM, std::generic_category()), condition::no_resources);
}

// SRS_CPP_01_005
TEST(error, is_the_systems_own_where_the_status_says_nothing)
{
    ASYNC_COMPLETION completion{ASYNC_STATUS_ERROR, 5, 0};
    EXPECT_EQ(make_error_code(completion), std::error_code(5, std::system_category()));
    completion.system_error = 0;
    EXPECT_EQ(make_error_code(completion), make_error_code(ASYNC_STATUS_ERROR));
    completion = {ASYNC_STATUS_RESET, 104, 0};
    EXPECT_EQ(make_error_code(completion), make_error_code(ASYNC_STATUS_RESET));
    completion = {ASYNC_STATUS_OK, 0, 10};
    EXPECT_FALSE(make_error_code(completion));
}

// SRS_CPP_01_100
TEST(error, tells_its_own_time_limit_from_a_peer_that_the_system_gave_up_on)
{
    const std::error_code own = make_error_code(ASYNC_COMPLETION{ASYNC_STATUS_TIMED_OUT, 0, 0});
    EXPECT_EQ(own, condition::timed_out);
    EXPECT_EQ(own, std::errc::timed_out);
    const int number = std::make_error_code(std::errc::timed_out).value();
    const std::error_code systems = make_error_code(ASYNC_COMPLETION{ASYNC_STATUS_TIMED_OUT, number, 0});
    EXPECT_EQ(systems, std::error_code(number, std::system_category()));
    for (const auto& [status, any] : all_conditions) {
        EXPECT_NE(systems, any) << status;
    }
#ifndef _WIN32
    EXPECT_EQ(systems, std::errc::timed_out);
#endif
}

bool is_compared_well()
{
    const std::error_code error = make_error_code(ASYNC_STATUS_RESET);
    return error == condition::reset && error == std::errc::connection_reset && error != condition::closed &&
           error.message() == "connection reset" && make_error_condition(condition::reset).message() == error.message();
}

// Made before the categories are first used, and so destroyed after what is made then.
const struct late_comparison {
    ~late_comparison()
    {
        if (!is_compared_well()) {
            std::fputs("errors are not compared well in the destructor of a static object\n", stderr);
            std::abort();
        }
    }
} late;

// The destructor has its say when the program ends.
// SRS_CPP_01_101
TEST(error, is_compared_in_the_destructors_of_static_objects)
{
    EXPECT_TRUE(is_compared_well());
}

} // namespace
} // namespace cpp_layer
