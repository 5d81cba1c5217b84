// SPDX-License-Identifier: MIT
//
// A relay to whom memory is refused once, at each of the places where its
// accepting thread asks for some.

#include "refused_memory.hpp"

#include "network/connections.hpp"
#include "relay/accepting.hpp"
#include "terminal/error.hpp"

#include <async_socket/async_socket.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <exception>
#include <stop_token>
#include <thread>

namespace {

using async_socket::endpoint;
using async_socket::task;

// Says one byte to everybody.
task<> serve(async_socket::listener& listener)
{
    constexpr std::array word{std::byte{'x'}};
    for (;;) {
        auto [error, peer] = co_await listener.accept();
        if (error) {
            co_return;
        }
        static_cast<void>(co_await peer.send(word));
    }
}

// Whether the byte comes.
task<bool> is_served(endpoint at)
{
    async_socket::socket client(co_await async_socket::current_engine());
    const std::error_code error = co_await client.connect(at);
    std::array<std::byte, 1> word{};
    const auto received = co_await client.receive(word);
    co_return !error && received.bytes == 1;
}

TEST(relay_without_memory, one_connection_may_be_lost_and_the_others_are_served)
{
    constexpr int places = 24; // more than there are
    for (int place = 0; place < places; ++place) {
        SCOPED_TRACE(place);
        async_socket::engine engine;
        async_socket::listener target(engine, {"127.0.0.1", 0});
        async_socket::listener listener(engine, {"127.0.0.1", 0});
        async_socket::scope targets(engine);
        targets.spawn(serve(target));
        asock::relay_counters counters;
        asock::relay_display display(counters, false, false);
        async_socket::semaphore room(engine, 1);
        asock::relay_state state{
            target.local_endpoint(), std::chrono::minutes(1), std::nullopt, room, counters, display};
        int served = 0;
        {
            async_socket::scope connections(engine);
            const asock::relay_service service{engine, listener, connections, state};
            std::jthread accepting([&service, place](const std::stop_token& stop) {
                asock_test::refuse_memory_after(place);
                try {
                    asock::accept_all(service, stop);
                } catch (const std::exception& problem) {
                    ADD_FAILURE() << problem.what();
                    service.listener.close();
                }
                asock_test::grant_memory();
            });
            for (int client = 0; client < 4; ++client) {
                served += engine.run(is_served(listener.local_endpoint())) ? 1 : 0;
            }
            accepting.request_stop();
        }
        EXPECT_GE(served, 3);
        EXPECT_TRUE(room.try_acquire()); // nobody has kept the place
        EXPECT_EQ(counters.figures().open, 0U);
        target.close();
    }
}

} // namespace
