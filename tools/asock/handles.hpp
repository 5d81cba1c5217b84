// SPDX-License-Identifier: MIT
//
// Owners of the library's handles: each gives back what it holds.

#ifndef ASOCK_HANDLES_HPP
#define ASOCK_HANDLES_HPP

#include <async_socket/async_socket.h>
#include <async_socket/execution_engine.h>
#include <async_socket/socket_transport.h>

#include <memory>

namespace asock {

struct handle_release {
    void operator()(EXECUTION_ENGINE_HANDLE engine) const { execution_engine_dec_ref(engine); }
    void operator()(SOCKET_TRANSPORT_HANDLE transport) const { socket_transport_destroy(transport); }
    void operator()(ASYNC_SOCKET_HANDLE socket) const { async_socket_destroy(socket); }
};

using engine_ptr = std::unique_ptr<EXECUTION_ENGINE_TAG, handle_release>;
using transport_ptr = std::unique_ptr<SOCKET_TRANSPORT_TAG, handle_release>;
using socket_ptr = std::unique_ptr<ASYNC_SOCKET_TAG, handle_release>;

} // namespace asock

#endif
