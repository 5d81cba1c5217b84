// SPDX-License-Identifier: MIT
//
// What create, open, close and destroy of sockets and engines refuse.

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/fixture.h"
#include "support/refusal.h"

namespace contract {
namespace {

using bad_input_of_lifetime = with_connection;

void never_opened_again(void*, ASYNC_SOCKET_OPEN_RESULT)
{
    ADD_FAILURE() << "the callback of a refused open was called";
}

void opened(void*, ASYNC_SOCKET_OPEN_RESULT) {}

int send_nothing(void*, ASYNC_SOCKET_HANDLE, const void*, size_t)
{
    return -1;
}

int receive_nothing(void*, ASYNC_SOCKET_HANDLE, void*, size_t)
{
    return -1;
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_002
TEST_F(bad_input_of_lifetime, create_without_an_engine)
{
    expect_refused(ASYNC_SOCKET_HANDLE{nullptr}, "async_socket_create", "execution_engine",
                   [] { return async_socket_create(nullptr); });
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_04_001
TEST_F(bad_input_of_lifetime, create_with_transport_without_its_arguments)
{
    EXPECT_EQ(async_socket_create_with_transport(nullptr, send_nothing, nullptr, receive_nothing, nullptr), nullptr);
    EXPECT_EQ(async_socket_create_with_transport(engine.get(), nullptr, nullptr, receive_nothing, nullptr), nullptr);
    EXPECT_EQ(async_socket_create_with_transport(engine.get(), send_nothing, nullptr, nullptr, nullptr), nullptr);
    EXPECT_EQ(async_socket_create_with_transport(nullptr, nullptr, nullptr, nullptr, nullptr), nullptr);
}

// SRS_ASYNC_SOCKET_WIN32_04_001
TEST_F(bad_input_of_lifetime, create_with_transport_where_it_is_not_offered)
{
    const log_capture log;
    const socket_owner socket(
        async_socket_create_with_transport(engine.get(), send_nothing, nullptr, receive_nothing, nullptr));
    EXPECT_EQ(static_cast<bool>(socket), expected::own_transport_is_offered);
    EXPECT_EQ(log.has_error_with({"async_socket_create_with_transport"}), !expected::own_transport_is_offered)
        << log.text();
}

// SRS_ASYNC_SOCKET_WIN32_01_004, SRS_ASYNC_SOCKET_WIN32_01_018
TEST_F(bad_input_of_lifetime, close_and_destroy_of_null_return)
{
    async_socket_close(nullptr);
    async_socket_destroy(nullptr);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_009, SRS_ASYNC_SOCKET_WIN32_01_007, SRS_ASYNC_SOCKET_WIN32_01_034,
// SRS_ASYNC_SOCKET_WIN32_01_008
TEST_F(bad_input_of_lifetime, open_without_each_of_its_arguments)
{
    const socket_owner socket(async_socket_create(engine.get()));
    ASYNC_SOCKET_HANDLE const on = socket.get();
    SOCKET_TRANSPORT_HANDLE const transport = link.local.get();
    expect_refused("async_socket_open_async", "async_socket",
                   [&] { return async_socket_open_async(nullptr, transport, never_opened_again, nullptr); });
    expect_refused("async_socket_open_async", "socket_transport",
                   [&] { return async_socket_open_async(on, nullptr, never_opened_again, nullptr); });
    expect_refused("async_socket_open_async", "on_open_complete",
                   [&] { return async_socket_open_async(on, transport, nullptr, nullptr); });
    EXPECT_NE(async_socket_open_async(nullptr, nullptr, nullptr, nullptr), 0);

    // The state is as it was.
    ASSERT_EQ(async_socket_open_async(on, transport, opened, nullptr), 0);
    expect_works(on, link.peer.get());
}

// SRS_EXECUTION_ENGINE_01_005
TEST_F(bad_input_of_lifetime, an_engine_with_a_maximum_below_its_minimum)
{
    const EXECUTION_ENGINE_PARAMETERS parameters{4, 2};
    expect_refused(EXECUTION_ENGINE_HANDLE{nullptr}, "execution_engine_create", "max_thread_count",
                   [&] { return execution_engine_create(&parameters); });
}

// SRS_EXECUTION_ENGINE_01_007, SRS_EXECUTION_ENGINE_01_009
TEST_F(bad_input_of_lifetime, references_of_no_engine_are_ignored)
{
    execution_engine_inc_ref(nullptr);
    execution_engine_dec_ref(nullptr);
}

} // namespace
} // namespace contract
