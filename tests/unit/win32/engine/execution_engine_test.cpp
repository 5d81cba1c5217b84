// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "async_socket/async_connect.h"
#include "async_socket/async_delay.h"
#include "async_socket/execution_engine.h"
#include "async_socket/execution_engine_win32.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

class execution_engine_test : public win32_test {};

// SRS_EXECUTION_ENGINE_01_001, SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_01_004
TEST_F(execution_engine_test, create_without_parameters_uses_the_defaults)
{
    const owned_engine engine(execution_engine_create(nullptr));
    ASSERT_NE(engine, nullptr);
    const std::vector<call_record> minimum = calls_of(api::SetThreadpoolThreadMinimum);
    ASSERT_EQ(minimum.size(), 1u);
    EXPECT_EQ(minimum[0].argument<DWORD>(1), static_cast<DWORD>(DEFAULT_MIN_THREAD_COUNT));
    EXPECT_EQ(DEFAULT_MIN_THREAD_COUNT, 4);
    EXPECT_EQ(DEFAULT_MAX_THREAD_COUNT, 0);
    EXPECT_EQ(count_of(api::SetThreadpoolThreadMaximum), 0u);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_EXECUTION_ENGINE_01_002, SRS_EXECUTION_ENGINE_WIN32_01_002, SRS_EXECUTION_ENGINE_WIN32_01_003
TEST_F(execution_engine_test, create_makes_the_pool_that_get_threadpool_returns)
{
    const owned_engine engine(execution_engine_create(nullptr));
    ASSERT_NE(engine, nullptr);
    const std::vector<call_record> created = calls_of(api::CreateThreadpool);
    ASSERT_EQ(created.size(), 1u);
    EXPECT_EQ(created[0].argument<void*>(0), nullptr);
    EXPECT_EQ(execution_engine_win32_get_threadpool(engine.get()), created[0].returned_value<PTP_POOL>());
}

// SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_01_004, SRS_EXECUTION_ENGINE_WIN32_01_004,
// SRS_EXECUTION_ENGINE_WIN32_01_005
TEST_F(execution_engine_test, create_sets_minimum_and_maximum_of_its_pool)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{3, 8};
    const owned_engine engine(execution_engine_create(&parameters));
    ASSERT_NE(engine, nullptr);
    const PTP_POOL pool = execution_engine_win32_get_threadpool(engine.get());
    const std::vector<call_record> minimum = calls_of(api::SetThreadpoolThreadMinimum);
    ASSERT_EQ(minimum.size(), 1u);
    EXPECT_EQ(minimum[0].argument<PTP_POOL>(0), pool);
    EXPECT_EQ(minimum[0].argument<DWORD>(1), 3u);
    const std::vector<call_record> maximum = calls_of(api::SetThreadpoolThreadMaximum);
    ASSERT_EQ(maximum.size(), 1u);
    EXPECT_EQ(maximum[0].argument<PTP_POOL>(0), pool);
    EXPECT_EQ(maximum[0].argument<DWORD>(1), 8u);
}

// SRS_EXECUTION_ENGINE_01_004
TEST_F(execution_engine_test, create_without_a_maximum_sets_none)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{2, 0};
    const owned_engine engine(execution_engine_create(&parameters));
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(calls_of(api::SetThreadpoolThreadMinimum).at(0).argument<DWORD>(1), 2u);
    EXPECT_EQ(count_of(api::SetThreadpoolThreadMaximum), 0u);
}

// SRS_EXECUTION_ENGINE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(execution_engine_test, create_refuses_a_maximum_below_the_minimum)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{3, 2};
    EXPECT_EQ(execution_engine_create(&parameters), nullptr);
    expect_refusal("execution_engine_create", "max_thread_count");
    EXPECT_EQ(count_of(api::CreateThreadpool), 0u);
}

// SRS_EXECUTION_ENGINE_01_005
TEST_F(execution_engine_test, create_takes_a_maximum_equal_to_the_minimum)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{3, 3};
    const owned_engine engine(execution_engine_create(&parameters));
    EXPECT_NE(engine, nullptr);
}

// SRS_EXECUTION_ENGINE_01_006, SRS_EXECUTION_ENGINE_WIN32_01_004
TEST_F(execution_engine_test, create_leaves_nothing_whatever_fails)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{1, 2};
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        run.arm();
        const owned_engine engine(execution_engine_create(&parameters));
        EXPECT_EQ(engine == nullptr, run.disarm());
        EXPECT_EQ(log.take().empty(), engine != nullptr);
    });
    EXPECT_EQ(failures, 3u); // CreateThreadpool, SetThreadpoolThreadMinimum, one allocation
}

// SRS_EXECUTION_ENGINE_WIN32_01_004, SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(execution_engine_test, create_closes_the_pool_when_the_minimum_cannot_be_set)
{
    fake_win32::fail_call(api::SetThreadpoolThreadMinimum, 1, ERROR_NO_SYSTEM_RESOURCES);
    EXPECT_EQ(execution_engine_create(nullptr), nullptr);
    expect_failure("execution_engine_create", "SetThreadpoolThreadMinimum", ERROR_NO_SYSTEM_RESOURCES);
    const std::vector<call_record> closed = calls_of(api::CloseThreadpool);
    ASSERT_EQ(closed.size(), 1u);
    EXPECT_EQ(closed[0].argument<PTP_POOL>(0), calls_of(api::CreateThreadpool).at(0).returned_value<PTP_POOL>());
}

