// SPDX-License-Identifier: MIT

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

class socket_transport_create_test : public win32_test {};

// SRS_SOCKET_TRANSPORT_01_001, SRS_SOCKET_TRANSPORT_01_046, SRS_SOCKET_TRANSPORT_01_047
TEST_F(socket_transport_create_test, a_client_is_not_connected)
{
    const owned_transport transport(socket_transport_create_client());
    ASSERT_NE(transport, nullptr);
    EXPECT_FALSE(socket_transport_is_valid_socket(transport.get()));
    EXPECT_EQ(socket_transport_get_underlying_socket(transport.get()), as_handle(INVALID_SOCKET));
    EXPECT_EQ(live().sockets, 0u);
    EXPECT_NE(socket_transport_listen_at(transport.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_003
TEST_F(socket_transport_create_test, a_server_does_not_listen)
{
    const owned_transport transport(socket_transport_create_server());
    ASSERT_NE(transport, nullptr);
    EXPECT_FALSE(socket_transport_is_valid_socket(transport.get()));
    EXPECT_EQ(live().sockets, 0u);
    EXPECT_NE(socket_transport_connect(transport.get(), "127.0.0.1", 1, 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_004, SRS_SOCKET_TRANSPORT_01_047
TEST_F(socket_transport_create_test, a_transport_made_from_a_socket_is_connected_and_owns_it)
{
    connected_transport connected;
    ASSERT_NE(connected.transport, nullptr);
    EXPECT_TRUE(socket_transport_is_valid_socket(connected.transport.get()));
    EXPECT_EQ(socket_transport_get_underlying_socket(connected.transport.get()), as_handle(connected.line.socket));
    connected.transport.reset();
    EXPECT_EQ(live().sockets, 0u);
    EXPECT_TRUE(connected.line.peer.saw_end());
}

// SRS_SOCKET_TRANSPORT_01_005
TEST_F(socket_transport_create_test, no_transport_is_made_from_an_invalid_socket)
{
    EXPECT_EQ(socket_transport_create_from_socket(as_handle(INVALID_SOCKET)), nullptr);
    expect_refusal("socket_transport_create_from_socket", "socket");
    EXPECT_EQ(count_of(api::WSAStartup), 0u);
    EXPECT_EQ(live().allocations, 0u);
}

// SRS_SOCKET_TRANSPORT_01_002
TEST_F(socket_transport_create_test, create_client_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        run.arm();
        const owned_transport transport(socket_transport_create_client());
        EXPECT_EQ(transport == nullptr, run.disarm());
        EXPECT_EQ(log.take().empty(), transport != nullptr);
    });
    EXPECT_GE(failures, 3u);
}

// SRS_SOCKET_TRANSPORT_01_002
TEST_F(socket_transport_create_test, create_server_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        run.arm();
        const owned_transport transport(socket_transport_create_server());
        EXPECT_EQ(transport == nullptr, run.disarm());
        EXPECT_EQ(log.take().empty(), transport != nullptr);
    });
    EXPECT_GE(failures, 3u);
}

// SRS_SOCKET_TRANSPORT_01_002, SRS_SOCKET_TRANSPORT_01_005
TEST_F(socket_transport_create_test, create_from_socket_leaves_the_socket_to_the_caller_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        const fake_win32::connection line = fake_win32::make_connection();
        run.arm();
        const owned_transport transport(socket_transport_create_from_socket(as_handle(line.socket)));
        EXPECT_EQ(transport == nullptr, run.disarm());
        EXPECT_EQ(log.take().empty(), transport != nullptr);
        EXPECT_EQ(live().sockets, 1u);
        if (transport == nullptr) {
            EXPECT_FALSE(line.peer.saw_end());
            EXPECT_EQ(closesocket(line.socket), 0);
        }
    });
    EXPECT_GE(failures, 2u);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_002
TEST_F(socket_transport_create_test, each_transport_starts_winsock_and_ends_it_when_it_is_freed)
{
    const std::size_t before = live().winsock_starts;
    {
        const owned_transport client(socket_transport_create_client());
        EXPECT_EQ(live().winsock_starts, before + 1);
        const owned_transport server(socket_transport_create_server());
        EXPECT_EQ(live().winsock_starts, before + 2);
        const connected_transport connected;
        EXPECT_EQ(live().winsock_starts, before + 3);
        EXPECT_EQ(calls_of(api::WSAStartup).at(0).argument<WORD>(0), MAKEWORD(2, 2));
    }
    EXPECT_EQ(live().winsock_starts, before);
    EXPECT_EQ(count_of(api::WSACleanup), 3u);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_002
TEST_F(socket_transport_create_test, winsock_is_ended_after_the_socket_is_closed)
{
    connected_transport connected;
    fake_win32::forget_calls();
    connected.transport.reset();
    EXPECT_THAT(sequence_of({api::closesocket, api::WSACleanup}),
                testing::ElementsAre(api::closesocket, api::WSACleanup));
}

// SRS_SOCKET_TRANSPORT_WIN32_01_013
TEST_F(socket_transport_create_test, winsock_is_started_and_ended_on_one_thread_at_a_time)
{
    std::vector<std::jthread> threads(4);
    for (std::jthread& thread : threads) {
        thread = std::jthread([] {
            for (int i = 0; i != 500; ++i) {
                const owned_transport transport(socket_transport_create_client());
            }
        });
    }
    threads.clear();
    EXPECT_EQ(count_of(api::WSAStartup), 2000u);
    EXPECT_EQ(count_of(api::WSACleanup), 2000u);
}

// SRS_SOCKET_TRANSPORT_01_006
TEST_F(socket_transport_create_test, destroy_takes_null)
{
    socket_transport_destroy(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_007
TEST_F(socket_transport_create_test, destroy_disconnects_and_frees)
{
    const live_objects before = live();
    {
        const listening_transport listening;
        const connected_transport connected;
        EXPECT_EQ(live().sockets, before.sockets + 2);
    }
    EXPECT_EQ(live(), before);
}

} // namespace
