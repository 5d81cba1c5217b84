// SPDX-License-Identifier: MIT
//
// The life of a listener: what it refuses to open on, what close and destroy end, and who owns what.

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

class listener_close : public with_engine {
protected:
    explicit listener_close(std::uint32_t min_thread_count = 4, std::uint32_t max_thread_count = 0)
        : with_engine(min_thread_count, max_thread_count), listening(async_listener_create(engine.get()))
    {
    }

    std::vector<accept_operation*> open_and_accept(int number)
    {
        EXPECT_EQ(async_listener_open(listening.get(), server.get()), 0);
        std::vector<accept_operation*> accepts;
        for (int i = 0; i != number; ++i) {
            accepts.push_back(&make<accept_operation>());
            EXPECT_EQ(accepts.back()->start(listening.get(), i % 2 == 0 ? ASYNC_NO_TIMEOUT : 3'600'000), 0);
        }
        return accepts;
    }

    static void expect_closed(const std::vector<accept_operation*>& accepts)
    {
        for (accept_operation* const each : accepts) {
            ASSERT_TRUE(each->is_done());
            EXPECT_EQ(each->status(), ASYNC_STATUS_CLOSED);
            EXPECT_EQ(each->accepted(), nullptr);
            EXPECT_EQ(each->calls(), 1u);
        }
    }

    const listener server;
    listener_owner listening;
};

class listener_close_on_one_thread : public listener_close {
protected:
    listener_close_on_one_thread() : listener_close(1, 1) {}
};

// SRS_ASYNC_LISTENER_01_007
TEST_F(listener_close, ends_the_pending_accepts_and_stops_listening)
{
    const std::vector<accept_operation*> accepts = open_and_accept(10);
    async_listener_close(listening.get());
    expect_closed(accepts);
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    EXPECT_THROW(raw_peer peer(server.port()), std::runtime_error);
    EXPECT_NE(make<accept_operation>().start(listening.get()), 0);
    const listener other;
    EXPECT_NE(async_listener_open(listening.get(), other.get()), 0) << "for good";
    async_listener_close(listening.get());
}

// SRS_ASYNC_LISTENER_01_003, SRS_ASYNC_LISTENER_01_005
TEST_F(listener_close, destroy_closes_first)
{
    const std::vector<accept_operation*> accepts = open_and_accept(10);
    listening.reset();
    expect_closed(accepts);
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
}

// SRS_ASYNC_LISTENER_01_003, SRS_ASYNC_LISTENER_01_008
TEST_F(listener_close, of_one_that_is_not_open_returns)
{
    async_listener_close(listening.get());
    ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
    async_listener_close(listening.get());
    async_listener_close(listening.get());
}

