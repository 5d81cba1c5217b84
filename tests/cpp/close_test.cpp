// SPDX-License-Identifier: MIT
//
// Closes that hold no thread up.

#include <array>
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/owned_coroutine.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;

class close_of_cpp : public with_peer {
protected:
    task<std::error_code> receive(async_socket::socket& from)
    {
        std::array<std::byte, 1> memory{};
        co_return (co_await from.receive(memory)).error;
    }
};

// SRS_CPP_01_090
TEST_F(close_of_cpp, resumes_when_everything_has_ended)
{
    run([&]() -> task<> {
        bool has_ended = false;
        const auto receiver = [&]() -> task<> {
            EXPECT_EQ(co_await receive(local), condition::closed);
            has_ended = true;
        };
        const auto closer = [&]() -> task<> {
            co_await async_socket::sleep_for(1ms);
            EXPECT_FALSE(co_await local.close_async());
            EXPECT_TRUE(has_ended);
            EXPECT_EQ(co_await local.close_async(), condition::closed);
            local = {};
            EXPECT_EQ(co_await local.close_async(), condition::closed);
        };
        co_await async_socket::when_all(receiver(), closer());
    });
    EXPECT_TRUE(contract::receive_to_end(peer.get()).ended_in_order);
}

// SRS_CPP_01_090: the two directions of a proxy, each of which closes the other one's socket.
TEST_F(close_of_cpp, of_each_others_sockets)
{
    contract::connection other = contract::make_connection();
    async_socket::socket second = adopt(engine, std::move(other.local));
    const auto way = [&](async_socket::socket& from, async_socket::socket& to) -> task<> {
        const std::error_code ended = co_await receive(from);
        EXPECT_TRUE(!ended || ended == condition::closed);
        const std::error_code closed = co_await to.close_async();
        EXPECT_TRUE(!closed || closed == condition::closed);
    };
    run([&]() -> task<> {
        const auto sender = [&]() -> task<> {
            co_await async_socket::sleep_for(1ms);
            EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("a")));
            EXPECT_TRUE(contract::send_all(other.peer.get(), as_bytes("b")));
        };
        co_await async_socket::when_all(way(local, second), way(second, local), sender());
    });
}

// SRS_CPP_01_091: the task that waits for the stop callback to return is one of the socket.
TEST_F(close_of_cpp, in_a_stop_callback)
{
    std::stop_source source;
    contract::event waits;
    contract::event has_closed;
    std::thread stops([&] {
        EXPECT_TRUE(waits.wait());
        source.request_stop();
    });
    run([&]() -> task<> {
        std::stop_callback closes(source.get_token(), [&] {
            EXPECT_FALSE(local.async_close([&] { has_closed.set(); }));
            EXPECT_EQ(local.async_close([] {}), condition::closed);
        });
        waits.set();
        EXPECT_EQ(co_await receive(local), condition::closed);
    });
    stops.join();
    EXPECT_TRUE(has_closed.wait());
}

// SRS_CPP_01_090
TEST_F(close_of_cpp, whose_coroutine_is_destroyed_goes_on)
{
    contract::event has_begun;
    contract::event released;
    contract::event has_ended;
    ASSERT_FALSE(local.async_receive({}, [&](async_socket::io_result) {
        has_begun.set();
        EXPECT_TRUE(released.wait());
    }));
    ASSERT_TRUE(has_begun.wait());
    {
        const owned_coroutine waiting = [](async_socket::socket& closed) -> owned_coroutine {
            static_cast<void>(co_await closed.close_async());
            ADD_FAILURE() << "it was destroyed before";
        }(local);
    }
    released.set();
    local = {};
    EXPECT_TRUE(contract::receive_to_end(peer.get()).ended_in_order);
}

// SRS_CPP_01_090, SRS_CPP_01_091
TEST_F(close_of_cpp, of_a_listener)
{
    for (const bool by_handler : {false, true}) {
        async_socket::listener server(engine, async_socket::endpoint("127.0.0.1", 0));
        run([&]() -> task<> {
            bool has_ended = false;
            const auto acceptor = [&]() -> task<> {
                EXPECT_EQ((co_await server.accept()).error, condition::closed);
                has_ended = true;
            };
            const auto closer = [&]() -> task<> {
                co_await async_socket::sleep_for(1ms);
                if (by_handler) {
                    EXPECT_FALSE(server.async_close([] {}));
                } else {
                    EXPECT_FALSE(co_await server.close_async());
                    EXPECT_TRUE(has_ended);
                }
                EXPECT_EQ(co_await server.close_async(), condition::closed);
            };
            co_await async_socket::when_all(acceptor(), closer());
        });
    }
}

} // namespace
} // namespace cpp_layer
