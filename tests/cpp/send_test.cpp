// SPDX-License-Identifier: MIT

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/pattern.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::bytes_of;

class send_of_cpp : public with_peer {};

// SRS_CPP_01_039
TEST_F(send_of_cpp, hands_over_every_byte)
{
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.send(bytes_of("hello"));
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, 5u);
    });
    EXPECT_EQ(contract::receive_exactly(peer.get(), 5), as_bytes("hello"));
}

// SRS_CPP_01_038
TEST_F(send_of_cpp, takes_a_sequence_in_order)
{
    run([&]() -> task<> {
        const std::array<std::span<const std::byte>, 4> sequence{bytes_of("ab"), bytes_of(""), bytes_of("cde"),
                                                                 bytes_of("f")};
        const auto [error, bytes] = co_await local.send(sequence);
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, 6u);
        EXPECT_EQ((co_await local.send_all(sequence)).bytes, 6u);
    });
    EXPECT_EQ(contract::receive_exactly(peer.get(), 12), as_bytes("abcdefabcdef"));
}

// SRS_CPP_01_039, SRS_CPP_01_040
TEST_F(send_of_cpp, of_many_pieces_sends_all_of_them)
{
    constexpr std::size_t pieces = 150;
    const contract::bytes data = contract::pattern(pieces);
    std::vector<std::span<const std::byte>> sequence;
    for (std::size_t index = 0; index != pieces; ++index) {
        sequence.push_back(readable(data).subspan(index, 1));
    }
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.send(sequence);
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, pieces);
        const auto all = co_await local.send_all(sequence);
        EXPECT_FALSE(all.error);
        EXPECT_EQ(all.bytes, pieces);
    });
    EXPECT_EQ(contract::receive_exactly(peer.get(), pieces), data);
    EXPECT_EQ(contract::receive_exactly(peer.get(), pieces), data);
}

// SRS_CPP_01_040
TEST_F(send_of_cpp, all_of_a_lot)
{
    constexpr std::size_t size = 5'000'000;
    const contract::bytes data = contract::pattern(size);
    contract::bytes arrived;
    std::jthread receiver([&] { arrived = contract::receive_exactly(peer.get(), size); });
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.send_all(readable(data));
        EXPECT_FALSE(error);
        EXPECT_EQ(bytes, size);
    });
    receiver.join();
    EXPECT_EQ(arrived, data);
}

// SRS_CPP_01_034
TEST_F(send_of_cpp, to_a_peer_that_does_not_receive_ends_when_its_time_is_over)
{
    const contract::bytes data(100'000'000);
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.send_all(readable(data), 30ms);
        EXPECT_EQ(error, condition::timed_out);
        EXPECT_LT(bytes, data.size());
    });
}

// SRS_CPP_01_035
TEST_F(send_of_cpp, to_a_peer_that_does_not_receive_is_cancelled)
{
    const contract::bytes data(100'000'000);
    std::stop_source source;
    contract::event begun;
    std::jthread stopper([&] {
        static_cast<void>(begun.wait());
        source.request_stop();
    });
    run([&]() -> task<> {
        begun.set();
        const auto [error, bytes] = co_await local.send_all(readable(data), source.get_token());
        EXPECT_EQ(error, condition::cancelled);
        EXPECT_LT(bytes, data.size());
    });
}

// SRS_CPP_01_050
TEST_F(send_of_cpp, side_is_closed_behind_what_was_sent)
{
    run([&]() -> task<> {
        EXPECT_FALSE((co_await local.send(bytes_of("last words"))).error);
        const std::error_code error = co_await local.shutdown_send();
        EXPECT_FALSE(error) << error.message();
        EXPECT_EQ(co_await local.shutdown_send(), condition::closed);
        EXPECT_EQ((co_await local.send(bytes_of("more"))).error, condition::closed);
        // The other direction goes on.
        EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("answer")));
        contract::bytes memory(6);
        EXPECT_FALSE((co_await local.receive_exactly(writable(memory))).error);
        EXPECT_EQ(memory, as_bytes("answer"));
    });
    const contract::rest_of_stream rest = contract::receive_to_end(peer.get());
    EXPECT_EQ(rest.data, as_bytes("last words"));
    EXPECT_TRUE(rest.ended_in_order);
}

// SRS_CPP_01_084
TEST_F(send_of_cpp, of_more_than_one_operation_takes_is_refused)
{
    // So many spans of the same memory that their sum is too much; none of it is touched.
    const contract::bytes memory(1 << 20);
    const std::vector<std::span<const std::byte>> sequence(4096, readable(memory));
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.send(sequence);
        EXPECT_EQ(error, std::errc::message_size);
        EXPECT_EQ(bytes, 0u);
        EXPECT_EQ((co_await local.send(bytes_of("x"))).bytes, 1u);
    });
    EXPECT_EQ(contract::receive_exactly(peer.get(), 1), as_bytes("x"));
}

// SRS_CPP_01_085
TEST_F(send_of_cpp, shutdown_ends_with_its_time_or_a_stop_and_goes_on_all_the_same)
{
    constexpr std::size_t size = 20'000'000;
    const contract::bytes data = contract::pattern(size);
    contract::event sent;
    ASSERT_FALSE(local.async_send(readable(data), [&](async_socket::io_result) { sent.set(); }));
    run([&]() -> task<> {
        const auto error = co_await local.shutdown_send(5ms);
        EXPECT_EQ(error, condition::timed_out);
        const auto again = co_await local.shutdown_send(5ms);
        EXPECT_EQ(again, condition::closed);
    });
    EXPECT_EQ(contract::receive_exactly(peer.get(), size), data);
    EXPECT_TRUE(sent.wait());
    EXPECT_EQ(contract::receive_exactly(peer.get(), 1), contract::bytes());
}

// SRS_CPP_01_085
TEST_F(send_of_cpp, shutdown_is_cancelled_by_a_stop)
{
    const contract::bytes data(100'000'000);
    contract::event sent;
    ASSERT_FALSE(local.async_send(readable(data), [&](async_socket::io_result) { sent.set(); }));
    std::stop_source source;
    run([&]() -> task<> {
        const auto closing = [&]() -> task<std::error_code> {
            co_return co_await local.shutdown_send(source.get_token());
        };
        const auto stopping = [&]() -> task<> {
            source.request_stop();
            co_return;
        };
        const auto [error, nothing] = co_await async_socket::when_all(closing(), stopping());
        EXPECT_EQ(error, condition::cancelled);
    });
    local.close();
    EXPECT_TRUE(sent.wait());
}

} // namespace
} // namespace cpp_layer
