// SPDX-License-Identifier: MIT
//
// The record of the Win32 calls that the code under test has made.

#ifndef FAKE_WIN32_CALLS_H
#define FAKE_WIN32_CALLS_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "winsock2.h"

namespace fake_win32 {

// Every call that is recorded, under the name that Windows gives it.
enum class api : std::uint8_t {
    CreateEventA,
    CreateEventW,
    SetEvent,
    ResetEvent,
    CloseHandle,
    SetHandleInformation,
    WaitForSingleObject,
    WaitForMultipleObjects,
    CancelIoEx,
    CreateThreadpool,
    SetThreadpoolThreadMinimum,
    SetThreadpoolThreadMaximum,
    CloseThreadpool,
    InitializeThreadpoolEnvironment,
    SetThreadpoolCallbackPool,
    DestroyThreadpoolEnvironment,
    CreateThreadpoolIo,
    StartThreadpoolIo,
    CancelThreadpoolIo,
    WaitForThreadpoolIoCallbacks,
    CloseThreadpoolIo,
    CreateThreadpoolTimer,
    SetThreadpoolTimer,
    WaitForThreadpoolTimerCallbacks,
    CloseThreadpoolTimer,
    SetThreadpoolCallbackLibrary,
    SetThreadpoolCallbackRunsLong,
    TrySubmitThreadpoolCallback,
    DisassociateCurrentThreadFromCallback,
    CallbackMayRunLong,
    WSAStartup,
    WSACleanup,
    WSASocketW,
    WSADuplicateSocketW,
    closesocket,
    bind,
    listen,
    accept,
    connect,
    shutdown,
    getsockname,
    getpeername,
    getsockopt,
    setsockopt,
    ioctlsocket,
    WSAIoctl,
    ConnectEx,
    AcceptEx,
    WSASend,
    WSARecv,
    WSAEventSelect,
    WSAEnumNetworkEvents,
    WSAPoll,
    GetAddrInfoW,
    FreeAddrInfoW,
    getnameinfo,
    inet_ntop,
    inet_pton,
    count
};

const char* name_of(api function);

struct call_record {
    api function = api::count;
    std::size_t position = 0;             // in the whole record
    std::vector<std::uint64_t> arguments; // in the order of the declaration, pointers as numbers
    std::string name;                     // that GetAddrInfoW was asked for, in UTF-8
    std::vector<WSABUF> buffers;          // of WSASend and WSARecv, as they were at the call
    std::uint64_t result = 0;
    bool returned = false;
    DWORD error = 0; // the last error that the call left
    std::thread::id thread;

    template <class T>
    T argument(std::size_t index) const
    {
        if constexpr (std::is_pointer_v<T>) {
            return reinterpret_cast<T>(static_cast<std::uintptr_t>(arguments.at(index)));
        } else {
            return static_cast<T>(arguments.at(index));
        }
    }
    template <class T>
    T returned_value() const
    {
        if constexpr (std::is_pointer_v<T>) {
            return reinterpret_cast<T>(static_cast<std::uintptr_t>(result));
        } else {
            return static_cast<T>(result);
        }
    }
};

std::vector<call_record> calls();
std::vector<call_record> calls_of(api function);
std::size_t count_of(api function); // counts on when recording is off
void forget_calls();

// On after begin(); long random runs turn it off.
void record_calls(bool on);

// Waits until `function` has been entered at least `count` times since the calls were last forgotten, and those calls
// have returned or are blocked. False after a
// generous limit.
bool wait_for_calls(api function, std::size_t count);

} // namespace fake_win32

#endif
