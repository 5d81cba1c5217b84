// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <thread>

#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

class socket_transport_receive_test : public win32_test {
protected:
    connected_transport connected;
    SOCKET_TRANSPORT_HANDLE transport = connected.transport.get();
    unsigned char memory[4] = {};
    SOCKET_BUFFER buffers[2] = {{1, memory}, {3, memory + 1}};
    std::uint32_t received = 99;

    std::string text() const { return {memory, memory + sizeof memory}; }
};

// SRS_SOCKET_TRANSPORT_01_040, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(socket_transport_receive_test, null_and_nothing_are_refused)
{
    EXPECT_EQ(socket_transport_receive(nullptr, buffers, 2, &received, 0, nullptr), SOCKET_RECEIVE_INVALID_ARG);
    expect_refusal("socket_transport_receive", "socket_transport");
    EXPECT_EQ(socket_transport_receive(transport, nullptr, 2, &received, 0, nullptr), SOCKET_RECEIVE_INVALID_ARG);
    expect_refusal("socket_transport_receive", "payload");
    EXPECT_EQ(socket_transport_receive(transport, buffers, 0, &received, 0, nullptr), SOCKET_RECEIVE_INVALID_ARG);
    expect_refusal("socket_transport_receive", "buffer_count");
    EXPECT_EQ(count_of(api::WSARecv), 0u);
    EXPECT_EQ(received, 99u);
}

// SRS_SOCKET_TRANSPORT_01_041
TEST_F(socket_transport_receive_test, a_transport_that_is_not_connected_receives_nothing)
{
    const owned_transport client(socket_transport_create_client());
    // What a call before has left must not be taken for this one's.
    WSASetLastError(WSA_IO_PENDING);
    EXPECT_EQ(socket_transport_receive(client.get(), buffers, 2, &received, 0, nullptr), SOCKET_RECEIVE_ERROR);
    EXPECT_NE(WSAGetLastError(), WSA_IO_PENDING);
    expect_refusal("socket_transport_receive", "socket_transport");
    const listening_transport listening;
    EXPECT_EQ(socket_transport_receive(listening.transport.get(), buffers, 2, &received, 0, nullptr),
              SOCKET_RECEIVE_ERROR);
    socket_transport_disconnect(transport);
    EXPECT_EQ(socket_transport_receive(transport, buffers, 2, &received, 0, nullptr), SOCKET_RECEIVE_ERROR);
    EXPECT_EQ(count_of(api::WSARecv), 0u);
}

