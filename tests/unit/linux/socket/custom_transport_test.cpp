// SPDX-License-Identifier: MIT
//
// Sockets with a send and a receive of the program's own, which say what a script tells them to.

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

// What one call of a function answers: a number of bytes, or -1 and an error.
struct answer {
    int result;
    int error = 0;
};
constexpr int everything = INT_MAX; // as many as were asked for

// One direction. Its function is called by one thread at a time, which is what the tests are about; the test itself
// looks when the operations have ended.
class script {
public:
    explicit script(std::atomic<int>& inside) : inside_(inside) {}

    std::deque<answer> answers;     // then everything
    bool answers_by_socket = false; // then what the system's own function says

    contract::bytes sent;
    std::vector<std::size_t> lengths;
    std::vector<ASYNC_SOCKET_HANDLE> sockets;
    std::size_t calls = 0;
    std::size_t overlaps = 0;

    // Of both directions.
    std::atomic<int>& inside() { return inside_; }

    answer next(ASYNC_SOCKET_HANDLE socket, std::size_t length)
    {
        ++calls;
        lengths.push_back(length);
        sockets.push_back(socket);
        if (answers.empty()) {
            return {everything};
        }
        const answer now = answers.front();
        answers.pop_front();
        return now;
    }

private:
    std::atomic<int>& inside_;
};

class inside_scope {
public:
    explicit inside_scope(script& of) : script_(of)
    {
        if (script_.inside().fetch_add(1) != 0) {
            ++script_.overlaps;
        }
        // Invites the others to come in.
        std::this_thread::yield();
    }
    ~inside_scope() { script_.inside().fetch_sub(1); }
    inside_scope(const inside_scope&) = delete;
    inside_scope& operator=(const inside_scope&) = delete;

private:
    script& script_;
};

class custom_transport : public with_one_worker {
protected:
    custom_transport()
        : sends(inside_), receives(inside_), custom_link(contract::make_connection()),
          descriptor_(socket_transport_get_underlying_socket(custom_link.local.get())),
          custom(async_socket_create_with_transport(engine.get(), on_send, this, on_recv, this))
    {
        if (!custom || async_socket_open_async(custom.get(), custom_link.local.get(), ignore_open, nullptr) != 0) {
            throw std::runtime_error("cannot open a socket with a transport of its own");
        }
    }

    // The bytes that a scripted receive gives are those of the pattern.
    static int on_send(void* context, ASYNC_SOCKET_HANDLE on, const void* data, std::size_t length)
    {
        auto& self = *static_cast<custom_transport*>(context);
        const linux_faults::exempt ours;
        const inside_scope inside(self.sends);
        const answer now = self.sends.next(on, length);
        if (now.result == -1) {
            errno = now.error;
            return -1;
        }
        if (self.sends.answers_by_socket) {
            return static_cast<int>(::send(self.descriptor_, data, length, MSG_NOSIGNAL | MSG_DONTWAIT));
        }
        const auto taken = (std::min)(length, static_cast<std::size_t>(now.result));
        const auto* const bytes = static_cast<const unsigned char*>(data);
        self.sends.sent.insert(self.sends.sent.end(), bytes, bytes + taken);
        return now.result == everything ? static_cast<int>(length) : now.result;
    }

    static int on_recv(void* context, ASYNC_SOCKET_HANDLE on, void* data, std::size_t length)
    {
        auto& self = *static_cast<custom_transport*>(context);
        const linux_faults::exempt ours;
        const inside_scope inside(self.receives);
        const answer now = self.receives.next(on, length);
        if (now.result == -1) {
            errno = now.error;
            return -1;
        }
        if (self.receives.answers_by_socket) {
            return static_cast<int>(::recv(self.descriptor_, data, length, MSG_DONTWAIT));
        }
        const auto given = (std::min)(length, static_cast<std::size_t>(now.result));
        for (std::size_t i = 0; i != given; ++i) {
            static_cast<unsigned char*>(data)[i] = contract::pattern_at(self.given_++);
        }
        return now.result == everything ? static_cast<int>(length) : now.result;
    }

