// SPDX-License-Identifier: MIT

#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "async_socket/cpp/endpoint.hpp"

namespace cpp_layer {
namespace {

using async_socket::endpoint;

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
         {endpoint{"127.0.0.1", 80}, endpoint{"localhost", 0}, endpoint{"::1", 65535}, endpoint{"fe80::1%lo", 1}}) {
        EXPECT_EQ(endpoint::parse(each.to_string()), each) << each.to_string();
    }
}

// SRS_CPP_01_008
TEST(endpoint, is_not_made_of_anything_else)
{
    for (const std::string_view text :
         {"",         ":",         ":80",        "host",    "host:",      "host:x",
          "host:80x", "host: 80",  "host:+80",   "host:-1", "host:65536", "host:99999999999999999999",
          "::1:80",   "::1",       "[::1]",      "[::1]80", "[::1:80",    "::1]:80",
          "[]:80",    "[host]:80", "[[::1]]:80", "[:80"}) {
        EXPECT_EQ(endpoint::parse(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace cpp_layer
