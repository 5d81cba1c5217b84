// SPDX-License-Identifier: MIT

#include "endpoint.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using asock::endpoint;
using asock::parse_endpoint;
using asock::parse_port;

void expect_endpoint(const std::string& text, const endpoint& expected)
{
    std::string problem;
    const auto parsed = parse_endpoint(text, problem);
    ASSERT_TRUE(parsed.has_value()) << text << ": " << problem;
    EXPECT_EQ(*parsed, expected) << text;
    EXPECT_EQ(to_string(*parsed), text);
}

void expect_problem(const std::string& text, const std::string& part_of_problem)
{
    std::string problem;
    EXPECT_FALSE(parse_endpoint(text, problem).has_value()) << text;
    EXPECT_NE(problem.find(part_of_problem), std::string::npos) << text << ": " << problem;
}

TEST(parse_endpoint, takes_names_and_addresses)
{
    expect_endpoint("example.org:4000", {"example.org", 4000});
    expect_endpoint("my_host-2:1", {"my_host-2", 1});
    expect_endpoint("127.0.0.1:65535", {"127.0.0.1", 65535});
    expect_endpoint("[::1]:80", {"::1", 80});
    expect_endpoint("[fe80::1%eth0]:80", {"fe80::1%eth0", 80});
}

TEST(parse_endpoint, says_what_is_missing)
{
    expect_problem("", "a port is missing");
    expect_problem("example.org", "a port is missing");
    expect_problem(":4000", "the host is missing");
    expect_problem("[]:4000", "the host is missing");
    expect_problem("[::1]", "a port is missing");
    expect_problem("[::1]4000", "a port is missing");
    expect_problem("[::1:4000", "not closed");
    expect_problem("[", "not closed");
}

TEST(parse_endpoint, wants_brackets_around_ipv6_addresses_only)
{
    expect_problem("::1:4000", "needs brackets");
    expect_problem("fe80::1", "needs brackets");
    expect_problem("[example.org]:4000", "IPv6 addresses only");
}

TEST(parse_endpoint, refuses_ports_that_are_none)
{
    for (const char* text :
         {"h:", "h:0", "h:65536", "h:99999999999999999999", "h:-1", "h:+1", "h: 1", "h:1 ", "h:0x10", "h:http"}) {
        expect_problem(text, "the port must be a number from 1 to 65535");
    }
}

TEST(parse_endpoint, refuses_characters_that_no_host_has)
{
    for (const char* text : {"a b:1", "a\nb:1", "a\"b:1", "a/b:1", "\xc3\xa4:1", "[::1\n]:1", "[::1 ]:1", "a%b:1"}) {
        expect_problem(text, "character");
    }
    expect_problem(std::string("a\0b:1", 5), "character");
}

TEST(parse_endpoint, bounds_the_host)
{
    const std::string longest(253, 'a');
    expect_endpoint(longest + ":1", {longest, 1});
    expect_problem(longest + "a:1", "too long");
}

TEST(parse_listen_endpoint, takes_port_0_too)
{
    std::string problem;
    EXPECT_EQ(asock::parse_listen_endpoint("127.0.0.1:0", problem), (endpoint{"127.0.0.1", 0}));
    EXPECT_EQ(asock::parse_listen_endpoint("[::]:65535", problem), (endpoint{"::", 65535}));
    EXPECT_FALSE(asock::parse_listen_endpoint("127.0.0.1:65536", problem).has_value());
    EXPECT_EQ(problem, "the port must be a number from 0 to 65535");
}

TEST(parse_port, takes_the_whole_range_and_nothing_else)
{
    EXPECT_EQ(parse_port("0"), 0);
    EXPECT_EQ(parse_port("65535"), 65535);
    EXPECT_FALSE(parse_port("65536").has_value());
    EXPECT_FALSE(parse_port("").has_value());
    EXPECT_FALSE(parse_port("1x").has_value());
    EXPECT_FALSE(parse_port("-1").has_value());
}

} // namespace
