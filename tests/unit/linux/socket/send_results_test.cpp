// SPDX-License-Identifier: MIT
//
// How sends end.

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "linux_support/fixture.h"
#include "support/log_capture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

using linux_faults::api;

class send_results : public with_one_worker {
protected:
    // Both ways of sending: of one buffer, and of several.
    static std::vector<std::vector<std::size_t>> shapes() { return {{10}, {4, 6}}; }
    static api call_for(const std::vector<std::size_t>& shape) { return shape.size() == 1 ? api::send : api::sendmsg; }
};

// SRS_ASYNC_SOCKET_LINUX_01_009, SRS_ASYNC_SOCKET_LINUX_01_007
TEST_F(send_results, are_abandoned_where_the_call_says_that_the_connection_has_ended)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "with io_uring there is no call that could fail";
    }
    for (const int error : {ECONNRESET, EPIPE, ENOTCONN}) {
        for (const std::vector<std::size_t>& shape : shapes()) {
            SCOPED_TRACE(::testing::Message() << "error " << error << ", " << shape.size() << " buffers");
            const contract::connection own = contract::make_connection();
            const contract::socket_owner own_socket = contract::open_socket(engine.get(), own.local.get());
            linux_faults::fail_nth(call_for(shape), 1, error);
            contract::send_operation& ended = start_send(own_socket.get(), contract::pattern(10), shape);
            ASSERT_TRUE(ended.wait());
            EXPECT_EQ(ended.result(), ASYNC_SOCKET_SEND_ABANDONED);
            EXPECT_EQ(linux_faults::failures(call_for(shape)), 1u);
            linux_faults::reset();

            contract::send_operation& refused = new_send(contract::pattern(1));
            EXPECT_EQ(refused.start(own_socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
            EXPECT_EQ(refused.calls(), 0u);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_011, SRS_ASYNC_SOCKET_LINUX_01_007, SRS_ASYNC_SOCKET_LINUX_01_033
TEST_F(send_results, are_errors_where_the_call_fails_otherwise_and_no_other_follows_but_of_want)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "with io_uring there is no call that could fail";
    }
    for (const int error : linux_faults::errors_of(api::send)) {
        if (error == ECONNRESET || error == EPIPE) {
            continue;
        }
        for (const std::vector<std::size_t>& shape : shapes()) {
            SCOPED_TRACE(::testing::Message() << "error " << error << ", " << shape.size() << " buffers");
            const contract::connection own = contract::make_connection();
            const contract::socket_owner own_socket = contract::open_socket(engine.get(), own.local.get());
            const contract::log_capture log;
            linux_faults::fail_nth(call_for(shape), 1, error);
            contract::send_operation& failed = start_send(own_socket.get(), contract::pattern(10), shape);
            ASSERT_TRUE(failed.wait());
            EXPECT_EQ(failed.result(), ASYNC_SOCKET_SEND_ERROR);
            EXPECT_TRUE(log.has_error_with({"async_socket_send_async", std::to_string(error).c_str()})) << log.text();
            linux_faults::reset();
            contract::send_operation& next = new_send(contract::pattern(1));
            const bool is_of_want = error == ENOMEM || error == ENOBUFS;
            EXPECT_EQ(next.start(own_socket.get()),
                      is_of_want ? ASYNC_SOCKET_SEND_SYNC_OK : ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
        }
    }
}

// Memory that may not be read: the same error on both back ends.
// SRS_ASYNC_SOCKET_LINUX_01_011
TEST_F(send_results, are_errors_where_the_kernel_cannot_read_the_memory)
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* const unreadable = mmap(nullptr, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(unreadable, MAP_FAILED);
    struct ended_send {
        contract::event done;
        ASYNC_SOCKET_SEND_RESULT result{};
    } ended;
    const ASYNC_SOCKET_BUFFER payload{unreadable, static_cast<std::uint32_t>(page)};
    ASSERT_EQ(async_socket_send_async(
                  socket.get(), &payload, 1,
                  [](void* context, ASYNC_SOCKET_SEND_RESULT result) {
                      static_cast<ended_send*>(context)->result = result;
                      static_cast<ended_send*>(context)->done.set();
                  },
                  &ended),
              ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(ended.done.wait());
    EXPECT_EQ(ended.result, ASYNC_SOCKET_SEND_ERROR);
    munmap(unreadable, page);
    // Nobody knows what of it has left.
    contract::send_operation& refused = new_send(contract::pattern(1));
    EXPECT_EQ(refused.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
}

// SRS_ASYNC_SOCKET_LINUX_01_009, SRS_ASYNC_SOCKET_LINUX_01_007
TEST_F(send_results, are_abandoned_when_the_peer_resets_the_connection_under_them)
{
    for (const std::size_t pieces : {1u, 4u}) {
        const contract::listener server;
        contract::raw_peer peer(server.port());
        const contract::transport_owner accepted = server.accept();
        const contract::socket_owner own_socket = contract::open_socket(engine.get(), accepted.get());
        contract::send_operation& first = start_send(own_socket.get(), contract::pattern(endless),
                                                     std::vector<std::size_t>(pieces, endless / pieces));
        contract::send_operation& second = start_send(own_socket.get(), contract::pattern(10));
        await_worker();
        EXPECT_FALSE(first.is_done());
        peer.reset();
        ASSERT_TRUE(first.wait());
        ASSERT_TRUE(second.wait());
        EXPECT_EQ(first.result(), ASYNC_SOCKET_SEND_ABANDONED);
        EXPECT_EQ(second.result(), ASYNC_SOCKET_SEND_ABANDONED);
        contract::send_operation& refused = new_send(contract::pattern(1));
        EXPECT_EQ(refused.start(own_socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
        EXPECT_EQ(refused.calls(), 0u);
    }
}

// A receive sees the reset first; the send that follows is told so.
// SRS_ASYNC_SOCKET_LINUX_01_007
TEST_F(send_results, are_refusals_once_a_receive_has_seen_the_reset)
{
    const contract::listener server;
    contract::raw_peer peer(server.port());
    const contract::transport_owner accepted = server.accept();
    const contract::socket_owner own_socket = contract::open_socket(engine.get(), accepted.get());
    contract::receive_operation& received = start_receive(own_socket.get(), 10);
    await_worker();
    peer.reset();
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    contract::send_operation& refused = new_send(contract::pattern(1));
    EXPECT_EQ(refused.start(own_socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
}

// SRS_ASYNC_SOCKET_LINUX_01_010
TEST_F(send_results, are_abandoned_when_this_side_closes)
{
    contract::send_operation& first = start_endless_send(socket.get());
    contract::send_operation& second = start_send(socket.get(), contract::pattern(10), {3, 7});
    await_worker();
    EXPECT_FALSE(first.is_done());
    async_socket_close(socket.get());
    ASSERT_TRUE(first.is_done());
    ASSERT_TRUE(second.is_done());
    EXPECT_EQ(first.result(), ASYNC_SOCKET_SEND_ABANDONED);
    EXPECT_EQ(second.result(), ASYNC_SOCKET_SEND_ABANDONED);
}

// SRS_ASYNC_SOCKET_LINUX_01_010
TEST_F(send_results, are_abandoned_when_this_side_disconnects_the_transport)
{
    contract::send_operation& first = start_endless_send(socket.get());
    contract::send_operation& second = start_send(socket.get(), contract::pattern(10));
    await_worker();
    EXPECT_FALSE(first.is_done());
    socket_transport_disconnect(link.local.get());
    ASSERT_TRUE(first.wait());
    ASSERT_TRUE(second.wait());
    EXPECT_EQ(first.result(), ASYNC_SOCKET_SEND_ABANDONED);
    EXPECT_EQ(second.result(), ASYNC_SOCKET_SEND_ABANDONED);
}

// SRS_ASYNC_SOCKET_LINUX_01_010
TEST_F(send_results, are_abandoned_whatever_the_call_says_once_this_side_has_disconnected)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "with io_uring there is no call that could fail";
    }
    held_worker held(socket.get());
    ASSERT_TRUE(held.is_held());
    contract::send_operation& sent = start_send(socket.get(), contract::pattern(10));
    linux_faults::fail_nth(api::send, 1, ETIMEDOUT);
    socket_transport_disconnect(link.local.get());
    held.release();
    ASSERT_TRUE(sent.wait());
    EXPECT_EQ(sent.result(), ASYNC_SOCKET_SEND_ABANDONED);
}

volatile std::sig_atomic_t pipe_signals = 0;

// SRS_ASYNC_SOCKET_LINUX_01_013
TEST_F(send_results, come_without_a_signal)
{
    struct sigaction counting {};
    struct sigaction before {};
    counting.sa_handler = [](int) { pipe_signals = pipe_signals + 1; };
    ASSERT_EQ(sigaction(SIGPIPE, &counting, &before), 0);
    for (const std::size_t pieces : {1u, 2u}) {
        const contract::connection own = contract::make_connection();
        const contract::socket_owner own_socket = contract::open_socket(engine.get(), own.local.get());
        // A raised signal would be pending where it is blocked, so it is let in on the worker.
        on_worker_of(own_socket.get(), [] {
            sigset_t let_in;
            sigemptyset(&let_in);
            sigaddset(&let_in, SIGPIPE);
            pthread_sigmask(SIG_UNBLOCK, &let_in, nullptr);
        });
        socket_transport_disconnect(own.local.get());
        contract::send_operation& ended =
            start_send(own_socket.get(), contract::pattern(10), std::vector<std::size_t>(pieces, 10 / pieces));
        ASSERT_TRUE(ended.wait());
        EXPECT_EQ(ended.result(), ASYNC_SOCKET_SEND_ABANDONED);
    }
    EXPECT_EQ(pipe_signals, 0);
    sigaction(SIGPIPE, &before, nullptr);
}

// SRS_ASYNC_SOCKET_LINUX_01_008
TEST_F(send_results, are_ok_when_every_byte_is_with_the_kernel)
{
    contract::send_operation& sent = start_send(socket.get(), contract::pattern(1000), {1, 499, 500});
    ASSERT_TRUE(sent.wait());
    EXPECT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(contract::receive_exactly(link.peer.get(), 1000), contract::pattern(1000));
}

} // namespace
} // namespace linux_tests
