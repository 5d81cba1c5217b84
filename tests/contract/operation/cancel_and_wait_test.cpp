// SPDX-License-Identifier: MIT
//
// async_socket_cancel_and_wait: when it returns, the callback has returned, and everything may be freed.

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/fixture.h"

namespace contract {
namespace {

class cancel_and_wait : public with_socket {
protected:
    using with_socket::with_socket;
};

class cancel_and_wait_on_one_thread : public cancel_and_wait {
protected:
    cancel_and_wait_on_one_thread() : cancel_and_wait(1, 1) {}
};

// SRS_ASYNC_SOCKET_EX_01_014
TEST_F(cancel_and_wait, returns_when_the_callback_has_returned)
{
    for (int round = 0; round != 200; ++round) {
        auto receiving = std::make_unique<receive_ex_operation>(10u);
        ASSERT_EQ(receiving->start(socket.get(), round % 2 == 0 ? ASYNC_NO_TIMEOUT : 3'600'000), 0);
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), receiving->id()), 0);
        ASSERT_TRUE(receiving->is_done());
        EXPECT_EQ(receiving->status(), ASYNC_STATUS_CANCELLED);
        receiving.reset(); // its memory is free from here on
    }
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_EX_01_014
TEST_F(cancel_and_wait, waits_for_a_callback_that_is_running)
{
    event inside;
    event may_return;
    bool returned = false;
    receive_ex_operation& receiving = make<receive_ex_operation>(1u);
    receiving.in_callback = [&] {
        inside.set();
        EXPECT_TRUE(may_return.wait());
        returned = true;
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    ASSERT_TRUE(inside.wait());
    std::vector<std::thread> cancellers;
    for (int i = 0; i != 3; ++i) {
        cancellers.emplace_back([&] {
            EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), receiving.id()), 0);
            EXPECT_TRUE(returned);
        });
    }
    may_return.set();
    for (std::thread& each : cancellers) {
        each.join();
    }
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(receiving.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_014
TEST_F(cancel_and_wait, by_several_threads_ends_the_operation_once)
{
    for (int round = 0; round != 100; ++round) {
        auto receiving = std::make_unique<receive_ex_operation>(10u);
        ASSERT_EQ(receiving->start(socket.get()), 0);
        std::vector<std::thread> cancellers;
        for (int i = 0; i != 3; ++i) {
            cancellers.emplace_back([&] {
                EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), receiving->id()), 0);
                EXPECT_TRUE(receiving->is_done());
            });
        }
        for (std::thread& each : cancellers) {
            each.join();
        }
        EXPECT_EQ(receiving->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_EX_01_014: with the memory freed as soon as it returns, whichever came first.
TEST_F(cancel_and_wait, that_races_the_data_loses_no_byte)
{
    constexpr std::size_t rounds = 400;
    std::size_t received = 0;
    for (std::size_t round = 0; round != rounds; ++round) {
        auto first = std::make_unique<receive_ex_operation>(1u);
        ASSERT_EQ(first->start(socket.get()), 0);
        std::thread peer([&] { EXPECT_TRUE(send_all(link.peer.get(), pattern(1, round))); });
        for (std::size_t spin = 0; spin != round % 20; ++spin) {
            std::this_thread::yield();
        }
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), first->id()), 0);
        ASSERT_TRUE(first->is_done());
        ASSERT_EQ(first->calls(), 1u);
        received += first->transferred();
        EXPECT_EQ(first_wrong_byte(first->memory(), first->transferred(), round), first->transferred());
        first.reset();
        if (received == round) {
            receive_ex_operation next(1);
            ASSERT_EQ(next.start(socket.get()), 0);
            ASSERT_TRUE(next.wait());
            ASSERT_EQ(next.transferred(), 1u);
            EXPECT_EQ(first_wrong_byte(next.memory(), 1, round), 1u);
            ++received;
        }
        peer.join();
    }
}

