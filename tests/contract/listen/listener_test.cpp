// SPDX-License-Identifier: MIT
//
// Listeners: what they hand out, in which order, and that no connection is lost.

#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/socket_options.h"

#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

using namespace std::chrono_literals;

void expect_connected(SOCKET_TRANSPORT_HANDLE accepted, raw_peer& peer)
{
    ASSERT_NE(accepted, nullptr);
    EXPECT_TRUE(socket_transport_is_valid_socket(accepted));
    const bytes data = pattern(100);
    ASSERT_TRUE(send_all(accepted, data));
    bytes received(100);
    std::size_t size = 0;
    while (size != received.size()) {
        const long more = peer.receive(received.data() + size, received.size() - size);
        ASSERT_GT(more, 0);
        size += static_cast<std::size_t>(more);
    }
    EXPECT_EQ(received, data);
    ASSERT_EQ(peer.send(data.data(), data.size()), static_cast<long>(data.size()));
    EXPECT_EQ(receive_exactly(accepted, data.size()), data);
}

class async_listener : public with_engine {
protected:
    explicit async_listener(std::uint32_t min_thread_count = 4, std::uint32_t max_thread_count = 0)
        : with_engine(min_thread_count, max_thread_count), listening(async_listener_create(engine.get()))
    {
        EXPECT_TRUE(listening);
        EXPECT_EQ(async_listener_open(listening.get(), server.get()), 0);
    }

    accept_operation& start_accept(std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        accept_operation& accepting = make<accept_operation>();
        EXPECT_EQ(accepting.start(listening.get(), timeout_ms), 0);
        return accepting;
    }

    const listener server;
    listener_owner listening;
};

class async_listener_on_one_thread : public async_listener {
protected:
    async_listener_on_one_thread() : async_listener(1, 1) {}
};

// SRS_ASYNC_LISTENER_01_004, SRS_ASYNC_LISTENER_01_009, SRS_ASYNC_LISTENER_01_002
TEST_F(async_listener, hands_out_a_connected_transport)
{
    accept_operation& accepting = start_accept();
    raw_peer peer(server.port());
    ASSERT_TRUE(accepting.wait());
    EXPECT_EQ(accepting.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(accepting.system_error(), 0);
    EXPECT_EQ(accepting.transferred(), 0u);
    EXPECT_FALSE(accepting.was_called_inline());
    EXPECT_NE(accepting.thread(), std::this_thread::get_id());
    expect_connected(accepting.accepted(), peer);
}

// SRS_ASYNC_LISTENER_01_009: who connected first is in the backlog.
TEST_F(async_listener, hands_out_what_came_before_the_accept)
{
    raw_peer peer(server.port());
    accept_operation& accepting = start_accept();
    ASSERT_TRUE(accepting.wait());
    EXPECT_EQ(accepting.status(), ASYNC_STATUS_OK);
    EXPECT_FALSE(accepting.was_called_inline());
    expect_connected(accepting.accepted(), peer);
}

// SRS_ASYNC_LISTENER_01_009: what is handed out is as good as any client transport.
TEST_F(async_listener, hands_out_what_an_async_socket_opens_on)
{
    accept_operation& accepting = start_accept();
    const socket_owner client(async_socket_create(engine.get()));
    connect_ex_operation& connecting = make<connect_ex_operation>();
    ASSERT_EQ(connecting.start(client.get(), "127.0.0.1", server.port()), 0);
    ASSERT_TRUE(accepting.wait());
    ASSERT_TRUE(connecting.wait());
    const socket_owner accepted = open_socket(engine.get(), accepting.accepted());
    receive_ex_operation& receiving = start_receive_ex(accepted.get(), 10);
    start_send_ex(client.get(), pattern(10));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_LISTENER_01_010
TEST_F(async_listener, serves_the_accepts_in_the_order_in_which_they_were_started)
{
    constexpr std::size_t number = 20;
    std::vector<accept_operation*> accepts;
    for (std::size_t i = 0; i != number; ++i) {
        accepts.push_back(&start_accept());
    }
    std::deque<raw_peer> peers;
    for (std::size_t i = 0; i != number; ++i) {
        peers.emplace_back(server.port());
        ASSERT_TRUE(accepts[i]->wait());
        for (std::size_t later = i + 1; later != number; ++later) {
            ASSERT_FALSE(accepts[later]->is_done());
        }
        expect_connected(accepts[i]->accepted(), peers[i]);
    }
}

// SRS_ASYNC_LISTENER_01_009, SRS_ASYNC_LISTENER_01_010: an accept is started again in its callback, as servers do.
TEST_F(async_listener, may_be_asked_again_in_the_callback)
{
    constexpr std::size_t number = 30;
    std::vector<accept_operation*> accepts;
    for (std::size_t i = 0; i != number; ++i) {
        accepts.push_back(&make<accept_operation>());
    }
    for (std::size_t i = 0; i + 1 != number; ++i) {
        accepts[i]->in_callback = [&, i] { EXPECT_EQ(accepts[i + 1]->start(listening.get()), 0); };
    }
    ASSERT_EQ(accepts[0]->start(listening.get()), 0);
    std::deque<raw_peer> peers;
    for (std::size_t i = 0; i != number; ++i) {
        peers.emplace_back(server.port());
    }
    for (accept_operation* const each : accepts) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_OK);
        EXPECT_EQ(each->calls(), 1u);
        EXPECT_FALSE(each->was_called_inline());
    }
    expect_connected(accepts[0]->accepted(), peers[0]);
}

