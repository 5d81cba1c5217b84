// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <string>
#include <thread>

#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

class socket_transport_send_test : public win32_test {
protected:
    connected_transport connected;
    SOCKET_TRANSPORT_HANDLE transport = connected.transport.get();
    unsigned char memory[4] = {'a', 'b', 'c', 'd'};
    SOCKET_BUFFER buffers[2] = {{1, memory}, {3, memory + 1}};
    std::uint32_t sent = 99;
};

// SRS_SOCKET_TRANSPORT_WIN32_01_001
TEST_F(socket_transport_send_test, a_socket_buffer_is_laid_out_as_a_wsabuf)
{
    static_assert(sizeof(SOCKET_BUFFER) == sizeof(WSABUF));
    static_assert(offsetof(SOCKET_BUFFER, length) == offsetof(WSABUF, len));
    static_assert(offsetof(SOCKET_BUFFER, buffer) == offsetof(WSABUF, buf));
    WSABUF seen[2];
    std::memcpy(seen, buffers, sizeof seen);
    EXPECT_EQ(seen[1].len, buffers[1].length);
    EXPECT_EQ(seen[1].buf, reinterpret_cast<char*>(buffers[1].buffer));
}

// SRS_SOCKET_TRANSPORT_01_035, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(socket_transport_send_test, null_and_nothing_are_refused)
{
    EXPECT_EQ(socket_transport_send(nullptr, buffers, 2, &sent, 0, nullptr), SOCKET_SEND_INVALID_ARG);
    expect_refusal("socket_transport_send", "socket_transport");
    EXPECT_EQ(socket_transport_send(transport, nullptr, 2, &sent, 0, nullptr), SOCKET_SEND_INVALID_ARG);
    expect_refusal("socket_transport_send", "payload");
    EXPECT_EQ(socket_transport_send(transport, buffers, 0, &sent, 0, nullptr), SOCKET_SEND_INVALID_ARG);
    expect_refusal("socket_transport_send", "buffer_count");
    EXPECT_EQ(count_of(api::WSASend), 0u);
    EXPECT_EQ(sent, 99u);
}

// SRS_SOCKET_TRANSPORT_01_036
TEST_F(socket_transport_send_test, a_transport_that_is_not_connected_sends_nothing)
{
    const owned_transport client(socket_transport_create_client());
    EXPECT_EQ(socket_transport_send(client.get(), buffers, 2, &sent, 0, nullptr), SOCKET_SEND_ERROR);
    expect_refusal("socket_transport_send", "socket_transport");
    const listening_transport listening;
    EXPECT_EQ(socket_transport_send(listening.transport.get(), buffers, 2, &sent, 0, nullptr), SOCKET_SEND_ERROR);
    socket_transport_disconnect(transport);
    EXPECT_EQ(socket_transport_send(transport, buffers, 2, &sent, 0, nullptr), SOCKET_SEND_ERROR);
    EXPECT_EQ(count_of(api::WSASend), 0u);
}

