// SPDX-License-Identifier: MIT
//
// What an async socket is on Windows.

#ifndef ASYNC_SOCKET_WIN32_ASYNC_SOCKET_HPP
#define ASYNC_SOCKET_WIN32_ASYNC_SOCKET_HPP

#include <winsock2.h>

#include "async_socket/async_socket.h"
#include "common/lifecycle.hpp"

struct ASYNC_SOCKET_TAG {
    async_socket::detail::lifecycle life;

    // Written by create; the engine is held by a reference.
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    PTP_POOL pool = nullptr;

    // Written by open while the state is OPENING. Sends and receives read them while they are counted as calls,
    // callbacks while they are counted as operations, close when neither is left: the counts order it all.
    SOCKET_TRANSPORT_HANDLE transport = nullptr; // held by a reference from open until the socket is freed
    TP_CALLBACK_ENVIRON environment{};
    PTP_IO io = nullptr;
};

namespace async_socket::detail {

// The thread pool's callback for every operation of every socket; `context` is the socket.
void CALLBACK on_io_complete(PTP_CALLBACK_INSTANCE instance, void* context, void* overlapped, ULONG io_result,
                             ULONG_PTR number_of_bytes_transferred, PTP_IO io);

// For whoever lifecycle says is the last.
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept;

} // namespace async_socket::detail

#endif
