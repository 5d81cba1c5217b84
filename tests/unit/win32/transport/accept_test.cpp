// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <thread>
#include <vector>

#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

constexpr std::uint32_t generous_ms = 60000;
constexpr std::uint32_t short_ms = 20;

class socket_transport_accept_test : public win32_test {
protected:
    listening_transport server;
    // Not NULL, so that it is seen to be written.
    SOCKET_TRANSPORT_HANDLE accepted = server.transport.get();

    void connect_one() { ASSERT_TRUE(fake_win32::connect_from_elsewhere("127.0.0.1", server.port).has_value()); }
};

// SRS_SOCKET_TRANSPORT_01_028, SRS_SOCKET_TRANSPORT_01_034
TEST_F(socket_transport_accept_test, null_is_refused)
{
    EXPECT_EQ(socket_transport_accept(nullptr, &accepted, 0), SOCKET_ACCEPT_ERROR);
    expect_refusal("socket_transport_accept", "socket_transport");
    EXPECT_EQ(accepted, nullptr);
    EXPECT_EQ(socket_transport_accept(server.transport.get(), nullptr, 0), SOCKET_ACCEPT_ERROR);
    expect_refusal("socket_transport_accept", "accepted");
}

// SRS_SOCKET_TRANSPORT_01_029, SRS_SOCKET_TRANSPORT_01_034
TEST_F(socket_transport_accept_test, a_transport_that_does_not_listen_is_refused)
{
    const owned_transport client(socket_transport_create_client());
    EXPECT_EQ(socket_transport_accept(client.get(), &accepted, 0), SOCKET_ACCEPT_ERROR);
    expect_refusal("socket_transport_accept", "socket_transport");
    EXPECT_EQ(accepted, nullptr);
    const connected_transport connected;
    EXPECT_EQ(socket_transport_accept(connected.transport.get(), &accepted, 0), SOCKET_ACCEPT_ERROR);
    const owned_transport idle(socket_transport_create_server());
    EXPECT_EQ(socket_transport_accept(idle.get(), &accepted, 0), SOCKET_ACCEPT_ERROR);
    EXPECT_EQ(count_of(api::accept), 0u);
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_034
TEST_F(socket_transport_accept_test, accept_waits_as_long_as_it_may)
{
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, short_ms), SOCKET_ACCEPT_NO_CONNECTION);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(short_ms));
    EXPECT_EQ(accepted, nullptr);
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_NO_CONNECTION);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_031
TEST_F(socket_transport_accept_test, accept_is_woken_by_a_connection)
{
    std::thread connector([this] {
        EXPECT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, 1));
        connect_one();
    });
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_OK);
    connector.join();
    const owned_transport owned(accepted);
    EXPECT_NE(accepted, nullptr);
}

// SRS_SOCKET_TRANSPORT_01_031, SRS_SOCKET_TRANSPORT_01_047
TEST_F(socket_transport_accept_test, an_accepted_transport_is_a_connected_client)
{
    const auto peer = fake_win32::connect_from_elsewhere("127.0.0.1", server.port);
    ASSERT_TRUE(peer.has_value());
    ASSERT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_OK);
    const owned_transport owned(accepted);
    EXPECT_TRUE(socket_transport_is_valid_socket(accepted));
    unsigned char bytes[] = {'h', 'i'};
    const SOCKET_BUFFER buffer{2, bytes};
    std::uint32_t sent = 0;
    EXPECT_EQ(socket_transport_send(accepted, &buffer, 1, &sent, 0, nullptr), SOCKET_SEND_OK);
    EXPECT_EQ(peer->receive(), "hi");
    SOCKET_TRANSPORT_HANDLE none = nullptr;
    EXPECT_EQ(socket_transport_accept(accepted, &none, 0), SOCKET_ACCEPT_ERROR);
}

// SRS_SOCKET_TRANSPORT_01_031, SRS_SOCKET_TRANSPORT_WIN32_01_010
TEST_F(socket_transport_accept_test, an_accepted_socket_keeps_nothing_of_the_listener)
{
    connect_one();
    ASSERT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_OK);
    const owned_transport owned(accepted);
    const SOCKET socket = as_socket(socket_transport_get_underlying_socket(accepted));
    EXPECT_FALSE(fake_win32::is_nonblocking(socket));
    EXPECT_FALSE(fake_win32::has_event_selected(socket));
    EXPECT_FALSE(fake_win32::is_inheritable(socket));
    EXPECT_TRUE(fake_win32::is_overlapped(socket));
}

// SRS_SOCKET_TRANSPORT_01_032, SRS_SOCKET_TRANSPORT_01_034, SRS_SOCKET_TRANSPORT_WIN32_01_009
TEST_F(socket_transport_accept_test, exhaustion_is_told_from_other_errors)
{
    for (const DWORD error : std::initializer_list<DWORD>{WSAENOBUFS, WSAEMFILE}) {
        connect_one();
        fake_win32::fail_call(api::accept, 1, error);
        EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_PORT_EXHAUSTION);
        EXPECT_EQ(accepted, nullptr);
        expect_failure("socket_transport_accept", "accept", error);
    }
    fake_win32::fail_call(api::accept, 1, WSAEINPROGRESS);
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_INPROGRESS);
    EXPECT_EQ(accepted, nullptr);
    // Nothing is lost: what was waiting is accepted afterwards.
    ASSERT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_OK);
    const owned_transport owned(accepted);
}