// SRS_SOCKET_TRANSPORT_01_037, SRS_SOCKET_TRANSPORT_01_045, SRS_SOCKET_TRANSPORT_WIN32_01_004
TEST_F(socket_transport_send_test, the_arguments_reach_wsasend_as_they_are)
{
    EXPECT_EQ(socket_transport_send(transport, buffers, 2, &sent, 0x8000, nullptr), SOCKET_SEND_OK);
    EXPECT_EQ(sent, 4u);
    EXPECT_EQ(connected.line.peer.receive(), "abcd");
    const std::vector<call_record> sends = calls_of(api::WSASend);
    ASSERT_EQ(sends.size(), 1u);
    EXPECT_EQ(sends[0].argument<SOCKET>(0), connected.line.socket);
    EXPECT_EQ(sends[0].argument<void*>(1), buffers);
    EXPECT_EQ(sends[0].argument<DWORD>(2), 2u);
    EXPECT_EQ(sends[0].argument<DWORD>(4), 0x8000u);
    EXPECT_EQ(sends[0].argument<void*>(5), nullptr);
    EXPECT_EQ(sends[0].argument<void*>(6), nullptr);
    ASSERT_EQ(sends[0].buffers.size(), 2u);
    EXPECT_EQ(sends[0].buffers[1].len, 3u);
    EXPECT_EQ(sends[0].buffers[1].buf, reinterpret_cast<char*>(memory + 1));
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_SOCKET_TRANSPORT_WIN32_01_004
TEST_F(socket_transport_send_test, an_overlapped_and_no_count_reach_wsasend_as_they_are)
{
    fake_win32::return_at_once(fake_win32::at_once::always);
    OVERLAPPED overlapped{};
    EXPECT_EQ(socket_transport_send(transport, buffers, 2, nullptr, 0, &overlapped), SOCKET_SEND_OK);
    const std::vector<call_record> sends = calls_of(api::WSASend);
    ASSERT_EQ(sends.size(), 1u);
    EXPECT_EQ(sends[0].argument<void*>(3), nullptr);
    EXPECT_EQ(sends[0].argument<void*>(5), &overlapped);
}

// SRS_SOCKET_TRANSPORT_01_037
TEST_F(socket_transport_send_test, the_count_need_not_be_wanted)
{
    EXPECT_EQ(socket_transport_send(transport, buffers, 2, nullptr, 0, nullptr), SOCKET_SEND_OK);
    EXPECT_EQ(connected.line.peer.receive(), "abcd");
}

// SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_01_039, SRS_SOCKET_TRANSPORT_WIN32_01_006
TEST_F(socket_transport_send_test, a_pending_send_is_told_by_the_last_error)
{
    fake_win32::set_window(2);
    OVERLAPPED overlapped{};
    EXPECT_EQ(socket_transport_send(transport, buffers, 2, nullptr, 0, &overlapped), SOCKET_SEND_FAILED);
    EXPECT_EQ(WSAGetLastError(), WSA_IO_PENDING);
    EXPECT_THAT(log.take(), testing::IsEmpty());
    EXPECT_EQ(connected.line.peer.wait_for(4), "abcd");
    EXPECT_TRUE(fake_win32::wait_for_pending(0));
}

// SRS_SOCKET_TRANSPORT_01_051
TEST_F(socket_transport_send_test, a_connection_that_the_peer_has_broken_is_a_shutdown)
{
    for (const DWORD error : std::initializer_list<DWORD>{WSAENETRESET, WSAECONNABORTED, WSAECONNRESET, WSAESHUTDOWN}) {
        fake_win32::fail_call(api::WSASend, 1, error);
        EXPECT_EQ(socket_transport_send(transport, buffers, 2, &sent, 0, nullptr), SOCKET_SEND_SHUTDOWN);
        EXPECT_EQ(WSAGetLastError(), static_cast<int>(error));
        // An asynchronous send is told as ever.
        OVERLAPPED overlapped{};
        fake_win32::fail_call(api::WSASend, 1, error);
        EXPECT_EQ(socket_transport_send(transport, buffers, 2, nullptr, 0, &overlapped), SOCKET_SEND_FAILED);
    }
    log.take();
}

// SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_01_039, SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(socket_transport_send_test, the_last_error_survives_a_failure_and_its_log_message)
{
    for (const DWORD error : std::initializer_list<DWORD>{WSAENOTCONN, WSAENOBUFS, WSAEFAULT}) {
        fake_win32::fail_call(api::WSASend, 1, error);
        EXPECT_EQ(socket_transport_send(transport, buffers, 2, &sent, 0, nullptr), SOCKET_SEND_FAILED);
        EXPECT_EQ(WSAGetLastError(), static_cast<int>(error));
        expect_failure("socket_transport_send", "WSASend", error);
    }
    EXPECT_EQ(sent, 99u);
}

// SRS_SOCKET_TRANSPORT_01_039
TEST_F(socket_transport_send_test, the_last_error_survives_when_the_transport_is_disconnected_meanwhile)
{
    fake_win32::set_window(0);
    int error = 0;
    std::thread sender([&] {
        EXPECT_EQ(socket_transport_send(transport, buffers, 2, nullptr, 0, nullptr), SOCKET_SEND_FAILED);
        // The sender is the last to leave and closes the socket.
        error = WSAGetLastError();
    });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSASend, 1));
    socket_transport_disconnect(transport);
    sender.join();
    EXPECT_NE(error, 0);
    EXPECT_EQ(live().sockets, 0u);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_007
TEST_F(socket_transport_send_test, without_an_overlapped_the_send_waits_until_all_is_sent)
{
    fake_win32::set_window(1);
    std::thread sender(
        [&] { EXPECT_EQ(socket_transport_send(transport, buffers, 2, &sent, 0, nullptr), SOCKET_SEND_OK); });
    EXPECT_EQ(connected.line.peer.wait_for(4), "abcd");
    sender.join();
    EXPECT_EQ(sent, 4u);
}

// SRS_SOCKET_TRANSPORT_01_038
TEST_F(socket_transport_send_test, send_fails_cleanly_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        run.arm();
        const SOCKET_SEND_RESULT result = socket_transport_send(transport, buffers, 2, &sent, 0, nullptr);
        EXPECT_EQ(result, run.disarm() ? SOCKET_SEND_FAILED : SOCKET_SEND_OK);
    });
    EXPECT_EQ(failures, 1u);
    EXPECT_EQ(connected.line.peer.receive(), "abcdabcd"); // one run without a fault for calls, one for allocations
}

} // namespace
