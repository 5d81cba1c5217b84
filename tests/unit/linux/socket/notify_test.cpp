// SPDX-License-Identifier: MIT
//
// Notifications: one each, for what was asked.

#include <cerrno>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "linux_support/fixture.h"
#include "support/raw_peer.h"
#include "support/refusal.h"

namespace linux_tests {
namespace {

using linux_faults::api;

constexpr auto in = ASYNC_SOCKET_NOTIFY_IO_TYPE_IN;
constexpr auto out = ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT;

using notify = with_one_worker;

void must_not_be_called(void*, ASYNC_SOCKET_NOTIFY_IO_RESULT)
{
    ADD_FAILURE() << "a refused notification was called";
}

// SRS_ASYNC_SOCKET_LINUX_01_021
TEST_F(notify, refuses_bad_arguments)
{
    constexpr const char* function = "async_socket_notify_io_async";
    contract::expect_refused(function, "async_socket",
                             [] { return async_socket_notify_io_async(nullptr, in, must_not_be_called, nullptr); });
    contract::expect_refused(function, "on_notify_io_complete",
                             [&] { return async_socket_notify_io_async(socket.get(), in, nullptr, nullptr); });
    for (const int value : {0, 3}) {
        contract::expect_refused(function, "io_type", [&] {
            return async_socket_notify_io_async(socket.get(), static_cast<ASYNC_SOCKET_NOTIFY_IO_TYPE>(value),
                                                must_not_be_called, nullptr);
        });
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_021
TEST_F(notify, refuses_a_socket_that_is_not_open)
{
    const contract::socket_owner created(async_socket_create(engine.get()));
    async_socket_close(socket.get());
    for (ASYNC_SOCKET_HANDLE const each : {created.get(), socket.get()}) {
        contract::expect_refused("async_socket_notify_io_async", "async_socket",
                                 [&] { return async_socket_notify_io_async(each, out, must_not_be_called, nullptr); });
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_021
TEST_F(notify, refuses_where_there_is_no_memory)
{
    in_own_thread([&] {
        notification refused;
        linux_faults::fail_nth(api::operator_new, 1, ENOMEM);
        EXPECT_NE(refused.start(socket.get()), 0);
        EXPECT_EQ(linux_faults::failures(api::operator_new), 1u);
        linux_faults::reset();
        EXPECT_EQ(refused.start(socket.get()), 0);
        ASSERT_TRUE(refused.wait());
        EXPECT_EQ(refused.calls(), 1u);
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_022
TEST_F(notify, tells_once_that_the_socket_can_be_read)
{
    notification& told = start_notification(socket.get(), in);
    await_worker();
    await_worker();
    EXPECT_FALSE(told.is_done());
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(10)));
    ASSERT_TRUE(told.wait());
    EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_IN);

    // It took nothing, and is not called again for what comes next.
    contract::receive_operation& received = start_receive(socket.get(), 10);
    ASSERT_TRUE(received.wait());
    EXPECT_EQ(received.received(), 10u);
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(10)));
    contract::receive_operation& more = start_receive(socket.get(), 10);
    ASSERT_TRUE(more.wait());
    await_worker();
    EXPECT_EQ(told.calls(), 1u);
}

// SRS_ASYNC_SOCKET_LINUX_01_022
TEST_F(notify, tells_at_once_what_holds_already)
{
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(10)));
    for (int round = 0; round != 5; ++round) {
        notification& readable = start_notification(socket.get(), in);
        notification& writable = start_notification(socket.get(), out);
        ASSERT_TRUE(readable.wait() && writable.wait());
        EXPECT_EQ(readable.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_IN);
        EXPECT_EQ(writable.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_022
TEST_F(notify, tells_once_that_the_socket_can_be_written_again)
{
    // The transport is the test's, too: what fills it goes past the library.
    const contract::bytes chunk(65536);
    const int own = socket_transport_get_underlying_socket(link.local.get());
    std::size_t filled = 0;
    ssize_t taken = 0;
    while ((taken = send(own, chunk.data(), chunk.size(), MSG_DONTWAIT)) > 0) {
        filled += static_cast<std::size_t>(taken);
    }
    notification& told = start_notification(socket.get(), out);
    const contract::connection other = contract::make_connection();
    const contract::socket_owner other_socket = contract::open_socket(engine.get(), other.local.get());
    await_worker();
    await_worker();
    EXPECT_FALSE(told.is_done());
    EXPECT_EQ(contract::receive_exactly(link.peer.get(), filled).size(), filled);
    ASSERT_TRUE(told.wait());
    EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT);
    EXPECT_EQ(told.calls(), 1u);
}

// SRS_ASYNC_SOCKET_LINUX_01_022
TEST_F(notify, tells_everybody_who_has_asked)
{
    std::vector<notification*> all;
    for (int i = 0; i != 20; ++i) {
        all.push_back(&start_notification(socket.get(), in));
    }
    await_worker();
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
    for (notification* const each : all) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_IN);
        EXPECT_EQ(each->calls(), 1u);
    }
}

// The end of the stream can be read.
// SRS_ASYNC_SOCKET_LINUX_01_022
TEST_F(notify, tells_of_the_end_of_the_stream_as_of_bytes)
{
    notification& told = start_notification(socket.get(), in);
    await_worker();
    socket_transport_disconnect(link.peer.get());
    ASSERT_TRUE(told.wait());
    EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_IN);
}

// SRS_ASYNC_SOCKET_LINUX_01_023
TEST_F(notify, is_abandoned_by_a_close)
{
    contract::send_operation& fills = start_endless_send(socket.get());
    notification& readable = start_notification(socket.get(), in);
    notification& writable = new_notification();
    const contract::connection other = contract::make_connection();
    const contract::socket_owner other_socket = contract::open_socket(engine.get(), other.local.get());
    // So there is nothing to tell.
    ASSERT_TRUE(wait_until_full(link.local.get()));
    ASSERT_EQ(writable.start(socket.get(), out), 0);
    await_worker();
    async_socket_close(socket.get());
    ASSERT_TRUE(readable.is_done());
    ASSERT_TRUE(writable.is_done());
    EXPECT_EQ(readable.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED);
    EXPECT_EQ(writable.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED);
    EXPECT_EQ(readable.calls(), 1u);
    EXPECT_EQ(writable.calls(), 1u);
    EXPECT_EQ(fills.result(), ASYNC_SOCKET_SEND_ABANDONED);
}

// SRS_ASYNC_SOCKET_LINUX_01_023
TEST_F(notify, is_abandoned_when_this_side_disconnects_the_transport)
{
    notification& told = start_notification(socket.get(), in);
    await_worker();
    socket_transport_disconnect(link.local.get());
    ASSERT_TRUE(told.wait());
    EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED);
}

