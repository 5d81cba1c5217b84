// SPDX-License-Identifier: MIT
//
// A kernel that is interrupted at every call and moves a byte at a time: nobody notices.

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

using linux_faults::api;

constexpr std::size_t message_length = 300;
constexpr int messages = 10;

// Sends back what it receives, from callbacks only, until the stream ends.
class echo {
public:
    explicit echo(ASYNC_SOCKET_HANDLE socket) : socket_(socket) {}

    bool start()
    {
        ASYNC_SOCKET_BUFFER buffers[] = {{memory_, 7}, {memory_ + 7, sizeof memory_ - 7}};
        return async_socket_receive_async(socket_, buffers, 2, on_received, this) == 0;
    }
    [[nodiscard]] bool wait_for_end() { return ended_.wait(); }
    [[nodiscard]] bool has_failed() const { return failed_; }

private:
    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t received)
    {
        auto& self = *static_cast<echo*>(context);
        if (result != ASYNC_SOCKET_RECEIVE_OK) {
            self.end(result != ASYNC_SOCKET_RECEIVE_ABANDONED);
            return;
        }
        const ASYNC_SOCKET_BUFFER buffers[] = {{self.memory_, 1}, {self.memory_ + 1, received - 1}};
        if (async_socket_send_async(self.socket_, buffers, received == 1 ? 1 : 2, on_sent, &self) !=
            ASYNC_SOCKET_SEND_SYNC_OK) {
            self.end(true);
        }
    }

    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
    {
        auto& self = *static_cast<echo*>(context);
        if (result != ASYNC_SOCKET_SEND_OK || !self.start()) {
            self.end(true);
        }
    }

    void end(bool failed)
    {
        failed_ = failed;
        ended_.set();
    }

    ASYNC_SOCKET_HANDLE socket_;
    unsigned char memory_[64]{};
    bool failed_ = false; // written before ended_ is set, read after it was waited for
    contract::event ended_;
};

class short_transfers : public with_two_workers {
protected:
    // Messages go from the socket of the fixture to an echo on the other end, and come back whole.
    void expect_conversation()
    {
        const contract::socket_owner other = contract::open_socket(engine.get(), link.peer.get());
        echo echoing(other.get());
        ASSERT_TRUE(echoing.start());
        for (int i = 0; i != messages; ++i) {
            const auto position = static_cast<std::uint64_t>(i) * message_length;
            contract::send_operation& sent =
                start_send(socket.get(), contract::pattern(message_length, position), {1, 99, 200});
            std::size_t all = 0;
            while (all != message_length) {
                contract::receive_operation& received = start_receive(socket.get(), message_length, {50, 250});
                ASSERT_TRUE(received.wait());
                ASSERT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_OK);
                ASSERT_EQ(contract::first_wrong_byte(received.memory(), received.received(), position + all),
                          received.received());
                all += received.received();
                ASSERT_LE(all, message_length);
            }
            ASSERT_TRUE(sent.wait());
            ASSERT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);
        }
        async_socket_close(socket.get());
        ASSERT_TRUE(echoing.wait_for_end());
        EXPECT_FALSE(echoing.has_failed());
    }

    // A receive that is short has left nothing, says epoll(7), so only what has come can cut it there; and with sends
    // of one byte, a byte at a time is what comes.
    static void cut_everything(std::size_t bytes)
    {
        for (const api each : {api::send, api::sendmsg, api::io_uring_transfer}) {
            linux_faults::cut_short(each, bytes);
        }
    }

    static std::size_t transfers_interrupted()
    {
        return linux_faults::interruptions(api::send) + linux_faults::interruptions(api::sendmsg) +
               linux_faults::interruptions(api::recv) + linux_faults::interruptions(api::recvmsg);
    }
    static std::size_t waits_interrupted()
    {
        return linux_faults::interruptions(api::epoll_wait) +
               linux_faults::interruptions(api::io_uring_submit_and_wait) +
               linux_faults::interruptions(api::io_uring_submit_and_get_events);
    }
};

// SRS_ASYNC_SOCKET_LINUX_01_008, SRS_ASYNC_SOCKET_LINUX_01_019
TEST_F(short_transfers, of_one_byte_make_a_whole_conversation)
{
    cut_everything(1);
    expect_conversation();
}

// SRS_ASYNC_SOCKET_LINUX_01_020
TEST_F(short_transfers, and_interruptions_of_every_other_call_make_a_whole_conversation)
{
    cut_everything(1);
    linux_faults::interrupt_everything();
    expect_conversation();
    EXPECT_GT(waits_interrupted(), 0u);
    if (!is_io_uring_under_test()) {
        EXPECT_GT(transfers_interrupted(), 0u);
    }
}

// A full queue and a lack of memory in the kernel pass.
// SRS_EXECUTION_ENGINE_LINUX_01_009
TEST_F(short_transfers, and_a_kernel_that_asks_to_come_again_make_a_whole_conversation)
{
    if (!is_io_uring_under_test()) {
        GTEST_SKIP() << "epoll_wait never asks for that";
    }
    cut_everything(3);
    for (const int error : {EAGAIN, EBUSY}) {
        for (std::size_t nth = 1; nth < 30; nth += 3) {
            linux_faults::fail_nth(api::io_uring_submit_and_wait, nth, error);
            contract::send_operation& sent = start_send(socket.get(), contract::pattern(100));
            ASSERT_EQ(contract::receive_exactly(link.peer.get(), 100), contract::pattern(100));
            ASSERT_TRUE(sent.wait());
            ASSERT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);
        }
    }
    expect_conversation();
}

} // namespace
} // namespace linux_tests
