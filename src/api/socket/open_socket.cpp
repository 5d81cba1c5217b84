// SPDX-License-Identifier: MIT

#include "api/platform/transport.hpp"
#include "async_socket/c_pal.h"

int async_socket_open_socket_async(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE connected,
                                   ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    // SRS_C_PAL_01_001
    SOCKET_TRANSPORT_HANDLE const transport = socket_transport_create_from_socket(connected);
    if (transport == nullptr) {
        return 1;
    }
    const int result = async_socket_open_async(async_socket, transport, on_open_complete, context);
    if (result != 0) {
        // SRS_C_PAL_01_002
        static_cast<void>(async_socket::detail::transport_release_socket(__func__, transport, nullptr));
    }
    // Its connection is the async socket's, or the caller's.
    socket_transport_destroy(transport);
    return result;
}