// SRS_ASYNC_SOCKET_EX_01_014: on the one thread that there is, it can but be called inside.
TEST_F(cancel_and_wait_on_one_thread, inside_a_callback_calls_the_other_one_back_inside)
{
    receive_ex_operation& pending = start_receive_ex(socket.get(), 1);
    send_ex_operation& blocked = make<send_ex_operation>(pattern(std::size_t{32} * 1024 * 1024, 1));
    send_ex_operation& sending = make<send_ex_operation>(pattern(1));
    event started;
    sending.in_callback = [&] {
        EXPECT_TRUE(started.wait());
        for (ex_operation* const other : {static_cast<ex_operation*>(&pending), static_cast<ex_operation*>(&blocked)}) {
            EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), other->id()), 0);
            EXPECT_TRUE(other->is_done());
            EXPECT_EQ(other->status(), ASYNC_STATUS_CANCELLED);
        }
    };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(blocked.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    started.set();
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(pending.calls(), 1u);
    EXPECT_EQ(blocked.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_014: the operation has ended, and its callback waits for its turn on this thread.
TEST_F(cancel_and_wait_on_one_thread, inside_a_callback_calls_back_what_has_ended_already)
{
    receive_ex_operation& first = make<receive_ex_operation>(1u);
    receive_ex_operation& second = make<receive_ex_operation>(1u);
    receive_ex_operation& third = make<receive_ex_operation>(1u);
    event all_started;
    first.in_callback = [&] {
        EXPECT_TRUE(all_started.wait());
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), second.id()), 0);
        EXPECT_TRUE(second.is_done());
        EXPECT_EQ(second.calls(), 1u);
        if (expected::callbacks_of_a_socket_are_serial) {
            EXPECT_EQ(third.calls(), 0u);
        }
    };
    delay_operation& together = make<delay_operation>();
    together.in_callback = [&] { // so that both find their data there
        EXPECT_TRUE(send_all(link.peer.get(), pattern(3)));
        EXPECT_EQ(first.start(socket.get()), 0);
        EXPECT_EQ(second.start(socket.get()), 0);
        EXPECT_EQ(third.start(socket.get()), 0);
        all_started.set();
    };
    ASSERT_EQ(together.start(engine.get(), 0), 0);
    ASSERT_TRUE(third.wait());
    ASSERT_TRUE(first.wait());
    ASSERT_TRUE(together.wait());
    // Cancelled or not: no byte is lost.
    const bool was_cancelled = second.status() == ASYNC_STATUS_CANCELLED;
    EXPECT_EQ(first_wrong_byte(first.memory(), 1, 0), 1u);
    EXPECT_EQ(first_wrong_byte(third.memory(), 1, was_cancelled ? 1 : 2), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_014: inside the callback that it calls, another is cancelled so, and so on.
TEST_F(cancel_and_wait_on_one_thread, nests)
{
    constexpr std::size_t depth = 20;
    std::vector<receive_ex_operation*> all;
    for (std::size_t i = 0; i != depth; ++i) {
        all.push_back(&make<receive_ex_operation>(1u));
    }
    for (std::size_t i = 0; i + 1 != depth; ++i) {
        all[i]->in_callback = [&, i] {
            EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), all[i + 1]->id()), 0);
            EXPECT_TRUE(all[i + 1]->is_done());
        };
    }
    for (receive_ex_operation* const each : all) {
        ASSERT_EQ(each->start(socket.get()), 0);
    }
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), all[0]->id()), 0);
    for (const receive_ex_operation* const each : all) {
        EXPECT_TRUE(each->is_done());
        EXPECT_EQ(each->calls(), 1u);
        EXPECT_EQ(each->status(), ASYNC_STATUS_CANCELLED);
    }
}

// SRS_ASYNC_SOCKET_EX_01_014: of another socket of the same engine, inside a callback.
TEST_F(cancel_and_wait, inside_a_callback_of_another_socket)
{
    const connection other_link = make_connection();
    const socket_owner other = open_socket(engine.get(), other_link.local.get());
    for (int round = 0; round != 50; ++round) {
        receive_ex_operation pending(1);
        ASSERT_EQ(pending.start(other.get()), 0);
        send_ex_operation sending(pattern(1));
        sending.in_callback = [&] {
            EXPECT_EQ(async_socket_cancel_and_wait(other.get(), pending.id()), 0);
            EXPECT_TRUE(pending.is_done());
        };
        ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        ASSERT_TRUE(sending.wait());
        EXPECT_EQ(pending.status(), ASYNC_STATUS_CANCELLED);
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), sending.id()), 0);
    }
}

