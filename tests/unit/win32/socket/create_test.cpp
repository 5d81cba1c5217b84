// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_socket.h"
#include "async_socket/execution_engine_win32.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class async_socket_create_test : public win32_test {};

// SRS_ASYNC_SOCKET_WIN32_01_001
TEST_F(async_socket_create_test, create_allocates_a_socket)
{
    const owned_engine engine(execution_engine_create(nullptr));
    const std::size_t before = live().allocations;
    const owned_socket socket(async_socket_create(engine.get()));
    EXPECT_NE(socket, nullptr);
    EXPECT_EQ(live().allocations, before + 1);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(async_socket_create_test, create_refuses_a_null_engine)
{
    EXPECT_EQ(async_socket_create(nullptr), nullptr);
    expect_refusal("async_socket_create", "execution_engine");
}

// SRS_ASYNC_SOCKET_WIN32_42_004, SRS_ASYNC_SOCKET_WIN32_42_005
TEST_F(async_socket_create_test, the_socket_holds_a_reference_to_the_engine_until_it_is_destroyed)
{
    owned_engine engine(execution_engine_create(nullptr));
    owned_socket first(async_socket_create(engine.get()));
    owned_socket second(async_socket_create(engine.get()));
    engine.reset();
    EXPECT_EQ(count_of(api::CloseThreadpool), 0u);
    first.reset();
    EXPECT_EQ(count_of(api::CloseThreadpool), 0u);
    second.reset();
    EXPECT_EQ(count_of(api::CloseThreadpool), 1u);
    EXPECT_EQ(live().allocations, 0u);
}

// SRS_ASYNC_SOCKET_WIN32_01_035
TEST_F(async_socket_create_test, the_pool_is_that_of_the_engine)
{
    const owned_engine other(execution_engine_create(nullptr));
    const open_socket opened;
    EXPECT_EQ(calls_of(api::SetThreadpoolCallbackPool).at(0).argument<PTP_POOL>(1),
              execution_engine_win32_get_threadpool(opened.engine.get()));
}

// SRS_ASYNC_SOCKET_WIN32_01_003
TEST_F(async_socket_create_test, create_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        owned_engine engine(execution_engine_create(nullptr));
        run.arm();
        owned_socket socket(async_socket_create(engine.get()));
        EXPECT_EQ(socket == nullptr, run.disarm());
        EXPECT_EQ(log.take().empty(), socket != nullptr);
        if (socket == nullptr) {
            // No reference is left either.
            engine.reset();
            EXPECT_EQ(live().pools, 0u);
        }
    });
    EXPECT_EQ(failures, 1u);
}

// SRS_ASYNC_SOCKET_WIN32_04_001
TEST_F(async_socket_create_test, a_transport_of_the_programs_own_is_not_offered)
{
    const owned_engine engine(execution_engine_create(nullptr));
    const auto on_send = [](void*, ASYNC_SOCKET_HANDLE, const void*, size_t) { return -1; };
    const auto on_recv = [](void*, ASYNC_SOCKET_HANDLE, void*, size_t) { return -1; };
    const live_objects before = live();
    EXPECT_EQ(async_socket_create_with_transport(engine.get(), on_send, nullptr, on_recv, nullptr), nullptr);
    expect_refusal("async_socket_create_with_transport", "not offered");
    EXPECT_EQ(live(), before);
}

// SRS_ASYNC_SOCKET_WIN32_01_004
TEST_F(async_socket_create_test, destroy_takes_null)
{
    async_socket_destroy(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_005
TEST_F(async_socket_create_test, destroy_frees_a_socket_that_was_never_opened)
{
    const owned_engine engine(execution_engine_create(nullptr));
    const live_objects before = live();
    async_socket_destroy(async_socket_create(engine.get()));
    EXPECT_EQ(live(), before);
}

// SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_WIN32_01_006
TEST_F(async_socket_create_test, destroy_closes_an_open_socket_first)
{
    const live_objects before = live();
    {
        open_socket opened;
        std::string room(4, '\0');
        outcome receive;
        ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
        opened.socket.reset();
        EXPECT_EQ(receive.count(), 1);
        EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
        EXPECT_TRUE(opened.peer().saw_end());
        EXPECT_EQ(count_of(api::CloseThreadpoolIo), 1u);
        EXPECT_EQ(count_of(api::DestroyThreadpoolEnvironment), 1u);
    }
    EXPECT_EQ(live(), before);
}

// SRS_ASYNC_SOCKET_WIN32_01_005
TEST_F(async_socket_create_test, destroy_frees_a_closed_socket)
{
    const live_objects before = live();
    {
        open_socket opened;
        async_socket_close(opened.socket.get());
        opened.socket.reset();
        EXPECT_EQ(count_of(api::CloseThreadpoolIo), 1u);
    }
    EXPECT_EQ(live(), before);
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST_F(async_socket_create_test, destroy_waits_while_another_thread_opens)
{
    closed_socket closed;
    open_outcome opened;
    gate destroyed;
    fake_win32::stall_calls(api::CreateThreadpoolIo);
    std::thread opener([&] { EXPECT_EQ(closed.open(opened), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CreateThreadpoolIo, 1));
    std::thread destroyer([&] {
        closed.socket.reset();
        destroyed.open();
    });
    give_others_every_chance();
    EXPECT_FALSE(destroyed.is_open());
    fake_win32::release_calls();
    opener.join();
    destroyer.join();
    EXPECT_EQ(opened.count, 1);
    EXPECT_TRUE(closed.peer().saw_end());
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST_F(async_socket_create_test, destroy_waits_for_an_open_that_fails)
{
    closed_socket closed;
    open_outcome opened;
    gate destroyed;
    fake_win32::stall_calls(api::CreateThreadpoolIo);
    fake_win32::fail_call(api::CreateThreadpoolIo);
    std::thread opener([&] { EXPECT_NE(closed.open(opened), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CreateThreadpoolIo, 1));
    std::thread destroyer([&] {
        closed.socket.reset();
        destroyed.open();
    });
    give_others_every_chance();
    EXPECT_FALSE(destroyed.is_open());
    fake_win32::release_calls();
    opener.join();
    destroyer.join();
    EXPECT_EQ(opened.count, 0);
    EXPECT_FALSE(closed.peer().saw_end()); // the connection is still the caller's
}

// SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_021
TEST_F(async_socket_create_test, destroy_waits_while_another_thread_closes)
{
    open_socket opened;
    gate inside;
    gate leave;
    gate destroyed;
    outcome receive([&] {
        inside.open();
        leave.wait();
    });
    std::string room(4, '\0');
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    opened.peer().send("x");
    inside.wait();
    std::thread closer([&] { async_socket_close(opened.socket.get()); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1)); // it is CLOSING
    std::thread destroyer([&] {
        opened.socket.reset();
        destroyed.open();
    });
    give_others_every_chance();
    EXPECT_FALSE(destroyed.is_open());
    leave.open();
    closer.join();
    destroyer.join();
    EXPECT_EQ(receive.count(), 1);
}

} // namespace
