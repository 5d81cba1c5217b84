// SPDX-License-Identifier: MIT
//
// No memory is allocated from one operation to the next.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <stop_token>

#include <gtest/gtest.h>

#include "allocation_count.h"
#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::bytes_of;

constexpr std::size_t warm_up = 2000;
constexpr std::size_t measured = 5000;

class allocations_of_cpp : public with_sockets {
protected:
    allocations_of_cpp() : with_sockets(1) {}

    // `exchange` makes a coroutine that does so many turns. Coroutines are made before it is counted.
    template <typename Exchange>
    void expect_none(const char* what, std::size_t operations_of_a_turn, Exchange exchange)
    {
        std::stop_source source;
        run(
            [&]() -> task<> {
                co_await exchange(warm_up);
                task<> counted = exchange(measured);
                const std::size_t before = cost::allocation_count();
                co_await std::move(counted);
                const std::size_t number = cost::allocation_count() - before;
                std::printf("%s: %zu allocations in %zu operations\n", what, number, measured * operations_of_a_turn);
                EXPECT_EQ(number, 0u);
            },
            source.get_token());
    }

    std::array<std::byte, 64> memory{};
};

// SRS_CPP_01_032
TEST_F(allocations_of_cpp, are_none_for_send_and_receive)
{
    expect_none("send and receive", 2, [this](std::size_t turns) -> task<> {
        for (std::size_t turn = 0; turn != turns; ++turn) {
            const auto sent = co_await left.send(memory);
            const auto received = co_await right.receive(memory);
            EXPECT_TRUE(!sent.error && !received.error);
        }
    });
}

// SRS_CPP_01_032
TEST_F(allocations_of_cpp, are_none_with_time_limits_and_stop_tokens)
{
    std::stop_source source;
    expect_none("send and receive with options", 2, [this, &source](std::size_t turns) -> task<> {
        for (std::size_t turn = 0; turn != turns; ++turn) {
            const auto sent = co_await left.send(memory, {1h, source.get_token()});
            const auto received = co_await right.receive(memory, {1h, source.get_token()});
            EXPECT_TRUE(!sent.error && !received.error);
        }
    });
}

// SRS_CPP_01_032
TEST_F(allocations_of_cpp, are_none_for_what_waits_for_data)
{
    // The receives begin before what they receive is sent, and take two steps each. The second half must not wait for
    // the peer to acknowledge the first.
    ASSERT_FALSE(left.set_no_delay(true));
    ASSERT_FALSE(right.set_no_delay(true));
    const auto receiving = [this](std::size_t turns) -> task<> {
        std::array<std::byte, 64> received{};
        for (std::size_t turn = 0; turn != turns; ++turn) {
            const auto whole = co_await right.receive_exactly(received, 1h);
            const auto answered = co_await right.send_all(received);
            EXPECT_TRUE(!whole.error && !answered.error);
        }
    };
    const auto sending = [this](std::size_t turns) -> task<> {
        for (std::size_t turn = 0; turn != turns; ++turn) {
            const auto first = co_await left.send(std::span(memory).first(32));
            const auto slept = co_await async_socket::sleep_for(0ms);
            const auto second = co_await left.send(std::span(memory).last(32));
            const auto answer = co_await left.receive_exactly(memory);
            EXPECT_TRUE(!first.error && !slept && !second.error && !answer.error);
        }
    };
    run([&]() -> task<> {
        co_await async_socket::when_all(receiving(warm_up), sending(warm_up));
        auto both = async_socket::when_all(receiving(measured), sending(measured));
        const std::size_t before = cost::allocation_count();
        co_await std::move(both);
        const std::size_t number = cost::allocation_count() - before;
        std::printf("exact receives: %zu allocations in %zu operations\n", number, 6 * measured);
        EXPECT_EQ(number, 0u);
    });
}

// SRS_CPP_01_032
TEST_F(allocations_of_cpp, are_none_for_texts)
{
    expect_none("receive_until", 3, [this](std::size_t turns) -> task<> {
        for (std::size_t turn = 0; turn != turns; ++turn) {
            const auto sent = co_await left.send(bytes_of("line one\nline two\n"));
            const auto first = co_await right.receive_until("\n");
            const auto second = co_await right.receive_until(memory, "\n");
            EXPECT_TRUE(!sent.error && first.text == "line one\n" && second.bytes == 9);
        }
    });
}

// SRS_CPP_01_032, SRS_CPP_01_013
TEST_F(allocations_of_cpp, are_none_for_sleeping)
{
    expect_none("sleep_for", 1, [](std::size_t turns) -> task<> {
        for (std::size_t turn = 0; turn != turns; ++turn) {
            const auto error = co_await async_socket::sleep_for(0ms);
            EXPECT_FALSE(error);
        }
    });
}

// SRS_CPP_01_032
TEST_F(allocations_of_cpp, is_one_for_a_child_task_its_frame)
{
    const auto child = []() -> task<int> { co_return 1; };
    run([&]() -> task<> {
        const std::size_t before = cost::allocation_count();
        const int result = co_await child();
        EXPECT_EQ(cost::allocation_count() - before, 1u);
        EXPECT_EQ(result, 1);
    });
}

// SRS_CPP_01_067
TEST_F(allocations_of_cpp, are_none_for_handlers_once_their_memory_is_there)
{
    struct player {
        async_socket::socket& from;
        async_socket::socket& to;
        std::array<std::byte, 64>& memory;
        contract::event& ended;
        std::size_t& before;
        std::size_t& number;
        std::size_t left;

        void start()
        {
            const std::error_code receiving = to.async_receive(memory, [self = *this](async_socket::io_result) mutable {
                if (--self.left == 0) {
                    self.number = cost::allocation_count() - self.before;
                    self.ended.set();
                    return;
                }
                if (self.left == measured) {
                    self.before = cost::allocation_count();
                }
                self.start();
            });
            const std::error_code sending = from.async_send(memory, [](async_socket::io_result) {});
            EXPECT_TRUE(!receiving && !sending);
        }
    };
    contract::event ended;
    std::size_t before = 0;
    std::size_t number = 1;
    player{left, right, memory, ended, before, number, warm_up + measured}.start();
    ASSERT_TRUE(ended.wait());
    std::printf("handlers: %zu allocations in %zu operations\n", number, 2 * measured);
    EXPECT_EQ(number, 0u);
}

} // namespace
} // namespace cpp_layer
