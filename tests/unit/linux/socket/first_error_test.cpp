// SPDX-License-Identifier: MIT
//
// The first error of a connection is what every later operation tells: no receive says that the stream ended in order.

#include <cerrno>

#include <gtest/gtest.h>
#include <poll.h>

#include "linux_support/fixture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

class first_error : public with_one_worker {
protected:
    first_error()
        : peer_(server_.port()), local_(server_.accept()), broken(contract::open_socket(engine.get(), local_.get()))
    {
    }

    // The system has heard of it.
    void reset_by_peer()
    {
        peer_.reset();
        pollfd watched{socket_transport_get_underlying_socket(local_.get()), POLLIN, 0};
        ASSERT_TRUE(wait_until([&] { return ::poll(&watched, 1, 0) == 1 && (watched.revents & POLLERR) != 0; }));
    }

    void expect_receive(ASYNC_STATUS status, int error)
    {
        contract::receive_ex_operation& received = start_receive_ex(broken.get(), 10);
        ASSERT_TRUE(received.wait());
        EXPECT_EQ(received.status(), status);
        EXPECT_EQ(received.system_error(), error);
    }

    void expect_no_more_sends()
    {
        contract::send_ex_operation refused(contract::pattern(1));
        EXPECT_EQ(refused.start(broken.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    }

private:
    const contract::listener server_;
    contract::raw_peer peer_;
    contract::transport_owner local_;

protected:
    contract::socket_owner broken;
};

// SRS_ASYNC_SOCKET_LINUX_01_033
TEST_F(first_error, is_told_by_every_receive)
{
    reset_by_peer();
    for (int i = 0; i != 3; ++i) {
        expect_receive(ASYNC_STATUS_RESET, ECONNRESET);
    }
    expect_no_more_sends();
    contract::receive_operation& plain = start_receive(broken.get(), 10);
    ASSERT_TRUE(plain.wait());
    EXPECT_EQ(plain.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_LINUX_01_033
TEST_F(first_error, is_told_by_receives_that_come_after_the_send_that_met_it)
{
    reset_by_peer();
    contract::send_ex_operation& sent = start_send_ex(broken.get(), contract::pattern(10));
    ASSERT_TRUE(sent.wait());
    EXPECT_EQ(sent.status(), ASYNC_STATUS_RESET);
    for (int i = 0; i != 3; ++i) {
        expect_receive(ASYNC_STATUS_RESET, sent.system_error());
    }
}

// A receive of more buffers than the system takes at once goes on after the first part, and meets the error there.
// SRS_ASYNC_SOCKET_LINUX_01_033, SRS_ASYNC_SOCKET_LINUX_01_019, SRS_ASYNC_OPERATION_01_002
TEST_F(first_error, is_left_to_the_next_receive_by_one_that_holds_bytes)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "the transfers of a ring cannot be made to fail";
    }
    linux_faults::cut_short(linux_faults::api::recvmsg, 2);
    linux_faults::fail_nth(linux_faults::api::recv, 1, ETIMEDOUT);
    contract::receive_ex_operation& received = make<contract::receive_ex_operation>(4, std::vector<std::size_t>{2, 2});
    ASSERT_EQ(received.start(socket.get()), 0);
    await_worker();
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(4)));
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(received.status(), ASYNC_STATUS_OK);
    ASSERT_TRUE(socket_transport_is_valid_socket(link.local.get()));
    link.peer.reset();
    bool is_told = false;
    for (int i = 0; i != 3 && !is_told; ++i) {
        contract::receive_ex_operation& next = start_receive_ex(socket.get(), 10);
        ASSERT_TRUE(next.wait());
        EXPECT_NE(next.status(), ASYNC_STATUS_END_OF_STREAM);
        is_told = next.status() == ASYNC_STATUS_TIMED_OUT && next.system_error() == ETIMEDOUT;
    }
    EXPECT_TRUE(is_told);
}

// What the system is short of for a moment ends no connection, also where a receive that holds bytes meets it.
// SRS_ASYNC_SOCKET_LINUX_01_033
TEST_F(first_error, is_no_shortage_that_a_receive_with_bytes_meets)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "the transfers of a ring cannot be made to fail";
    }
    linux_faults::cut_short(linux_faults::api::recvmsg, 2);
    linux_faults::fail_nth(linux_faults::api::recv, 1, ENOBUFS);
    contract::receive_ex_operation& received = make<contract::receive_ex_operation>(4, std::vector<std::size_t>{2, 2});
    ASSERT_EQ(received.start(socket.get()), 0);
    await_worker();
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(2)));
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(received.status(), ASYNC_STATUS_OK);
    linux_faults::reset();
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_OPERATION_01_002
TEST_F(first_error, is_not_a_time_limit_of_an_operations_own)
{
    contract::receive_ex_operation& limited = start_receive_ex(socket.get(), 10, 10);
    ASSERT_TRUE(limited.wait());
    EXPECT_EQ(limited.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(limited.system_error(), 0);
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_LINUX_01_033
TEST_F(first_error, is_any_error_but_of_want)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "the transfers of a ring cannot be made to fail";
    }
    linux_faults::fail_nth(linux_faults::api::recv, 1, ENOBUFS);
    contract::receive_ex_operation& short_of_buffers = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
    ASSERT_TRUE(short_of_buffers.wait());
    EXPECT_EQ(short_of_buffers.status(), ASYNC_STATUS_NO_RESOURCES);
    contract::receive_ex_operation& byte = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(byte.wait());
    EXPECT_EQ(byte.status(), ASYNC_STATUS_OK);

    linux_faults::fail_nth(linux_faults::api::recv, 1, EHOSTUNREACH);
    contract::receive_ex_operation& unreachable = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
    ASSERT_TRUE(unreachable.wait());
    EXPECT_EQ(unreachable.status(), ASYNC_STATUS_UNREACHABLE);
    contract::send_ex_operation refused(contract::pattern(1));
    EXPECT_EQ(refused.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    // What has arrived before is delivered first.
    contract::receive_ex_operation& late = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(late.wait());
    EXPECT_EQ(late.status(), ASYNC_STATUS_OK);
    link.peer.reset();
    contract::receive_ex_operation& last = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(last.wait());
    EXPECT_EQ(last.status(), ASYNC_STATUS_UNREACHABLE);
    EXPECT_EQ(last.system_error(), EHOSTUNREACH);
}

} // namespace
} // namespace linux_tests
