// SPDX-License-Identifier: MIT
//
// Coroutines that are destroyed while they wait.

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/owned_coroutine.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::sleep_for;

class destroy_of_cpp : public with_peer {
protected:
    destroy_of_cpp() : server(engine, {"127.0.0.1", 0}) {}

    // Makes coroutines that wait in one thing or another, each with memory in its frame for the system to write to.
    owned_coroutine waiting_in_receive()
    {
        std::array<std::byte, 4096> memory;
        static_cast<void>(co_await local.receive(memory));
        went_on = true;
    }
    owned_coroutine waiting_in_receive_exactly()
    {
        std::array<std::byte, 4096> memory;
        static_cast<void>(co_await local.receive_exactly(memory, 1h));
        went_on = true;
    }
    owned_coroutine waiting_in_receive_until()
    {
        static_cast<void>(co_await local.receive_until("\n", source.get_token()));
        went_on = true;
    }
    owned_coroutine waiting_in_send()
    {
        const std::unique_ptr<std::byte[]> memory(new std::byte[size]());
        static_cast<void>(co_await local.send_all(std::span(memory.get(), size)));
        went_on = true;
    }
    owned_coroutine waiting_in_accept()
    {
        static_cast<void>(co_await server.accept());
        went_on = true;
    }
    owned_coroutine waiting_in_a_task()
    {
        const auto inner = [](async_socket::socket& on) -> task<> {
            std::array<std::byte, 4096> memory;
            static_cast<void>(co_await on.receive(memory));
        };
        co_await inner(local);
        went_on = true;
    }

    template <typename Make>
    void destroy_outside(Make make)
    {
        owned_coroutine waits = make();
        waits.destroy();
        EXPECT_FALSE(went_on);
    }

    template <typename Make>
    void destroy_inside(Make make)
    {
        run([&]() -> task<> {
            owned_coroutine waits = make();
            co_await sleep_for(1ms);
            waits.destroy();
            EXPECT_FALSE(went_on);
        });
    }

    static constexpr std::size_t size = 100'000'000;
    async_socket::listener server;
    std::stop_source source;
    std::atomic<bool> went_on{false};
};

// SRS_CPP_01_014
TEST_F(destroy_of_cpp, while_it_receives)
{
    for (int round = 0; round != 50; ++round) {
        destroy_outside([&] { return waiting_in_receive(); });
        destroy_outside([&] { return waiting_in_receive_exactly(); });
        destroy_outside([&] { return waiting_in_receive_until(); });
        destroy_outside([&] { return waiting_in_a_task(); });
    }
    destroy_inside([&] { return waiting_in_receive(); });
    destroy_inside([&] { return waiting_in_receive_exactly(); });
    destroy_inside([&] { return waiting_in_receive_until(); });
    destroy_inside([&] { return waiting_in_a_task(); });
    // What comes then is the next one's.
    peer_sends("data");
    run([&]() -> task<> {
        contract::bytes memory(4);
        EXPECT_FALSE((co_await local.receive_exactly(writable(memory))).error);
        EXPECT_EQ(memory, as_bytes("data"));
    });
}

// SRS_CPP_01_014
TEST_F(destroy_of_cpp, while_it_sends)
{
    destroy_outside([&] { return waiting_in_send(); });
    destroy_inside([&] { return waiting_in_send(); });
}

// SRS_CPP_01_014
TEST_F(destroy_of_cpp, while_it_accepts)
{
    for (int round = 0; round != 20; ++round) {
        destroy_outside([&] { return waiting_in_accept(); });
    }
    destroy_inside([&] { return waiting_in_accept(); });
    run([&]() -> task<> {
        async_socket::socket client(engine);
        EXPECT_FALSE(co_await client.connect(server.local_endpoint()));
        const auto accepted = co_await server.accept();
        EXPECT_FALSE(accepted.error);
    });
}

// SRS_CPP_01_014
TEST_F(destroy_of_cpp, while_several_wait)
{
    const auto body = [&]() -> owned_coroutine {
        const auto inner = [](async_socket::socket& on) -> task<> {
            std::array<std::byte, 4096> memory;
            static_cast<void>(co_await on.receive(memory));
        };
        const auto both = [&]() -> task<> {
            co_await async_socket::when_all(inner(local), inner(local), inner(local));
        };
        co_await both();
        went_on = true;
    };
    destroy_outside(body);
    destroy_inside(body);
}

// SRS_CPP_01_014, SRS_CPP_01_050
TEST_F(destroy_of_cpp, while_it_closes_its_sending_side)
{
    // The half close waits for a send that does not end before the socket is closed.
    const contract::bytes memory(size);
    contract::event sent;
    ASSERT_FALSE(local.async_send(readable(memory), [&](async_socket::io_result) { sent.set(); }));
    const auto body = [&]() -> owned_coroutine {
        const std::error_code error = co_await local.shutdown_send();
        went_on = true;
        EXPECT_FALSE(error);
    };
    destroy_outside(body);
    local.close();
    EXPECT_TRUE(sent.wait());
    EXPECT_FALSE(went_on);
}

// SRS_CPP_01_014
TEST_F(destroy_of_cpp, by_the_coroutine_of_another_socket_on_another_thread)
{
    contract::connection link = contract::make_connection();
    async_socket::socket other = adopt(engine, std::move(link.local));
    std::jthread sender([&] { EXPECT_TRUE(contract::send_all(link.peer.get(), as_bytes("go"))); });
    run([&]() -> task<> {
        owned_coroutine waits = waiting_in_receive();
        contract::bytes memory(2);
        EXPECT_FALSE((co_await other.receive_exactly(writable(memory))).error);
        waits.destroy();
        EXPECT_FALSE(went_on);
    });
}

} // namespace
} // namespace cpp_layer
