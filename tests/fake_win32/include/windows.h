// SPDX-License-Identifier: MIT
//
// The part of <windows.h> that src/win32 uses, with the types, values and names of Windows. Everything that Windows
// declares stands in the namespace fake_win32, so that no name meets one of libc's when the program is linked.

#ifndef FAKE_WIN32_WINDOWS_H
#define FAKE_WIN32_WINDOWS_H

#include <cstddef>
#include <cstdint>
#include <cstring>

// These are opaque and global, because the public headers of the library name them so.
typedef struct _TP_POOL TP_POOL, *PTP_POOL;
typedef struct _TP_IO TP_IO, *PTP_IO;
typedef struct _TP_TIMER TP_TIMER, *PTP_TIMER;
typedef struct _TP_CALLBACK_INSTANCE TP_CALLBACK_INSTANCE, *PTP_CALLBACK_INSTANCE;
struct HINSTANCE__;
typedef struct _TP_CLEANUP_GROUP TP_CLEANUP_GROUP, *PTP_CLEANUP_GROUP;

#define CALLBACK
#define WINAPI
#define NTAPI
#define VOID void
#define TRUE 1
#define FALSE 0
#define INFINITE 0xFFFFFFFFu
#define INVALID_HANDLE_VALUE (reinterpret_cast<fake_win32::HANDLE>(~static_cast<std::uintptr_t>(0)))

#define WAIT_OBJECT_0 0x00000000u
#define WAIT_ABANDONED_0 0x00000080u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu
#define MAXIMUM_WAIT_OBJECTS 64

#define HANDLE_FLAG_INHERIT 0x00000001u

#define NO_ERROR 0
#define ERROR_SUCCESS 0
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_OUTOFMEMORY 14
#define ERROR_UNEXP_NET_ERR 59
#define ERROR_ALERTED 739
#define ERROR_NETNAME_DELETED 64
#define ERROR_INVALID_PARAMETER 87
#define ERROR_SEM_TIMEOUT 121
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_OPERATION_ABORTED 995
#define ERROR_IO_INCOMPLETE 996
#define ERROR_IO_PENDING 997
#define ERROR_NOT_FOUND 1168
#define ERROR_CONNECTION_REFUSED 1225
#define ERROR_NETWORK_UNREACHABLE 1231
#define ERROR_HOST_UNREACHABLE 1232
#define ERROR_PROTOCOL_UNREACHABLE 1233
#define ERROR_PORT_UNREACHABLE 1234
#define ERROR_CONNECTION_ABORTED 1236
#define ERROR_NO_UNICODE_TRANSLATION 1113
#define ERROR_NO_SYSTEM_RESOURCES 1450

#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 0x00000002u
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS 0x00000004u

#define CP_UTF8 65001u
#define MB_ERR_INVALID_CHARS 0x00000008u

#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100u
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x00000200u
#define FORMAT_MESSAGE_FROM_SYSTEM 0x00001000u
#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0x000000FFu

#define LANG_NEUTRAL 0x00
#define LANG_ENGLISH 0x09
#define SUBLANG_DEFAULT 0x01
#define SUBLANG_ENGLISH_US 0x01
#define MAKELANGID(p, s) (static_cast<fake_win32::WORD>((static_cast<unsigned>(s) << 10) | static_cast<unsigned>(p)))
#define MAKEWORD(a, b) (static_cast<fake_win32::WORD>(static_cast<unsigned>(a) | (static_cast<unsigned>(b) << 8)))
#define LOBYTE(w) (static_cast<fake_win32::BYTE>((w)&0xFFu))
#define HIBYTE(w) (static_cast<fake_win32::BYTE>(((w) >> 8) & 0xFFu))

