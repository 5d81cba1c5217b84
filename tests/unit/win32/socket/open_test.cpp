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

class async_socket_open_test : public win32_test {
protected:
    closed_socket closed;
    open_outcome opened;
};

// SRS_ASYNC_SOCKET_WIN32_01_007, SRS_ASYNC_SOCKET_WIN32_01_034, SRS_ASYNC_SOCKET_WIN32_01_008,
// SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(async_socket_open_test, null_is_refused)
{
    const SOCKET_TRANSPORT_HANDLE transport = closed.connected.transport.get();
    EXPECT_NE(async_socket_open_async(nullptr, transport, open_outcome::on_open, &opened), 0);
    expect_refusal("async_socket_open_async", "async_socket");
    EXPECT_NE(async_socket_open_async(closed.socket.get(), nullptr, open_outcome::on_open, &opened), 0);
    expect_refusal("async_socket_open_async", "socket_transport");
    EXPECT_NE(async_socket_open_async(closed.socket.get(), transport, nullptr, &opened), 0);
    expect_refusal("async_socket_open_async", "on_open_complete");
    EXPECT_EQ(opened.count, 0);
    EXPECT_EQ(count_of(api::InitializeThreadpoolEnvironment), 0u);
    // Nothing has changed: it opens all the same.
    EXPECT_EQ(closed.open(opened), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_009
TEST_F(async_socket_open_test, a_null_context_is_allowed)
{
    static int calls = 0;
    calls = 0;
    const auto on_open = [](void* context, ASYNC_SOCKET_OPEN_RESULT) { calls += context == nullptr ? 1 : 100; };
    EXPECT_EQ(async_socket_open_async(closed.socket.get(), closed.connected.transport.get(), on_open, nullptr), 0);
    EXPECT_EQ(calls, 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_014, SRS_ASYNC_SOCKET_WIN32_01_017
TEST_F(async_socket_open_test, the_callback_is_called_once_with_ok_before_open_returns)
{
    EXPECT_EQ(closed.open(opened), 0);
    EXPECT_EQ(opened.count, 1);
    EXPECT_EQ(opened.result, ASYNC_SOCKET_OPEN_OK);
    EXPECT_EQ(opened.thread, std::this_thread::get_id());
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_016, SRS_ASYNC_SOCKET_WIN32_01_036, SRS_ASYNC_SOCKET_WIN32_01_058
TEST_F(async_socket_open_test, environment_pool_and_io_are_made_in_order)
{
    ASSERT_EQ(closed.open(opened), 0);
    EXPECT_THAT(sequence_of({api::InitializeThreadpoolEnvironment, api::SetThreadpoolCallbackPool,
                             api::CreateThreadpoolIo, api::DestroyThreadpoolEnvironment}),
                testing::ElementsAre(api::InitializeThreadpoolEnvironment, api::SetThreadpoolCallbackPool,
                                     api::CreateThreadpoolIo));
    const auto environment = calls_of(api::InitializeThreadpoolEnvironment).at(0).argument<PTP_CALLBACK_ENVIRON>(0);
    const call_record set_pool = calls_of(api::SetThreadpoolCallbackPool).at(0);
    EXPECT_EQ(set_pool.argument<PTP_CALLBACK_ENVIRON>(0), environment);
    EXPECT_EQ(set_pool.argument<PTP_POOL>(1), execution_engine_win32_get_threadpool(closed.engine.get()));
    const call_record create = calls_of(api::CreateThreadpoolIo).at(0);
    EXPECT_EQ(create.argument<SOCKET_HANDLE>(0),
              socket_transport_get_underlying_socket(closed.connected.transport.get()));
    EXPECT_NE(create.argument<void*>(1), nullptr);
    EXPECT_EQ(create.argument<PTP_CALLBACK_ENVIRON>(3), environment);
}

// SRS_ASYNC_SOCKET_WIN32_01_094, SRS_ASYNC_SOCKET_WIN32_01_017
TEST_F(async_socket_open_test, the_socket_is_open_in_the_callback)
{
    std::string bytes = "hi";
    outcome send;
    opened.inside = [&] { EXPECT_EQ(start_send(closed.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK); };
    EXPECT_EQ(closed.open(opened), 0);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(closed.peer().receive(), "hi");
}

// SRS_ASYNC_SOCKET_WIN32_01_015
TEST_F(async_socket_open_test, an_open_socket_is_not_opened_again)
{
    ASSERT_EQ(closed.open(opened), 0);
    const connected_transport other;
    open_outcome again;
    EXPECT_NE(async_socket_open_async(closed.socket.get(), other.transport.get(), open_outcome::on_open, &again), 0);
    expect_refusal("async_socket_open_async", "async_socket");
    EXPECT_EQ(again.count, 0);
    EXPECT_EQ(count_of(api::CreateThreadpoolIo), 1u);
    EXPECT_TRUE(socket_transport_is_valid_socket(other.transport.get()));
    std::string bytes = "still open";
    outcome send;
    EXPECT_EQ(start_send(closed.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    send.wait();
}

// SRS_ASYNC_SOCKET_WIN32_01_015, SRS_ASYNC_SOCKET_WIN32_01_023
TEST_F(async_socket_open_test, a_socket_that_is_being_opened_is_not_opened_again)
{
    fake_win32::stall_calls(api::CreateThreadpoolIo);
    std::thread opener([this] { EXPECT_EQ(closed.open(opened), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CreateThreadpoolIo, 1));
    const connected_transport other;
    open_outcome again;
    EXPECT_NE(async_socket_open_async(closed.socket.get(), other.transport.get(), open_outcome::on_open, &again), 0);
    expect_refusal("async_socket_open_async", "async_socket");
    EXPECT_EQ(again.count, 0);
    // OPENING is not OPEN.
    std::string bytes = "x";
    outcome send;
    EXPECT_EQ(start_send(closed.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    async_socket_close(closed.socket.get());
    fake_win32::release_calls();
    opener.join();
    EXPECT_EQ(opened.count, 1);
    EXPECT_FALSE(closed.peer().saw_end());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_WIN32_01_015
TEST_F(async_socket_open_test, a_socket_that_was_closed_is_never_opened_again)
{
    ASSERT_EQ(closed.open(opened), 0);
    async_socket_close(closed.socket.get());
    const connected_transport other;
    open_outcome again;
    EXPECT_NE(async_socket_open_async(closed.socket.get(), other.transport.get(), open_outcome::on_open, &again), 0);
    EXPECT_NE(closed.open(again), 0);
    EXPECT_EQ(again.count, 0);
    EXPECT_TRUE(socket_transport_is_valid_socket(other.transport.get()));
}

// SRS_ASYNC_SOCKET_WIN32_01_039
TEST_F(async_socket_open_test, a_transport_that_is_not_connected_is_refused)
{
    const owned_transport idle(socket_transport_create_client());
    EXPECT_NE(async_socket_open_async(closed.socket.get(), idle.get(), open_outcome::on_open, &opened), 0);
    expect_refusal("async_socket_open_async", "socket_transport");
    const listening_transport listening;
    EXPECT_NE(async_socket_open_async(closed.socket.get(), listening.transport.get(), open_outcome::on_open, &opened),
              0);
    EXPECT_EQ(opened.count, 0);
    EXPECT_TRUE(socket_transport_is_valid_socket(listening.transport.get()));
    EXPECT_EQ(closed.open(opened), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_039, SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(async_socket_open_test, an_open_that_fails_leaves_socket_and_connection_as_they_were)
{
    fake_win32::fail_call(api::CreateThreadpoolIo, 1, ERROR_NO_SYSTEM_RESOURCES);
    EXPECT_NE(closed.open(opened), 0);
    expect_failure("async_socket_open_async", "CreateThreadpoolIo", ERROR_NO_SYSTEM_RESOURCES);
    EXPECT_EQ(opened.count, 0);
    EXPECT_EQ(live().environments, 0u);
    EXPECT_EQ(count_of(api::DestroyThreadpoolEnvironment), 1u);
    EXPECT_TRUE(socket_transport_is_valid_socket(closed.connected.transport.get()));
    EXPECT_EQ(count_of(api::closesocket), 0u);
    EXPECT_EQ(closed.open(opened), 0);
    EXPECT_EQ(opened.count, 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_039
TEST_F(async_socket_open_test, open_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        closed_socket fresh;
        const live_objects before = live();
        open_outcome result;
        run.arm();
        const int returned = fresh.open(result);
        EXPECT_EQ(returned != 0, run.disarm());
        EXPECT_EQ(result.count, returned == 0 ? 1 : 0);
        EXPECT_EQ(log.take().empty(), returned == 0);
        if (returned != 0) {
            EXPECT_EQ(live(), before);
            EXPECT_EQ(fresh.open(result), 0);
        }
    });
    EXPECT_EQ(failures, 1u);
}

// SRS_ASYNC_SOCKET_WIN32_01_014
TEST_F(async_socket_open_test, of_two_opens_at_once_one_succeeds)
{
    for (int round = 0; round < 50; round++) {
        closed_socket raced;
        open_outcome first;
        open_outcome second;
        int first_result = -1;
        std::thread other([&] { first_result = raced.open(first); });
        const int second_result = raced.open(second);
        other.join();
        EXPECT_NE(first_result == 0, second_result == 0);
        EXPECT_EQ(first.count + second.count, 1);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(async_socket_open_test, the_transport_may_be_destroyed_while_another_thread_opens_on_it)
{
    fake_win32::stall_calls(api::CreateThreadpoolIo);
    int result = -1;
    std::thread opener([&] { result = closed.open(opened); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CreateThreadpoolIo, 1));
    closed.connected.transport.reset();
    fake_win32::release_calls();
    opener.join();
    EXPECT_EQ(opened.count, result == 0 ? 1 : 0);
    EXPECT_EQ(result, 0);
    std::string bytes = "x";
    outcome send;
    EXPECT_EQ(start_send(closed.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    send.wait();
    closed.socket.reset();
    EXPECT_EQ(live().sockets, 0u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_SOCKET_TRANSPORT_01_007
TEST_F(async_socket_open_test, an_open_that_fails_disconnects_where_the_transport_was_destroyed_meanwhile)
{
    fake_win32::stall_calls(api::CreateThreadpoolIo);
    fake_win32::fail_call(api::CreateThreadpoolIo, 1, ERROR_NOT_ENOUGH_MEMORY);
    int result = 0;
    std::thread opener([&] { result = closed.open(opened); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CreateThreadpoolIo, 1));
    closed.connected.transport.reset();
    fake_win32::release_calls();
    opener.join();
    EXPECT_NE(result, 0);
    EXPECT_EQ(live().sockets, 0u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(async_socket_open_test, a_connection_has_one_owner)
{
    const owned_socket other(async_socket_create(closed.engine.get()));
    const SOCKET_TRANSPORT_HANDLE transport = closed.connected.transport.get();
    fake_win32::fail_call(api::CreateThreadpoolIo);
    ASSERT_NE(async_socket_open_async(other.get(), transport, open_outcome::on_open, &opened), 0);
    // It has let go of the connection.
    ASSERT_EQ(closed.open(opened), 0);
    log.take();
    EXPECT_NE(async_socket_open_async(other.get(), transport, open_outcome::on_open, &opened), 0);
    expect_refusal("async_socket_open_async", "socket_transport");
    EXPECT_EQ(opened.count, 1);
    EXPECT_EQ(live().environments, 1u);
}

} // namespace
