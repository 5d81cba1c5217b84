// SPDX-License-Identifier: MIT
//
// How receives end.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "linux_support/fixture.h"
#include "support/log_capture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

using linux_faults::api;

class receive_results : public with_one_worker {
protected:
    static std::vector<std::vector<std::size_t>> shapes() { return {{10}, {4, 6}}; }
    static api call_for(const std::vector<std::size_t>& shape) { return shape.size() == 1 ? api::recv : api::recvmsg; }

    // The receive waits; then its call fails, because the peer has sent something.
    contract::receive_operation& fail_receive(ASYNC_SOCKET_HANDLE on, SOCKET_TRANSPORT_HANDLE peer,
                                              const std::vector<std::size_t>& shape, int error)
    {
        contract::receive_operation& received = start_receive(on, 10, shape);
        await_worker();
        linux_faults::fail_nth(call_for(shape), 1, error);
        EXPECT_TRUE(contract::send_all(peer, contract::pattern(1)));
        EXPECT_TRUE(received.wait());
        EXPECT_EQ(linux_faults::failures(call_for(shape)), 1u);
        linux_faults::reset();
        return received;
    }
};

// SRS_ASYNC_SOCKET_LINUX_01_016, SRS_ASYNC_SOCKET_LINUX_01_007
TEST_F(receive_results, are_abandoned_where_the_call_says_that_the_connection_has_ended)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "with io_uring there is no call that could fail";
    }
    for (const int error : {ECONNRESET, EPIPE, ENOTCONN}) {
        for (const std::vector<std::size_t>& shape : shapes()) {
            SCOPED_TRACE(::testing::Message() << "error " << error << ", " << shape.size() << " buffers");
            const contract::connection own = contract::make_connection();
            const contract::socket_owner own_socket = contract::open_socket(engine.get(), own.local.get());
            const contract::receive_operation& ended = fail_receive(own_socket.get(), own.peer.get(), shape, error);
            EXPECT_EQ(ended.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
            EXPECT_EQ(ended.received(), 0u);
            contract::send_operation& refused = new_send(contract::pattern(1));
            EXPECT_EQ(refused.start(own_socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_018
TEST_F(receive_results, are_errors_where_the_call_fails_otherwise_and_lose_no_byte)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "with io_uring there is no call that could fail";
    }
    for (const int error : linux_faults::errors_of(api::recv)) {
        if (error == ECONNRESET || error == ENOTCONN) {
            continue;
        }
        for (const std::vector<std::size_t>& shape : shapes()) {
            SCOPED_TRACE(::testing::Message() << "error " << error << ", " << shape.size() << " buffers");
            const contract::connection own = contract::make_connection();
            const contract::socket_owner own_socket = contract::open_socket(engine.get(), own.local.get());
            const contract::log_capture log;
            const contract::receive_operation& failed = fail_receive(own_socket.get(), own.peer.get(), shape, error);
            EXPECT_EQ(failed.result(), ASYNC_SOCKET_RECEIVE_ERROR);
            EXPECT_EQ(failed.received(), 0u);
            EXPECT_TRUE(log.has_error_with({"async_socket_receive_async", std::to_string(error).c_str()}))
                << log.text();
            // The byte that it did not get is there for the next one.
            contract::receive_operation& next = start_receive(own_socket.get(), 10);
            ASSERT_TRUE(next.wait());
            EXPECT_EQ(next.result(), ASYNC_SOCKET_RECEIVE_OK);
            EXPECT_EQ(next.received(), 1u);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_018
TEST_F(receive_results, are_errors_where_the_kernel_cannot_write_the_memory)
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* const unwritable = mmap(nullptr, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(unwritable, MAP_FAILED);
    struct ended_receive {
        contract::event done;
        ASYNC_SOCKET_RECEIVE_RESULT result{};
        std::uint32_t received = 1;
    } ended;
    ASYNC_SOCKET_BUFFER payload{unwritable, static_cast<std::uint32_t>(page)};
    ASSERT_EQ(async_socket_receive_async(
                  socket.get(), &payload, 1,
                  [](void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t received) {
                      static_cast<ended_receive*>(context)->result = result;
                      static_cast<ended_receive*>(context)->received = received;
                      static_cast<ended_receive*>(context)->done.set();
                  },
                  &ended),
              0);
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(10)));
    ASSERT_TRUE(ended.done.wait());
    EXPECT_EQ(ended.result, ASYNC_SOCKET_RECEIVE_ERROR);
    EXPECT_EQ(ended.received, 0u);
    munmap(unwritable, page);
    contract::receive_operation& next = start_receive(socket.get(), 100);
    ASSERT_TRUE(next.wait());
    EXPECT_EQ(next.received(), 10u);
}

// SRS_ASYNC_SOCKET_LINUX_01_014
TEST_F(receive_results, are_ok_with_the_number_of_bytes_that_have_come)
{
    for (const std::vector<std::size_t>& shape : std::vector<std::vector<std::size_t>>{{100}, {1, 9, 90}}) {
        for (const std::size_t length : {1u, 5u, 10u, 100u}) {
            ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(length)));
            contract::receive_operation& received = start_receive(socket.get(), 100, shape);
            ASSERT_TRUE(received.wait());
            EXPECT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_OK);
            EXPECT_EQ(received.received(), length);
            EXPECT_EQ(contract::first_wrong_byte(received.memory(), length), length);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_015
TEST_F(receive_results, are_abandoned_when_the_peer_closes_in_order_however_many_there_are)
{
    contract::receive_operation& before = start_receive(socket.get(), 10);
    contract::receive_operation& queued = start_receive(socket.get(), 10, {5, 5});
    await_worker();
    socket_transport_disconnect(link.peer.get());
    contract::receive_operation& after = start_receive(socket.get(), 10);
    for (contract::receive_operation* const each : {&before, &queued, &after}) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
        EXPECT_EQ(each->received(), 0u);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_015, SRS_ASYNC_SOCKET_LINUX_01_014
TEST_F(receive_results, are_all_bytes_and_then_the_end_where_both_have_come_before)
{
    const contract::listener server;
    contract::raw_peer peer(server.port());
    const contract::transport_owner accepted = server.accept();
    const contract::socket_owner own_socket = contract::open_socket(engine.get(), accepted.get());
    const contract::bytes data = contract::pattern(100);
    ASSERT_EQ(peer.send(data.data(), data.size()), 100);
    peer.close();
    contract::receive_operation& part = start_receive(own_socket.get(), 60);
    contract::receive_operation& rest = start_receive(own_socket.get(), 60);
    contract::receive_operation& end = start_receive(own_socket.get(), 60);
    contract::receive_operation& end_again = start_receive(own_socket.get(), 60);
    ASSERT_TRUE(end_again.wait());
    EXPECT_EQ(part.received(), 60u);
    EXPECT_EQ(rest.received(), 40u);
    EXPECT_EQ(contract::first_wrong_byte(rest.memory(), 40, 60), 40u);
    EXPECT_EQ(end.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(end_again.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_LINUX_01_016
TEST_F(receive_results, are_abandoned_when_the_peer_resets_the_connection)
{
    for (const std::vector<std::size_t>& shape : shapes()) {
        const contract::listener server;
        contract::raw_peer peer(server.port());
        const contract::transport_owner accepted = server.accept();
        const contract::socket_owner own_socket = contract::open_socket(engine.get(), accepted.get());
        contract::receive_operation& first = start_receive(own_socket.get(), 10, shape);
        contract::receive_operation& second = start_receive(own_socket.get(), 10, shape);
        await_worker();
        peer.reset();
        for (contract::receive_operation* const each : {&first, &second}) {
            ASSERT_TRUE(each->wait());
            EXPECT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
            EXPECT_EQ(each->received(), 0u);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_017
TEST_F(receive_results, are_abandoned_when_this_side_closes)
{
    contract::receive_operation& first = start_receive(socket.get(), 10);
    contract::receive_operation& second = start_receive(socket.get(), 10, {4, 6});
    await_worker();
    async_socket_close(socket.get());
    for (contract::receive_operation* const each : {&first, &second}) {
        ASSERT_TRUE(each->is_done());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
        EXPECT_EQ(each->received(), 0u);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_017
TEST_F(receive_results, are_abandoned_when_this_side_disconnects_the_transport)
{
    contract::receive_operation& first = start_receive(socket.get(), 10);
    contract::receive_operation& second = start_receive(socket.get(), 10, {4, 6});
    await_worker();
    socket_transport_disconnect(link.local.get());
    for (contract::receive_operation* const each : {&first, &second}) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
        EXPECT_EQ(each->received(), 0u);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_017
TEST_F(receive_results, are_abandoned_whatever_the_call_says_once_this_side_has_disconnected)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "with io_uring there is no call that could fail";
    }
    contract::receive_operation& received = start_receive(socket.get(), 10);
    await_worker();
    linux_faults::fail_nth(api::recv, 1, ETIMEDOUT);
    socket_transport_disconnect(link.local.get());
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(linux_faults::failures(api::recv), 1u);
    EXPECT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// A receive stops at an urgent mark, with more behind it and no further word from the kernel.
// SRS_ASYNC_SOCKET_LINUX_01_014, SRS_ASYNC_SOCKET_LINUX_01_019
TEST_F(receive_results, are_ok_on_both_sides_of_urgent_data)
{
    for (const bool waits_before : {false, true}) {
        SCOPED_TRACE(waits_before);
        const contract::listener server;
        contract::raw_peer peer(server.port());
        const contract::transport_owner accepted = server.accept();
        const contract::socket_owner own_socket = contract::open_socket(engine.get(), accepted.get());
        contract::bytes all;
        contract::receive_operation* received = nullptr;
        if (waits_before) {
            received = &start_receive(own_socket.get(), 100);
            await_worker();
        }
        {
            held_worker held(socket.get());
            ASSERT_TRUE(held.is_held());
            ASSERT_EQ(peer.send("abc", 3), 3);
            ASSERT_EQ(::send(peer.get(), "d", 1, MSG_OOB), 1);
            ASSERT_EQ(peer.send("efg", 3), 3);
        }
        while (all.size() < 6) {
            if (received == nullptr) {
                received = &start_receive(own_socket.get(), 100);
            }
            ASSERT_TRUE(received->wait()) << "has " << all.size();
            ASSERT_EQ(received->result(), ASYNC_SOCKET_RECEIVE_OK);
            all.insert(all.end(), received->memory(), received->memory() + received->received());
            received = nullptr;
        }
        EXPECT_EQ(std::string(all.begin(), all.end()), "abcefg");
    }
}

} // namespace
} // namespace linux_tests
