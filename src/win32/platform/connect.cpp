// SPDX-License-Identifier: MIT

#include <new>

#include "api/platform/operations.hpp"
#include "win32/connect/operation.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

connect_start start_connect(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
                            const operation_request& request) noexcept
{
    auto* const connecting = new (std::nothrow) connect_operation(socket, request);
    if (connecting == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return connect_start::no_resources;
    }
    if (connecting->prepare(function) && connecting->begin(function, host, port, request.id)) {
        return connect_start::done;
    }
    connecting->give_back();
    connecting->release();
    return connect_start::no_resources;
}

} // namespace async_socket::detail