// SRS_ASYNC_SOCKET_EX_01_014: a socket that is being closed is waited for, and one that is closed needs not be.
TEST_F(cancel_and_wait, while_another_thread_closes_waits_for_the_callback)
{
    event inside;
    event may_return;
    bool returned = false;
    receive_ex_operation& receiving = make<receive_ex_operation>(1u);
    receiving.in_callback = [&] {
        inside.set();
        EXPECT_TRUE(may_return.wait());
        returned = true;
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    std::thread closer([&] { async_socket_close(socket.get()); });
    ASSERT_TRUE(inside.wait());
    std::thread canceller([&] {
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), receiving.id()), 0);
        EXPECT_TRUE(returned);
    });
    may_return.set();
    canceller.join();
    closer.join();
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), receiving.id()), 0);
}

// SRS_ASYNC_SOCKET_EX_01_014
TEST_F(cancel_and_wait, on_a_socket_that_never_was_open_finds_nothing)
{
    const socket_owner fresh(async_socket_create(engine.get()));
    EXPECT_EQ(async_socket_cancel_and_wait(fresh.get(), 12345), 0);
}

// SRS_ASYNC_SOCKET_EX_01_014, SRS_ASYNC_SOCKET_GUARANTEE_01_005: the callback that it waits for closes the socket.
TEST_F(cancel_and_wait, of_an_operation_whose_callback_closes_the_socket)
{
    for (int round = 0; round != 50; ++round) {
        const connection each_link = make_connection();
        const socket_owner each = open_socket(engine.get(), each_link.local.get());
        receive_ex_operation receiving(1);
        receiving.in_callback = [&] { async_socket_close(each.get()); };
        ASSERT_EQ(receiving.start(each.get()), 0);
        EXPECT_EQ(async_socket_cancel_and_wait(each.get(), receiving.id()), 0);
        EXPECT_TRUE(receiving.is_done());
        EXPECT_EQ(receiving.status(), ASYNC_STATUS_CANCELLED);
    }
}

// SRS_ASYNC_SOCKET_EX_01_014, SRS_ASYNC_SOCKET_GUARANTEE_01_005: ... or destroys it.
TEST_F(cancel_and_wait, of_an_operation_whose_callback_destroys_the_socket)
{
    for (int round = 0; round != 50; ++round) {
        const connection each_link = make_connection();
        socket_owner each = open_socket(engine.get(), each_link.local.get());
        ASYNC_SOCKET_HANDLE const handle = each.get();
        receive_ex_operation receiving(1);
        receiving.in_callback = [&] { each.reset(); };
        ASSERT_EQ(receiving.start(handle), 0);
        EXPECT_EQ(async_socket_cancel_and_wait(handle, receiving.id()), 0);
        EXPECT_TRUE(receiving.is_done());
    }
}

// SRS_ASYNC_SOCKET_EX_01_014, SRS_ASYNC_SOCKET_GUARANTEE_01_004: close, cancel and data all at once.
TEST_F(cancel_and_wait, that_races_a_close_leaves_nothing_behind)
{
    for (int round = 0; round != 100; ++round) {
        const connection each_link = make_connection();
        const socket_owner each = open_socket(engine.get(), each_link.local.get());
        std::vector<std::unique_ptr<receive_ex_operation>> all;
        for (int i = 0; i != 5; ++i) {
            all.push_back(std::make_unique<receive_ex_operation>(1u));
            ASSERT_EQ(all.back()->start(each.get(), static_cast<std::uint32_t>(i)), 0);
        }
        std::thread closer([&] { async_socket_close(each.get()); });
        std::thread peer([&] { EXPECT_TRUE(send_all(each_link.peer.get(), pattern(3)) || true); });
        for (auto& one : all) {
            EXPECT_EQ(async_socket_cancel_and_wait(each.get(), one->id()), 0);
            EXPECT_TRUE(one->is_done());
            EXPECT_EQ(one->calls(), 1u);
            one.reset();
        }
        closer.join();
        peer.join();
    }
}

} // namespace
} // namespace contract
