// SPDX-License-Identifier: MIT
//
// Close inside the callbacks of the same socket and of others. What would be a deadlock on Windows is one here, or is
// reported by the fake.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "async_socket/async_socket.h"
#include "async_socket/execution_engine_win32.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class close_in_callback_test : public both_modes_test {
protected:
    std::string room = std::string(4, '\0');
    std::string bytes = "some bytes";
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_WIN32_01_040
TEST_P(close_in_callback_test, in_a_receive_callback_with_others_pending)
{
    open_socket opened;
    fake_win32::set_window(2);
    outcome others[3];
    outcome send;
    outcome closing([&] {
        async_socket_close(opened.socket.get());
        for (const outcome& other : others) {
            EXPECT_EQ(other.count(), 1);
        }
        EXPECT_EQ(send.count(), 1);
        EXPECT_TRUE(opened.peer().saw_end());
    });
    ASSERT_EQ(start_receive(opened.socket.get(), room, closing), 0);
    for (outcome& other : others) {
        ASSERT_EQ(start_receive(opened.socket.get(), room, other), 0);
    }
    ASSERT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    opened.peer().send("x");
    EXPECT_EQ(closing.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(others[0].received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_ERROR);
    EXPECT_EQ(count_of(api::DisassociateCurrentThreadFromCallback), 1u);
    EXPECT_THAT(sequence_of({api::DisassociateCurrentThreadFromCallback, api::WaitForThreadpoolIoCallbacks,
                             api::CloseThreadpoolIo, api::DestroyThreadpoolEnvironment}),
                testing::ElementsAre(api::DisassociateCurrentThreadFromCallback, api::WaitForThreadpoolIoCallbacks,
                                     api::CloseThreadpoolIo, api::DestroyThreadpoolEnvironment));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, in_a_send_callback_with_receives_pending)
{
    open_socket opened;
    outcome receive;
    outcome closing([&] {
        async_socket_close(opened.socket.get());
        EXPECT_EQ(receive.count(), 1);
    });
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    ASSERT_EQ(start_send(opened.socket.get(), bytes, closing), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(closing.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(count_of(api::CloseThreadpoolIo), 1u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, in_the_open_callback_with_operations_pending)
{
    closed_socket closed;
    outcome receive;
    outcome send;
    open_outcome opened;
    opened.inside = [&] {
        EXPECT_EQ(start_receive(closed.socket.get(), room, receive), 0);
        EXPECT_EQ(start_send(closed.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
        async_socket_close(closed.socket.get());
        EXPECT_EQ(receive.count(), 1);
        EXPECT_EQ(send.count(), 1);
        EXPECT_EQ(start_send(closed.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    };
    EXPECT_EQ(closed.open(opened), 0);
    EXPECT_EQ(opened.count, 1);
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(count_of(api::DisassociateCurrentThreadFromCallback), 0u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, waits_for_an_open_callback_on_another_thread)
{
    closed_socket closed;
    gate open_returns;
    bool had_returned = false;
    outcome closing([&] {
        async_socket_close(closed.socket.get());
        had_returned = open_returns.is_open();
    });
    open_outcome opened;
    opened.inside = [&] {
        EXPECT_EQ(start_send(closed.socket.get(), bytes, closing), ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
        give_others_every_chance();
        open_returns.open();
    };
    EXPECT_EQ(closed.open(opened), 0);
    closing.wait();
    EXPECT_TRUE(had_returned);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_022
TEST_P(close_in_callback_test, in_two_callbacks_at_the_same_time)
{
    for (int round = 0; round < 30; round++) {
        open_socket opened;
        fake_win32::forget_calls();
        gate first_inside;
        gate second_inside;
        outcome first([&] {
            first_inside.open();
            second_inside.wait();
            async_socket_close(opened.socket.get());
        });
        outcome second([&] {
            second_inside.open();
            first_inside.wait();
            async_socket_close(opened.socket.get());
        });
        ASSERT_EQ(start_receive(opened.socket.get(), room, first), 0);
        ASSERT_EQ(start_send(opened.socket.get(), bytes, second), ASYNC_SOCKET_SEND_SYNC_OK);
        opened.peer().send("x");
        first.wait();
        second.wait();
        opened.socket.reset();
        EXPECT_EQ(first.count(), 1);
        EXPECT_EQ(second.count(), 1);
        EXPECT_EQ(count_of(api::CloseThreadpoolIo), 1u);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, waits_for_a_callback_that_is_running_on_another_thread)
{
    open_socket opened;
    gate inside;
    gate leave;
    gate closed;
    outcome busy([&] {
        inside.open();
        leave.wait();
    });
    outcome closing([&] {
        inside.wait();
        async_socket_close(opened.socket.get());
        closed.open();
    });
    ASSERT_EQ(start_receive(opened.socket.get(), room, busy), 0);
    ASSERT_EQ(start_send(opened.socket.get(), bytes, closing), ASYNC_SOCKET_SEND_SYNC_OK);
    opened.peer().send("x");
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    give_others_every_chance();
    EXPECT_FALSE(closed.is_open());
    leave.open();
    closing.wait();
    EXPECT_EQ(busy.count(), 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, on_the_only_thread_that_the_engine_may_have)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    open_socket opened(&one_thread);
    outcome others[2];
    outcome closing([&] {
        async_socket_close(opened.socket.get());
        EXPECT_EQ(others[0].count() + others[1].count(), 2);
    });
    ASSERT_EQ(start_receive(opened.socket.get(), room, closing), 0);
    ASSERT_EQ(start_receive(opened.socket.get(), room, others[0]), 0);
    ASSERT_EQ(start_receive(opened.socket.get(), room, others[1]), 0);
    opened.peer().send("x");
    EXPECT_EQ(closing.received(), ASYNC_SOCKET_RECEIVE_OK);
    // The maximum is what it was again.
    EXPECT_EQ(calls_of(api::SetThreadpoolThreadMaximum).back().argument<DWORD>(1), 1u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, of_another_socket)
{
    open_socket first;
    open_socket second;
    outcome pending;
    outcome closing([&] {
        async_socket_close(second.socket.get());
        EXPECT_EQ(pending.count(), 1);
    });
    ASSERT_EQ(start_receive(second.socket.get(), room, pending), 0);
    ASSERT_EQ(start_receive(first.socket.get(), room, closing), 0);
    first.peer().send("x");
    closing.wait();
    EXPECT_EQ(pending.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    // The first one is as it was.
    outcome send;
    EXPECT_EQ(start_send(first.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    send.wait();
    EXPECT_EQ(count_of(api::DisassociateCurrentThreadFromCallback), 0u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, of_another_socket_on_the_only_thread_that_the_engine_may_have)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    closed_socket first(&one_thread);
    const owned_socket second(async_socket_create(first.engine.get()));
    connected_transport line;
    open_outcome opened;
    ASSERT_EQ(first.open(opened), 0);
    ASSERT_EQ(async_socket_open_async(second.get(), line.transport.get(), open_outcome::on_open, &opened), 0);
    outcome pending;
    outcome closing([&] { async_socket_close(second.get()); });
    ASSERT_EQ(start_receive(second.get(), room, pending), 0);
    ASSERT_EQ(start_receive(first.socket.get(), room, closing), 0);
    first.peer().send("x");
    closing.wait();
    EXPECT_EQ(pending.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_020
TEST_P(close_in_callback_test, while_another_thread_is_inside_a_send_call)
{
    open_socket opened;
    outcome send;
    outcome closing([&] { async_socket_close(opened.socket.get()); });
    ASSERT_EQ(start_receive(opened.socket.get(), room, closing), 0);
    fake_win32::stall_calls(api::WSASend);
    std::thread sender([&] { EXPECT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSASend, 1));
    opened.peer().send("x");
    give_others_every_chance();
    EXPECT_EQ(count_of(api::shutdown), 0u);
    fake_win32::release_calls();
    sender.join();
    closing.wait();
    EXPECT_EQ(send.count(), 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, of_the_outer_socket_inside_the_open_callback_of_an_inner_one)
{
    open_socket outer;
    closed_socket inner;
    open_outcome opened;
    outcome other;
    opened.inside = [&] {
        async_socket_close(outer.socket.get());
        EXPECT_EQ(other.count(), 1);
    };
    outcome opening([&] { EXPECT_EQ(inner.open(opened), 0); });
    ASSERT_EQ(start_receive(outer.socket.get(), room, opening), 0);
    ASSERT_EQ(start_receive(outer.socket.get(), room, other), 0);
    outer.peer().send("x");
    opening.wait();
    EXPECT_EQ(other.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(opened.count, 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_P(close_in_callback_test, of_the_outer_socket_inside_an_inner_one_of_another_engine_on_the_only_thread)
{
    // The thread is one of the outer socket's engine, whatever the innermost callback is of.
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    open_socket outer(&one_thread);
    closed_socket inner(&one_thread);
    open_outcome opened;
    outcome other;
    opened.inside = [&] { async_socket_close(outer.socket.get()); };
    outcome opening([&] { EXPECT_EQ(inner.open(opened), 0); });
    ASSERT_EQ(start_receive(outer.socket.get(), room, opening), 0);
    ASSERT_EQ(start_receive(outer.socket.get(), room, other), 0);
    outer.peer().send("x");
    opening.wait();
    EXPECT_EQ(other.count(), 1);
}

// Work of the program's own on the pool of an engine.
struct own_work {
    std::function<void()> run;
    gate ended;

    void submit(EXECUTION_ENGINE_HANDLE engine)
    {
        TP_CALLBACK_ENVIRON environment;
        InitializeThreadpoolEnvironment(&environment);
        SetThreadpoolCallbackPool(&environment, execution_engine_win32_get_threadpool(engine));
        EXPECT_TRUE(TrySubmitThreadpoolCallback(
            [](PTP_CALLBACK_INSTANCE, void* context) {
                auto* const self = static_cast<own_work*>(context);
                self->run();
                self->ended.open();
            },
            this, &environment));
        DestroyThreadpoolEnvironment(&environment);
    }
};

// SRS_EXECUTION_ENGINE_WIN32_01_014: as many of them as the engine may have threads.
TEST_P(close_in_callback_test, in_work_of_the_programs_own_on_all_threads_of_the_engine)
{
    for (const std::uint32_t threads : {1u, 2u}) {
        const EXECUTION_ENGINE_PARAMETERS few{threads, threads};
        const owned_engine engine(create_engine(&few));
        std::vector<std::unique_ptr<closed_socket>> lines;
        std::vector<owned_socket> sockets;
        std::vector<outcome> pending(threads);
        std::vector<own_work> works(threads);
        for (std::uint32_t i = 0; i < threads; i++) {
            lines.push_back(std::make_unique<closed_socket>());
            sockets.emplace_back(async_socket_create(engine.get()));
            open_outcome opened;
            ASSERT_EQ(async_socket_open_async(sockets[i].get(), lines[i]->connected.transport.get(),
                                              open_outcome::on_open, &opened),
                      0);
            ASSERT_EQ(start_receive(sockets[i].get(), room, pending[i]), 0);
            works[i].run = [&sockets, i] { async_socket_close(sockets[i].get()); };
        }
        for (own_work& work : works) {
            work.submit(engine.get());
        }
        for (std::uint32_t i = 0; i < threads; i++) {
            works[i].ended.wait();
            EXPECT_EQ(pending[i].received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
        }
        EXPECT_EQ(calls_of(api::SetThreadpoolThreadMaximum).back().argument<DWORD>(1), threads);
    }
}

// SRS_EXECUTION_ENGINE_WIN32_01_014, SRS_EXECUTION_ENGINE_01_004: a callback that takes its time is no reason.
TEST_P(close_in_callback_test, on_another_thread_the_maximum_holds_while_callbacks_run)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    open_socket opened(&one_thread);
    gate inside;
    gate leave;
    outcome busy([&] {
        inside.open();
        leave.wait();
    });
    outcome behind;
    ASSERT_EQ(start_receive(opened.socket.get(), room, busy), 0);
    ASSERT_EQ(start_receive(opened.socket.get(), room, behind), 0);
    opened.peer().send("x");
    inside.wait();
    fake_win32::forget_calls();
    std::thread closer([&] { async_socket_close(opened.socket.get()); });
    // Once at first, and then each time that it has waited in vain, before it allows for one.
    EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 4));
    EXPECT_EQ(count_of(api::SetThreadpoolThreadMaximum), 0u);
    leave.open();
    closer.join();
}

IN_BOTH_MODES(close_in_callback_test);

} // namespace
