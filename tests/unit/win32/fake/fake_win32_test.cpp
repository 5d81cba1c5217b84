// SPDX-License-Identifier: MIT
//
// The fake itself: what Windows would punish is found, and faults come when they are asked for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <new>
#include <thread>

#include "fake_win32/calls.h"
#include "fake_win32/completions.h"
#include "fake_win32/faults.h"
#include "fake_win32/network.h"
#include "fake_win32/objects.h"
#include "ws2tcpip.h"

namespace {

using namespace fake_win32;

class fake_win32_test : public testing::Test {
protected:
    fake_win32_test() { begin(7); }

    // Whatever the test did not take is a failure.
    void TearDown() override { EXPECT_THAT(end(), testing::IsEmpty()); }

    static void expect_only(misuse kind)
    {
        const std::vector<misuse_report> reports = take_misuses();
        ASSERT_EQ(reports.size(), 1u);
        EXPECT_EQ(reports.front().kind, kind) << reports.front();
    }
};

// A socket bound to a pool, with room for one operation of each kind.
struct bound_socket {
    explicit bound_socket(PTP_WIN32_IO_CALLBACK callback, void* context)
        : pool(CreateThreadpool(nullptr)), line(make_connection())
    {
        InitializeThreadpoolEnvironment(&environment);
        SetThreadpoolCallbackPool(&environment, pool);
        io = CreateThreadpoolIo(reinterpret_cast<HANDLE>(line.socket), callback, context, &environment);
        buffer = {static_cast<ULONG>(sizeof memory), memory};
        overlapped.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    }

    int start_receive(OVERLAPPED* with)
    {
        DWORD flags = 0;
        return WSARecv(line.socket, &buffer, 1, nullptr, &flags, with, nullptr);
    }

    void close_all()
    {
        CancelIoEx(reinterpret_cast<HANDLE>(line.socket), nullptr);
        closesocket(line.socket);
        WaitForThreadpoolIoCallbacks(io, FALSE);
        CloseThreadpoolIo(io);
        CloseHandle(overlapped.hEvent);
        DestroyThreadpoolEnvironment(&environment);
        CloseThreadpool(pool);
    }

