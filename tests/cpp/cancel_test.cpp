// SPDX-License-Identifier: MIT
//
// Stop tokens against operations: before, while and after.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::sleep_for;
using async_socket::when_any;

class cancel_of_cpp : public with_peer {
protected:
    task<std::error_code> receiver()
    {
        contract::bytes memory(10);
        const auto result = co_await local.receive(writable(memory));
        co_return result.error;
    }
};

// SRS_CPP_01_035
TEST_F(cancel_of_cpp, before_the_operation_begins_keeps_it_from_beginning)
{
    std::stop_source source;
    source.request_stop();
    peer_sends("data");
    run([&]() -> task<> {
        contract::bytes memory(4);
        const auto [error, bytes] = co_await local.receive(writable(memory), source.get_token());
        EXPECT_EQ(error, condition::cancelled);
        EXPECT_EQ(error, std::errc::operation_canceled);
        EXPECT_EQ(bytes, 0u);
        EXPECT_FALSE((co_await local.receive_exactly(writable(memory))).error);
        EXPECT_EQ(memory, as_bytes("data"));
    });
}

// SRS_CPP_01_035
TEST_F(cancel_of_cpp, from_another_thread_ends_the_operation)
{
    std::stop_source source;
    contract::event begun;
    std::jthread stopper([&] {
        static_cast<void>(begun.wait());
        source.request_stop();
    });
    run([&]() -> task<> {
        contract::bytes memory(4);
        begun.set();
        const auto [error, bytes] = co_await local.receive(writable(memory), source.get_token());
        EXPECT_EQ(error, condition::cancelled);
        // The socket goes on.
        EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("more")));
        EXPECT_FALSE((co_await local.receive_exactly(writable(memory))).error);
    });
}

// SRS_CPP_01_035
TEST_F(cancel_of_cpp, on_the_thread_of_the_operation_ends_it)
{
    std::stop_source source;
    run([&]() -> task<> {
        const auto stopper = [&]() -> task<> {
            co_await sleep_for(1ms);
            source.request_stop();
        };
        const auto receiving = [&]() -> task<std::error_code> {
            contract::bytes memory(4);
            const auto result = co_await local.receive_until("\n", source.get_token());
            co_return result.error;
        };
        const auto [error, nothing] = co_await async_socket::when_all(receiving(), stopper());
        EXPECT_EQ(error, condition::cancelled);
    });
}

// SRS_CPP_01_036
TEST_F(cancel_of_cpp, by_a_deadline_beside_it)
{
    run([&]() -> task<> {
        const auto deadline = []() -> task<> { co_await sleep_for(5ms); };
        const auto first = co_await when_any(receiver(), deadline());
        EXPECT_EQ(first.index, 1u);
        EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("x")));
        const auto second =
            co_await when_any(receiver(), [](auto seconds) -> task<> { co_await sleep_for(seconds); }(1h));
        EXPECT_EQ(second.index, 0u);
    });
}

// SRS_CPP_01_036, SRS_CPP_01_035
TEST_F(cancel_of_cpp, by_either_of_two_tokens)
{
    for (const bool inherited : {false, true}) {
        std::stop_source own;
        std::stop_source outer;
        contract::event begun;
        std::jthread stopper([&] {
            static_cast<void>(begun.wait());
            (inherited ? outer : own).request_stop();
        });
        run(
            [&]() -> task<> {
                contract::bytes memory(4);
                begun.set();
                const auto result = co_await local.receive(writable(memory), own.get_token());
                EXPECT_EQ(result.error, condition::cancelled);
            },
            outer.get_token());
    }
}

// SRS_CPP_01_035, SRS_CPP_01_041
TEST_F(cancel_of_cpp, races_with_data_and_loses_none)
{
    constexpr std::size_t rounds = 400;
    std::size_t received = 0;
    for (std::size_t round = 0; round != rounds; ++round) {
        std::stop_source source;
        contract::event begun;
        std::jthread sender([&] {
            static_cast<void>(begun.wait());
            peer_sends("abc");
        });
        std::jthread stopper([&] {
            static_cast<void>(begun.wait());
            std::this_thread::sleep_for(std::chrono::microseconds(round % 100));
            source.request_stop();
        });
        run(
            [&]() -> task<> {
                contract::bytes memory(3);
                begun.set();
                const auto [error, bytes] = co_await local.receive_exactly(writable(memory));
                EXPECT_TRUE(!error || error == condition::cancelled) << error.message();
                EXPECT_EQ(!error, bytes == 3);
                received += bytes;
            },
            source.get_token());
    }
    run([&]() -> task<> {
        contract::bytes rest(3 * rounds - received);
        EXPECT_FALSE((co_await local.receive_exactly(writable(rest))).error);
    });
}

class cancel_between_sockets : public with_sockets {};

// SRS_CPP_01_029, SRS_CPP_01_036
TEST_F(cancel_between_sockets, the_loser_of_when_any_is_gone_before_it_returns)
{
    run([&]() -> task<> {
        for (int round = 0; round != 300; ++round) {
            contract::bytes memory(1);
            const auto receiving = [&]() -> task<std::error_code> {
                const auto result = co_await left.receive(writable(memory));
                co_return result.error;
            };
            const auto sending = [&]() -> task<std::error_code> {
                const auto result = co_await right.send(async_socket::bytes_of("x"));
                co_return result.error;
            };
            const auto first = co_await when_any(receiving(), sending());
            EXPECT_LT(first.index, 2u);
            // Whatever has won, the byte is either received or the next receive's.
            if (std::visit([](const auto& error) { return static_cast<bool>(error); }, first.value)) {
                ADD_FAILURE();
            }
        }
    });
}

} // namespace
} // namespace cpp_layer
