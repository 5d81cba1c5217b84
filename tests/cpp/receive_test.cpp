// SPDX-License-Identifier: MIT

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/pattern.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::text_of;

class receive_of_cpp : public with_peer {
protected:
    receive_of_cpp() : memory(1000) {}

    [[nodiscard]] std::string received(std::size_t bytes) const
    {
        return {memory.begin(), memory.begin() + static_cast<long>(bytes)};
    }

    contract::bytes memory;
};

// SRS_CPP_01_037
TEST_F(receive_of_cpp, takes_what_is_there)
{
    peer_sends("hello");
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive(writable(memory));
        EXPECT_FALSE(error);
        EXPECT_EQ(received(bytes), "hello");
    });
}

// SRS_CPP_01_037, SRS_CPP_01_031
TEST_F(receive_of_cpp, goes_on_on_a_thread_of_the_engine_when_bytes_come)
{
    const std::thread::id here = std::this_thread::get_id();
    contract::event waits;
    std::jthread sender([&] {
        static_cast<void>(waits.wait());
        peer_sends("later");
    });
    run([&]() -> task<> {
        waits.set();
        const auto [error, bytes] = co_await local.receive(writable(memory));
        EXPECT_FALSE(error);
        EXPECT_EQ(received(bytes), "later");
        EXPECT_NE(std::this_thread::get_id(), here);
    });
}

// SRS_CPP_01_038
TEST_F(receive_of_cpp, fills_a_sequence_in_order)
{
    peer_sends("abcdefgh");
    run([&]() -> task<> {
        const std::span<std::byte> all = writable(memory);
        const std::array<std::span<std::byte>, 4> sequence{all.subspan(10, 3), all.first(0), all.subspan(0, 2),
                                                           all.subspan(20, 3)};
        const auto [error, bytes] = co_await local.receive_exactly(sequence);
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, 8u);
        EXPECT_EQ(text_of(all.subspan(10, 3)), "abc");
        EXPECT_EQ(text_of(all.subspan(0, 2)), "de");
        EXPECT_EQ(text_of(all.subspan(20, 3)), "fgh");
        EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("xy")));
        const auto some = co_await local.receive(sequence);
        EXPECT_FALSE(some.error);
        EXPECT_GE(some.bytes, 1u);
    });
}

// SRS_CPP_01_041
TEST_F(receive_of_cpp, exactly_waits_until_the_memory_is_full)
{
    constexpr std::size_t size = 300'000;
    std::jthread sender([&] {
        for (std::size_t at = 0; at != size; at += 10'000) {
            EXPECT_TRUE(contract::send_all(peer.get(), contract::pattern(10'000, at)));
            std::this_thread::yield();
        }
    });
    memory.resize(size);
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive_exactly(writable(memory));
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, size);
    });
    EXPECT_EQ(contract::first_wrong_byte(memory.data(), size), size);
}

// SRS_CPP_01_041
TEST_F(receive_of_cpp, exactly_fills_more_pieces_than_one_operation_takes)
{
    constexpr std::size_t pieces = 200;
    memory.resize(pieces * 2);
    std::vector<std::span<std::byte>> sequence;
    for (std::size_t index = 0; index != pieces; ++index) {
        sequence.push_back(writable(memory).subspan(index * 2, 2));
    }
    ASSERT_TRUE(contract::send_all(peer.get(), contract::pattern(memory.size())));
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive_exactly(sequence);
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, memory.size());
    });
    EXPECT_EQ(memory, contract::pattern(memory.size()));
}

// SRS_CPP_01_041, SRS_CPP_01_068
TEST_F(receive_of_cpp, exactly_says_how_much_came_before_the_end_of_the_stream)
{
    peer_sends("part");
    peer.reset();
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive_exactly(writable(memory));
        EXPECT_EQ(error, condition::end_of_stream);
        EXPECT_EQ(received(bytes), "part");
        const auto again = co_await local.receive(writable(memory));
        EXPECT_EQ(again.error, condition::end_of_stream);
        EXPECT_EQ(again.bytes, 0u);
    });
}