// SRS_EXECUTION_ENGINE_01_007, SRS_EXECUTION_ENGINE_01_009, SRS_EXECUTION_ENGINE_WIN32_01_001
TEST_F(execution_engine_test, null_is_refused_everywhere)
{
    execution_engine_inc_ref(nullptr);
    execution_engine_dec_ref(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
    EXPECT_EQ(execution_engine_win32_get_threadpool(nullptr), nullptr);
    expect_refusal("execution_engine_win32_get_threadpool", "execution_engine");
}

// SRS_EXECUTION_ENGINE_01_008, SRS_EXECUTION_ENGINE_01_010, SRS_EXECUTION_ENGINE_WIN32_01_006
TEST_F(execution_engine_test, the_last_reference_closes_the_pool_and_no_other_one)
{
    EXECUTION_ENGINE_HANDLE engine = execution_engine_create(nullptr);
    const PTP_POOL pool = execution_engine_win32_get_threadpool(engine);
    execution_engine_inc_ref(engine);
    execution_engine_dec_ref(engine);
    EXPECT_EQ(count_of(api::CloseThreadpool), 0u);
    EXPECT_EQ(live().pools, 1u);
    execution_engine_dec_ref(engine);
    const std::vector<call_record> closed = calls_of(api::CloseThreadpool);
    ASSERT_EQ(closed.size(), 1u);
    EXPECT_EQ(closed[0].argument<PTP_POOL>(0), pool);
    EXPECT_EQ(live().pools, 0u);
    EXPECT_EQ(live().allocations, 0u);
}

// SRS_EXECUTION_ENGINE_01_008, SRS_EXECUTION_ENGINE_01_010
TEST_F(execution_engine_test, references_are_counted_across_threads)
{
    EXECUTION_ENGINE_HANDLE engine = execution_engine_create(nullptr);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        execution_engine_inc_ref(engine);
        threads.emplace_back([engine] {
            for (int j = 0; j < 1000; j++) {
                execution_engine_inc_ref(engine);
                execution_engine_dec_ref(engine);
            }
            execution_engine_dec_ref(engine);
        });
    }
    execution_engine_dec_ref(engine);
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(count_of(api::CloseThreadpool), 1u);
}

void drop_engine(PTP_CALLBACK_INSTANCE, void* context, void*, ULONG, ULONG_PTR, PTP_IO)
{
    execution_engine_dec_ref(static_cast<EXECUTION_ENGINE_HANDLE>(context));
}

// SRS_EXECUTION_ENGINE_01_010
TEST_F(execution_engine_test, the_last_reference_may_be_dropped_on_a_thread_of_the_pool)
{
    EXECUTION_ENGINE_HANDLE engine = execution_engine_create(nullptr);
    const fake_win32::connection line = fake_win32::make_connection();
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, execution_engine_win32_get_threadpool(engine));
    const PTP_IO io = CreateThreadpoolIo(reinterpret_cast<HANDLE>(line.socket), drop_engine, engine, &environment);
    char memory[1];
    WSABUF buffer{1, memory};
    DWORD flags = 0;
    OVERLAPPED overlapped{};
    StartThreadpoolIo(io);
    WSARecv(line.socket, &buffer, 1, nullptr, &flags, &overlapped, nullptr);
    line.peer.send("x");
    WaitForThreadpoolIoCallbacks(io, FALSE);
    EXPECT_EQ(live().pools, 0u);
    CloseThreadpoolIo(io);
    DestroyThreadpoolEnvironment(&environment);
    closesocket(line.socket);
}

// SRS_EXECUTION_ENGINE_WIN32_01_013: sockets, delays, and the names of hosts.
TEST_F(execution_engine_test, the_library_is_there_while_a_callback_is)
{
    {
        open_socket opened;
        listening_transport server;
        completed delayed;
        ASSERT_EQ(async_delay_start(opened.engine.get(), 1, nullptr, completed::on_complete, &delayed), 0);
        const owned_socket connecting(async_socket_create(opened.engine.get()));
        completed connected;
        ASSERT_EQ(async_socket_connect_ex_async(connecting.get(), "localhost", server.port, ASYNC_NO_TIMEOUT, nullptr,
                                                completed::on_complete, &connected),
                  0);
        connected.wait();
        delayed.wait();
    }
    const std::vector<call_record> named = calls_of(api::SetThreadpoolCallbackLibrary);
    EXPECT_GE(named.size(), 4u);
    EXPECT_EQ(named.size(), count_of(api::InitializeThreadpoolEnvironment));
    for (const call_record& call : named) {
        EXPECT_NE(call.argument<void*>(1), nullptr);
    }
}

} // namespace
