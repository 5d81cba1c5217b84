// SPDX-License-Identifier: MIT
//
// The fake's network and its completions behave as those of Windows do where the library depends on it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fake_win32/calls.h"
#include "fake_win32/completions.h"
#include "fake_win32/network.h"
#include "fake_win32/objects.h"
#include "ws2tcpip.h"

namespace {

using namespace fake_win32;

struct seen_completion {
    void* overlapped;
    ULONG io_result;
    ULONG_PTR bytes;
};

struct completions_seen {
    std::mutex mutex;
    std::vector<seen_completion> all;

    static void note(PTP_CALLBACK_INSTANCE, void* context, void* overlapped, ULONG io_result, ULONG_PTR bytes, PTP_IO)
    {
        auto* const self = static_cast<completions_seen*>(context);
        const std::lock_guard<std::mutex> lock(self->mutex);
        self->all.push_back({overlapped, io_result, bytes});
    }
};

class fake_network_test : public testing::Test {
protected:
    void SetUp() override { start(7); }

    void TearDown() override
    {
        stop();
        EXPECT_THAT(end(), testing::IsEmpty());
    }

    void start(std::uint64_t seed)
    {
        begin(seed);
        WSADATA data;
        WSAStartup(MAKEWORD(2, 2), &data);
        pool = CreateThreadpool(nullptr);
        InitializeThreadpoolEnvironment(&environment);
        SetThreadpoolCallbackPool(&environment, pool);
        line.emplace(make_connection());
        io = CreateThreadpoolIo(reinterpret_cast<HANDLE>(line->socket), completions_seen::note, &seen, &environment);
    }

    void stop()
    {
        CancelIoEx(reinterpret_cast<HANDLE>(line->socket), nullptr);
        closesocket(line->socket);
        WaitForThreadpoolIoCallbacks(io, FALSE);
        CloseThreadpoolIo(io);
        DestroyThreadpoolEnvironment(&environment);
        CloseThreadpool(pool);
        WSACleanup();
    }

    int receive(OVERLAPPED& overlapped, char* memory, ULONG length)
    {
        StartThreadpoolIo(io);
        WSABUF buffer{length, memory};
        DWORD flags = 0;
        return WSARecv(line->socket, &buffer, 1, nullptr, &flags, &overlapped, nullptr);
    }

    int send(OVERLAPPED& overlapped, std::string& bytes)
    {
        StartThreadpoolIo(io);
        WSABUF buffer{static_cast<ULONG>(bytes.size()), bytes.data()};
        return WSASend(line->socket, &buffer, 1, nullptr, 0, &overlapped, nullptr);
    }