// SRS_CPP_01_068
TEST_F(receive_of_cpp, tells_a_reset)
{
    contract::connection link = contract::make_connection();
    async_socket::socket resetting = adopt(engine, std::move(link.peer));
    run([&]() -> task<> {
        async_socket::socket receiving = adopt(engine, std::move(link.local));
        const auto resetter = [&]() -> task<> {
            co_await async_socket::sleep_for(5ms);
            resetting.reset();
        };
        const auto receiver = [&]() -> task<std::error_code> {
            co_return (co_await receiving.receive(writable(memory))).error;
        };
        const auto [error, nothing] = co_await async_socket::when_all(receiver(), resetter());
        EXPECT_EQ(error, condition::reset) << error.message();
        EXPECT_EQ(error, std::errc::connection_reset);
    });
}

// SRS_CPP_01_047
TEST_F(receive_of_cpp, into_nothing_ends_at_once)
{
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive(writable(memory).first(0));
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, 0u);
        const auto exactly = co_await local.receive_exactly(std::span<const std::span<std::byte>>());
        EXPECT_FALSE(exactly.error);
        const auto sent = co_await local.send(std::span<const std::byte>());
        EXPECT_FALSE(sent.error);
        EXPECT_EQ(sent.bytes, 0u);
    });
}

// SRS_CPP_01_033
TEST_F(receive_of_cpp, on_a_socket_that_is_closed_or_empty_is_refused)
{
    run([&]() -> task<> {
        local.close();
        const auto [error, bytes] = co_await local.receive(writable(memory));
        EXPECT_EQ(error, condition::closed);
        EXPECT_EQ((co_await local.receive_exactly(writable(memory))).error, condition::closed);
        EXPECT_EQ((co_await local.receive_until("\n")).error, condition::closed);
        EXPECT_EQ((co_await local.send(readable(memory))).error, condition::closed);
        EXPECT_EQ((co_await local.send_all(readable(memory))).error, condition::closed);
        EXPECT_EQ(co_await local.shutdown_send(), condition::closed);
        async_socket::socket empty;
        EXPECT_EQ((co_await empty.receive(writable(memory))).error, condition::closed);
        EXPECT_EQ((co_await empty.receive_exactly(writable(memory))).error, condition::closed);
        EXPECT_EQ((co_await empty.receive_until("\n")).error, condition::closed);
        EXPECT_EQ((co_await empty.receive_until(writable(memory), "\n")).error, condition::closed);
        EXPECT_EQ((co_await empty.send(readable(memory))).error, condition::closed);
        EXPECT_EQ((co_await empty.send_all(readable(memory))).error, condition::closed);
        EXPECT_EQ((co_await empty.connect({"127.0.0.1", 1})), condition::closed);
        EXPECT_EQ(co_await empty.shutdown_send(), condition::closed);
    });
}

// SRS_CPP_01_034
TEST_F(receive_of_cpp, ends_when_its_time_is_over_and_loses_nothing)
{
    run([&]() -> task<> {
        const auto begin = std::chrono::steady_clock::now();
        const auto [error, bytes] = co_await local.receive(writable(memory), 20ms);
        EXPECT_EQ(error, condition::timed_out);
        EXPECT_EQ(error, std::errc::timed_out);
        EXPECT_EQ(bytes, 0u);
        EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
        EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("here")));
        const auto then = co_await local.receive_exactly(writable(memory).first(4), 1h);
        EXPECT_FALSE(then.error);
        EXPECT_EQ(received(4), "here");
    });
}

// SRS_CPP_01_034, SRS_CPP_01_041
TEST_F(receive_of_cpp, exactly_has_one_time_limit_for_all_its_steps)
{
    memory.resize(1'000'000);
    run([&]() -> task<> {
        std::atomic<bool> ended{false};
        // One byte is there before the receive begins, and another one for each step that it takes.
        const auto sender = [&]() -> task<> {
            while (!ended) {
                EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("x")));
                co_await async_socket::sleep_for(1ms);
            }
        };
        const auto receiver = [&]() -> task<> {
            const auto begin = std::chrono::steady_clock::now();
            const auto [error, bytes] = co_await local.receive_exactly(writable(memory), 50ms);
            ended = true;
            EXPECT_EQ(error, condition::timed_out);
            EXPECT_GE(bytes, 1u);
            EXPECT_GE(std::chrono::steady_clock::now() - begin, 50ms);
        };
        co_await async_socket::when_all(sender(), receiver());
    });
}