// SRS_ASYNC_SOCKET_LINUX_01_024
TEST_F(notify, tells_of_an_error)
{
    for (const auto type : {in, out}) {
        for (const bool before : {false, true}) {
            SCOPED_TRACE(::testing::Message() << type << (before ? ", reset before" : ", reset after"));
            const contract::listener server;
            contract::raw_peer peer(server.port());
            const contract::transport_owner accepted = server.accept();
            const contract::socket_owner own_socket = contract::open_socket(engine.get(), accepted.get());
            if (type == out && !before) {
                // Full, or it would be told that it can write.
                start_endless_send(own_socket.get());
                ASSERT_TRUE(wait_until_full(accepted.get()));
            }
            notification& told = new_notification();
            if (before) {
                peer.reset();
            }
            ASSERT_EQ(told.start(own_socket.get(), type), 0);
            await_worker();
            if (!before) {
                peer.reset();
            }
            ASSERT_TRUE(told.wait());
            EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR);
            EXPECT_EQ(told.calls(), 1u);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_024
TEST_F(notify, tells_of_an_error_of_the_system_call)
{
    if (is_io_uring_under_test()) {
        GTEST_SKIP() << "with io_uring there is no call that could fail";
    }
    const contract::log_capture log;
    linux_faults::fail_nth(api::poll, 1, ENOMEM);
    notification& told = start_notification(socket.get(), out);
    ASSERT_TRUE(told.wait());
    EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR);
    EXPECT_TRUE(log.has_error_with({"async_socket_notify_io_async"})) << log.text();
}

// SRS_ASYNC_SOCKET_LINUX_01_020
TEST_F(notify, does_not_tell_of_an_interruption)
{
    linux_faults::interrupt(api::poll);
    for (int i = 0; i != 5; ++i) {
        notification& told = start_notification(socket.get(), out);
        ASSERT_TRUE(told.wait());
        EXPECT_EQ(told.result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT);
    }
}

// The kernel takes no entry of the queue for now: each notification still ends, once, and as elsewhere.
// SRS_ASYNC_SOCKET_LINUX_01_022, SRS_EXECUTION_ENGINE_LINUX_01_019
TEST_F(notify, is_lost_nowhere_where_the_kernel_takes_no_more_operations)
{
    if (!is_io_uring_under_test()) {
        GTEST_SKIP() << "epoll has no queue to be full";
    }
    constexpr std::size_t count = 3000;
    std::vector<notification*> all;
    for (std::size_t i = 0; i != count; ++i) {
        all.push_back(&new_notification());
    }
    linux_faults::fail_from(api::io_uring_submit, 1, EBUSY);
    on_worker_of(socket.get(), [&] {
        for (notification* const each : all) {
            EXPECT_EQ(each->start(socket.get(), in), 0);
        }
    });
    EXPECT_GT(linux_faults::failures(api::io_uring_submit), 0u);
    linux_faults::reset();
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
    for (notification* const each : all) {
        ASSERT_TRUE(each->wait());
        ASSERT_EQ(each->calls(), 1u);
        ASSERT_EQ(each->result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_IN);
    }
    ASSERT_TRUE(start_receive(socket.get(), 1).wait());
    expect_works(socket.get(), link.peer.get());
}

} // namespace
} // namespace linux_tests