// SRS_ASYNC_LISTENER_01_011
TEST_F(async_listener, ends_an_accept_to_which_nobody_comes_at_its_time)
{
    accept_operation& limited = start_accept(50);
    accept_operation& unlimited = start_accept();
    ASSERT_TRUE(limited.wait());
    EXPECT_EQ(limited.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(limited.accepted(), nullptr);
    EXPECT_GE(limited.took(), 50ms);
    EXPECT_FALSE(unlimited.is_done());
    raw_peer peer(server.port());
    ASSERT_TRUE(unlimited.wait());
    expect_connected(unlimited.accepted(), peer);
}

// SRS_ASYNC_LISTENER_01_011
TEST_F(async_listener, with_no_time_takes_what_is_there)
{
    accept_operation& nobody = start_accept(0);
    ASSERT_TRUE(nobody.wait());
    EXPECT_EQ(nobody.status(), ASYNC_STATUS_TIMED_OUT);
    raw_peer peer(server.port());
    const auto limit = std::chrono::steady_clock::now() + generous_limit();
    for (;;) {
        accept_operation& accepting = start_accept(0);
        ASSERT_TRUE(accepting.wait());
        if (accepting.status() == ASYNC_STATUS_OK) {
            expect_connected(accepting.accepted(), peer);
            break;
        }
        ASSERT_EQ(accepting.status(), ASYNC_STATUS_TIMED_OUT);
        ASSERT_LT(std::chrono::steady_clock::now(), limit);
    }
}

// SRS_ASYNC_LISTENER_01_015
TEST_F(async_listener, ends_an_accept_that_is_cancelled_and_no_other)
{
    for (const std::size_t cancelled : {0u, 1u, 2u}) {
        accept_operation* const accepts[] = {&start_accept(), &start_accept(), &start_accept()};
        EXPECT_EQ(async_listener_cancel(listening.get(), accepts[cancelled]->id()), 0);
        ASSERT_TRUE(accepts[cancelled]->wait());
        EXPECT_EQ(accepts[cancelled]->status(), ASYNC_STATUS_CANCELLED);
        EXPECT_EQ(accepts[cancelled]->accepted(), nullptr);
        EXPECT_EQ(async_listener_cancel(listening.get(), accepts[cancelled]->id()), 0) << "it has ended";
        raw_peer first(server.port());
        raw_peer second(server.port());
        for (std::size_t i = 0; i != 3; ++i) {
            if (i != cancelled) {
                ASSERT_TRUE(accepts[i]->wait());
                EXPECT_EQ(accepts[i]->status(), ASYNC_STATUS_OK);
            }
        }
    }
}

// SRS_ASYNC_LISTENER_01_015, SRS_ASYNC_LISTENER_01_016
TEST_F(async_listener, leaves_alone_what_is_none_of_its_accepts)
{
    accept_operation& accepting = start_accept();
    delay_operation& waiting = make<delay_operation>();
    ASSERT_EQ(waiting.start(engine.get(), 3'600'000), 0);
    for (const ASYNC_OPERATION_ID id : {waiting.id(), ASYNC_OPERATION_ID{UINT64_MAX}}) {
        EXPECT_EQ(async_listener_cancel(listening.get(), id), 0);
        EXPECT_EQ(async_listener_cancel_and_wait(listening.get(), id), 0);
    }
    EXPECT_FALSE(waiting.is_done());
    EXPECT_FALSE(accepting.is_done());
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), waiting.id()), 0);
}

// SRS_ASYNC_LISTENER_01_016
TEST_F(async_listener, a_cancel_that_waits_returns_when_the_callback_has_returned)
{
    for (int round = 0; round != 100; ++round) {
        auto accepting = std::make_unique<accept_operation>();
        ASSERT_EQ(accepting->start(listening.get()), 0);
        EXPECT_EQ(async_listener_cancel_and_wait(listening.get(), accepting->id()), 0);
        ASSERT_TRUE(accepting->is_done());
        EXPECT_EQ(accepting->status(), ASYNC_STATUS_CANCELLED);
        accepting.reset();
    }
}

