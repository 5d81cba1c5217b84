// SPDX-License-Identifier: MIT
//
// The wrappers of io_uring. What they are for is the engine's; that they do what they say is tested here.

#include <array>
#include <memory>
#include <string>

#include <liburing.h>

#include <cerrno>

#include "support/connection.h"
#include "support/fixture.h"

namespace {

using linux_faults::api;
using transport_test::connection;
using transport_test::make_connection;

struct ring_closer {
    void operator()(io_uring* ring) const { io_uring_queue_exit(ring); }
};

class linux_faults_io_uring : public transport_test::transport_fixture {
protected:
    // Skips the test where the system has no io_uring for us.
    void SetUp() override
    {
        transport_fixture::SetUp();
        io_uring_params parameters{};
        const int error = io_uring_queue_init_params(8, &ring_, &parameters);
        if (error != 0) {
            GTEST_SKIP() << "no io_uring: error " << -error;
        }
        closer_.reset(&ring_);
    }

    void TearDown() override
    {
        closer_.reset();
        transport_fixture::TearDown();
    }

    // The result of the next operation that is complete.
    int result()
    {
        io_uring_cqe* completion = nullptr;
        const int error = io_uring_wait_cqe(&ring_, &completion);
        if (error != 0) {
            return error;
        }
        const int result = completion->res;
        io_uring_cqe_seen(&ring_, completion);
        return result;
    }

    io_uring ring_{};

private:
    std::unique_ptr<io_uring, ring_closer> closer_;
};

TEST_F(linux_faults_io_uring, a_ring_is_refused)
{
    linux_faults::fail_nth(api::io_uring_queue_init_params, 1, ENOSYS);
    io_uring ring{};
    io_uring_params parameters{};
    EXPECT_EQ(io_uring_queue_init_params(8, &ring, &parameters), -ENOSYS);
}

TEST_F(linux_faults_io_uring, every_way_to_submit_fails)
{
    io_uring_cqe* completion = nullptr;
    __kernel_timespec timeout{};
    linux_faults::fail_nth(api::io_uring_submit, 1, EBUSY);
    EXPECT_EQ(io_uring_submit(&ring_), -EBUSY);
    linux_faults::fail_nth(api::io_uring_submit_and_wait, 1, EBUSY);
    EXPECT_EQ(io_uring_submit_and_wait(&ring_, 0), -EBUSY);
    linux_faults::fail_nth(api::io_uring_submit_and_wait_timeout, 1, EBUSY);
    EXPECT_EQ(io_uring_submit_and_wait_timeout(&ring_, &completion, 1, &timeout, nullptr), -EBUSY);
    linux_faults::fail_nth(api::io_uring_submit_and_get_events, 1, EBUSY);
    EXPECT_EQ(io_uring_submit_and_get_events(&ring_), -EBUSY);
    linux_faults::fail_nth(api::io_uring_get_events, 1, EBUSY);
    EXPECT_EQ(io_uring_get_events(&ring_), -EBUSY);
}

TEST_F(linux_faults_io_uring, transfers_are_cut_short)
{
    const connection pair = make_connection();
    const int socket = socket_transport_get_underlying_socket(pair.local.get());
    linux_faults::cut_short(api::io_uring_transfer, 3);

    std::string first = "ab";
    std::string second = "cdef";
    std::array<iovec, 2> pieces{{{first.data(), first.size()}, {second.data(), second.size()}}};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    io_uring_prep_sendmsg(io_uring_get_sqe(&ring_), socket, &message, 0);
    ASSERT_EQ(io_uring_submit(&ring_), 1);
    EXPECT_EQ(result(), 3);
    EXPECT_EQ(pair.peer.receive(3), "abc");

    io_uring_prep_send(io_uring_get_sqe(&ring_), socket, "uvwxyz", 6, 0);
    ASSERT_EQ(io_uring_submit(&ring_), 1);
    EXPECT_EQ(result(), 3);
    EXPECT_EQ(pair.peer.receive(3), "uvw");

    // A receive that has to wait keeps to the cut, too, though what was submitted is gone by then.
    io_uring_prep_recvmsg(io_uring_get_sqe(&ring_), socket, &message, 0);
    ASSERT_EQ(io_uring_submit(&ring_), 1);
    pair.peer.send("ghijkl");
    EXPECT_EQ(result(), 3);
    EXPECT_EQ(first + second, "ghidef");
}

} // namespace