    PTP_POOL pool = nullptr;
    TP_CALLBACK_ENVIRON environment{};
    PTP_IO io = nullptr;
    std::optional<connection> line;
    completions_seen seen;
};

TEST_F(fake_network_test, receives_are_filled_in_order)
{
    OVERLAPPED first{};
    OVERLAPPED second{};
    char first_memory[3] = {};
    char second_memory[3] = {};
    receive(first, first_memory, 3);
    receive(second, second_memory, 3);
    line->peer.send("abcde");
    WaitForThreadpoolIoCallbacks(io, FALSE);
    EXPECT_EQ(std::string(first_memory, 3), "abc");
    EXPECT_EQ(std::string(second_memory, 2), "de");
    EXPECT_EQ(seen.all.size(), 2u);
}

TEST_F(fake_network_test, a_send_beyond_the_window_stays_pending_until_the_peer_reads)
{
    set_window(4);
    return_at_once(at_once::always);
    OVERLAPPED overlapped{};
    std::string bytes = "abcdef";
    EXPECT_EQ(send(overlapped, bytes), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSA_IO_PENDING);
    EXPECT_EQ(line->peer.receive(2), "ab");
    WaitForThreadpoolIoCallbacks(io, FALSE);
    EXPECT_EQ(line->peer.receive(), "cdef");
    ASSERT_EQ(seen.all.size(), 1u);
    EXPECT_EQ(seen.all[0].bytes, 6u);
}

TEST_F(fake_network_test, a_send_that_returns_0_completes_all_the_same)
{
    return_at_once(at_once::always);
    OVERLAPPED overlapped{};
    std::string bytes = "ab";
    EXPECT_EQ(send(overlapped, bytes), 0);
    WaitForThreadpoolIoCallbacks(io, FALSE);
    ASSERT_EQ(seen.all.size(), 1u);
    EXPECT_EQ(seen.all[0].overlapped, &overlapped);
}

TEST_F(fake_network_test, the_end_of_the_stream_completes_a_receive_with_0_bytes)
{
    OVERLAPPED overlapped{};
    char memory[3];
    receive(overlapped, memory, 3);
    line->peer.close();
    WaitForThreadpoolIoCallbacks(io, FALSE);
    ASSERT_EQ(seen.all.size(), 1u);
    EXPECT_EQ(seen.all[0].io_result, static_cast<ULONG>(NO_ERROR));
    EXPECT_EQ(seen.all[0].bytes, 0u);
}

TEST_F(fake_network_test, a_reset_ends_what_is_pending_and_refuses_what_comes_after)
{
    OVERLAPPED first{};
    OVERLAPPED second{};
    char memory[3];
    receive(first, memory, 3);
    line->peer.reset();
    WaitForThreadpoolIoCallbacks(io, FALSE);
    ASSERT_EQ(seen.all.size(), 1u);
    EXPECT_EQ(seen.all[0].io_result, static_cast<ULONG>(ERROR_NETNAME_DELETED));
    EXPECT_EQ(receive(second, memory, 3), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAECONNRESET);
    CancelThreadpoolIo(io);
}

TEST_F(fake_network_test, a_held_operation_completes_as_it_is_told)
{
    hold_operations();
    OVERLAPPED overlapped{};
    char memory[3];
    receive(overlapped, memory, 3);
    line->peer.send("abc");
    ASSERT_EQ(pending_operations().size(), 1u);
    EXPECT_TRUE(complete(&overlapped, ERROR_CONNECTION_ABORTED, 77));
    WaitForThreadpoolIoCallbacks(io, FALSE);
    EXPECT_FALSE(complete(&overlapped, 0, 0));
    ASSERT_EQ(seen.all.size(), 1u);
    EXPECT_EQ(seen.all[0].io_result, static_cast<ULONG>(ERROR_CONNECTION_ABORTED));
    EXPECT_EQ(seen.all[0].bytes, 77u);
}

TEST_F(fake_network_test, a_held_callback_comes_when_it_is_delivered)
{
    hold_callbacks();
    OVERLAPPED overlapped{};
    char memory[3];
    receive(overlapped, memory, 3);
    line->peer.send("abc");
    ASSERT_TRUE(pending_operations().at(0).ended);
    EXPECT_TRUE(seen.all.empty());
    EXPECT_TRUE(deliver(&overlapped));
    WaitForThreadpoolIoCallbacks(io, FALSE);
    EXPECT_EQ(seen.all.size(), 1u);
}

TEST_F(fake_network_test, callbacks_come_in_an_order_that_the_seed_decides)
{
    stop();
    end();
    std::set<std::vector<std::size_t>> orders;
    for (std::uint64_t seed = 1; seed <= 20; seed++) {
        start(seed);
        SetThreadpoolThreadMaximum(pool, 1);
        hold_callbacks();
        OVERLAPPED overlapped[3] = {};
        char memory[3];
        for (std::size_t i = 0; i < 3; i++) {
            receive(overlapped[i], memory + i, 1);
        }
        line->peer.send("abc");
        seen.all.clear();
        deliver_completions();
        WaitForThreadpoolIoCallbacks(io, FALSE);
        std::vector<std::size_t> order;
        for (const seen_completion& one : seen.all) {
            order.push_back(static_cast<std::size_t>(static_cast<OVERLAPPED*>(one.overlapped) - overlapped));
        }
        orders.insert(order);
        stop();
        EXPECT_THAT(end(), testing::IsEmpty());
    }
    start(1);
    EXPECT_GT(orders.size(), 2u);
}

TEST_F(fake_network_test, an_accepted_socket_inherits_event_and_mode_of_the_listener)
{
    const SOCKET listener = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const HANDLE event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    ASSERT_EQ(WSAEventSelect(listener, event, FD_ACCEPT), 0);
    ASSERT_EQ(listen(listener, SOMAXCONN), 0);
    int length = sizeof address;
    ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
    EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    EXPECT_EQ(accept(listener, nullptr, nullptr), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);

    ASSERT_TRUE(connect_from_elsewhere("127.0.0.1", ntohs(address.sin_port)).has_value());
    EXPECT_EQ(WaitForSingleObject(event, INFINITE), WAIT_OBJECT_0);
    const SOCKET accepted = accept(listener, nullptr, nullptr);
    ASSERT_NE(accepted, INVALID_SOCKET);
    EXPECT_TRUE(is_nonblocking(accepted));
    EXPECT_TRUE(has_event_selected(accepted));
    EXPECT_TRUE(is_inheritable(accepted));
    u_long off = 0;
    EXPECT_EQ(ioctlsocket(accepted, FIONBIO, &off), SOCKET_ERROR);
    closesocket(accepted);
    closesocket(listener);
    CloseHandle(event);
}

TEST_F(fake_network_test, having_announced_nobody_a_listener_announces_nothing_until_one_is_accepted)
{
    const SOCKET listener = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const HANDLE event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    ASSERT_EQ(WSAEventSelect(listener, event, FD_ACCEPT), 0);
    ASSERT_EQ(listen(listener, SOMAXCONN), 0);
    int length = sizeof address;
    ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
    const std::uint16_t port = ntohs(address.sin_port);

    announce_nobody(port);
    EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    EXPECT_EQ(accept(listener, nullptr, nullptr), INVALID_SOCKET);
    EXPECT_EQ(WSAGetLastError(), WSAEWOULDBLOCK);
    ASSERT_TRUE(connect_from_elsewhere("127.0.0.1", port).has_value());
    EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    ASSERT_EQ(WSAEventSelect(listener, event, FD_ACCEPT), 0);
    EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    ASSERT_TRUE(connect_from_elsewhere("127.0.0.1", port).has_value());
    EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_TIMEOUT);

