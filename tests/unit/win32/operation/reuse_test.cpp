// SPDX-License-Identifier: MIT
//
// An engine that reuses operations. What holds in both modes is tested in both elsewhere; here is what is different.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <set>
#include <vector>

#include "async_socket/async_socket_ex.h"
#include "async_socket/execution_engine_win32.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

constexpr std::size_t most_kept = EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS;
constexpr std::size_t most_buffers = EXECUTION_ENGINE_WIN32_KEPT_BUFFERS;

class reuse_test : public win32_test {
protected:
    reuse_test() { mode_of_engines = engine_mode::reuse; }
    ~reuse_test() override { mode_of_engines = engine_mode::by_default; }

    // What the last send or receive gave to the system.
    static OVERLAPPED* overlapped_of_last()
    {
        OVERLAPPED* last = nullptr;
        for (const call_record& call : fake_win32::calls()) {
            if (call.function == api::WSASend || call.function == api::WSARecv) {
                last = call.argument<OVERLAPPED*>(5);
            }
        }
        return last;
    }

    // One of each kind, from its start to its callback.
    void run_send(open_socket& on)
    {
        outcome result;
        ASSERT_EQ(start_send(on.socket.get(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_EQ(result.sent(), ASYNC_SOCKET_SEND_OK);
        EXPECT_EQ(on.peer().wait_for(bytes.size()), bytes);
    }
    void run_receive(open_socket& on)
    {
        outcome result;
        ASSERT_EQ(start_receive(on.socket.get(), room, result), 0);
        on.peer().send("abc");
        EXPECT_EQ(result.received(), ASYNC_SOCKET_RECEIVE_OK);
        EXPECT_EQ(result.bytes(), 3u);
    }
    void run_send_ex(open_socket& on)
    {
        completed result;
        ASSERT_EQ(send_ex(on.socket.get(), bytes, result, 3600'000), ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(on.peer().wait_for(bytes.size()), bytes);
    }
    void run_receive_ex(open_socket& on)
    {
        completed result;
        ASSERT_EQ(receive_ex(on.socket.get(), room, result, 3600'000), 0);
        on.peer().send("abc");
        EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(result.get().bytes, 3u);
    }
    // So many sends at once.
    void run_sends(open_socket& on, std::size_t number)
    {
        std::deque<outcome> results(number);
        fake_win32::hold_operations();
        for (outcome& result : results) {
            ASSERT_EQ(start_send(on.socket.get(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
        }
        fake_win32::deliver_completions();
        for (const outcome& result : results) {
            EXPECT_EQ(result.sent(), ASYNC_SOCKET_SEND_OK);
        }
        on.peer().wait_for(number * bytes.size());
    }

    std::string bytes = "some bytes";
    std::string room = std::string(4, '\0');
};

// SRS_EXECUTION_ENGINE_WIN32_01_007, SRS_EXECUTION_ENGINE_WIN32_01_002
TEST_F(reuse_test, the_engine_has_the_threads_that_were_asked_for)
{
    const EXECUTION_ENGINE_WIN32_PARAMETERS parameters{2, 5, true};
    const owned_engine engine(execution_engine_win32_create(&parameters));
    ASSERT_NE(engine, nullptr);
    const PTP_POOL pool = execution_engine_win32_get_threadpool(engine.get());
    EXPECT_EQ(pool, calls_of(api::CreateThreadpool).at(0).returned_value<PTP_POOL>());
    EXPECT_EQ(calls_of(api::SetThreadpoolThreadMinimum).at(0).argument<DWORD>(1), 2u);
    EXPECT_EQ(calls_of(api::SetThreadpoolThreadMaximum).at(0).argument<DWORD>(1), 5u);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_EXECUTION_ENGINE_WIN32_01_007, SRS_EXECUTION_ENGINE_01_005
TEST_F(reuse_test, bad_parameters_are_refused)
{
    EXPECT_EQ(execution_engine_win32_create(nullptr), nullptr);
    expect_refusal("execution_engine_win32_create", "parameters");
    const EXECUTION_ENGINE_WIN32_PARAMETERS parameters{3, 2, true};
    EXPECT_EQ(execution_engine_win32_create(&parameters), nullptr);
    expect_refusal("execution_engine_win32_create", "max_thread_count");
    EXPECT_EQ(count_of(api::CreateThreadpool), 0u);
}

// SRS_EXECUTION_ENGINE_WIN32_01_007, SRS_EXECUTION_ENGINE_01_006
TEST_F(reuse_test, creating_the_engine_leaves_nothing_whatever_fails)
{
    const EXECUTION_ENGINE_WIN32_PARAMETERS parameters{1, 2, true};
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        run.arm();
        const owned_engine engine(execution_engine_win32_create(&parameters));
        EXPECT_EQ(engine == nullptr, run.disarm());
        EXPECT_EQ(log.take().empty(), engine != nullptr);
    });
    EXPECT_EQ(failures, 3u); // CreateThreadpool, SetThreadpoolThreadMinimum, one allocation
}

// SRS_EXECUTION_ENGINE_WIN32_01_012
TEST_F(reuse_test, an_engine_that_is_not_asked_to_keeps_nothing)
{
    const EXECUTION_ENGINE_WIN32_PARAMETERS parameters{1, 1, false};
    mode_of_engines = engine_mode::by_default;
    open_socket opened;
    opened.socket.reset();
    opened.engine.reset(execution_engine_win32_create(&parameters));
    opened.socket.reset(async_socket_create(opened.engine.get()));
    connected_transport other;
    open_outcome open;
    ASSERT_EQ(async_socket_open_async(opened.socket.get(), other.transport.get(), open_outcome::on_open, &open), 0);
    fake_win32::forget_calls();
    outcome result;
    ASSERT_EQ(start_send(opened.socket.get(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(result.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(count_of(api::CloseHandle), 1u);
    EXPECT_EQ(live().events, 0u);
}

// SRS_EXECUTION_ENGINE_WIN32_01_008, SRS_EXECUTION_ENGINE_WIN32_01_009, SRS_EXECUTION_ENGINE_WIN32_01_010
TEST_F(reuse_test, an_operation_of_any_kind_follows_one_of_any_kind_in_its_context)
{
    const std::vector<std::function<void(open_socket&)>> kinds{
        [this](open_socket& on) { run_send(on); }, [this](open_socket& on) { run_receive(on); },
        [this](open_socket& on) { run_send_ex(on); }, [this](open_socket& on) { run_receive_ex(on); }};
    open_socket opened;
    // Makes the engine's timer.
    run_send_ex(opened);
    OVERLAPPED* const context = overlapped_of_last();
    HANDLE const event = calls_of(api::CreateEventW).back().returned_value<HANDLE>();
    const live_objects before = live();
    const std::size_t allocations = fake_win32::allocations_made();
    fake_win32::forget_calls();
    for (const auto& first : kinds) {
        for (const auto& second : kinds) {
            first(opened);
            EXPECT_EQ(overlapped_of_last(), context);
            second(opened);
            EXPECT_EQ(overlapped_of_last(), context);
            EXPECT_EQ(overlapped_of_last()->hEvent, event);
        }
    }
    EXPECT_EQ(count_of(api::CreateEventW), 0u);
    EXPECT_EQ(count_of(api::CloseHandle), 0u);
    EXPECT_EQ(fake_win32::allocations_made(), allocations);
    EXPECT_EQ(live(), before);
}

// SRS_EXECUTION_ENGINE_WIN32_01_010
TEST_F(reuse_test, operations_under_way_share_nothing)
{
    open_socket opened;
    run_sends(opened, 5);
    fake_win32::hold_operations();
    std::deque<outcome> results(6);
    for (outcome& result : results) {
        ASSERT_EQ(start_send(opened.socket.get(), bytes, result), ASYNC_SOCKET_SEND_SYNC_OK);
    }
    std::set<HANDLE> events;
    std::set<OVERLAPPED*> contexts;
    for (const fake_win32::pending_operation& pending : fake_win32::pending_operations()) {
        events.insert(pending.overlapped->hEvent);
        contexts.insert(pending.overlapped);
    }
    EXPECT_EQ(events.size(), results.size());
    EXPECT_EQ(contexts.size(), results.size());
    fake_win32::deliver_completions();
    for (const outcome& result : results) {
        EXPECT_EQ(result.sent(), ASYNC_SOCKET_SEND_OK);
    }
    EXPECT_EQ(count_of(api::CreateEventW), results.size());
}

// SRS_EXECUTION_ENGINE_WIN32_01_008
TEST_F(reuse_test, so_many_are_kept_and_no_more)
{
    open_socket opened;
    const live_objects before = live();
    run_sends(opened, most_kept + 2);
    EXPECT_TRUE(fake_win32::wait_for_live(with_kept(before, most_kept))) << live();
    EXPECT_EQ(count_of(api::CloseHandle), 2u);
    run_sends(opened, 1);
    EXPECT_EQ(live(), with_kept(before, most_kept));
}

// SRS_EXECUTION_ENGINE_WIN32_01_009
TEST_F(reuse_test, an_operation_of_too_many_buffers_has_its_own)
{
    open_socket opened;
    run_send(opened);
    OVERLAPPED* const context = overlapped_of_last();
    const live_objects before = live();
    for (const std::size_t count : {most_buffers, most_buffers + 1, most_buffers, std::size_t{1000}}) {
        fake_win32::forget_calls();
        const std::vector<ASYNC_SOCKET_BUFFER> buffers(count, {bytes.data(), 1});
        outcome result;
        ASSERT_EQ(async_socket_send_async(opened.socket.get(), buffers.data(), static_cast<std::uint32_t>(count),
                                          outcome::on_send, &result),
                  ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_EQ(result.sent(), ASYNC_SOCKET_SEND_OK);
        EXPECT_EQ(opened.peer().wait_for(count), std::string(count, bytes[0]));
        const bool is_kept = count == most_buffers;
        EXPECT_EQ(overlapped_of_last() == context, is_kept);
        EXPECT_EQ(count_of(api::CreateEventW), is_kept ? 0u : 1u);
        EXPECT_EQ(count_of(api::CloseHandle), is_kept ? 0u : 1u);
        EXPECT_EQ(live(), before);
    }
}

// SRS_EXECUTION_ENGINE_WIN32_01_010
TEST_F(reuse_test, the_name_of_the_operation_before_cancels_nothing)
{
    open_socket opened;
    ASYNC_OPERATION_ID former = 0;
    completed timed_out;
    ASSERT_EQ(receive_ex(opened.socket.get(), room, timed_out, 5, &former), 0);
    EXPECT_EQ(timed_out.status(), ASYNC_STATUS_TIMED_OUT);
    OVERLAPPED* const context = overlapped_of_last();

    ASYNC_OPERATION_ID id = 0;
    completed next;
    ASSERT_EQ(receive_ex(opened.socket.get(), room, next, ASYNC_NO_TIMEOUT, &id), 0);
    EXPECT_EQ(overlapped_of_last(), context);
    EXPECT_NE(id, former);
    async_socket_cancel(opened.socket.get(), former);
    async_socket_cancel_and_wait(opened.socket.get(), former);
    opened.peer().send("abc");
    // Neither is it timed out, nor has it a reason to have ended.
    EXPECT_EQ(next.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(next.get().bytes, 3u);
}

// SRS_EXECUTION_ENGINE_WIN32_01_009: also where the system has nothing left.
TEST_F(reuse_test, an_operation_in_a_kept_context_needs_nothing_of_the_system)
{
    open_socket opened;
    run_send_ex(opened);
    fake_win32::fail_every_call(api::CreateEventW, ERROR_NO_SYSTEM_RESOURCES);
    fake_win32::fail_nth_allocation(1);
    run_send(opened);
    run_receive(opened);
    run_send_ex(opened);
    run_receive_ex(opened);
    EXPECT_FALSE(fake_win32::clear_faults());
}

// SRS_EXECUTION_ENGINE_WIN32_01_008, SRS_ASYNC_SOCKET_WIN32_01_029, SRS_ASYNC_SOCKET_WIN32_01_084,
// SRS_ASYNC_SOCKET_EX_01_005, SRS_ASYNC_SOCKET_EX_01_010
TEST_F(reuse_test, nothing_is_left_of_several_operations_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        open_socket own;
        // One is kept, the others have to be made.
        run_send(own);
        fake_win32::hold_operations();
        outcome sent;
        outcome received;
        completed sent_ex;
        completed received_ex;
        run.arm();
        const bool accepted[] = {start_send(own.socket.get(), bytes, sent) == ASYNC_SOCKET_SEND_SYNC_OK,
                                 start_receive(own.socket.get(), room, received) == 0,
                                 send_ex(own.socket.get(), bytes, sent_ex) == ASYNC_SOCKET_SEND_SYNC_OK,
                                 receive_ex(own.socket.get(), room, received_ex) == 0};
        const std::ptrdiff_t refused = std::count(std::begin(accepted), std::end(accepted), false);
        EXPECT_EQ(refused, run.disarm() ? 1 : 0);
        EXPECT_EQ(log.take().empty(), refused == 0);
        fake_win32::deliver_completions();
        async_socket_close(own.socket.get());
        EXPECT_EQ(sent.count(), accepted[0] ? 1 : 0);
        EXPECT_EQ(received.count(), accepted[1] ? 1 : 0);
        EXPECT_EQ(sent_ex.count(), accepted[2] ? 1 : 0);
        EXPECT_EQ(received_ex.count(), accepted[3] ? 1 : 0);
        EXPECT_EQ(live().events, 0u);
        log.take();
    });
    // Four calls, three events and three allocations; CreateThreadpoolTimer.
    EXPECT_EQ(failures, 11u);
}

// SRS_EXECUTION_ENGINE_WIN32_01_011
TEST_F(reuse_test, what_is_kept_is_gone_when_close_returns)
{
    open_socket opened;
    const std::size_t before = live().allocations;
    run_sends(opened, 3);
    run_receive(opened);
    EXPECT_EQ(live().events, 3u);
    async_socket_close(opened.socket.get());
    EXPECT_EQ(live().events, 0u);
    EXPECT_EQ(live().allocations, before);
}

// SRS_EXECUTION_ENGINE_WIN32_01_011: the operation of the callback that closes has given back what it had.
TEST_F(reuse_test, so_it_is_after_a_close_and_a_destroy_inside_a_callback)
{
    for (const bool destroys : {false, true}) {
        open_socket opened;
        run_sends(opened, 3);
        std::size_t events_left = 1;
        outcome pending;
        ASSERT_EQ(start_receive(opened.socket.get(), room, pending), 0);
        outcome closing([&] {
            if (destroys) {
                opened.socket.reset();
            } else {
                async_socket_close(opened.socket.get());
            }
            events_left = live().events;
        });
        ASSERT_EQ(start_send(opened.socket.get(), bytes, closing), ASYNC_SOCKET_SEND_SYNC_OK);
        closing.wait();
        EXPECT_EQ(pending.count(), 1);
        EXPECT_EQ(events_left, 0u);
    }
}

} // namespace
