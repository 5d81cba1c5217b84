// SPDX-License-Identifier: MIT

#include "win32/system/callback_environment.hpp"

namespace async_socket::detail {

namespace {

// The module that this code is part of: the library, or what it is linked into.
HMODULE own_module() noexcept
{
    HMODULE module = nullptr;
    // Nothing is counted: whoever calls keeps it loaded, and the system counts for the callbacks.
    const BOOL is_known =
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                           reinterpret_cast<LPCWSTR>(&initialize_environment), &module);
    return is_known ? module : nullptr;
}

} // namespace

void initialize_environment(TP_CALLBACK_ENVIRON& environment, PTP_POOL pool) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_016
    InitializeThreadpoolEnvironment(&environment);
    if (pool != nullptr) {
        // SRS_ASYNC_SOCKET_WIN32_01_036
        SetThreadpoolCallbackPool(&environment, pool);
    }
    // SRS_EXECUTION_ENGINE_WIN32_01_013. It stays what it is for as long as this code is there.
    static const HMODULE module = own_module();
    if (module != nullptr) {
        SetThreadpoolCallbackLibrary(&environment, module);
    }
}

} // namespace async_socket::detail