    const SOCKET accepted = accept(listener, nullptr, nullptr);
    EXPECT_NE(accepted, INVALID_SOCKET);
    EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    closesocket(accepted);
    closesocket(listener);
    CloseHandle(event);
}

TEST_F(fake_network_test, a_port_in_use_cannot_be_bound_again)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(4000);
    const SOCKET first = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, 0);
    const SOCKET second = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, 0);
    EXPECT_EQ(bind(first, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(bind(second, reinterpret_cast<const sockaddr*>(&address), sizeof address), SOCKET_ERROR);
    EXPECT_EQ(WSAGetLastError(), WSAEADDRINUSE);
    closesocket(first);
    closesocket(second);
}

TEST_F(fake_network_test, synchronous_calls_block_and_are_woken_by_a_cancel)
{
    std::thread reader([this] {
        char byte = 0;
        WSABUF buffer{1, &byte};
        DWORD received = 0;
        DWORD flags = 0;
        EXPECT_EQ(WSARecv(line->socket, &buffer, 1, &received, &flags, nullptr, nullptr), SOCKET_ERROR);
        EXPECT_EQ(WSAGetLastError(), WSA_OPERATION_ABORTED);
    });
    ASSERT_TRUE(wait_for_calls(api::WSARecv, 1));
    EXPECT_TRUE(CancelIoEx(reinterpret_cast<HANDLE>(line->socket), nullptr));
    reader.join();
}

} // namespace