// SRS_SOCKET_TRANSPORT_01_042, SRS_SOCKET_TRANSPORT_01_045, SRS_SOCKET_TRANSPORT_WIN32_01_005
TEST_F(socket_transport_receive_test, the_arguments_reach_wsarecv_as_they_are)
{
    connected.line.peer.send("abcd");
    EXPECT_EQ(socket_transport_receive(transport, buffers, 2, &received, 0x8000, nullptr), SOCKET_RECEIVE_OK);
    EXPECT_EQ(received, 4u);
    EXPECT_EQ(text(), "abcd");
    const std::vector<call_record> receives = calls_of(api::WSARecv);
    ASSERT_EQ(receives.size(), 1u);
    EXPECT_EQ(receives[0].argument<SOCKET>(0), connected.line.socket);
    EXPECT_EQ(receives[0].argument<void*>(1), buffers);
    EXPECT_EQ(receives[0].argument<DWORD>(2), 2u);
    EXPECT_EQ(receives[0].argument<DWORD>(4), 0x8000u);
    EXPECT_EQ(receives[0].argument<void*>(5), nullptr);
    EXPECT_EQ(receives[0].argument<void*>(6), nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_SOCKET_TRANSPORT_01_043, SRS_SOCKET_TRANSPORT_WIN32_01_005, SRS_SOCKET_TRANSPORT_WIN32_01_006
TEST_F(socket_transport_receive_test, a_pending_receive_would_block)
{
    OVERLAPPED overlapped{};
    EXPECT_EQ(socket_transport_receive(transport, buffers, 2, nullptr, 0, &overlapped), SOCKET_RECEIVE_WOULD_BLOCK);
    EXPECT_EQ(WSAGetLastError(), WSA_IO_PENDING);
    EXPECT_THAT(log.take(), testing::IsEmpty());
    const std::vector<call_record> receives = calls_of(api::WSARecv);
    ASSERT_EQ(receives.size(), 1u);
    EXPECT_EQ(receives[0].argument<void*>(3), nullptr);
    EXPECT_EQ(receives[0].argument<void*>(5), &overlapped);
    connected.line.peer.send("ab");
    EXPECT_TRUE(fake_win32::wait_for_pending(0));
    EXPECT_EQ(overlapped.InternalHigh, 2u);
}

// SRS_SOCKET_TRANSPORT_01_042
TEST_F(socket_transport_receive_test, an_overlapped_receive_that_is_taken_at_once_is_ok)
{
    fake_win32::return_at_once(fake_win32::at_once::always);
    connected.line.peer.send("ab");
    OVERLAPPED overlapped{};
    EXPECT_EQ(socket_transport_receive(transport, buffers, 2, &received, 0, &overlapped), SOCKET_RECEIVE_OK);
    EXPECT_EQ(received, 2u);
}

// SRS_SOCKET_TRANSPORT_01_052
TEST_F(socket_transport_receive_test, the_end_of_the_stream_is_a_shutdown_without_an_error)
{
    connected.line.peer.close();
    WSASetLastError(WSAEFAULT);
    EXPECT_EQ(socket_transport_receive(transport, buffers, 2, &received, 0, nullptr), SOCKET_RECEIVE_SHUTDOWN);
    EXPECT_EQ(WSAGetLastError(), 0);
    EXPECT_EQ(received, 0u);
}

// SRS_SOCKET_TRANSPORT_01_052
TEST_F(socket_transport_receive_test, a_connection_that_the_peer_has_broken_is_a_shutdown)
{
    for (const DWORD error : std::initializer_list<DWORD>{WSAENETRESET, WSAECONNABORTED, WSAECONNRESET, WSAEDISCON}) {
        fake_win32::fail_call(api::WSARecv, 1, error);
        EXPECT_EQ(socket_transport_receive(transport, buffers, 2, &received, 0, nullptr), SOCKET_RECEIVE_SHUTDOWN);
        EXPECT_EQ(WSAGetLastError(), static_cast<int>(error));
        // An asynchronous receive is told as ever.
        OVERLAPPED overlapped{};
        fake_win32::fail_call(api::WSARecv, 1, error);
        EXPECT_EQ(socket_transport_receive(transport, buffers, 2, nullptr, 0, &overlapped), SOCKET_RECEIVE_ERROR);
    }
    log.take();
}

// SRS_SOCKET_TRANSPORT_01_039, SRS_SOCKET_TRANSPORT_01_044, SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(socket_transport_receive_test, the_last_error_survives_a_failure_and_its_log_message)
{
    for (const DWORD error : std::initializer_list<DWORD>{WSAENOTCONN, WSAENOBUFS, WSAEFAULT}) {
        fake_win32::fail_call(api::WSARecv, 1, error);
        EXPECT_EQ(socket_transport_receive(transport, buffers, 2, &received, 0, nullptr), SOCKET_RECEIVE_ERROR);
        EXPECT_EQ(WSAGetLastError(), static_cast<int>(error));
        expect_failure("socket_transport_receive", "WSARecv", error);
    }
    EXPECT_EQ(received, 99u);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_007
TEST_F(socket_transport_receive_test, without_an_overlapped_the_receive_waits_for_bytes)
{
    std::thread receiver(
        [&] { EXPECT_EQ(socket_transport_receive(transport, buffers, 2, &received, 0, nullptr), SOCKET_RECEIVE_OK); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    connected.line.peer.send("xyz");
    receiver.join();
    EXPECT_EQ(received, 3u);
    EXPECT_EQ(text().substr(0, 3), "xyz");
}

// SRS_SOCKET_TRANSPORT_01_044
TEST_F(socket_transport_receive_test, receive_fails_cleanly_whatever_fails)
{
    connected.line.peer.send("abcdefgh");
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        run.arm();
        const SOCKET_RECEIVE_RESULT result = socket_transport_receive(transport, buffers, 2, nullptr, 0, nullptr);
        EXPECT_EQ(result, run.disarm() ? SOCKET_RECEIVE_ERROR : SOCKET_RECEIVE_OK);
    });
    EXPECT_EQ(failures, 1u);
    EXPECT_EQ(text(), "efgh"); // one run without a fault for calls, one for allocations
}

} // namespace
