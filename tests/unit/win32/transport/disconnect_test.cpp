// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "async_socket/socket_options.h"
#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

class socket_transport_disconnect_test : public win32_test {
protected:
    connected_transport connected;
    SOCKET_TRANSPORT_HANDLE transport = connected.transport.get();
    unsigned char memory[4] = {'a', 'b', 'c', 'd'};
    SOCKET_BUFFER buffer{4, memory};
};

// SRS_SOCKET_TRANSPORT_01_023
TEST_F(socket_transport_disconnect_test, takes_null)
{
    socket_transport_disconnect(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_024
TEST_F(socket_transport_disconnect_test, the_socket_is_closed_once_however_often_it_is_called)
{
    socket_transport_disconnect(transport);
    EXPECT_TRUE(connected.line.peer.saw_end());
    EXPECT_EQ(live().sockets, 0u);
    socket_transport_disconnect(transport);
    connected.transport.reset();
    EXPECT_EQ(count_of(api::closesocket), 1u);
}

// SRS_SOCKET_TRANSPORT_01_024
TEST_F(socket_transport_disconnect_test, the_socket_is_closed_once_by_however_many_threads)
{
    for (int round = 0; round < 50; round++) {
        connected_transport raced;
        fake_win32::forget_calls();
        std::atomic<int> ready{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; i++) {
            threads.emplace_back([&] {
                ready++;
                while (ready < 4) {
                    std::this_thread::yield();
                }
                socket_transport_disconnect(raced.transport.get());
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        EXPECT_EQ(count_of(api::closesocket), 1u);
    }
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_026
TEST_F(socket_transport_disconnect_test, a_blocked_receive_returns)
{
    std::thread receiver(
        [&] { EXPECT_EQ(socket_transport_receive(transport, &buffer, 1, nullptr, 0, nullptr), SOCKET_RECEIVE_ERROR); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    socket_transport_disconnect(transport);
    receiver.join();
    EXPECT_EQ(count_of(api::closesocket), 1u);
    EXPECT_EQ(live().sockets, 0u);
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_026
TEST_F(socket_transport_disconnect_test, a_blocked_send_returns)
{
    fake_win32::set_window(1);
    std::thread sender(
        [&] { EXPECT_EQ(socket_transport_send(transport, &buffer, 1, nullptr, 0, nullptr), SOCKET_SEND_FAILED); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSASend, 1));
    socket_transport_disconnect(transport);
    sender.join();
    EXPECT_EQ(live().sockets, 0u);
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_026
TEST_F(socket_transport_disconnect_test, blocked_accepts_return)
{
    const listening_transport server;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; i++) {
        threads.emplace_back([&server] {
            SOCKET_TRANSPORT_HANDLE accepted = nullptr;
            EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_ERROR);
            EXPECT_EQ(accepted, nullptr);
        });
    }
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, 3));
    socket_transport_disconnect(server.transport.get());
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(live().sockets, 1u); // that of the fixture
}

// SRS_SOCKET_TRANSPORT_01_027, SRS_SOCKET_TRANSPORT_WIN32_01_008
TEST_F(socket_transport_disconnect_test, pending_overlapped_operations_are_cancelled_before_the_socket_is_closed)
{
    fake_win32::set_window(0);
    OVERLAPPED receive{};
    OVERLAPPED send{};
    EXPECT_EQ(socket_transport_receive(transport, &buffer, 1, nullptr, 0, &receive), SOCKET_RECEIVE_WOULD_BLOCK);
    EXPECT_EQ(socket_transport_send(transport, &buffer, 1, nullptr, 0, &send), SOCKET_SEND_FAILED);
    EXPECT_EQ(fake_win32::pending_operations().size(), 2u);
    socket_transport_disconnect(transport);
    EXPECT_EQ(fake_win32::pending_operations().size(), 0u);
    EXPECT_EQ(receive.Internal, static_cast<ULONG_PTR>(ERROR_OPERATION_ABORTED));
    EXPECT_EQ(send.Internal, static_cast<ULONG_PTR>(ERROR_OPERATION_ABORTED));
    const std::vector<api> order = sequence_of({api::CancelIoEx, api::closesocket});
    ASSERT_GE(order.size(), 2u);
    EXPECT_EQ(order.front(), api::CancelIoEx);
    EXPECT_EQ(order.back(), api::closesocket);
    EXPECT_EQ(calls_of(api::CancelIoEx).at(0).argument<SOCKET>(0), connected.line.socket);
    EXPECT_EQ(calls_of(api::CancelIoEx).at(0).argument<void*>(1), nullptr);
}

// SRS_SOCKET_TRANSPORT_01_024
TEST_F(socket_transport_disconnect_test, a_transport_that_never_had_a_socket_is_ended_for_good)
{
    const owned_transport client(socket_transport_create_client());
    const owned_transport server(socket_transport_create_server());
    socket_transport_disconnect(client.get());
    socket_transport_disconnect(server.get());
    EXPECT_EQ(count_of(api::closesocket), 0u);
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", 1, 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_026, SRS_SOCKET_TRANSPORT_01_024
TEST_F(socket_transport_disconnect_test, no_call_ever_meets_a_closed_socket)
{
    // The fake reports any call on a handle that is closed, and the close of one with a call inside.
    for (int round = 0; round < 50; round++) {
        const connected_transport raced;
        const auto use = [&raced, this] {
            SOCKET_BUFFER one{1, memory};
            while (socket_transport_is_valid_socket(raced.transport.get())) {
                char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
                std::uint16_t port = 0;
                socket_transport_send(raced.transport.get(), &one, 1, nullptr, 0, nullptr);
                socket_transport_get_local_endpoint(raced.transport.get(), host, sizeof host, &port);
            }
        };
        fake_win32::forget_calls();
        std::thread first(use);
        std::thread second(use);
        EXPECT_TRUE(fake_win32::wait_for_calls(api::WSASend, 2));
        socket_transport_disconnect(raced.transport.get());
        first.join();
        second.join();
        EXPECT_EQ(count_of(api::closesocket), 1u);
        log.take();
    }
}

// SRS_SOCKET_TRANSPORT_01_007, SRS_SOCKET_TRANSPORT_01_026
TEST_F(socket_transport_disconnect_test, destroy_while_another_thread_receives)
{
    std::thread receiver([this] {
        EXPECT_EQ(socket_transport_receive(transport, &buffer, 1, nullptr, 0, nullptr), SOCKET_RECEIVE_ERROR);
    });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    connected.transport.reset();
    receiver.join();
}

// SRS_SOCKET_TRANSPORT_01_007, SRS_SOCKET_TRANSPORT_01_026
TEST_F(socket_transport_disconnect_test, destroy_while_another_thread_sends)
{
    fake_win32::set_window(0);
    std::thread sender(
        [this] { EXPECT_EQ(socket_transport_send(transport, &buffer, 1, nullptr, 0, nullptr), SOCKET_SEND_FAILED); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSASend, 1));
    connected.transport.reset();
    sender.join();
}

// SRS_SOCKET_TRANSPORT_01_007, SRS_SOCKET_TRANSPORT_01_026
TEST_F(socket_transport_disconnect_test, destroy_while_another_thread_accepts)
{
    listening_transport server;
    std::thread acceptor([handle = server.transport.get()] {
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        EXPECT_EQ(socket_transport_accept(handle, &accepted, UINT32_MAX), SOCKET_ACCEPT_ERROR);
    });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, 1));
    server.transport.reset();
    acceptor.join();
}

// SRS_SOCKET_TRANSPORT_01_007, SRS_SOCKET_TRANSPORT_01_025
TEST_F(socket_transport_disconnect_test, destroy_while_another_thread_connects)
{
    fake_win32::make_silent("127.0.0.9");
    owned_transport client(socket_transport_create_client());
    std::thread connecting(
        [handle = client.get()] { EXPECT_NE(socket_transport_connect(handle, "127.0.0.9", 9, UINT32_MAX), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, 1));
    client.reset();
    connecting.join();
}

// SRS_SOCKET_TRANSPORT_WIN32_01_016, SRS_SOCKET_TRANSPORT_01_025: a reset does not shut the connection down, which
// would tell the peer of an end in order.
TEST_F(socket_transport_disconnect_test, a_reset_ends_a_receive_that_is_about_to_block)
{
    fake_win32::stall_calls(api::WSARecv);
    std::thread receiver(
        [&] { EXPECT_EQ(socket_transport_receive(transport, &buffer, 1, nullptr, 0, nullptr), SOCKET_RECEIVE_ERROR); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    socket_transport_reset(transport);
    fake_win32::release_calls();
    receiver.join();
    EXPECT_TRUE(eventually([&] { return connected.line.peer.saw_reset() && live().timers == 0; }));
}

// SRS_SOCKET_TRANSPORT_WIN32_01_016, SRS_SOCKET_TRANSPORT_01_025
TEST_F(socket_transport_disconnect_test, a_reset_ends_a_send_that_is_about_to_block)
{
    fake_win32::set_window(0);
    fake_win32::stall_calls(api::WSASend);
    std::thread sender(
        [&] { EXPECT_EQ(socket_transport_send(transport, &buffer, 1, nullptr, 0, nullptr), SOCKET_SEND_FAILED); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSASend, 1));
    socket_transport_reset(transport);
    fake_win32::release_calls();
    sender.join();
    EXPECT_TRUE(eventually([&] { return connected.line.peer.saw_reset() && live().timers == 0; }));
}

// SRS_SOCKET_TRANSPORT_WIN32_01_016: nothing is made for a reset that finds nobody.
TEST_F(socket_transport_disconnect_test, a_reset_that_finds_nobody_makes_nothing)
{
    socket_transport_reset(transport);
    EXPECT_EQ(count_of(api::CreateThreadpoolTimer), 0u);
    EXPECT_TRUE(connected.line.peer.saw_reset());
}

// SRS_SOCKET_TRANSPORT_WIN32_01_016: as well as it can.
TEST_F(socket_transport_disconnect_test, a_reset_that_has_no_resources_cancels_once)
{
    for (const bool of_allocations : {false, true}) {
        connected_transport other;
        fake_win32::forget_calls();
        std::thread receiver([&] {
            unsigned char byte = 0;
            SOCKET_BUFFER one{1, &byte};
            EXPECT_EQ(socket_transport_receive(other.transport.get(), &one, 1, nullptr, 0, nullptr),
                      SOCKET_RECEIVE_ERROR);
        });
        ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
        if (of_allocations) {
            fake_win32::fail_nth_allocation(1);
        } else {
            fake_win32::fail_call(api::CreateThreadpoolTimer);
        }
        socket_transport_reset(other.transport.get());
        receiver.join();
        fake_win32::clear_faults();
        EXPECT_TRUE(other.line.peer.saw_reset());
    }
}

} // namespace
