// SPDX-License-Identifier: MIT
//
// Transports and engines that are given back at the end of the scope.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_OWNED_TRANSPORT_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_OWNED_TRANSPORT_H

#include <memory>
#include <type_traits>

#include "async_socket/execution_engine.h"
#include "async_socket/socket_transport.h"
#include "fake_win32/network.h"

namespace unit {

struct transport_destroyer {
    void operator()(SOCKET_TRANSPORT_HANDLE transport) const { socket_transport_destroy(transport); }
};
using owned_transport = std::unique_ptr<std::remove_pointer_t<SOCKET_TRANSPORT_HANDLE>, transport_destroyer>;

struct engine_releaser {
    void operator()(EXECUTION_ENGINE_HANDLE engine) const { execution_engine_dec_ref(engine); }
};
using owned_engine = std::unique_ptr<std::remove_pointer_t<EXECUTION_ENGINE_HANDLE>, engine_releaser>;

inline SOCKET_HANDLE as_handle(SOCKET socket)
{
    return reinterpret_cast<SOCKET_HANDLE>(socket);
}

inline SOCKET as_socket(SOCKET_HANDLE handle)
{
    return reinterpret_cast<SOCKET>(handle);
}

// A client transport that is connected to a far end.
struct connected_transport {
    fake_win32::connection line = fake_win32::make_connection();
    owned_transport transport{socket_transport_create_from_socket(as_handle(line.socket))};
};

// A server transport that listens on a free port of the loopback address.
struct listening_transport {
    owned_transport transport{socket_transport_create_server()};
    std::uint16_t port = 0;

    listening_transport()
    {
        char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
        if (socket_transport_listen_at(transport.get(), "127.0.0.1", 0) == 0) {
            socket_transport_get_local_endpoint(transport.get(), host, sizeof host, &port);
        }
    }
};

} // namespace unit

#endif