    PTP_POOL pool;
    connection line;
    TP_CALLBACK_ENVIRON environment{};
    PTP_IO io = nullptr;
    char memory[16] = {};
    WSABUF buffer{};
    OVERLAPPED overlapped{};
};

void ignore_completion(PTP_CALLBACK_INSTANCE, void*, void*, ULONG, ULONG_PTR, PTP_IO) {}

TEST_F(fake_win32_test, a_handle_closed_twice_is_found)
{
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    EXPECT_TRUE(CloseHandle(event));
    EXPECT_FALSE(CloseHandle(event));
    expect_only(misuse::handle_not_open);
}

TEST_F(fake_win32_test, an_event_used_after_its_close_is_found)
{
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    CloseHandle(event);
    EXPECT_FALSE(SetEvent(event));
    expect_only(misuse::handle_not_open);
    EXPECT_EQ(WaitForSingleObject(event, 0), WAIT_FAILED);
    expect_only(misuse::handle_not_open);
}

TEST_F(fake_win32_test, an_event_closed_under_a_waiting_thread_is_found)
{
    const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    std::thread waiter([event] { WaitForSingleObject(event, INFINITE); });
    ASSERT_TRUE(wait_for_calls(api::WaitForSingleObject, 1));
    CloseHandle(event);
    waiter.join();
    expect_only(misuse::event_in_use_closed);
}

TEST_F(fake_win32_test, the_event_of_a_pending_operation_closed_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    CloseHandle(bound.overlapped.hEvent);
    expect_only(misuse::event_in_use_closed);
    bound.overlapped.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    bound.close_all();
}

TEST_F(fake_win32_test, a_socket_closed_under_a_blocked_call_is_found)
{
    const connection line = make_connection();
    std::thread reader([&line] {
        char byte = 0;
        WSABUF buffer{1, &byte};
        DWORD received = 0;
        DWORD flags = 0;
        EXPECT_EQ(WSARecv(line.socket, &buffer, 1, &received, &flags, nullptr, nullptr), SOCKET_ERROR);
        EXPECT_EQ(WSAGetLastError(), WSAENOTSOCK);
    });
    ASSERT_TRUE(wait_for_calls(api::WSARecv, 1));
    closesocket(line.socket);
    reader.join();
    expect_only(misuse::socket_in_use_closed);
}

TEST_F(fake_win32_test, a_socket_closed_with_operations_uncancelled_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    closesocket(bound.line.socket);
    expect_only(misuse::socket_closed_uncancelled);
    bound.line.socket = make_connection().socket;
    bound.close_all();
}

TEST_F(fake_win32_test, a_socket_used_after_its_close_is_found)
{
    const connection line = make_connection();
    closesocket(line.socket);
    EXPECT_EQ(shutdown(line.socket, SD_BOTH), SOCKET_ERROR);
    expect_only(misuse::handle_not_open);
    EXPECT_EQ(closesocket(line.socket), SOCKET_ERROR);
    expect_only(misuse::handle_not_open);
}

TEST_F(fake_win32_test, an_overlapped_freed_before_its_completion_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    std::unique_ptr<OVERLAPPED> overlapped(new (std::nothrow) OVERLAPPED{});
    StartThreadpoolIo(bound.io);
    bound.start_receive(overlapped.get());
    overlapped.reset();
    expect_only(misuse::overlapped_freed);
    bound.close_all();
}

TEST_F(fake_win32_test, an_overlapped_used_twice_at_once_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    expect_only(misuse::overlapped_reused);
    CancelThreadpoolIo(bound.io);
    bound.close_all();
}

TEST_F(fake_win32_test, an_operation_without_a_start_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    bound.start_receive(&bound.overlapped);
    expect_only(misuse::io_not_started);
    bound.close_all();
}

TEST_F(fake_win32_test, a_start_without_operation_or_cancel_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    StartThreadpoolIo(bound.io);
    bound.close_all();
    expect_only(misuse::io_never_completed);
}

TEST_F(fake_win32_test, a_cancel_after_a_success_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    CancelThreadpoolIo(bound.io);
    expect_only(misuse::io_cancelled_without_start);
    bound.close_all();
}

TEST_F(fake_win32_test, an_io_closed_with_operations_outstanding_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    CloseThreadpoolIo(bound.io);
    expect_only(misuse::io_closed_while_outstanding);
    CancelIoEx(reinterpret_cast<HANDLE>(bound.line.socket), nullptr);
    ASSERT_TRUE(wait_for_pending(0));
    bound.close_all();
    // Its wait and its second close.
    EXPECT_EQ(take_misuses().size(), 2u);
}

struct callback_under_test {
    PTP_IO io = nullptr;
    bool disassociate = false;
    std::atomic<bool> done{false};
};

void wait_inside(PTP_CALLBACK_INSTANCE instance, void* context, void*, ULONG, ULONG_PTR, PTP_IO io)
{
    auto* const under_test = static_cast<callback_under_test*>(context);
    if (under_test->disassociate) {
        DisassociateCurrentThreadFromCallback(instance);
    }
    WaitForThreadpoolIoCallbacks(io, FALSE);
    under_test->done.store(true);
    under_test->done.notify_all();
}

TEST_F(fake_win32_test, a_wait_inside_a_callback_is_found)
{
    callback_under_test under_test;
    bound_socket bound(wait_inside, &under_test);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    bound.line.peer.send("x");
    under_test.done.wait(false);
    expect_only(misuse::io_waited_inside_callback);
    bound.close_all();
}

TEST_F(fake_win32_test, a_wait_inside_a_disassociated_callback_is_legal)
{
    callback_under_test under_test;
    under_test.disassociate = true;
    bound_socket bound(wait_inside, &under_test);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    bound.line.peer.send("x");
    under_test.done.wait(false);
    bound.close_all();
}

void keep_instance(PTP_CALLBACK_INSTANCE instance, void* context, void*, ULONG, ULONG_PTR, PTP_IO)
{
    *static_cast<PTP_CALLBACK_INSTANCE*>(context) = instance;
}

TEST_F(fake_win32_test, an_instance_used_after_its_callback_is_found)
{
    PTP_CALLBACK_INSTANCE instance = nullptr;
    bound_socket bound(keep_instance, &instance);
    StartThreadpoolIo(bound.io);
    bound.start_receive(&bound.overlapped);
    bound.line.peer.send("x");
    WaitForThreadpoolIoCallbacks(bound.io, FALSE);
    DisassociateCurrentThreadFromCallback(instance);
    expect_only(misuse::instance_not_running);
    bound.close_all();
}

TEST_F(fake_win32_test, a_second_io_on_one_socket_is_found)
{
    bound_socket bound(ignore_completion, nullptr);
    EXPECT_EQ(
        CreateThreadpoolIo(reinterpret_cast<HANDLE>(bound.line.socket), ignore_completion, nullptr, &bound.environment),
        nullptr);
    expect_only(misuse::io_created_twice);
    bound.close_all();
}

TEST_F(fake_win32_test, pools_and_environments_used_wrongly_are_found)
{
    const PTP_POOL pool = CreateThreadpool(nullptr);
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    InitializeThreadpoolEnvironment(&environment);
    expect_only(misuse::environment_not_destroyed);
    DestroyThreadpoolEnvironment(&environment);
    DestroyThreadpoolEnvironment(&environment);
    expect_only(misuse::environment_not_initialized);
    CloseThreadpool(pool);
    CloseThreadpool(pool);
    expect_only(misuse::pool_not_open);
    EXPECT_FALSE(SetThreadpoolThreadMinimum(pool, 1));
    expect_only(misuse::pool_not_open);
}

TEST_F(fake_win32_test, winsock_out_of_balance_is_found)
{
    EXPECT_EQ(WSACleanup(), SOCKET_ERROR);
    expect_only(misuse::winsock_unbalanced);
    WSADATA data;
    ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    const connection line = make_connection();
    EXPECT_EQ(WSACleanup(), 0);
    expect_only(misuse::winsock_unbalanced);
    closesocket(line.socket);
}

TEST_F(fake_win32_test, everything_left_at_the_end_is_found)
{
    TP_CALLBACK_ENVIRON environment;
    WSADATA data;
    ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    CreateEventW(nullptr, TRUE, FALSE, nullptr);
    CreateThreadpool(nullptr);
    InitializeThreadpoolEnvironment(&environment);
    make_connection();
    std::unique_ptr<int> memory(new (std::nothrow) int);
    ADDRINFOW* addresses = nullptr;
    ASSERT_EQ(GetAddrInfoW(L"127.0.0.1", nullptr, nullptr, &addresses), 0);
    EXPECT_EQ(live(), (live_objects{1, 1, 1, 0, 0, 1, 1, 1, 1}));

    const std::vector<misuse_report> reports = end();
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports.front().kind, misuse::leak);
    EXPECT_EQ(reports.front().text, "left at the end: events 1, sockets 1, pools 1, ios 0, timers 0, environments 1, "
                                    "winsock starts 1, address lists 1, allocations 1");
}

TEST_F(fake_win32_test, an_address_list_freed_twice_is_found)
{
    WSADATA data;
    ASSERT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
    ADDRINFOW* addresses = nullptr;
    ASSERT_EQ(GetAddrInfoW(L"localhost", L"80", nullptr, &addresses), 0);
    FreeAddrInfoW(addresses);
    FreeAddrInfoW(addresses);
    expect_only(misuse::address_list_not_live);
    WSACleanup();
}

} // namespace
