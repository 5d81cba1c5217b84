// SPDX-License-Identifier: MIT
//
// Closes that nobody waits for: what comes before on_closed, where it may be asked for, and what it may destroy.

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/full_listener.h"
#include "support/others_pending.h"
#include "support/refusal.h"

namespace contract {
namespace {

void ignore_closed(void*) {}

class close_async : public with_others_pending {
protected:
    using with_others_pending::with_others_pending;

    // A close whose callback expects that it is the last one.
    close_operation& make_last(const std::vector<operation*>& others)
    {
        close_operation& closing = make<close_operation>();
        closing.in_callback = [this, &others] {
            expect_done(others);
            receive_operation late(1, {});
            EXPECT_NE(late.start(socket.get()), 0) << "CLOSED";
        };
        return closing;
    }

    static void expect_ended(close_operation& closing)
    {
        ASSERT_TRUE(closing.wait());
        EXPECT_EQ(closing.calls(), 1u);
        EXPECT_FALSE(closing.was_called_inline());
    }

    // Waits without an end for what a test releases.
    struct held_callback {
        event entered;
        event released;
        std::atomic<bool> has_returned{false};

        void operator()()
        {
            entered.set();
            EXPECT_TRUE(released.wait());
            has_returned = true;
        }
    };

    // A receive whose callback is running, and returns when it is released.
    receive_operation& start_held_receive(held_callback& held)
    {
        receive_operation& receiving = new_receive(1);
        receiving.in_callback = [&held] { held(); };
        EXPECT_EQ(receiving.start(socket.get()), 0);
        EXPECT_TRUE(send_all(link.peer.get(), pattern(1)));
        EXPECT_TRUE(held.entered.wait());
        return receiving;
    }
};

class close_async_on_one_thread : public close_async {
protected:
    close_async_on_one_thread() : close_async(1, 1) {}
};

// SRS_ASYNC_SOCKET_EX_01_040, SRS_ASYNC_SOCKET_EX_01_041
TEST_F(close_async, calls_back_when_everything_else_has)
{
    const std::vector<operation*> others = start_others();
    close_operation& closing = make_last(others);
    ASSERT_EQ(closing.start(socket.get()), 0);
    EXPECT_NE(new_receive(1).start(socket.get()), 0) << "nothing more is accepted";
    expect_ended(closing);
    EXPECT_TRUE(others.front()->is_done());
    EXPECT_FALSE(socket_transport_is_valid_socket(link.local.get()));
}

// SRS_ASYNC_SOCKET_EX_01_041
TEST_F(close_async, of_a_socket_with_nothing_to_end)
{
    close_operation& closing = make<close_operation>();
    ASSERT_EQ(closing.start(socket.get()), 0);
    expect_ended(closing);
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_EX_01_040, SRS_ASYNC_SOCKET_EX_01_041
TEST_F(close_async, does_not_wait_for_a_callback_that_is_running)
{
    held_callback held;
    start_held_receive(held);
    close_operation& closing = make<close_operation>();
    closing.in_callback = [&held] { EXPECT_TRUE(held.has_returned); };
    ASSERT_EQ(closing.start(socket.get()), 0);
    EXPECT_FALSE(closing.is_done());
    held.released.set();
    expect_ended(closing);
}

// SRS_ASYNC_SOCKET_EX_01_040, SRS_ASYNC_SOCKET_EX_01_041: not before it has returned, on whatever thread that is, and
// then by itself.
TEST_F(close_async_on_one_thread, inside_an_open_callback)
{
    struct {
        EXECUTION_ENGINE_HANDLE engine = nullptr;
        ASYNC_SOCKET_HANDLE socket = nullptr;
        close_operation closing;
        delay_operation delays[3];
        std::atomic<bool> has_returned{false};
    } seen;
    const connection other = make_connection();
    socket_owner opened(async_socket_create(engine.get()));
    seen.engine = engine.get();
    seen.socket = opened.get();
    seen.closing.in_callback = [&] { EXPECT_TRUE(seen.has_returned); };
    const auto close_it = [](void* context, ASYNC_SOCKET_OPEN_RESULT) {
        auto& self = *static_cast<decltype(seen)*>(context);
        EXPECT_EQ(self.closing.start(self.socket), 0);
        // The thread of the engine has had time for everything that it can do.
        for (delay_operation& each : self.delays) {
            EXPECT_EQ(each.start(self.engine, 0), 0);
            EXPECT_TRUE(each.wait());
        }
        EXPECT_FALSE(self.closing.is_done());
        self.has_returned = true;
    };
    ASSERT_EQ(async_socket_open_async(opened.get(), other.local.get(), close_it, &seen), 0);
    expect_ended(seen.closing);
    opened.reset();
}

// SRS_ASYNC_SOCKET_EX_01_040, SRS_ASYNC_SOCKET_EX_01_041
TEST_F(close_async_on_one_thread, inside_a_callback_of_the_socket)
{
    std::vector<operation*> others;
    event started;
    receive_operation& receiving = new_receive(10);
    close_operation& closing = make_last(others);
    receiving.in_callback = [&] {
        EXPECT_TRUE(started.wait());
        EXPECT_EQ(closing.start(socket.get()), 0);
        EXPECT_FALSE(others.front()->is_done());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    others = start_others();
    others.push_back(&receiving);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    // By then the callback is running.
    started.set();
    ASSERT_TRUE(receiving.wait());
    expect_ended(closing);
}

// SRS_ASYNC_SOCKET_EX_01_040: two that close each other's sockets, and neither waits.
TEST_F(close_async, of_each_others_sockets_in_callbacks)
{
    const connection other = make_connection();
    const socket_owner second = open_socket(engine.get(), other.local.get());
    counter entered;
    std::vector<close_operation*> closings;
    std::vector<receive_operation*> receives;
    const ASYNC_SOCKET_HANDLE sockets[] = {socket.get(), second.get()};
    for (int i = 0; i != 2; ++i) {
        closings.push_back(&make<close_operation>());
        receives.push_back(&new_receive(1));
        receives.back()->in_callback = [&entered, &closing = *closings.back(), to_close = sockets[1 - i]] {
            entered.add();
            EXPECT_TRUE(entered.wait_for(2));
            EXPECT_EQ(closing.start(to_close), 0);
        };
        ASSERT_EQ(receives.back()->start(sockets[i]), 0);
    }
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    ASSERT_TRUE(send_all(other.peer.get(), pattern(1)));
    for (close_operation* const each : closings) {
        expect_ended(*each);
    }
}

// SRS_ASYNC_SOCKET_EX_01_042
TEST_F(close_async, whose_callback_destroys_the_socket)
{
    start_others();
    close_operation& closing = make<close_operation>();
    closing.in_callback = [this] { socket.reset(); };
    ASSERT_EQ(closing.start(socket.get()), 0);
    expect_ended(closing);
}

// SRS_ASYNC_SOCKET_EX_01_042
TEST_F(close_async, destroy_waits_for_its_callback)
{
    held_callback held;
    start_held_receive(held);
    close_operation& closing = make<close_operation>();
    ASSERT_EQ(closing.start(socket.get()), 0);
    std::thread releases([&held] { held.released.set(); });
    socket.reset();
    EXPECT_TRUE(closing.is_done());
    EXPECT_EQ(closing.calls(), 1u);
    releases.join();
}

// SRS_ASYNC_SOCKET_EX_01_042: on the one thread that has to call it, too.
TEST_F(close_async_on_one_thread, destroy_inside_a_callback_of_another_socket_waits_for_its_callback)
{
    const connection other = make_connection();
    const socket_owner second = open_socket(engine.get(), other.local.get());
    start_others();
    close_operation& closing = make<close_operation>();
    receive_operation& receiving = new_receive(1);
    receiving.in_callback = [&] {
        EXPECT_EQ(closing.start(socket.get()), 0);
        socket.reset();
        EXPECT_TRUE(closing.is_done());
    };
    ASSERT_EQ(receiving.start(second.get()), 0);
    ASSERT_TRUE(send_all(other.peer.get(), pattern(1)));
    ASSERT_TRUE(receiving.wait());
    expect_ended(closing);
}

// SRS_ASYNC_SOCKET_EX_01_042
TEST_F(close_async, destroy_inside_a_callback_of_the_socket_leaves_it_out)
{
    close_operation& closing = make<close_operation>();
    receive_operation& receiving = new_receive(1);
    std::atomic<bool> is_destroyed{false};
    receiving.in_callback = [&] {
        EXPECT_EQ(closing.start(socket.get()), 0);
        socket.reset();
        is_destroyed = true;
    };
    closing.in_callback = [&] { EXPECT_TRUE(is_destroyed); };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    ASSERT_TRUE(receiving.wait());
    expect_ended(closing);
}

// SRS_ASYNC_SOCKET_EX_01_043
TEST_F(close_async, is_refused_where_there_is_nothing_to_close)
{
    const char* const function = "async_socket_close_async";
    expect_refused(function, "async_socket", [] { return async_socket_close_async(nullptr, ignore_closed, nullptr); });
    expect_refused(function, "on_closed", [&] { return async_socket_close_async(socket.get(), nullptr, nullptr); });
    expect_works(socket.get(), link.peer.get());

    const socket_owner never_opened(async_socket_create(engine.get()));
    expect_refused(function, "async_socket",
                   [&] { return async_socket_close_async(never_opened.get(), ignore_closed, nullptr); });

    held_callback held;
    start_held_receive(held);
    close_operation& closing = make<close_operation>();
    ASSERT_EQ(closing.start(socket.get()), 0);
    expect_refused(function, "async_socket",
                   [&] { return async_socket_close_async(socket.get(), ignore_closed, nullptr); });
    async_socket_close(socket.get()); // somebody else closes it, and is not waited for
    held.released.set();
    expect_ended(closing);
    expect_refused(function, "async_socket",
                   [&] { return async_socket_close_async(socket.get(), ignore_closed, nullptr); });
}

// SRS_ASYNC_SOCKET_EX_01_041
TEST_F(close_async, ends_a_connect)
{
    const full_listener silent;
    const socket_owner connects(async_socket_create(engine.get()));
    connect_ex_operation& connecting = make<connect_ex_operation>();
    ASSERT_EQ(connecting.start(connects.get(), "127.0.0.1", silent.port()), 0);
    close_operation& closing = make<close_operation>();
    closing.in_callback = [&] { EXPECT_TRUE(connecting.is_done()); };
    ASSERT_EQ(closing.start(connects.get()), 0);
    expect_ended(closing);
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_SOCKET_EX_01_041: nothing is left then but the callback.
TEST_F(close_async, inside_the_callback_of_a_connect_that_failed)
{
    socket_owner connects(async_socket_create(engine.get()));
    connect_ex_operation& connecting = make<connect_ex_operation>();
    close_operation& closing = make<close_operation>();
    std::atomic<bool> has_returned{false};
    connecting.in_callback = [&] {
        EXPECT_EQ(closing.start(connects.get()), 0);
        EXPECT_NE(make<connect_ex_operation>().start(connects.get(), "127.0.0.1", 1), 0);
        has_returned = true;
    };
    closing.in_callback = [&] {
        EXPECT_TRUE(has_returned);
        connects.reset();
    };
    ASSERT_EQ(connecting.start(connects.get(), "127.0.0.1", port_without_listener()), 0);
    ASSERT_TRUE(connecting.wait());
    expect_ended(closing);
}

// SRS_ASYNC_SOCKET_EX_01_040
TEST_F(close_async, while_others_start_operations)
{
    for (int round = 0; round != 20; ++round) {
        const connection other = make_connection();
        socket_owner busy = open_socket(engine.get(), other.local.get());
        std::atomic<bool> stop{false};
        std::vector<std::shared_ptr<receive_operation>> accepted;
        std::thread starts([&] {
            while (!stop) {
                const auto receiving = std::make_shared<receive_operation>(1);
                if (receiving->start(busy.get()) != 0) {
                    break;
                }
                accepted.push_back(receiving);
            }
        });
        close_operation& closing = make<close_operation>();
        EXPECT_EQ(closing.start(busy.get()), 0);
        expect_ended(closing);
        stop = true;
        starts.join();
        for (const auto& each : accepted) {
            EXPECT_EQ(each->calls(), 1u);
        }
    }
}

class close_async_in_a_chain : public with_engine {
protected:
    close_async_in_a_chain() : with_engine(1, 1) {}

    struct link_of_chain {
        connection transports;
        socket_owner socket;
        close_operation closing;
        receive_operation receiving{1};
    };
};

// SRS_ASYNC_SOCKET_EX_01_040: each callback closes the next one, and none is called on top of another.
TEST_F(close_async_in_a_chain, needs_no_stack)
{
    constexpr std::size_t length = 200;
    std::vector<std::unique_ptr<link_of_chain>> chain;
    for (std::size_t i = 0; i != length; ++i) {
        chain.push_back(std::make_unique<link_of_chain>());
        chain.back()->transports = make_connection();
        chain.back()->socket = open_socket(engine.get(), chain.back()->transports.local.get());
    }
    std::atomic<bool> is_on_top{false};
    for (std::size_t i = 0; i != length; ++i) {
        chain[i]->receiving.in_callback = [&, i] {
            // Of this thread: on Windows an engine of one has a second one while a close waits.
            static thread_local int depth = 0;
            if (++depth > 1) {
                is_on_top = true;
            }
            if (i + 1 != length) {
                EXPECT_EQ(chain[i + 1]->closing.start(chain[i + 1]->socket.get()), 0);
            }
            --depth;
        };
        ASSERT_EQ(chain[i]->receiving.start(chain[i]->socket.get()), 0);
    }
    ASSERT_EQ(chain[0]->closing.start(chain[0]->socket.get()), 0);
    for (const auto& each : chain) {
        ASSERT_TRUE(each->closing.wait());
    }
    EXPECT_FALSE(is_on_top);
}

// SRS_ASYNC_LISTENER_01_020
TEST_F(with_engine, close_async_of_a_listener)
{
    const listener server;
    listener_owner listening(async_listener_create(engine.get()));
    expect_refused("async_listener_close_async", "async_listener",
                   [] { return async_listener_close_async(nullptr, ignore_closed, nullptr); });
    expect_refused("async_listener_close_async", "async_listener",
                   [&] { return async_listener_close_async(listening.get(), ignore_closed, nullptr); });
    ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
    expect_refused("async_listener_close_async", "on_closed",
                   [&] { return async_listener_close_async(listening.get(), nullptr, nullptr); });
    std::vector<accept_operation*> accepts;
    for (int i = 0; i != 5; ++i) {
        accepts.push_back(&make<accept_operation>());
        ASSERT_EQ(accepts.back()->start(listening.get(), i % 2 == 0 ? ASYNC_NO_TIMEOUT : 3'600'000), 0);
    }
    close_operation& closing = make<close_operation>();
    closing.in_callback = [&] {
        for (const accept_operation* const each : accepts) {
            EXPECT_TRUE(each->is_done());
            EXPECT_EQ(each->status(), ASYNC_STATUS_CLOSED);
        }
        listening.reset();
    };
    ASSERT_EQ(closing.start(listening.get()), 0);
    ASSERT_TRUE(closing.wait());
    EXPECT_EQ(closing.calls(), 1u);
    EXPECT_FALSE(closing.was_called_inline());
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
}

} // namespace
} // namespace contract
