// SPDX-License-Identifier: MIT
//
// What one system call is asked to move, and one turn.

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "linux/operation/operation.hpp"
#include "linux/operation/pool.hpp"
#include "linux/socket/transfer.hpp"
#include "linux_faults/faults.h"

namespace linux_tests {
namespace {

using async_socket::detail::attempted_operation;
using async_socket::detail::largest_piece;
using async_socket::detail::next_piece;
using async_socket::detail::operation;
using async_socket::detail::operation_pool;
using async_socket::detail::piece;
using async_socket::detail::progress;
using async_socket::detail::transfer_result;
using async_socket::detail::turn;
using async_socket::detail::work_kind;
using linux_faults::api;

class pieces : public ::testing::Test {
protected:
    pieces()
    {
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair_), 0);
        socket_.fd = pair_[0];
    }
    ~pieces() override
    {
        ::close(pair_[0]);
        ::close(pair_[1]);
    }

    operation& make(const std::vector<std::size_t>& lengths)
    {
        operation& made = *pool_.take(static_cast<std::uint32_t>(lengths.size()));
        made.kind = work_kind::send;
        made.socket = &socket_;
        made.total_length = 0;
        made.transferred = 0;
        made.current = 0;
        made.buffer_count = static_cast<std::uint32_t>(lengths.size());
        for (std::size_t i = 0; i != lengths.size(); ++i) {
            made.buffers()[i] = {memory_.data(), lengths[i]};
            made.total_length += static_cast<std::uint32_t>(lengths[i]);
        }
        made_ = &made;
        return made;
    }
    void TearDown() override { pool_.give_back(made_); }

    linux_faults::clean_scope clean_;
    std::vector<unsigned char> memory_ = std::vector<unsigned char>(2 * largest_piece);
    ASYNC_SOCKET_TAG socket_;
    turn turn_;
    attempted_operation attempted_;

private:
    int pair_[2]{};
    operation_pool pool_;
    operation* made_ = nullptr;
};

// SRS_ASYNC_SOCKET_LINUX_01_031
TEST_F(pieces, of_one_buffer_are_no_longer_than_the_system_takes)
{
    const piece next = next_piece(make({std::size_t{3} << 30}));
    EXPECT_EQ(next.length, largest_piece);
    EXPECT_EQ(next.first.iov_len, largest_piece);
    EXPECT_EQ(next.message, nullptr);
}

// SRS_ASYNC_SOCKET_LINUX_01_031
TEST_F(pieces, of_several_buffers_end_before_the_buffer_that_is_too_much)
{
    const piece next = next_piece(make({largest_piece / 2, largest_piece / 2, 1}));
    ASSERT_NE(next.message, nullptr);
    EXPECT_EQ(next.message->msg_iovlen, 2u);
    EXPECT_EQ(next.length, largest_piece);
}

// SRS_ASYNC_SOCKET_LINUX_01_031
TEST_F(pieces, are_one_buffer_where_that_is_as_much_as_the_system_takes)
{
    const piece next = next_piece(make({largest_piece + 1, 1}));
    EXPECT_EQ(next.message, nullptr);
    EXPECT_EQ(next.length, largest_piece);
}

// SRS_ASYNC_SOCKET_LINUX_01_031
TEST_F(pieces, are_of_no_more_buffers_than_the_system_takes)
{
    const piece next = next_piece(make(std::vector<std::size_t>(IOV_MAX + 1, 1)));
    ASSERT_NE(next.message, nullptr);
    EXPECT_EQ(next.message->msg_iovlen, static_cast<std::size_t>(IOV_MAX));
}

// SRS_ASYNC_SOCKET_LINUX_01_034
TEST_F(pieces, are_not_more_than_a_turn_has_attempts)
{
    linux_faults::cut_short(api::send, 1);
    operation& sent = make({1000});
    EXPECT_EQ(try_send(sent, turn_, attempted_).state, progress::turn_over);
    EXPECT_EQ(sent.transferred, static_cast<std::uint32_t>(turn::most_attempts));
    turn_.begin();
    EXPECT_EQ(try_send(sent, turn_, attempted_).state, progress::turn_over);
    EXPECT_EQ(sent.transferred, 2 * static_cast<std::uint32_t>(turn::most_attempts));
}

// SRS_ASYNC_SOCKET_LINUX_01_034
TEST_F(pieces, are_not_more_than_a_turn_has_bytes)
{
    turn_.spend(turn::most_bytes - 10);
    operation& sent = make({10, 10});
    linux_faults::cut_short(api::sendmsg, 10);
    EXPECT_EQ(try_send(sent, turn_, attempted_).state, progress::turn_over);
    EXPECT_EQ(sent.transferred, 10u);
}

// SRS_ASYNC_SOCKET_LINUX_01_032
TEST_F(pieces, of_which_the_system_takes_nothing_end_the_send)
{
    linux_faults::take_nothing(api::send);
    const transfer_result result = try_send(make({10}), turn_, attempted_);
    EXPECT_EQ(result.state, progress::ended);
    EXPECT_EQ(result.error, EIO);
}

} // namespace
} // namespace linux_tests