namespace fake_win32 {

typedef int BOOL;
typedef char CHAR;
typedef unsigned char BYTE;
typedef unsigned char UCHAR;
typedef wchar_t WCHAR;
typedef std::uint16_t WORD;
typedef std::uint16_t USHORT;
typedef std::int16_t SHORT;
typedef int INT;
typedef unsigned int UINT;
typedef std::int32_t LONG;
typedef std::uint32_t ULONG;
typedef std::uint32_t DWORD;
typedef std::uint64_t ULONGLONG;
typedef std::intptr_t INT_PTR;
typedef std::uintptr_t UINT_PTR;
typedef std::intptr_t LONG_PTR;
typedef std::uintptr_t ULONG_PTR;
typedef std::uintptr_t DWORD_PTR;
typedef std::size_t SIZE_T;
typedef void* PVOID;
typedef void* LPVOID;
typedef const void* LPCVOID;
typedef void* HANDLE;
typedef struct HINSTANCE__* HMODULE;
typedef char* LPSTR;
typedef const char* LPCSTR;
typedef WCHAR* LPWSTR; // of units of UTF-16, which stand in a wchar_t of any width
typedef const WCHAR* LPCWSTR;
typedef DWORD* LPDWORD;
typedef ULONG* PULONG;

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

typedef struct _OVERLAPPED {
    ULONG_PTR Internal;
    ULONG_PTR InternalHigh;
    DWORD Offset;
    DWORD OffsetHigh;
    HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME;

typedef struct _TP_CALLBACK_ENVIRON {
    DWORD Version;
    PTP_POOL Pool;
    PVOID RaceDll;
    BOOL LongFunction;
} TP_CALLBACK_ENVIRON, *PTP_CALLBACK_ENVIRON;

typedef VOID(CALLBACK* PTP_WIN32_IO_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
                                              ULONG io_result, ULONG_PTR number_of_bytes_transferred, PTP_IO io);

typedef VOID(CALLBACK* PTP_TIMER_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer);
typedef VOID(CALLBACK* PTP_SIMPLE_CALLBACK)(PTP_CALLBACK_INSTANCE instance, PVOID context);

DWORD GetLastError();
void SetLastError(DWORD error);
DWORD FormatMessageW(DWORD flags, LPCVOID source, DWORD message_id, DWORD language_id, LPWSTR buffer, DWORD size,
                     void* arguments);
int MultiByteToWideChar(UINT code_page, DWORD flags, LPCSTR text, int length, LPWSTR wide, int room);
int WideCharToMultiByte(UINT code_page, DWORD flags, LPCWSTR wide, int length, LPSTR text, int room,
                        LPCSTR default_char, BOOL* used_default);

HANDLE CreateEventA(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset, BOOL initial_state, LPCSTR name);
HANDLE CreateEventW(LPSECURITY_ATTRIBUTES attributes, BOOL manual_reset, BOOL initial_state, LPCWSTR name);
BOOL SetEvent(HANDLE event);
BOOL ResetEvent(HANDLE event);
BOOL CloseHandle(HANDLE handle);
BOOL SetHandleInformation(HANDLE handle, DWORD mask, DWORD flags);
DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds);
DWORD WaitForMultipleObjects(DWORD count, const HANDLE* handles, BOOL wait_all, DWORD milliseconds);
BOOL CancelIoEx(HANDLE handle, LPOVERLAPPED overlapped);
ULONGLONG GetTickCount64();
DWORD GetCurrentProcessId();
BOOL GetModuleHandleExW(DWORD flags, LPCWSTR address, HMODULE* module); // of the one module that there is

PTP_POOL CreateThreadpool(PVOID reserved);
BOOL SetThreadpoolThreadMinimum(PTP_POOL pool, DWORD minimum);
void SetThreadpoolThreadMaximum(PTP_POOL pool, DWORD maximum);
void CloseThreadpool(PTP_POOL pool);
void InitializeThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment);
void SetThreadpoolCallbackPool(PTP_CALLBACK_ENVIRON environment, PTP_POOL pool);
void DestroyThreadpoolEnvironment(PTP_CALLBACK_ENVIRON environment);
PTP_IO CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment);
void StartThreadpoolIo(PTP_IO io);
void CancelThreadpoolIo(PTP_IO io);
void WaitForThreadpoolIoCallbacks(PTP_IO io, BOOL cancel_pending_callbacks);
void CloseThreadpoolIo(PTP_IO io);
PTP_TIMER CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment);
void SetThreadpoolTimer(PTP_TIMER timer, PFILETIME due_time, DWORD period, DWORD window_length);
void WaitForThreadpoolTimerCallbacks(PTP_TIMER timer, BOOL cancel_pending_callbacks);
void CloseThreadpoolTimer(PTP_TIMER timer);
void SetThreadpoolCallbackLibrary(PTP_CALLBACK_ENVIRON environment, PVOID module);
void SetThreadpoolCallbackRunsLong(PTP_CALLBACK_ENVIRON environment);
BOOL TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, PVOID context, PTP_CALLBACK_ENVIRON environment);
void DisassociateCurrentThreadFromCallback(PTP_CALLBACK_INSTANCE instance);
BOOL CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance);

} // namespace fake_win32

// Windows has all of it in the global namespace, and src/win32 finds it there.
using namespace fake_win32;

#endif
