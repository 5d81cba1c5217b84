// SPDX-License-Identifier: MIT

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "async_socket/cpp/endpoint.hpp"

namespace cpp_layer {
namespace {

using namespace std::string_view_literals;

using async_socket::endpoint;

// SRS_CPP_01_008, SRS_CPP_01_069
void expect_problem(std::string_view text, std::string_view part_of_problem)
{
    std::string_view problem;
    EXPECT_EQ(endpoint::parse(text, &problem), std::nullopt) << text;
    EXPECT_NE(problem.find(part_of_problem), std::string_view::npos) << text << ": " << problem;
    EXPECT_EQ(endpoint::parse(text), std::nullopt) << text;
}

// SRS_CPP_01_006
TEST(endpoint, is_written_with_brackets_where_the_host_has_colons)
{
    EXPECT_EQ((endpoint{"127.0.0.1", 80}.to_string()), "127.0.0.1:80");
    EXPECT_EQ((endpoint{"example.org", 65535}.to_string()), "example.org:65535");
    EXPECT_EQ((endpoint{"::1", 0}.to_string()), "[::1]:0");
}

// SRS_CPP_01_007
TEST(endpoint, is_read_as_it_is_written)
{
    for (const endpoint& each :
         {endpoint{"127.0.0.1", 80}, endpoint{"localhost", 0}, endpoint{"my_Host-2", 1}, endpoint{"example.org", 4000},
          endpoint{"::1", 65535}, endpoint{"::", 0}, endpoint{"fe80::1%lo", 1}, endpoint{std::string(253, 'a'), 1}}) {
        std::string_view problem;
        EXPECT_EQ(endpoint::parse(each.to_string(), &problem), each) << each.to_string();
        EXPECT_EQ(problem, "");
    }
}

// SRS_CPP_01_008, SRS_CPP_01_069
TEST(endpoint, is_not_made_where_something_is_missing)
{
    expect_problem("", "a port is missing");
    expect_problem("example.org", "a port is missing");
    expect_problem(":4000", "the host is missing");
    expect_problem(":", "the host is missing");
    expect_problem("[]:4000", "the host is missing");
    expect_problem("[::1]", "a port is missing");
    expect_problem("[::1]4000", "a port is missing");
    expect_problem("[::1:4000", "not closed");
    expect_problem("[:80", "not closed");
    expect_problem("[", "not closed");
}

// SRS_CPP_01_008, SRS_CPP_01_069
TEST(endpoint, wants_brackets_around_ipv6_addresses_only)
{
    expect_problem("::1:4000", "needs brackets");
    expect_problem("::1", "needs brackets");
    expect_problem("::1]:80", "needs brackets");
    expect_problem("[example.org]:4000", "IPv6 addresses only");
    expect_problem("[[::1]]:80", "a port is missing after the bracket");
}

// SRS_CPP_01_008, SRS_CPP_01_069
TEST(endpoint, is_not_made_with_a_port_that_is_none)
{
    for (const std::string_view text : {"h:"sv, "h:65536"sv, "h:99999999999999999999"sv, "h:-1"sv, "h:+1"sv, "h: 1"sv,
                                        "h:1 "sv, "h:0x10"sv, "h:http"sv, "h:0080"sv, "h:00"sv, "h:80\0"sv}) {
        expect_problem(text, "the port must be a number up to 65535, without zeros in front");
    }
}

// SRS_CPP_01_008, SRS_CPP_01_069
TEST(endpoint, is_not_made_with_characters_that_no_host_has)
{
    for (const std::string_view text :
         {" :80"sv, " a:80"sv, "a b:1"sv, "a\nb:1"sv, "a\"b:1"sv, "a/b:1"sv, "\xc3\xa4:1"sv, "[::1\n]:1"sv,
          "[::1 ]:1"sv, "a%b:1"sv, "a\0b:1"sv, "a\0:1"sv, "[::1\0]:1"sv}) {
        expect_problem(text, "character");
    }
}

// SRS_CPP_01_008, SRS_CPP_01_069
TEST(endpoint, has_a_host_of_bounded_length)
{
    expect_problem(std::string(254, 'a').append(":1"), "too long");
}

// SRS_CPP_01_070
TEST(endpoint, has_a_port_of_the_whole_range_and_nothing_else)
{
    EXPECT_EQ(endpoint::parse_port("0"), 0);
    EXPECT_EQ(endpoint::parse_port("10"), 10);
    EXPECT_EQ(endpoint::parse_port("65535"), 65535);
    for (const std::string_view text : {""sv, "65536"sv, "1x"sv, "-1"sv, " 1"sv, "01"sv, "00"sv, "1\0"sv}) {
        EXPECT_EQ(endpoint::parse_port(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace cpp_layer