    ASYNC_SOCKET_SEND_RESULT result_of_send(std::size_t length = 10, const std::vector<std::size_t>& pieces = {})
    {
        contract::send_operation& sent = start_send(custom.get(), contract::pattern(length), pieces);
        EXPECT_TRUE(sent.wait());
        return sent.result();
    }

private:
    std::atomic<int> inside_{0};
    std::uint64_t given_ = 0;

protected:
    script sends;
    script receives;
    contract::connection custom_link;

private:
    int descriptor_;

protected:
    contract::socket_owner custom;
};

// SRS_ASYNC_SOCKET_LINUX_01_004
TEST_F(custom_transport, sends_by_the_programs_function_buffer_by_buffer)
{
    EXPECT_EQ(result_of_send(10, {3, 1, 6}), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(sends.sent, contract::pattern(10));
    EXPECT_EQ(sends.lengths, (std::vector<std::size_t>{3, 1, 6}));
    EXPECT_EQ(sends.sockets, std::vector<ASYNC_SOCKET_HANDLE>(3, custom.get()));
    EXPECT_EQ(receives.calls, 0u);
}

// SRS_ASYNC_SOCKET_LINUX_01_004
TEST_F(custom_transport, receives_by_the_programs_function_across_all_buffers)
{
    receives.answers = {{3}, {1}, {6}};
    contract::receive_operation& received = start_receive(custom.get(), 10, {3, 1, 6});
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(received.received(), 10u);
    EXPECT_EQ(contract::first_wrong_byte(received.memory(), 10), 10u);
    EXPECT_EQ(receives.sockets.front(), custom.get());
    EXPECT_EQ(sends.calls, 0u);
}

// SRS_ASYNC_SOCKET_LINUX_01_004, SRS_ASYNC_SOCKET_LINUX_01_014
TEST_F(custom_transport, receive_ends_with_what_is_there)
{
    receives.answers = {{3}, {4}, {-1, EAGAIN}, {2}};
    contract::receive_operation& received = start_receive(custom.get(), 10, {3, 7});
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(received.received(), 7u);
    EXPECT_EQ(contract::first_wrong_byte(received.memory(), 7), 7u);
}

// SRS_ASYNC_SOCKET_LINUX_01_008, SRS_ASYNC_SOCKET_LINUX_01_020
TEST_F(custom_transport, continues_a_send_that_is_cut_short_blocked_and_interrupted_at_every_byte)
{
    for (int i = 0; i != 20; ++i) {
        sends.answers.push_back({-1, EINTR});
        sends.answers.push_back({1});
        sends.answers.push_back({-1, EAGAIN});
    }
    EXPECT_EQ(result_of_send(20, {1, 2, 17}), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(sends.sent, contract::pattern(20));
    EXPECT_GE(sends.calls, 60u - 1u);
}

// Short by one byte, at every length.
// SRS_ASYNC_SOCKET_LINUX_01_008
TEST_F(custom_transport, continues_a_send_that_is_short_by_one_byte)
{
    for (std::size_t length = 2; length != 12; ++length) {
        sends.sent.clear();
        sends.answers = {{static_cast<int>(length) - 1}};
        EXPECT_EQ(result_of_send(length), ASYNC_SOCKET_SEND_OK);
        EXPECT_EQ(sends.sent, contract::pattern(length));
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_020
TEST_F(custom_transport, repeats_a_receive_that_is_interrupted)
{
    receives.answers = {{-1, EINTR}, {-1, EINTR}, {5}};
    contract::receive_operation& received = start_receive(custom.get(), 10);
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(received.received(), 5u);
}

// The function says that it would block until the peer has sent something.
// SRS_ASYNC_SOCKET_LINUX_01_004
TEST_F(custom_transport, tries_a_receive_again_when_the_socket_can_be_read)
{
    receives.answers_by_socket = true;
    for (int round = 0; round != 20; ++round) {
        contract::receive_operation& received = start_receive(custom.get(), 10, {4, 6});
        await_worker();
        EXPECT_FALSE(received.is_done());
        ASSERT_TRUE(contract::send_all(custom_link.peer.get(), contract::pattern(7)));
        ASSERT_TRUE(received.wait());
        EXPECT_EQ(received.received(), 7u);
        EXPECT_EQ(contract::first_wrong_byte(received.memory(), 7), 7u);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_004, SRS_ASYNC_SOCKET_LINUX_01_008
TEST_F(custom_transport, tries_a_send_again_when_the_socket_can_be_written)
{
    constexpr std::size_t large = std::size_t{8} * 1024 * 1024;
    sends.answers_by_socket = true;
    contract::send_operation& sent = start_send(custom.get(), contract::pattern(large), {large / 2, large / 2});
    contract::send_operation& next = start_send(custom.get(), contract::pattern(10, large));
    EXPECT_EQ(contract::receive_exactly(custom_link.peer.get(), large + 10), contract::pattern(large + 10));
    ASSERT_TRUE(sent.wait());
    ASSERT_TRUE(next.wait());
    EXPECT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(next.result(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_LINUX_01_004
TEST_F(custom_transport, waits_in_both_directions_at_once)
{
    constexpr std::size_t large = std::size_t{8} * 1024 * 1024;
    sends.answers_by_socket = true;
    receives.answers_by_socket = true;
    contract::send_operation& sent = start_send(custom.get(), contract::pattern(large));
    for (int round = 0; round != 10; ++round) {
        contract::receive_operation& received = start_receive(custom.get(), 10);
        await_worker();
        ASSERT_TRUE(contract::send_all(custom_link.peer.get(), contract::pattern(10)));
        ASSERT_TRUE(received.wait());
        EXPECT_EQ(received.received(), 10u);
    }
    EXPECT_EQ(contract::receive_exactly(custom_link.peer.get(), large), contract::pattern(large));
    ASSERT_TRUE(sent.wait());
    EXPECT_EQ(sends.overlaps + receives.overlaps, 0u);
}

// SRS_ASYNC_SOCKET_LINUX_01_009, SRS_ASYNC_SOCKET_LINUX_01_007
TEST_F(custom_transport, abandons_a_send_whose_function_says_that_the_connection_has_ended)
{
    sends.answers = {{2}, {-1, EPIPE}};
    EXPECT_EQ(result_of_send(), ASYNC_SOCKET_SEND_ABANDONED);
    contract::send_operation& refused = new_send(contract::pattern(1));
    EXPECT_EQ(refused.start(custom.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
}

// SRS_ASYNC_SOCKET_LINUX_01_011
TEST_F(custom_transport, fails_a_send_whose_function_is_short_of_something_and_goes_on_with_the_next)
{
    for (const int error : {ENOBUFS, ENOMEM}) {
        SCOPED_TRACE(error);
        sends.answers = {{-1, error}};
        EXPECT_EQ(result_of_send(), ASYNC_SOCKET_SEND_ERROR);
        EXPECT_EQ(result_of_send(), ASYNC_SOCKET_SEND_OK);
    }
}

// Of one that fails, or that behaves as none may: with no byte of what it was given, with more than that, or without an
// error.
struct failed_answer {
    int result;
    int error;
};
class failing_custom_transport : public custom_transport, public ::testing::WithParamInterface<failed_answer> {};

// SRS_ASYNC_SOCKET_LINUX_01_011, SRS_ASYNC_SOCKET_LINUX_01_033, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_P(failing_custom_transport, fails_a_send_and_takes_no_other)
{
    sends.answers = {{GetParam().result, GetParam().error}};
    EXPECT_EQ(result_of_send(10, {10}), ASYNC_SOCKET_SEND_ERROR);
    contract::send_operation& refused = new_send(contract::pattern(1));
    EXPECT_EQ(refused.start(custom.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
}

// SRS_ASYNC_SOCKET_LINUX_01_018, SRS_ASYNC_SOCKET_LINUX_01_033, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_P(failing_custom_transport, fails_a_receive_and_those_that_follow)
{
    if (GetParam().result == 0) {
        GTEST_SKIP() << "0 is the end of the stream";
    }
    receives.answers = {{GetParam().result, GetParam().error}, {0}};
    for (int i = 0; i != 2; ++i) {
        contract::receive_operation& received = start_receive(custom.get(), 10);
        ASSERT_TRUE(received.wait());
        EXPECT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_ERROR);
        EXPECT_EQ(received.received(), 0u);
    }
}

INSTANTIATE_TEST_SUITE_P(each_answer, failing_custom_transport,
                         ::testing::Values(failed_answer{-1, ETIMEDOUT}, failed_answer{-1, EIO}, failed_answer{-1, 0},
                                           failed_answer{0, 0}, failed_answer{11, 0}, failed_answer{1000000, 0},
                                           failed_answer{INT_MAX - 1, 0}));

// SRS_ASYNC_SOCKET_LINUX_01_015, SRS_ASYNC_SOCKET_LINUX_01_016, SRS_ASYNC_SOCKET_LINUX_01_018
TEST_F(custom_transport, ends_a_receive_as_its_function_says)
{
    struct row {
        answer given;
        ASYNC_SOCKET_RECEIVE_RESULT expected;
    };
    // The last one is what all that follow tell.
    const std::vector<row> rows{{{0}, ASYNC_SOCKET_RECEIVE_ABANDONED},
                                {{-1, ENOMEM}, ASYNC_SOCKET_RECEIVE_ERROR},
                                {{-1, ECONNRESET}, ASYNC_SOCKET_RECEIVE_ABANDONED},
                                {{-1, ETIMEDOUT}, ASYNC_SOCKET_RECEIVE_ABANDONED}};
    for (const row& each : rows) {
        receives.answers = {each.given};
        contract::receive_operation& received = start_receive(custom.get(), 10);
        ASSERT_TRUE(received.wait());
        EXPECT_EQ(received.result(), each.expected) << "error " << each.given.error;
        EXPECT_EQ(received.received(), 0u);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_004
TEST_F(custom_transport, never_calls_its_functions_at_the_same_time)
{
    constexpr std::size_t threads = 4;
    constexpr std::size_t each = 500;
    std::vector<contract::send_operation*> all_sends;
    std::vector<contract::receive_operation*> all_receives;
    for (std::size_t i = 0; i != threads * each; ++i) {
        all_sends.push_back(&new_send(contract::pattern(4), {1, 3}));
        all_receives.push_back(&new_receive(4, {3, 1}));
    }
    std::vector<std::thread> starting;
    for (std::size_t thread = 0; thread != threads; ++thread) {
        starting.emplace_back([&, thread] {
            for (std::size_t i = thread * each; i != (thread + 1) * each; ++i) {
                EXPECT_EQ(all_sends[i]->start(custom.get()), ASYNC_SOCKET_SEND_SYNC_OK);
                EXPECT_EQ(all_receives[i]->start(custom.get()), 0);
            }
        });
    }
    for (std::thread& one : starting) {
        one.join();
    }
    for (std::size_t i = 0; i != threads * each; ++i) {
        ASSERT_TRUE(all_sends[i]->wait());
        ASSERT_TRUE(all_receives[i]->wait());
        EXPECT_FALSE(all_sends[i]->was_called_inline());
    }
    EXPECT_EQ(sends.overlaps, 0u);
    EXPECT_EQ(receives.overlaps, 0u);
    EXPECT_EQ(sends.sent.size(), 4 * threads * each);
}

// SRS_ASYNC_SOCKET_LINUX_01_010, SRS_ASYNC_SOCKET_LINUX_01_017, SRS_ASYNC_SOCKET_LINUX_01_025
TEST_F(custom_transport, abandons_by_a_close_what_its_functions_block)
{
    for (int i = 0; i != 1000; ++i) {
        sends.answers.push_back({-1, EAGAIN});
    }
    receives.answers_by_socket = true;
    std::vector<contract::receive_operation*> received;
    for (int i = 0; i != 5; ++i) {
        received.push_back(&start_receive(custom.get(), 10));
    }
    await_worker();
    async_socket_close(custom.get());
    const std::size_t calls = sends.calls + receives.calls;
    for (contract::receive_operation* const each : received) {
        ASSERT_TRUE(each->is_done());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    }
    await_worker();
    EXPECT_EQ(sends.calls + receives.calls, calls) << "called after the close";
}

} // namespace
} // namespace linux_tests
