// SPDX-License-Identifier: MIT
//
// Time limits and stops while data keeps coming, stops that end whoever watches them, and receives that are not alone.

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::bytes_of;
using async_socket::io_result;
using async_socket::sleep_for;

class flooded : public with_peer {
protected:
    flooded() : memory(1 << 16), pieces(4'000'000, std::span(piece))
    {
        flood = std::thread([this] {
            while (contract::send_all(peer.get(), memory)) {
            }
        });
    }
    ~flooded() override
    {
        local.reset();
        flood.join();
    }

    const contract::bytes memory;
    std::array<std::byte, 4> piece{};
    std::vector<std::span<std::byte>> pieces; // each step of a receive fills a few
    std::thread flood;
};

// SRS_CPP_01_034
TEST_F(flooded, a_receive_of_many_steps_ends_when_its_time_is_over)
{
    run([&]() -> task<> {
        const auto [error, bytes] = co_await local.receive_exactly(pieces, 10ms);
        EXPECT_EQ(error, condition::timed_out);
        EXPECT_LT(bytes, pieces.size() * 4);
    });
}

// SRS_CPP_01_035
TEST_F(flooded, a_receive_of_many_steps_ends_when_a_stop_is_requested)
{
    std::stop_source source;
    run([&]() -> task<> {
        const auto receiving = [&]() -> task<std::error_code> {
            co_return (co_await local.receive_exactly(pieces, source.get_token())).error;
        };
        const auto stopping = [&]() -> task<> {
            static_cast<void>(co_await sleep_for(10ms));
            source.request_stop();
        };
        const auto [error, nothing] = co_await async_socket::when_all(receiving(), stopping());
        EXPECT_EQ(error, condition::cancelled);
    });
}

// SRS_CPP_01_034
TEST_F(flooded, a_text_without_end_is_given_up_when_its_time_is_over)
{
    local.set_text_limit(std::size_t{1} << 30);
    run([&]() -> task<> {
        const auto received = co_await local.receive_until("no such text", 10ms);
        EXPECT_EQ(received.error, condition::timed_out);
    });
}

class not_alone : public with_sockets {};

// SRS_CPP_01_083
TEST_F(not_alone, a_receive_until_is_refused_and_so_is_a_receive_beside_one)
{
    std::array<std::byte, 8> memory{};
    run([&]() -> task<> {
        const auto lines = [&]() -> task<std::error_code> {
            co_return (co_await right.receive_until("\n", 10s)).error;
        };
        const auto others = [&]() -> task<> {
            const auto second = co_await right.receive_until("\n", 10s);
            EXPECT_EQ(second.error, std::errc::operation_in_progress);
            const auto some = co_await right.receive(memory, 10s);
            EXPECT_EQ(some.error, std::errc::operation_in_progress);
            EXPECT_EQ(right.async_receive(memory, [](io_result) {}), std::errc::operation_in_progress);
            EXPECT_FALSE((co_await left.send(bytes_of("line\n"))).error);
        };
        const auto [error, nothing] = co_await async_socket::when_all(lines(), others());
        EXPECT_FALSE(error);
        // And when it is over, it is over.
        EXPECT_FALSE((co_await left.send(bytes_of("more"))).error);
        EXPECT_EQ((co_await right.receive_exactly(std::span(memory).first(4))).bytes, 4u);
        EXPECT_EQ((co_await right.receive_until("\n", 1ms)).error, condition::timed_out);
    });
}

class stop_of_cpp : public with_sockets {
protected:
    stop_of_cpp() : with_sockets(1) {}
};

// SRS_CPP_01_030, SRS_CPP_01_062
TEST_F(stop_of_cpp, may_end_everybody_who_passes_it_on)
{
#ifdef _WIN32
    GTEST_SKIP() << "a close runs no callbacks on its own thread there, and must not wait in a stop callback";
#endif
    // The stop closes the socket, for which alone everybody waits; so they end inside the request.
    const auto waits = [&]() -> task<> {
        const std::stop_token stop = co_await async_socket::current_stop_token();
        const std::stop_callback on_stop(stop, [&] { left.close(); });
        std::array<std::byte, 8> memory{};
        static_cast<void>(co_await left.receive(memory));
    };
    const auto in_scope = [&]() -> task<> {
        async_socket::scope tasks(engine);
        tasks.spawn(waits());
        co_await tasks.join();
    };
    const auto deadline = []() -> task<> { static_cast<void>(co_await sleep_for(5ms)); };
    run([&]() -> task<> {
        const auto first = co_await async_socket::when_any(in_scope(), deadline());
        EXPECT_EQ(first.index, 1u);
    });
}

} // namespace
} // namespace cpp_layer