// SRS_ASYNC_LISTENER_01_016: in the callback of another accept, and in its own.
TEST_F(async_listener_on_one_thread, a_cancel_that_waits_inside_a_callback)
{
    accept_operation& first = make<accept_operation>();
    accept_operation& second = make<accept_operation>();
    first.in_callback = [&] {
        EXPECT_EQ(async_listener_cancel_and_wait(listening.get(), first.id()), 0);
        EXPECT_EQ(async_listener_cancel_and_wait(listening.get(), second.id()), 0);
        EXPECT_TRUE(second.is_done());
    };
    event both_started;
    delay_operation& starting = make<delay_operation>();
    starting.in_callback = [&] {
        EXPECT_EQ(first.start(listening.get()), 0);
        EXPECT_EQ(second.start(listening.get()), 0);
    };
    ASSERT_EQ(starting.start(engine.get(), 0), 0);
    ASSERT_TRUE(starting.wait());
    raw_peer peer(server.port());
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(first.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(second.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(second.calls(), 1u);
}

// SRS_ASYNC_LISTENER_01_011, SRS_ASYNC_LISTENER_01_015: the connection comes at the moment of the end.
TEST_F(async_listener, loses_no_connection_to_a_time_out_or_a_cancel)
{
    constexpr std::size_t rounds = 200;
    std::size_t accepted = 0;
    for (std::size_t round = 0; round != rounds; ++round) {
        accept_operation limited;
        const bool by_time = round % 2 == 0;
        ASSERT_EQ(limited.start(listening.get(), by_time ? static_cast<std::uint32_t>(round % 3) : ASYNC_NO_TIMEOUT),
                  0);
        std::unique_ptr<raw_peer> peer;
        std::thread connecting([&] { peer = std::make_unique<raw_peer>(server.port()); });
        for (std::size_t spin = 0; spin != round % 10; ++spin) {
            std::this_thread::yield();
        }
        if (!by_time) {
            EXPECT_EQ(async_listener_cancel(listening.get(), limited.id()), 0);
        }
        ASSERT_TRUE(limited.wait());
        connecting.join();
        transport_owner got = limited.take_accepted();
        if (!got) {
            EXPECT_EQ(limited.status(), by_time ? ASYNC_STATUS_TIMED_OUT : ASYNC_STATUS_CANCELLED);
            accept_operation next;
            ASSERT_EQ(next.start(listening.get()), 0);
            ASSERT_TRUE(next.wait());
            EXPECT_EQ(next.status(), ASYNC_STATUS_OK);
            got = next.take_accepted();
            EXPECT_EQ(async_listener_cancel_and_wait(listening.get(), next.id()), 0);
        }
        ASSERT_TRUE(got);
        expect_connected(got.get(), *peer);
        ++accepted;
        EXPECT_EQ(async_listener_cancel_and_wait(listening.get(), limited.id()), 0);
        EXPECT_EQ(limited.calls(), 1u);
    }
    EXPECT_EQ(accepted, rounds);
}

// SRS_ASYNC_LISTENER_01_012: whatever the system makes of it, one that works is handed out in the end.
TEST_F(async_listener, outlives_peers_that_give_up)
{
    for (int i = 0; i != 20; ++i) {
        raw_peer(server.port()).reset();
    }
    raw_peer peer(server.port());
    const std::uint8_t mark = 42;
    ASSERT_EQ(peer.send(&mark, 1), 1);
    for (int tries = 0; tries != 40; ++tries) {
        accept_operation& accepting = start_accept();
        ASSERT_TRUE(accepting.wait());
        ASSERT_EQ(accepting.status(), ASYNC_STATUS_OK);
        if (receive_exactly(accepting.accepted(), 1) == bytes{mark}) {
            return;
        }
    }
    FAIL() << "it was never handed out";
}

// SRS_ASYNC_LISTENER_01_010: many that connect and many that accept, each once.
TEST_F(async_listener, hands_out_each_connection_once_on_many_threads)
{
    constexpr std::size_t number = 200;
    std::vector<accept_operation*> accepts;
    for (std::size_t i = 0; i != number; ++i) {
        accepts.push_back(&make<accept_operation>());
    }
    std::thread acceptor([&] {
        for (accept_operation* const each : accepts) {
            EXPECT_EQ(each->start(listening.get()), 0);
        }
    });
    std::deque<raw_peer> peers[2];
    std::thread clients[2];
    for (int i = 0; i != 2; ++i) {
        clients[i] = std::thread([&, i] {
            for (std::size_t n = 0; n != number / 2; ++n) {
                peers[i].emplace_back(server.port());
            }
        });
    }
    acceptor.join();
    clients[0].join();
    clients[1].join();
    std::set<std::uint16_t> ports;
    for (accept_operation* const each : accepts) {
        ASSERT_TRUE(each->wait());
        ASSERT_EQ(each->status(), ASYNC_STATUS_OK) << each->system_error();
        EXPECT_EQ(each->calls(), 1u);
        char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
        std::uint16_t port = 0;
        ASSERT_EQ(socket_transport_get_peer_endpoint(each->accepted(), host, sizeof host, &port), 0);
        ports.insert(port);
    }
    EXPECT_EQ(ports.size(), number);
}

} // namespace
} // namespace contract