// SRS_CPP_01_042, SRS_CPP_01_046
TEST_F(receive_of_cpp, until_ends_behind_the_delimiter_and_keeps_the_rest)
{
    peer_sends("one\r\ntwo\r\nthree");
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive_until(writable(memory), "\r\n");
        EXPECT_FALSE(error);
        EXPECT_EQ(received(bytes), "one\r\n");
        const auto second = co_await local.receive_until("\r\n");
        EXPECT_FALSE(second.error);
        EXPECT_EQ(second.text, "two\r\n");
        const auto third = co_await local.receive_exactly(writable(memory).first(5));
        EXPECT_FALSE(third.error);
        EXPECT_EQ(received(5), "three");
        EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("four\nfive")));
        EXPECT_EQ((co_await local.receive_until("\n")).text, "four\n");
        const auto rest = co_await local.receive(writable(memory));
        EXPECT_FALSE(rest.error);
        EXPECT_GE(rest.bytes, 1u);
    });
}

// SRS_CPP_01_042
TEST_F(receive_of_cpp, until_finds_a_delimiter_that_comes_in_pieces)
{
    std::jthread sender([&] {
        for (const char letter : std::string_view("text-==-=-==END==-==END=--rest")) {
            EXPECT_TRUE(contract::send_all(peer.get(), as_bytes(std::string_view(&letter, 1))));
            std::this_thread::yield();
        }
    });
    run([&]() -> task<> {
        const auto [error, text] = co_await local.receive_until("==END=--");
        EXPECT_FALSE(error);
        EXPECT_EQ(text, "text-==-=-==END==-==END=--");
        const auto rest = co_await local.receive_exactly(writable(memory).first(4));
        EXPECT_FALSE(rest.error);
        EXPECT_EQ(received(4), "rest");
    });
}

// SRS_CPP_01_043
TEST_F(receive_of_cpp, until_hands_out_many_lines_of_one_receive)
{
    std::string text;
    for (int index = 0; index != 2000; ++index) {
        text += std::to_string(index) + "\n";
    }
    std::jthread sender([&] { peer_sends(text); });
    run([&]() -> task<> {
        for (int index = 0; index != 2000; ++index) {
            const auto [error, line] = co_await local.receive_until("\n");
            EXPECT_FALSE(error);
            EXPECT_EQ(line, std::to_string(index) + "\n");
        }
    });
}

// SRS_CPP_01_044
TEST_F(receive_of_cpp, until_refuses_what_is_too_long_and_loses_nothing)
{
    peer_sends("0123456789\nnext\n");
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive_until(writable(memory).first(10), "\n");
        EXPECT_EQ(error, std::errc::message_size);
        EXPECT_EQ(bytes, 0u);
        local.set_text_limit(10);
        EXPECT_EQ((co_await local.receive_until("\n")).error, std::errc::message_size);
        EXPECT_EQ((co_await local.receive_until("absent")).error, std::errc::message_size);
        local.set_text_limit(11);
        EXPECT_EQ((co_await local.receive_until("\n")).text, "0123456789\n");
        const auto next = co_await local.receive_until(writable(memory).first(5), "\n");
        EXPECT_EQ(received(next.bytes), "next\n");
    });
}

// SRS_CPP_01_045
TEST_F(receive_of_cpp, until_nothing_is_refused)
{
    run([&]() -> task<> {
        const auto [error, text] = co_await local.receive_until("");
        EXPECT_EQ(error, std::errc::invalid_argument);
        EXPECT_EQ((co_await local.receive_until(writable(memory), "")).error, std::errc::invalid_argument);
    });
}

// SRS_CPP_01_046
TEST_F(receive_of_cpp, until_keeps_what_came_before_the_stream_ended_or_time_was_over)
{
    peer_sends("no end");
    run([&]() -> task<> {
        const auto [error, text] = co_await local.receive_until("\n", 10ms);
        EXPECT_EQ(error, condition::timed_out);
        EXPECT_EQ(text, "");
        peer.reset();
        EXPECT_EQ((co_await local.receive_until("\n")).error, condition::end_of_stream);
        const auto rest = co_await local.receive(writable(memory));
        EXPECT_FALSE(rest.error);
        EXPECT_EQ(received(rest.bytes), "no end");
        EXPECT_EQ((co_await local.receive(writable(memory))).error, condition::end_of_stream);
    });
}

} // namespace
} // namespace cpp_layer
