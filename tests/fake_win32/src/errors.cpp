// SPDX-License-Identifier: MIT
//
// Last errors and their texts.

#include <algorithm>
#include <string>

#include "call_scope.h"
#include "text.h"

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

DWORD FormatMessageW(DWORD flags, LPCVOID source, DWORD message_id, DWORD language_id, LPWSTR buffer, DWORD size,
                     void* arguments)
{
    // The thread's last error survives only where the caller sees to it.
    const bool supported = (flags & FORMAT_MESSAGE_FROM_SYSTEM) != 0 && (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) == 0 &&
                           source == nullptr && arguments == nullptr && language_id == 0;
    if (!supported || buffer == nullptr || size == 0) {
        last_error() = ERROR_INVALID_PARAMETER;
        return 0;
    }
    // In the language of the machine.
    const std::u16string text = u"t\u00e9xt of system error " + to_utf16(std::to_string(message_id)) + u".\r\n";
    if (text.size() >= size) {
        last_error() = ERROR_INVALID_PARAMETER;
        return 0;
    }
    std::copy(text.begin(), text.end(), buffer);
    buffer[text.size()] = 0;
    last_error() = 0;
    return static_cast<DWORD>(text.size());
}

BOOL GetModuleHandleExW(DWORD flags, LPCWSTR address, HMODULE* module)
{
    constexpr DWORD expected = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (flags != expected || address == nullptr) {
        last_error() = ERROR_INVALID_PARAMETER;
        return FALSE;
    }
    static char only_one;
    *module = reinterpret_cast<HMODULE>(&only_one);
    return TRUE;
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