// SRS_SOCKET_TRANSPORT_01_033
TEST_F(socket_transport_accept_test, any_other_error_is_an_error)
{
    for (const DWORD error :
         std::initializer_list<DWORD>{WSAENETDOWN, WSAEFAULT, WSAEINVAL, WSAENOTSOCK, WSAEOPNOTSUPP, WSAEINTR}) {
        connect_one();
        fake_win32::fail_call(api::accept, 1, error);
        EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_ERROR);
        EXPECT_EQ(accepted, nullptr);
        expect_failure("socket_transport_accept", "accept", error);
    }
}

// SRS_SOCKET_TRANSPORT_01_033
TEST_F(socket_transport_accept_test, a_connection_that_was_given_up_counts_as_none)
{
    connect_one();
    fake_win32::abandon_queued_connection(server.port);
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_NO_CONNECTION);

    connect_one();
    fake_win32::abandon_queued_connection(server.port);
    connect_one();
    ASSERT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_OK);
    const owned_transport owned(accepted);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_031, SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_01_002
TEST_F(socket_transport_accept_test, accept_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        connect_one();
        log.take();
        run.arm();
        const SOCKET_ACCEPT_RESULT result = socket_transport_accept(server.transport.get(), &accepted, 0);
        EXPECT_EQ(result != SOCKET_ACCEPT_OK, run.disarm());
        EXPECT_EQ(result == SOCKET_ACCEPT_OK || result == SOCKET_ACCEPT_ERROR, true);
        EXPECT_EQ(accepted == nullptr, result != SOCKET_ACCEPT_OK);
        EXPECT_EQ(log.take().empty(), result == SOCKET_ACCEPT_OK);
        EXPECT_TRUE(socket_transport_is_valid_socket(server.transport.get()));
        const owned_transport owned(accepted);
        // A connection may be left where accept itself failed.
        while (socket_transport_accept(server.transport.get(), &accepted, 0) == SOCKET_ACCEPT_OK) {
            socket_transport_destroy(accepted);
        }
    });
    EXPECT_GE(failures, 6u);
}

// SRS_SOCKET_TRANSPORT_01_033
TEST_F(socket_transport_accept_test, a_wait_that_fails_is_an_error)
{
    fake_win32::fail_call(api::WaitForMultipleObjects, 1, ERROR_ACCESS_DENIED);
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, generous_ms), SOCKET_ACCEPT_ERROR);
    expect_failure("socket_transport_accept", "WaitForMultipleObjects", ERROR_ACCESS_DENIED);
    EXPECT_EQ(accepted, nullptr);
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_031
TEST_F(socket_transport_accept_test, several_threads_share_the_connections_that_come)
{
    constexpr std::size_t count = 4;
    SOCKET_TRANSPORT_HANDLE results[count] = {};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; i++) {
        threads.emplace_back([this, &results, i] {
            EXPECT_EQ(socket_transport_accept(server.transport.get(), &results[i], UINT32_MAX), SOCKET_ACCEPT_OK);
        });
    }
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, count));
    for (std::size_t i = 0; i < count; i++) {
        connect_one();
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const SOCKET_TRANSPORT_HANDLE one : results) {
        EXPECT_NE(one, nullptr);
        socket_transport_destroy(one);
    }
}

// SRS_SOCKET_TRANSPORT_WIN32_01_011
TEST_F(socket_transport_accept_test, a_connection_is_found_that_is_not_announced)
{
    fake_win32::announce_nobody(server.port);
    std::thread connector([this] {
        // It has looked, was woken, and has found nobody.
        EXPECT_TRUE(fake_win32::wait_for_calls(api::accept, 2));
        connect_one();
    });
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, generous_ms), SOCKET_ACCEPT_OK);
    connector.join();
    const owned_transport owned(accepted);
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_WIN32_01_011
TEST_F(socket_transport_accept_test, looking_by_itself_accept_waits_as_long_as_it_may)
{
    fake_win32::announce_nobody(server.port);
    constexpr std::uint32_t several_looks_ms = 120;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, several_looks_ms),
              SOCKET_ACCEPT_NO_CONNECTION);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(several_looks_ms));
    // It sleeps in between.
    EXPECT_LE(count_of(api::accept), 5u);
}

class socket_transport_accept_hand_over_test : public socket_transport_accept_test {
protected:
    // A call that waits finds a connection which is not announced, though an earlier call was woken last.
    void expect_found_by_the_next()
    {
        const std::size_t waits = count_of(api::WaitForMultipleObjects);
        std::thread connector([this, waits] {
            EXPECT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, waits + 1));
            connect_one();
        });
        EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, generous_ms), SOCKET_ACCEPT_OK);
        connector.join();
        const owned_transport owned(accepted);
    }
};

// SRS_SOCKET_TRANSPORT_WIN32_01_012
TEST_F(socket_transport_accept_hand_over_test, who_gives_up_leaves_the_looking_to_another)
{
    fake_win32::announce_nobody(server.port);
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 0), SOCKET_ACCEPT_NO_CONNECTION);
    expect_found_by_the_next();
}

// SRS_SOCKET_TRANSPORT_01_032, SRS_SOCKET_TRANSPORT_WIN32_01_012
TEST_F(socket_transport_accept_hand_over_test, who_fails_leaves_the_looking_to_another)
{
    fake_win32::announce_nobody(server.port);
    fake_win32::fail_call(api::accept, 2, WSAEMFILE);
    EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, generous_ms), SOCKET_ACCEPT_PORT_EXHAUSTION);
    expect_found_by_the_next();
}

} // namespace
