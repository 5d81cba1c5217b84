// SPDX-License-Identifier: MIT

#include <array>
#include <stdexcept>

#include "call_scope.h"

namespace fake_win32 {

namespace {

struct api_entry {
    api function;
    const char* name;
    bool fallible;
    DWORD usual_error;
};

constexpr std::array<api_entry, static_cast<std::size_t>(api::count)> table{{
    {api::CreateEventA, "CreateEventA", true, ERROR_NO_SYSTEM_RESOURCES},
    {api::CreateEventW, "CreateEventW", true, ERROR_NO_SYSTEM_RESOURCES},
    {api::SetEvent, "SetEvent", false, ERROR_INVALID_HANDLE},
    {api::ResetEvent, "ResetEvent", false, ERROR_INVALID_HANDLE},
    {api::CloseHandle, "CloseHandle", false, ERROR_INVALID_HANDLE},
    {api::SetHandleInformation, "SetHandleInformation", true, ERROR_ACCESS_DENIED},
    {api::WaitForSingleObject, "WaitForSingleObject", true, ERROR_ACCESS_DENIED},
    {api::WaitForMultipleObjects, "WaitForMultipleObjects", true, ERROR_ACCESS_DENIED},
    {api::CancelIoEx, "CancelIoEx", false, ERROR_NOT_FOUND},
    {api::CreateThreadpool, "CreateThreadpool", true, ERROR_NOT_ENOUGH_MEMORY},
    {api::SetThreadpoolThreadMinimum, "SetThreadpoolThreadMinimum", true, ERROR_NOT_ENOUGH_MEMORY},
    {api::SetThreadpoolThreadMaximum, "SetThreadpoolThreadMaximum", false, 0},
    {api::CloseThreadpool, "CloseThreadpool", false, 0},
    {api::InitializeThreadpoolEnvironment, "InitializeThreadpoolEnvironment", false, 0},
    {api::SetThreadpoolCallbackPool, "SetThreadpoolCallbackPool", false, 0},
    {api::DestroyThreadpoolEnvironment, "DestroyThreadpoolEnvironment", false, 0},
    {api::CreateThreadpoolIo, "CreateThreadpoolIo", true, ERROR_NOT_ENOUGH_MEMORY},
    {api::StartThreadpoolIo, "StartThreadpoolIo", false, 0},
    {api::CancelThreadpoolIo, "CancelThreadpoolIo", false, 0},
    {api::WaitForThreadpoolIoCallbacks, "WaitForThreadpoolIoCallbacks", false, 0},
    {api::CloseThreadpoolIo, "CloseThreadpoolIo", false, 0},
    {api::CreateThreadpoolTimer, "CreateThreadpoolTimer", true, ERROR_NOT_ENOUGH_MEMORY},
    {api::SetThreadpoolTimer, "SetThreadpoolTimer", false, 0},
    {api::WaitForThreadpoolTimerCallbacks, "WaitForThreadpoolTimerCallbacks", false, 0},
    {api::CloseThreadpoolTimer, "CloseThreadpoolTimer", false, 0},
    {api::SetThreadpoolCallbackLibrary, "SetThreadpoolCallbackLibrary", false, 0},
    {api::SetThreadpoolCallbackRunsLong, "SetThreadpoolCallbackRunsLong", false, 0},
    {api::TrySubmitThreadpoolCallback, "TrySubmitThreadpoolCallback", true, ERROR_NOT_ENOUGH_MEMORY},
    {api::DisassociateCurrentThreadFromCallback, "DisassociateCurrentThreadFromCallback", false, 0},
    {api::CallbackMayRunLong, "CallbackMayRunLong", false, 0},
    {api::WSAStartup, "WSAStartup", true, WSASYSNOTREADY},
    {api::WSACleanup, "WSACleanup", false, WSANOTINITIALISED},
    {api::WSASocketW, "WSASocketW", true, WSAENOBUFS},
    {api::WSADuplicateSocketW, "WSADuplicateSocketW", true, WSAENOBUFS},
    {api::closesocket, "closesocket", false, WSAENOTSOCK},
    {api::bind, "bind", true, WSAEADDRINUSE},
    {api::listen, "listen", true, WSAENOBUFS},
    {api::accept, "accept", true, WSAENETDOWN},
    {api::connect, "connect", true, WSAECONNREFUSED},
    {api::shutdown, "shutdown", false, WSAENOTCONN},
    {api::getsockname, "getsockname", true, WSAENETDOWN},
    {api::getpeername, "getpeername", true, WSAENETDOWN},
    {api::getsockopt, "getsockopt", true, WSAENETDOWN},
    {api::setsockopt, "setsockopt", true, WSAENETDOWN},
    {api::ioctlsocket, "ioctlsocket", true, WSAENETDOWN},
    {api::WSAIoctl, "WSAIoctl", true, WSAEOPNOTSUPP},
    {api::ConnectEx, "ConnectEx", true, WSAENOBUFS},
    {api::AcceptEx, "AcceptEx", true, WSAENOBUFS},
    {api::WSASend, "WSASend", true, WSAENOBUFS},
    {api::WSARecv, "WSARecv", true, WSAENOBUFS},
    {api::WSAEventSelect, "WSAEventSelect", true, WSAENETDOWN},
    {api::WSAEnumNetworkEvents, "WSAEnumNetworkEvents", true, WSAENETDOWN},
    {api::WSAPoll, "WSAPoll", true, WSAENOBUFS},
    {api::GetAddrInfoW, "GetAddrInfoW", true, WSATRY_AGAIN},
    {api::FreeAddrInfoW, "FreeAddrInfoW", false, 0},
    {api::getnameinfo, "getnameinfo", true, WSANO_RECOVERY},
    {api::inet_ntop, "inet_ntop", true, WSAEAFNOSUPPORT},
    {api::inet_pton, "inet_pton", true, WSAEAFNOSUPPORT},
}};

constexpr bool in_order()
{
    for (std::size_t i = 0; i < table.size(); i++) {
        if (table[i].function != static_cast<api>(i)) {
            return false;
        }
    }
    return true;
}
static_assert(in_order());

const api_entry& entry_of(api function)
{
    return table.at(static_cast<std::size_t>(function));
}

} // namespace

const char* name_of(api function)
{
    return entry_of(function).name;
}

bool is_fallible(api function)
{
    return entry_of(function).fallible;
}

DWORD usual_error_of(api function)
{
    return entry_of(function).usual_error;
}

} // namespace fake_win32