// SRS_ASYNC_LISTENER_01_008
TEST_F(listener_close_on_one_thread, inside_a_callback_ends_all_others_first)
{
    const std::vector<accept_operation*> others = open_and_accept(0);
    std::vector<accept_operation*> pending;
    accept_operation& first = make<accept_operation>();
    event started;
    first.in_callback = [&] {
        EXPECT_TRUE(started.wait());
        async_listener_close(listening.get());
        expect_closed(pending);
    };
    ASSERT_EQ(first.start(listening.get()), 0);
    for (int i = 0; i != 5; ++i) {
        pending.push_back(&make<accept_operation>());
        ASSERT_EQ(pending.back()->start(listening.get()), 0);
    }
    raw_peer peer(server.port());
    started.set();
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(first.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_LISTENER_01_003, SRS_ASYNC_LISTENER_01_008
TEST_F(listener_close_on_one_thread, destroy_inside_a_callback)
{
    std::vector<accept_operation*> pending = open_and_accept(0);
    accept_operation& first = make<accept_operation>();
    accept_operation& second = make<accept_operation>();
    event started;
    first.in_callback = [&] {
        EXPECT_TRUE(started.wait());
        listening.reset();
        EXPECT_TRUE(second.is_done());
    };
    ASSERT_EQ(first.start(listening.get()), 0);
    ASSERT_EQ(second.start(listening.get()), 0);
    raw_peer peer(server.port());
    started.set();
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(second.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_LISTENER_01_002
TEST_F(listener_close, it_holds_the_engine)
{
    const std::vector<accept_operation*> accepts = open_and_accept(1);
    engine.reset();
    raw_peer peer(server.port());
    ASSERT_TRUE(accepts[0]->wait());
    EXPECT_EQ(accepts[0]->status(), ASYNC_STATUS_OK);
    listening.reset();
}

// SRS_ASYNC_LISTENER_01_006, SRS_ASYNC_LISTENER_01_005
TEST_F(listener_close, an_open_that_is_refused_leaves_the_transport_to_the_caller)
{
    const transport_owner not_listening(socket_transport_create_server());
    EXPECT_NE(async_listener_open(listening.get(), not_listening.get()), 0);
    const connection link = make_connection();
    EXPECT_NE(async_listener_open(listening.get(), link.local.get()), 0) << "a client";
    EXPECT_TRUE(socket_transport_is_valid_socket(link.local.get()));
    open_and_accept(0);
    const listener other;
    EXPECT_NE(async_listener_open(listening.get(), other.get()), 0) << "open already";
    const listener_owner second(async_listener_create(engine.get()));
    EXPECT_NE(async_listener_open(second.get(), server.get()), 0) << "another listener's";
    EXPECT_EQ(async_listener_open(second.get(), other.get()), 0) << "still the caller's";
    EXPECT_EQ(make<accept_operation>().start(second.get(), 0), 0);
}

// SRS_ASYNC_LISTENER_01_005: the memory of the handle stays the caller's, to be freed at any time.
TEST_F(with_engine, listener_close_after_the_transport_was_destroyed)
{
    for (const bool destroys_first : {true, false}) {
        std::uint16_t port = 0;
        transport_owner transport(socket_transport_create_server());
        char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
        ASSERT_EQ(socket_transport_listen_at(transport.get(), "127.0.0.1", 0), 0);
        ASSERT_EQ(socket_transport_get_local_endpoint(transport.get(), host, sizeof host, &port), 0);
        listener_owner listening(async_listener_create(engine.get()));
        ASSERT_EQ(async_listener_open(listening.get(), transport.get()), 0);
        accept_operation& accepting = make<accept_operation>();
        ASSERT_EQ(accepting.start(listening.get()), 0);
        destroys_first ? transport.reset() : listening.reset();
        destroys_first ? listening.reset() : transport.reset();
        ASSERT_TRUE(accepting.is_done());
        EXPECT_EQ(accepting.status(), ASYNC_STATUS_CLOSED);
        EXPECT_THROW(raw_peer peer(port), std::runtime_error);
    }
}

// SRS_ASYNC_LISTENER_01_007: close, connections and accepts at once.
TEST_F(with_engine, listener_close_that_races_connections_leaves_nothing_behind)
{
    for (int round = 0; round != 60; ++round) {
        const listener server;
        const listener_owner listening(async_listener_create(engine.get()));
        ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
        std::vector<std::unique_ptr<accept_operation>> accepts;
        for (int i = 0; i != 5; ++i) {
            accepts.push_back(std::make_unique<accept_operation>());
            ASSERT_EQ(accepts.back()->start(listening.get()), 0);
        }
        std::thread client([&] {
            const socket_owner socket(async_socket_create(engine.get()));
            connect_ex_operation connecting;
            EXPECT_EQ(connecting.start(socket.get(), "127.0.0.1", server.port()), 0);
            EXPECT_TRUE(connecting.wait());
            async_socket_close(socket.get());
        });
        for (int spin = 0; spin != round % 10; ++spin) {
            std::this_thread::yield();
        }
        async_listener_close(listening.get());
        for (const auto& each : accepts) {
            ASSERT_TRUE(each->is_done());
            EXPECT_EQ(each->calls(), 1u);
            EXPECT_EQ(each->status() == ASYNC_STATUS_OK, each->accepted() != nullptr);
        }
        client.join();
    }
}

} // namespace
} // namespace contract
