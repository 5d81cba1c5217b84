// SPDX-License-Identifier: MIT
//
// Which addresses a connect tries, when, and what it says of those that fail.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "support/connecting.h"

namespace {

using namespace unit;

// SRS_ASYNC_CONNECT_01_007, SRS_ASYNC_CONNECT_01_012: while the name is being resolved.
TEST_F(connect_test, resolving_counts_and_holds_nobody_up)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    engine.reset(execution_engine_create(&one_thread));
    socket.reset(async_socket_create(engine.get()));
    // The first look, for a numeric address, is in the call.
    fake_win32::forget_calls();
    completed result([&] { fake_win32::stall_calls(api::count); });
    fake_win32::stall_calls(api::FreeAddrInfoW);
    ASSERT_EQ(connect_ex("localhost", result, 20), 0);
    EXPECT_TRUE(fake_win32::wait_for_calls(api::FreeAddrInfoW, 1));
    EXPECT_EQ(result.status(), ASYNC_STATUS_TIMED_OUT);
    // It comes to an end after all of it is gone.
    socket.reset();
    engine.reset();
    fake_win32::release_calls();
    EXPECT_TRUE(eventually([] { return live().address_lists == 0; }));
}

// SRS_ASYNC_CONNECT_01_012
TEST_F(connect_test, a_name_is_resolved_on_the_pool_of_the_process)
{
    completed result;
    ASSERT_EQ(connect_ex("localhost", result), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(count_of(api::SetThreadpoolCallbackRunsLong), 1u);
    const std::vector<call_record> lookups = calls_of(api::GetAddrInfoW);
    EXPECT_NE(lookups.back().thread, std::this_thread::get_id());
    EXPECT_NE(lookups.back().thread, result.thread());
    completed unknown;
    socket.reset(async_socket_create(engine.get()));
    ASSERT_EQ(connect_ex("no-such-host.invalid", unknown), 0);
    EXPECT_EQ(unknown.status(), ASYNC_STATUS_NAME_NOT_RESOLVED);
    EXPECT_EQ(unknown.get().system_error, WSAHOST_NOT_FOUND);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_014
TEST_F(connect_test, a_name_is_utf_8)
{
    const char* const name = "\xe4\xbe\x8b\xe3\x81\x88.example";
    fake_win32::set_host(name, {"127.0.0.1"});
    completed result;
    ASSERT_EQ(connect_ex(name, result), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(calls_of(api::GetAddrInfoW).back().name, name);
}

// SRS_ASYNC_CONNECT_01_008
TEST_F(connect_test, the_families_take_turns)
{
    fake_win32::set_host("many", {"::2", "::3", "::4", "10.0.0.2", "10.0.0.3"});
    completed result;
    ASSERT_EQ(connect_ex("many", result), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_REFUSED);
    std::vector<int> families;
    for (const call_record& call : calls_of(api::WSASocketW)) {
        families.push_back(call.argument<int>(0));
    }
    families.erase(families.begin()); // the server's
    EXPECT_THAT(families, testing::ElementsAre(AF_INET6, AF_INET, AF_INET6, AF_INET, AF_INET6));
}

// SRS_ASYNC_CONNECT_01_009, SRS_ASYNC_CONNECT_01_010
TEST_F(connect_test, the_next_address_is_tried_while_the_first_is_silent)
{
    fake_win32::make_silent("::2");
    fake_win32::set_host("half-silent", {"::2", "127.0.0.1"});
    const auto begin = std::chrono::steady_clock::now();
    completed result;
    ASSERT_EQ(connect_ex("half-silent", result), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(250));
    // The silent one is given up and closed.
    EXPECT_EQ(sockets_besides_the_server(), 1u + 0u);
    EXPECT_EQ(live().ios, 1u);
}

// SRS_ASYNC_CONNECT_01_009
TEST_F(connect_test, the_next_address_is_tried_at_once_when_one_fails)
{
    fake_win32::hold_operations();
    fake_win32::set_host("two", {"::2", "127.0.0.1"});
    completed result;
    ASSERT_EQ(connect_ex("two", result), 0);
    EXPECT_TRUE(fake_win32::wait_for_calls(api::ConnectEx, 1));
    EXPECT_TRUE(fake_win32::wait_for_pending(1));
    fake_win32::deliver_completions();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_010: both connect, and one of them is kept.
TEST_F(connect_test, of_two_connections_one_is_kept)
{
    fake_win32::hold_callbacks();
    fake_win32::set_host("two", {"127.0.0.1", "127.0.0.1"});
    completed result;
    ASSERT_EQ(connect_ex("two", result), 0);
    EXPECT_TRUE(fake_win32::wait_for_pending(2));
    fake_win32::deliver_completions();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(live().ios, 1u);
    async_socket_close(socket.get());
    EXPECT_EQ(live().ios, 0u);
}

// SRS_ASYNC_CONNECT_01_013
TEST_F(connect_test, says_why_it_failed)
{
    const auto ends_with = [&](DWORD error) {
        fake_win32::hold_operations();
        completed result;
        EXPECT_EQ(connect_ex("127.0.0.1", result), 0);
        EXPECT_TRUE(fake_win32::wait_for_pending(1));
        fake_win32::complete(fake_win32::pending_operations().at(0).overlapped, error, 0);
        EXPECT_EQ(result.get().system_error, static_cast<std::int32_t>(error));
        return result.status();
    };
    EXPECT_EQ(ends_with(ERROR_CONNECTION_REFUSED), ASYNC_STATUS_REFUSED);
    EXPECT_EQ(ends_with(WSAECONNREFUSED), ASYNC_STATUS_REFUSED);
    EXPECT_EQ(ends_with(ERROR_NETWORK_UNREACHABLE), ASYNC_STATUS_UNREACHABLE);
    EXPECT_EQ(ends_with(ERROR_HOST_UNREACHABLE), ASYNC_STATUS_UNREACHABLE);
    EXPECT_EQ(ends_with(WSAENETUNREACH), ASYNC_STATUS_UNREACHABLE);
    EXPECT_EQ(ends_with(WSAEHOSTUNREACH), ASYNC_STATUS_UNREACHABLE);
    EXPECT_EQ(ends_with(ERROR_SEM_TIMEOUT), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(ends_with(WSAETIMEDOUT), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(ends_with(WSAEADDRINUSE), ASYNC_STATUS_ADDRESS_IN_USE);
    EXPECT_EQ(ends_with(WSAENOBUFS), ASYNC_STATUS_NO_RESOURCES);
    EXPECT_EQ(ends_with(WSAECONNRESET), ASYNC_STATUS_RESET);
    EXPECT_EQ(ends_with(WSAENOTCONN), ASYNC_STATUS_RESET);
    EXPECT_EQ(ends_with(ERROR_ACCESS_DENIED), ASYNC_STATUS_ERROR);
}

// SRS_ASYNC_CONNECT_01_013: where several fail, the last one counts.
TEST_F(connect_test, a_socket_that_cannot_be_made_is_a_failed_attempt)
{
    fake_win32::fail_call(api::WSASocketW, 1, WSAEMFILE);
    completed result;
    ASSERT_EQ(connect_ex("127.0.0.1", result), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_NO_RESOURCES);
    EXPECT_EQ(result.get().system_error, WSAEMFILE);
    fake_win32::without_ipv6();
    completed other;
    ASSERT_EQ(connect_ex("localhost", other), 0);
    EXPECT_EQ(other.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_013: it would be its own peer.
TEST_F(connect_test, a_socket_does_not_connect_to_itself)
{
    // The next port that the system gives.
    const std::uint16_t port = static_cast<std::uint16_t>(server.port + 1);
    completed result;
    ASSERT_EQ(async_socket_connect_ex_async(socket.get(), "127.0.0.1", port, ASYNC_NO_TIMEOUT, nullptr,
                                            completed::on_complete, &result),
              0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_REFUSED);
    EXPECT_EQ(sockets_besides_the_server(), 0u);
}

} // namespace
