// SPDX-License-Identifier: MIT
//
// Which thread of an engine has what, where the program chooses, and where it does not.

#include <cstdint>
#include <functional>
#include <utility>

#include <gtest/gtest.h>

#include "async_socket/placement.h"

#include "support/fixture.h"
#include "support/raw_peer.h"
#include "support/refusal.h"

namespace contract {
namespace {

constexpr std::uint32_t thread_count = 3;
// Where each gets something in its turn, this is not the order.
constexpr std::uint32_t out_of_turn[] = {2, 2, 0, 0, 1, 1};

class placement : public with_engine {
protected:
    placement() : with_engine(thread_count, thread_count) {}

    // Runs a function in a callback on the thread.
    void on_thread(std::uint32_t thread, std::function<void()> function)
    {
        delay_operation& there = make<delay_operation>();
        there.in_callback = std::move(function);
        ASSERT_EQ(there.start(engine.get(), thread, 0), 0);
        ASSERT_TRUE(there.wait());
    }
    [[nodiscard]] std::uint32_t current() const { return execution_engine_get_current_thread(engine.get()); }
    // False where any thread runs any callback.
    [[nodiscard]] bool ties_sockets_to_threads()
    {
        bool result = false;
        on_thread(0, [&] { result = current() == 0; });
        return result;
    }
    // The thread on which a receive of the socket calls back.
    std::uint32_t thread_of_callback(ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE peer)
    {
        std::uint32_t result = EXECUTION_ENGINE_ANY_THREAD;
        receive_operation& receiving = new_receive(1);
        receiving.in_callback = [&] { result = current(); };
        EXPECT_EQ(receiving.start(socket), 0);
        EXPECT_TRUE(send_all(peer, pattern(1)));
        EXPECT_TRUE(receiving.wait());
        return result;
    }
};

// SRS_PLACEMENT_01_001
TEST_F(placement, tells_how_many_threads_there_are)
{
    EXPECT_EQ(execution_engine_get_thread_count(engine.get()), thread_count);
    for (const std::uint32_t number : {1u, 2u, 16u}) {
        const engine_owner other(create_engine_under_test(number, number));
        EXPECT_EQ(execution_engine_get_thread_count(other.get()), number);
    }
    const engine_owner without_maximum(create_engine_under_test(0, 0));
    EXPECT_GE(execution_engine_get_thread_count(without_maximum.get()), 1u);
    EXPECT_EQ(execution_engine_get_thread_count(nullptr), 0u);
}

// SRS_PLACEMENT_01_002, SRS_PLACEMENT_01_006
TEST_F(placement, runs_a_delay_on_the_thread_that_is_asked_for)
{
    EXPECT_EQ(current(), EXECUTION_ENGINE_ANY_THREAD);
    EXPECT_EQ(execution_engine_get_current_thread(nullptr), EXECUTION_ENGINE_ANY_THREAD);
    const bool is_tied = ties_sockets_to_threads();
    const engine_owner other(create_engine_under_test(1, 1));
    for (std::uint32_t from = 0; from != thread_count; ++from) {
        for (std::uint32_t thread = 0; thread != thread_count; ++thread) {
            delay_operation& there = make<delay_operation>();
            on_thread(from, [&] {
                EXPECT_EQ(execution_engine_get_current_thread(other.get()), EXECUTION_ENGINE_ANY_THREAD);
                there.in_callback = [&, thread] {
                    EXPECT_EQ(current(), is_tied ? thread : EXECUTION_ENGINE_ANY_THREAD);
                };
                ASSERT_EQ(there.start(engine.get(), thread, 0), 0);
            });
            ASSERT_TRUE(there.wait());
            EXPECT_EQ(there.status(), ASYNC_STATUS_OK);
        }
    }
}

// SRS_PLACEMENT_01_006
TEST_F(placement, cancels_a_delay_on_whichever_thread_it_is)
{
    for (std::uint32_t thread = 0; thread != thread_count; ++thread) {
        delay_operation& waiting = make<delay_operation>();
        ASSERT_EQ(waiting.start(engine.get(), thread, 3'600'000), 0);
        ASSERT_EQ(async_delay_cancel_and_wait(engine.get(), waiting.id()), 0);
        ASSERT_TRUE(waiting.is_done());
        EXPECT_EQ(waiting.status(), ASYNC_STATUS_CANCELLED);
    }
}

// SRS_PLACEMENT_01_003, SRS_PLACEMENT_01_004
TEST_F(placement, gives_a_socket_to_the_thread_that_is_asked_for)
{
    const bool is_tied = ties_sockets_to_threads();
    for (std::uint32_t from = 0; from != thread_count; ++from) {
        for (std::uint32_t thread = 0; thread != thread_count; ++thread) {
            const connection link = make_connection();
            const socket_owner socket(async_socket_create_on(engine.get(), thread));
            ASSERT_TRUE(socket);
            on_thread(from, [&] {
                EXPECT_EQ(async_socket_open_async(
                              socket.get(), link.local.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr),
                          0);
            });
            const std::uint32_t expected = is_tied ? thread : EXECUTION_ENGINE_ANY_THREAD;
            EXPECT_EQ(async_socket_get_thread(socket.get()), expected);
            EXPECT_EQ(thread_of_callback(socket.get(), link.peer.get()), expected);
        }
    }
    EXPECT_EQ(async_socket_get_thread(nullptr), EXECUTION_ENGINE_ANY_THREAD);
}

// SRS_PLACEMENT_01_003, SRS_PLACEMENT_01_004
TEST_F(placement, connects_a_socket_on_the_thread_that_is_asked_for)
{
    const bool is_tied = ties_sockets_to_threads();
    const listener server;
    for (const std::uint32_t thread : out_of_turn) {
        const socket_owner socket(async_socket_create_on(engine.get(), thread));
        connect_ex_operation& connecting = make<connect_ex_operation>();
        std::uint32_t called_on = EXECUTION_ENGINE_ANY_THREAD;
        connecting.in_callback = [&] { called_on = current(); };
        ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", server.port()), 0);
        ASSERT_TRUE(connecting.wait());
        EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(called_on, is_tied ? thread : EXECUTION_ENGINE_ANY_THREAD);
    }
}

// SRS_PLACEMENT_01_004
TEST_F(placement, accepts_on_the_thread_that_is_asked_for)
{
    const bool is_tied = ties_sockets_to_threads();
    for (const std::uint32_t thread : out_of_turn) {
        const listener server;
        const listener_owner listening(async_listener_create_on(engine.get(), thread));
        ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
        accept_operation& accepting = make<accept_operation>();
        std::uint32_t called_on = EXECUTION_ENGINE_ANY_THREAD;
        accepting.in_callback = [&] { called_on = current(); };
        ASSERT_EQ(accepting.start(listening.get()), 0);
        const raw_peer peer(server.port());
        ASSERT_TRUE(accepting.wait());
        EXPECT_EQ(accepting.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(called_on, is_tied ? thread : EXECUTION_ENGINE_ANY_THREAD);
    }
}

// SRS_PLACEMENT_01_005, SRS_PLACEMENT_01_004
TEST_F(placement, refuses_a_thread_that_there_is_not)
{
    EXPECT_EQ(async_socket_create_on(engine.get(), thread_count), nullptr);
    EXPECT_EQ(async_listener_create_on(engine.get(), thread_count), nullptr);
    EXPECT_NE(make<delay_operation>().start(engine.get(), thread_count, 0), 0);
    EXPECT_EQ(async_socket_create_on(nullptr, 0), nullptr);
    EXPECT_EQ(async_listener_create_on(nullptr, 0), nullptr);
    EXPECT_NE(make<delay_operation>().start(nullptr, 0, 0), 0);

    const connection link = make_connection();
    const socket_owner anywhere(async_socket_create_on(engine.get(), EXECUTION_ENGINE_ANY_THREAD));
    EXPECT_EQ(async_socket_get_thread(anywhere.get()), EXECUTION_ENGINE_ANY_THREAD) << "not before it is opened";
    ASSERT_EQ(async_socket_open_async(
                  anywhere.get(), link.local.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr),
              0);
    expect_works(anywhere.get(), link.peer.get());
    const listener_owner listening(async_listener_create_on(engine.get(), EXECUTION_ENGINE_ANY_THREAD));
    EXPECT_TRUE(listening);
    delay_operation& passing = make<delay_operation>();
    ASSERT_EQ(passing.start(engine.get(), EXECUTION_ENGINE_ANY_THREAD, 0), 0);
    EXPECT_TRUE(passing.wait());
}

// SRS_EXECUTION_ENGINE_LINUX_01_041
TEST_F(placement, leaves_what_a_callback_connects_or_accepts_itself_on_its_thread)
{
    if (!ties_sockets_to_threads()) {
        GTEST_SKIP() << "any thread serves any socket";
    }
    const listener server;
    for (int round = 0; round != 4; ++round) {
        for (std::uint32_t thread = 0; thread != thread_count; ++thread) {
            const socket_owner connected(async_socket_create(engine.get()));
            const socket_owner accepted(async_socket_create(engine.get()));
            connect_ex_operation& connecting = make<connect_ex_operation>();
            transport_owner transport;
            on_thread(thread, [&] {
                ASSERT_EQ(connecting.start(connected.get(), "127.0.0.1", server.port()), 0);
                EXPECT_EQ(async_socket_get_thread(connected.get()), thread);
                transport = server.accept();
                ASSERT_EQ(async_socket_open_async(
                              accepted.get(), transport.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr),
                          0);
                EXPECT_EQ(async_socket_get_thread(accepted.get()), thread);
            });
            ASSERT_TRUE(connecting.wait());
        }
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_043
TEST_F(placement, gives_delays_that_are_started_elsewhere_to_threads_that_keep_up)
{
    if (!ties_sockets_to_threads()) {
        GTEST_SKIP() << "any thread serves any socket";
    }
    event blocked;
    event release;
    delay_operation& blocking = make<delay_operation>();
    blocking.in_callback = [&] {
        blocked.set();
        EXPECT_TRUE(release.wait());
    };
    ASSERT_EQ(blocking.start(engine.get(), 1, 0), 0);
    ASSERT_TRUE(blocked.wait());
    // By the end of that the engine knows.
    delay_operation& passing = make<delay_operation>();
    ASSERT_EQ(passing.start(engine.get(), 0, 100), 0);
    ASSERT_TRUE(passing.wait());
    for (int i = 0; i != 12; ++i) {
        delay_operation& each = make<delay_operation>();
        each.in_callback = [&] { EXPECT_NE(current(), 1u); };
        ASSERT_EQ(each.start(engine.get(), 0), 0);
        EXPECT_TRUE(each.wait());
    }
    release.set();
    ASSERT_TRUE(blocking.wait());
}

} // namespace
} // namespace contract
