// SPDX-License-Identifier: MIT
//
// Last errors and their texts.

#include <algorithm>
#include <cstdio>

#include "call_scope.h"

namespace fake_win32 {

DWORD GetLastError()
{
    return last_error();
}

void SetLastError(DWORD error)
{
    last_error() = error;
}

int WSAGetLastError()
{
    return static_cast<int>(last_error());
}

void WSASetLastError(int error)
{
    last_error() = static_cast<DWORD>(error);
}

DWORD FormatMessageA(DWORD flags, LPCVOID source, DWORD message_id, DWORD language_id, LPSTR buffer, DWORD size,
                     void* arguments)
{
    // The thread's last error survives only where the caller sees to it.
    const bool supported = (flags & FORMAT_MESSAGE_FROM_SYSTEM) != 0 && (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) == 0 &&
                           source == nullptr && arguments == nullptr && language_id == 0;
    if (!supported || buffer == nullptr || size == 0) {
        last_error() = ERROR_INVALID_PARAMETER;
        return 0;
    }
    const int length = std::snprintf(buffer, size, "text of system error %u.\r\n", static_cast<unsigned>(message_id));
    if (length < 0 || static_cast<DWORD>(length) >= size) {
        last_error() = ERROR_INVALID_PARAMETER;
        return 0;
    }
    last_error() = 0;
    return static_cast<DWORD>(length);
}

DWORD GetCurrentProcessId()
{
    return 4711;
}

ULONGLONG GetTickCount64()
{
    return static_cast<ULONGLONG>(
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count());
}

} // namespace fake_win32
