// SPDX-License-Identifier: MIT
//
// Operations whose result is known at once: they are operations of the socket all the same, and many of them in a row
// leave others their turn.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>

#include <gtest/gtest.h>

#include "async_socket/async_delay.h"
#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::bytes_of;
using async_socket::io_result;
using async_socket::sleep_for;

class known_result : public with_engine {
protected:
    using with_engine::with_engine;
};

// SRS_CPP_01_051, SRS_CPP_01_064
TEST_F(known_result, of_no_bytes_has_been_told_when_close_returns)
{
    for (int round = 0; round != 200; ++round) {
        contract::connection link = contract::make_connection();
        async_socket::socket local = adopt(engine, std::move(link.local));
        std::atomic<int> told{0};
        ASYNC_OPERATION_ID id = 0;
        ASSERT_FALSE(local.async_receive(
            {}, [&](io_result) { ++told; }, {}, &id));
        EXPECT_NE(id, 0u);
        ASSERT_FALSE(local.async_send({}, [&](io_result) { ++told; }));
        local.close();
        ASSERT_EQ(told, 2);
    }
}

// SRS_CPP_01_046, SRS_CPP_01_051, SRS_CPP_01_064
TEST_F(known_result, of_bytes_that_were_there_has_been_told_when_the_socket_is_destroyed)
{
    for (int round = 0; round != 50; ++round) {
        contract::connection link = contract::make_connection();
        async_socket::socket local = adopt(engine, std::move(link.local));
        EXPECT_TRUE(contract::send_all(link.peer.get(), as_bytes("line\nr")));
        run([&]() -> task<> {
            const auto line = co_await local.receive_until("\n", 10s);
            EXPECT_EQ(line.text, "line\n");
            // Whether the rest has come with it is the system's to decide; this one fetches it.
            const auto more = co_await local.receive_until("nothing", 0s);
            EXPECT_TRUE(more.error);
        });
        std::array<std::byte, 16> memory{};
        std::atomic<std::size_t> told{0};
        ASSERT_FALSE(local.async_receive(
            memory, [&](io_result received) { told = received.bytes; }, 10s));
        local = {};
        ASSERT_EQ(told, 1u);
    }
}

class known_result_on_one_thread : public known_result {
protected:
    known_result_on_one_thread() : known_result(1) {}

    // How often an operation ends at once before a delay on the same thread has its turn.
    template <typename Operation>
    bool others_have_their_turn(Operation operation)
    {
        constexpr int many = 10'000'000;
        std::atomic<bool> is_over{false};
        return run([&]() -> task<bool> {
            EXPECT_EQ(async_delay_start(
                          engine.handle(), 1, nullptr,
                          [](void* flag, const ASYNC_COMPLETION*) { *static_cast<std::atomic<bool>*>(flag) = true; },
                          &is_over),
                      0);
            int left = many;
            while (!is_over && left != 0) {
                --left;
                co_await operation();
            }
            while (!is_over) {
                co_await sleep_for(1ms);
            }
            co_return left != 0;
        });
    }
};

// SRS_CPP_01_082
TEST_F(known_result_on_one_thread, leaves_others_their_turn)
{
    async_socket::listener closed(engine, {"127.0.0.1", 0});
    closed.close();
    EXPECT_TRUE(others_have_their_turn([&]() -> task<> {
        const auto accepted = co_await closed.accept();
        EXPECT_EQ(accepted.error, condition::closed);
    }));
    async_socket::socket empty;
    EXPECT_TRUE(others_have_their_turn([&]() -> task<> {
        const auto received = co_await empty.receive(std::span<std::byte>());
        EXPECT_EQ(received.error, condition::closed);
    }));
    contract::connection link = contract::make_connection();
    async_socket::socket open = adopt(engine, std::move(link.local));
    EXPECT_TRUE(others_have_their_turn([&]() -> task<> {
        const auto received = co_await open.receive(std::span<std::byte>());
        EXPECT_FALSE(received.error);
    }));
}

// SRS_CPP_01_082, SRS_CPP_01_051
TEST_F(known_result_on_one_thread, that_waits_for_its_turn_is_over_when_its_socket_is_closed)
{
    contract::connection link = contract::make_connection();
    async_socket::socket open = adopt(engine, std::move(link.local));
    std::atomic<bool> is_closed{false};
    contract::event ended;
    async_socket::spawn(engine, [&]() -> task<> {
        while (!is_closed) {
            const auto received = co_await open.receive(std::span<std::byte>());
            if (received.error) {
                break;
            }
        }
        ended.set();
    });
    open.close();
    is_closed = true;
    EXPECT_TRUE(ended.wait());
}

} // namespace
} // namespace cpp_layer
