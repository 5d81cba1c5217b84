// SPDX-License-Identifier: MIT

#include "linux/transport/message_buffers.hpp"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/connection.h"

namespace {

using async_socket::detail::buffer_cursor;
using transport_test::buffers_of;

// What is left, as a window of `size` entries shows it.
std::string seen_through(const buffer_cursor& cursor, std::size_t size)
{
    std::vector<iovec> window(size);
    const std::size_t used = cursor.fill(window);
    std::string seen;
    for (std::size_t i = 0; i < used; ++i) {
        seen.append(static_cast<const char*>(window[i].iov_base), window[i].iov_len);
    }
    return seen;
}

// SRS_SOCKET_TRANSPORT_LINUX_01_011
TEST(buffer_cursor, stands_at_every_byte_in_turn_whatever_the_steps)
{
    std::vector<std::string> strings{"", "a", "bcd", "", "", "ef", "g", ""};
    const std::string whole = "abcdefg";
    const std::vector<SOCKET_BUFFER> buffers = buffers_of(strings);
    for (std::size_t step = 1; step <= whole.size(); ++step) {
        buffer_cursor cursor(buffers.data(), static_cast<std::uint32_t>(buffers.size()));
        for (std::size_t at = 0; at < whole.size(); at += step) {
            ASSERT_FALSE(cursor.at_end());
            EXPECT_EQ(seen_through(cursor, 8), whole.substr(at)) << "in steps of " << step;
            cursor.advance(std::min(step, whole.size() - at));
        }
        EXPECT_TRUE(cursor.at_end());
        EXPECT_EQ(seen_through(cursor, 8), "");
    }
}

// SRS_SOCKET_TRANSPORT_LINUX_01_015
TEST(buffer_cursor, shows_no_more_than_the_window_holds)
{
    std::vector<std::string> strings{"ab", "", "cd", "ef"};
    const std::vector<SOCKET_BUFFER> buffers = buffers_of(strings);
    buffer_cursor cursor(buffers.data(), static_cast<std::uint32_t>(buffers.size()));
    EXPECT_EQ(seen_through(cursor, 1), "ab");
    EXPECT_EQ(seen_through(cursor, 2), "abcd");
    cursor.advance(3);
    EXPECT_EQ(seen_through(cursor, 1), "d");
    EXPECT_EQ(seen_through(cursor, 2), "def");
}

TEST(buffer_cursor, is_at_the_end_at_once_where_there_is_no_byte)
{
    std::vector<std::string> strings{"", ""};
    const std::vector<SOCKET_BUFFER> buffers = buffers_of(strings);
    const buffer_cursor cursor(buffers.data(), static_cast<std::uint32_t>(buffers.size()));
    EXPECT_TRUE(cursor.at_end());
}

} // namespace
